"""The reached funnel: horizontal bars from a common edge, split by what became of the leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, LOST, NEITHER, WON, accent, layout, plain_label, shade

_STEP_HEIGHT = 76
_BAR_SHARE = 0.3
_LABEL_AWAY = 20
"""Pixels from the middle of a bar to that of the words above or below it."""


class Fate(StrEnum):
    """What became of the leads that reached a step."""

    ON = "on"
    WON = "won"
    OPEN = "open"
    LOST = "lost"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: how many leads, its words when pointed at, and what a click on it asks for."""

    count: int
    hover: str
    key: str


@dataclass(frozen=True, slots=True)
class ReachedBar:
    """One step: its name, words beside the name, words below the bar, and its parts."""

    name: str
    label: str
    note: str
    pieces: Mapping[Fate, Piece]


def reached_bars(
    bars: Sequence[ReachedBar], names: Mapping[Fate, str], *, is_dark: bool = False
) -> go.Figure:
    """Bars in funnel order, first on top: those who went on are solid, the remainder is patterned.

    `names` are the fates that the legend explains, in the order in which they follow one another.
    """
    longest = max((sum(piece.count for piece in bar.pieces.values()) for bar in bars), default=0)
    figure = go.Figure([_trace(bars, fate, name, is_dark) for fate, name in names.items()])
    figure.update_layout(
        layout(
            48 + _STEP_HEIGHT * max(len(bars), 1),
            is_dark,
            barmode="stack",
            annotations=[words for place, bar in enumerate(bars) for words in _words(place, bar, is_dark)],
            legend={
                "orientation": "h",
                "x": 0,
                "y": 1,
                "yanchor": "bottom",
                "itemclick": False,
                "itemdoubleclick": False,
                "traceorder": "normal",
            },
            xaxis={"visible": False, "range": [0, longest or 1], "fixedrange": True},
            yaxis={"visible": False, "range": [len(bars) - 0.4, -0.6], "fixedrange": True},
        )
    )
    return figure


def _trace(bars: Sequence[ReachedBar], fate: Fate, name: str, is_dark: bool) -> go.Bar:
    shown = [(place, bar.pieces[fate]) for place, bar in enumerate(bars) if fate in bar.pieces]
    return go.Bar(
        orientation="h",
        name=plain_label(name),
        x=[piece.count for _place, piece in shown],
        y=[place for place, _piece in shown],
        width=_BAR_SHARE,
        customdata=[piece.key for _place, piece in shown],
        hovertext=[plain_label(piece.hover) for _place, piece in shown],
        hoverinfo="text",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        marker=_look(fate, [place for place, _piece in shown], len(bars), is_dark),
        showlegend=True,
    )


def _look(fate: Fate, places: Sequence[int], count: int, is_dark: bool) -> dict[str, Any]:
    """Solid along the ramp for those who went on and for won; a pattern of its own for each other."""
    if fate is Fate.ON:
        return {"color": [shade(place, count, is_dark) for place in places], "line": {"width": 0}}
    if fate is Fate.WON:
        return {"color": WON[is_dark], "line": {"width": 0}}
    colour, shape = {
        Fate.OPEN: (accent(is_dark), "."),
        Fate.LOST: (LOST[is_dark], "/"),
        Fate.NEITHER: (NEITHER[is_dark], "x"),
    }[fate]
    return {
        "color": colour,
        "line": {"width": 1, "color": colour},
        "pattern": {"shape": shape, "fillmode": "replace", "size": 6, "solidity": 0.35},
    }


def _words(place: int, bar: ReachedBar, is_dark: bool) -> list[dict[str, Any]]:
    """The name and its label above the bar, the note below it."""
    name = f"<b>{place + 1}. {plain_label(bar.name)}</b>"
    lines = [(f"{name}  {plain_label(bar.label)}", _LABEL_AWAY)]
    if bar.note:
        lines.append((plain_label(bar.note), -_LABEL_AWAY))
    return [
        {
            "x": 0,
            "y": place,
            "text": text,
            "yshift": shift,
            "xanchor": "left",
            "yanchor": "middle",
            "align": "left",
            "showarrow": False,
            "font": {"size": 13, "color": INK[is_dark]},
        }
        for text, shift in lines
    ]
