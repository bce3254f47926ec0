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
    ink = "#e6eaf0" if is_dark else "#1c2530"
    green, red = ("#3fa866", "#e5675d") if is_dark else ("#1a7a3d", "#b3261e")
    names = [plain_label(period.name) for period in periods]
    lost = [-period.lost for period in periods]
    won = [period.won for period in periods]
    figure = go.Figure(
        [
            _outcome_bars(names, lost, [f"✗ {p.lost_label}" for p in periods], lost_name, red, "/", ink),
            _outcome_bars(names, won, [f"✓ {p.won_label}" for p in periods], won_name, green, "", ink),
        ]
    )
    # A label needs about as much room as a third of the longer side, on a phone too.
    room = 0.35 * max([*won, *(-count for count in lost), 1])
    figure.update_layout(
        height=60 + 32 * max(len(periods), 1),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        barmode="overlay",
        dragmode=False,
        bargap=0.3,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 13, "color": ink}},
        xaxis={
            "showticklabels": False,
            "showgrid": False,
            "range": [min([*lost, 0]) - room, max([*won, 0]) + room],
            "fixedrange": True,
            "zeroline": True,
            "zerolinecolor": ink,
        },
        yaxis={
            "type": "category",
            "autorange": "reversed",
            "fixedrange": True,
            "automargin": True,
            "ticks": "",
            "tickfont": {"size": 13, "color": ink},
        },
        hoverlabel={"align": "left"},
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
