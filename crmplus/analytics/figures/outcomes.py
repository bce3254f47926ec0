"""Won against lost, one pair of bars a period."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, LOST, WON, category_axis, layout, plain_label


@dataclass(frozen=True, slots=True)
class WonAndLost:
    """The pair of bars of one period, with the words at their ends; `lost` is a count like `won`."""

    name: str
    won: int
    lost: int
    won_label: str
    lost_label: str


def won_and_lost_bars(
    periods: Sequence[WonAndLost], won_name: str, lost_name: str, *, is_dark: bool = False
) -> go.Figure:
    """Won to the right, lost to the left of a common edge, the first period on top.

    Side, sign and stripes tell the outcomes apart where colours don't.
    """
    ink = INK[is_dark]
    names = [plain_label(period.name) for period in periods]
    lost = [-period.lost for period in periods]
    won = [period.won for period in periods]
    figure = go.Figure(
        [
            _outcome_bars(
                names, lost, [f"✗ {p.lost_label}" for p in periods], lost_name, LOST[is_dark], "/", ink
            ),
            _outcome_bars(names, won, [f"✓ {p.won_label}" for p in periods], won_name, WON[is_dark], "", ink),
        ]
    )
    # A label needs about as much room as a third of the longer side, on a phone too.
    room = 0.35 * max([*won, *(-count for count in lost), 1])
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
                "range": [min([*lost, 0]) - room, max([*won, 0]) + room],
                "fixedrange": True,
                "zeroline": True,
                "zerolinecolor": ink,
            },
            yaxis=category_axis(is_dark, autorange="reversed"),
        )
    )
    return figure


def _outcome_bars(
    names: Sequence[str],
    lengths: Sequence[int],
    labels: Sequence[str],
    name: str,
    colour: str,
    pattern: str,
    ink: str,
) -> go.Bar:
    return go.Bar(
        orientation="h",
        x=list(lengths),
        y=list(names),
        name=plain_label(name),
        text=list(labels),
        hovertext=[f"{period}: {label}" for period, label in zip(names, labels, strict=True)],
        hoverinfo="text",
        textposition="outside",
        cliponaxis=False,
        textfont={"size": 13, "color": ink},
        marker={"color": colour, "pattern": {"shape": pattern, "solidity": 0.3}},
    )
