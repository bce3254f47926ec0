"""Figures: numbers in, Plotly figures out; nothing is read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

ACCENT = (29, 95, 191)
"""The one accent colour; phases are a ramp of it, light to dark along the funnel."""


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
    ink = "#e6eaf0" if is_dark else "#1c2530"
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[float(bar.value) for bar in bars],
            y=[f"{number}. {_short(bar.name)}" for number, bar in enumerate(bars, 1)],
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
                "color": [_shade(place, len(bars), is_dark) for place in range(len(bars))],
                "line": {
                    "width": [3 if place == selected else 0 for place in range(len(bars))],
                    "color": ink,
                },
            },
        )
    )
    longest = max((float(bar.value) for bar in bars), default=0.0)
    figure.update_layout(
        height=24 + 40 * max(len(bars), 1),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        dragmode=False,
        bargap=0.35,
        xaxis={"visible": False, "range": [0, longest * 1.75 or 1], "fixedrange": True},
        yaxis={
            "autorange": "reversed",
            "fixedrange": True,
            "automargin": True,
            "ticks": "",
            "tickfont": {"size": 13, "color": ink},
        },
        hoverlabel={"align": "left"},
    )
    return figure


def _shade(place: int, count: int, is_dark: bool) -> str:
    """A step of the accent's ramp: paler bars first, each at least 3:1 against the page."""
    share = place / max(count - 1, 1)
    paper = (18, 22, 28) if is_dark else (255, 255, 255)
    strength = 0.68 + 0.32 * share if not is_dark else 0.75 + 0.25 * share
    accent = (88, 152, 240) if is_dark else ACCENT
    red, green, blue = (round(a * strength + p * (1 - strength)) for a, p in zip(accent, paper, strict=True))
    return f"rgb({red},{green},{blue})"


def _short(name: str) -> str:
    return plain_label(name if len(name) <= 28 else name[:27] + "…")


def plain_label(text: str) -> str:
    """Plotly reads a few tags in labels: `text` for one, shown as it was typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
