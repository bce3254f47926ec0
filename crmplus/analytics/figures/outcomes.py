"""Won against lost, one pair of bars a period."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, LOST, WON, category_axis, layout, plain_label


@dataclass(frozen=True, slots=True)
class WonAndLost:
    """The pair of bars of one period, with the words at their ends; `lost` is a count like `won`.

    The keys are what a click on a bar stands for.
    """

    name: str
    won: int
    lost: int
    won_label: str
    lost_label: str
    won_key: str = ""
    lost_key: str = ""


def won_and_lost_bars(
    periods: Sequence[WonAndLost], won_name: str, lost_name: str, *, is_dark: bool = False
) -> go.Figure:
    """Won to the right, lost to the left of a common edge, the first period on top.

    Side, sign and stripes tell the outcomes apart where colours don't.
    """
    ink = INK[is_dark]
    names = [plain_label(period.name) for period in periods]
    lost = _Side(lost_name, [-p.lost for p in periods], "✗", "/", LOST[is_dark])
    won = _Side(won_name, [p.won for p in periods], "✓", "", WON[is_dark])
    figure = go.Figure(
        [
            _bars(lost, names, [p.lost_label for p in periods], [p.lost_key for p in periods], ink),
            _bars(won, names, [p.won_label for p in periods], [p.won_key for p in periods], ink),
        ]
    )
    # A label needs about as much room as a third of the longer side, on a phone too.
    room = 0.35 * max([*won.lengths, *(-length for length in lost.lengths), 1])
    figure.update_layout(
        layout(
            60 + 32 * max(len(periods), 1),
            is_dark,
            barmode="overlay",
            bargap=0.3,
            legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
            xaxis={
                "showticklabels": False,
                "showgrid": False,
                "range": [min([*lost.lengths, 0]) - room, max([*won.lengths, 0]) + room],
                "fixedrange": True,
                "zeroline": True,
                "zerolinecolor": ink,
            },
            yaxis=category_axis(is_dark, autorange="reversed"),
        )
    )
    return figure


@dataclass(frozen=True, slots=True)
class _Side:
    """The bars of one outcome: how long they are, to the left where negative, and how they look."""

    name: str
    lengths: list[int]
    sign: str
    pattern: str
    colour: str


def _bars(side: _Side, names: Sequence[str], labels: Sequence[str], keys: Sequence[str], ink: str) -> go.Bar:
    signed = [f"{side.sign} {label}" for label in labels]
    return go.Bar(
        orientation="h",
        x=side.lengths,
        y=list(names),
        name=plain_label(side.name),
        text=signed,
        customdata=list(keys),
        hovertext=[f"{name}: {label}" for name, label in zip(names, signed, strict=True)],
        hoverinfo="text",
        textposition="outside",
        cliponaxis=False,
        textfont={"size": 13, "color": ink},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        marker={"color": side.colour, "pattern": {"shape": side.pattern, "solidity": 0.3}},
    )
