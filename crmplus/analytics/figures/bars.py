"""Horizontal bars, one a phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, category_axis, layout, plain_label, shade, short_name


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, how long it is, and the words at its end."""

    key: str
    name: str
    value: Decimal
    label: str
    hover: str


def phase_bars(bars: Sequence[Bar], *, selected: int | None = None, is_dark: bool = False) -> go.Figure:
    """Horizontal bars in funnel order, first on top, from a common edge, labelled at their ends."""
    ink = INK[is_dark]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[float(bar.value) for bar in bars],
            y=[f"{number}. {short_name(bar.name)}" for number, bar in enumerate(bars, 1)],
            text=[bar.label for bar in bars],
            customdata=[bar.key for bar in bars],
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            hovertext=[plain_label(bar.hover) for bar in bars],
            hoverinfo="text",
            textposition="outside",
            cliponaxis=False,
            textfont={"size": 13, "color": ink},
            marker={
                "color": [shade(place, len(bars), is_dark) for place in range(len(bars))],
                "line": {
                    "width": [3 if place == selected else 0 for place in range(len(bars))],
                    "color": ink,
                },
            },
        )
    )
    longest = max((float(bar.value) for bar in bars), default=0.0)
    figure.update_layout(
        layout(
            24 + 40 * max(len(bars), 1),
            is_dark,
            showlegend=False,
            bargap=0.35,
            xaxis={"visible": False, "range": [0, longest * 1.75 or 1], "fixedrange": True},
            yaxis=category_axis(is_dark, autorange="reversed"),
        )
    )
    return figure
