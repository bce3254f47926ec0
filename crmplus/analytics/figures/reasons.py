"""Closing reasons as bars, grouped by outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import (
    INK,
    LOST,
    NEITHER,
    WON,
    category_axis,
    layout,
    plain_label,
    short_name,
)
from crmplus.domain.closing_reason import Outcome

SIGN = {Outcome.WON: "✓", Outcome.LOST: "✗", Outcome.NEITHER: "–"}
"""What tells outcomes apart where colours don't."""

_COLOUR = {Outcome.WON: WON, Outcome.LOST: LOST, Outcome.NEITHER: NEITHER}
_PATTERN = {Outcome.WON: "", Outcome.LOST: "/", Outcome.NEITHER: "."}


@dataclass(frozen=True, slots=True)
class ReasonBar:
    """One reason: what it is called, how long its bar is, and the words at its end."""

    key: str
    name: str
    outcome: Outcome
    value: Decimal
    label: str
    hover: str


def reason_bars(
    bars: Sequence[ReasonBar], outcome_names: Mapping[Outcome, str], *, is_dark: bool = False
) -> go.Figure:
    """Horizontal bars in the order given, first on top; sign, colour and pattern are the outcome's."""
    places = list(enumerate(bars))
    figure = go.Figure(
        [
            _bars_of(outcome, outcome_names[outcome], of_outcome, is_dark)
            for outcome in Outcome
            if (of_outcome := [(place, bar) for place, bar in places if bar.outcome is outcome])
        ]
    )
    longest = max((float(bar.value) for bar in bars), default=0.0)
    figure.update_layout(
        layout(
            64 + 36 * max(len(bars), 1),
            is_dark,
            bargap=0.35,
            legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
            xaxis={"visible": False, "range": [0, longest * 1.6 or 1], "fixedrange": True},
            yaxis=category_axis(
                is_dark,
                type="linear",  # by place, so that reasons called alike keep bars of their own
                tickmode="array",
                tickvals=[place for place, _bar in places],
                ticktext=[f"{SIGN[bar.outcome]} {short_name(bar.name)}" for bar in bars],
                range=[len(bars) - 0.5, -0.5],
                showgrid=False,
                zeroline=False,
            ),
        )
    )
    return figure


def _bars_of(outcome: Outcome, name: str, placed: Sequence[tuple[int, ReasonBar]], is_dark: bool) -> go.Bar:
    bars = [bar for _place, bar in placed]
    return go.Bar(
        orientation="h",
        x=[float(bar.value) for bar in bars],
        y=[place for place, _bar in placed],
        name=plain_label(f"{SIGN[outcome]} {name}"),
        showlegend=True,
        text=[plain_label(bar.label) for bar in bars],
        customdata=[bar.key for bar in bars],
        hovertext=[plain_label(bar.hover) for bar in bars],
        hoverinfo="text",
        textposition="outside",
        cliponaxis=False,
        textfont={"size": 13, "color": INK[is_dark]},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        marker={
            "color": _COLOUR[outcome][is_dark],
            "pattern": {"shape": _PATTERN[outcome], "solidity": 0.3},
        },
    )
