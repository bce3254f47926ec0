"""A bridge as a waterfall: what stood, each step from where the one before ended, what stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import (
    INK,
    LOST,
    NEITHER,
    WON,
    accent,
    category_axis,
    layout,
    plain_label,
    shade,
    short_name,
)

_CUT_FROM = Decimal("0.75")
"""From this share of the highest on steps get less than a quarter of the width: the scale is cut."""
_ROOM_FOR_LABELS = 0.45


class Tone(StrEnum):
    """What a bar is, which its colour repeats."""

    END = "end"
    MORE = "more"
    LESS = "less"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class WaterfallBar:
    """One bar: an end, which stands from nothing, or a step, which begins where the one before ended.

    `amount` of a step is below zero where it takes. `label` says it in words, with its sign.
    """

    key: str
    name: str
    amount: Decimal
    label: str
    hover: str
    tone: Tone


def scale_start(bars: Sequence[WaterfallBar]) -> Decimal:
    """Where the scale begins: at zero, or higher, at a round number, where steps would be too small."""
    levels = _levels(bars)
    lowest, highest = min(levels, default=Decimal(0)), max(levels, default=Decimal(0))
    if not highest or lowest < _CUT_FROM * highest or lowest == highest:
        return Decimal(0)
    start = lowest - (highest - lowest)
    unit = Decimal(10) ** (start.adjusted() - 1) if start > 0 else Decimal(1)
    return max(start // unit * unit, Decimal(0))


def waterfall(
    bars: Sequence[WaterfallBar], *, selected: str | None = None, is_dark: bool = False
) -> go.Figure:
    """Horizontal bars, the opening on top: stripes and a sign where a step takes, lines from bar to bar.

    `selected` is the key of a bar to mark.
    """
    ink, floor = INK[is_dark], float(scale_start(bars))
    levels = [float(level) for level in _levels(bars)]
    starts = [_start(bar, level, floor) for bar, level in zip(bars, levels, strict=True)]
    ends = [max(level, level - float(bar.amount)) for bar, level in zip(bars, levels, strict=True)]
    places = list(range(len(bars)))
    highest = max(ends, default=0.0)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            base=starts,
            x=[end - start for start, end in zip(starts, ends, strict=True)],
            y=places,
            text=[plain_label(bar.label) for bar in bars],
            customdata=[bar.key for bar in bars],
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            hovertext=[plain_label(bar.hover) for bar in bars],
            hoverinfo="text",
            textposition="outside",
            cliponaxis=False,
            textfont={"size": 13, "color": ink},
            marker={
                "color": [_colour(bar.tone, is_dark) for bar in bars],
                "pattern": {
                    "shape": ["/" if _takes(bar) else "" for bar in bars],
                    "solidity": 0.35,
                },
                "line": {"width": [3 if bar.key == selected else 0 for bar in bars], "color": ink},
            },
        )
    )
    figure.update_layout(
        layout(
            24 + 36 * max(len(bars), 1),
            is_dark,
            showlegend=False,
            bargap=0.3,
            shapes=[_line(place, levels[place], ink) for place in places[:-1]],
            xaxis={
                "visible": False,
                "range": [floor, highest + _ROOM_FOR_LABELS * ((highest - floor) or 1)],
                "fixedrange": True,
            },
            yaxis=category_axis(
                is_dark,
                type="linear",
                range=[len(bars) - 0.5, -0.5],
                tickvals=places,
                ticktext=[short_name(bar.name) for bar in bars],
                showgrid=False,
                zeroline=False,
            ),
        )
    )
    return figure


def _levels(bars: Sequence[WaterfallBar]) -> list[Decimal]:
    """What stands after each bar."""
    return list(
        accumulate(
            bars,
            lambda level, bar: bar.amount if bar.tone is Tone.END else level + bar.amount,
            initial=Decimal(0),
        )
    )[1:]


def _start(bar: WaterfallBar, level: float, floor: float) -> float:
    return floor if bar.tone is Tone.END else min(level, level - float(bar.amount))


def _takes(bar: WaterfallBar) -> bool:
    return bar.tone in (Tone.LESS, Tone.WON, Tone.LOST)


def _colour(tone: Tone, is_dark: bool) -> str:
    return {
        Tone.END: accent(is_dark),
        Tone.MORE: shade(0, 2, is_dark),
        Tone.LESS: NEITHER[is_dark],
        Tone.WON: WON[is_dark],
        Tone.LOST: LOST[is_dark],
    }[tone]


def _line(place: int, level: float, ink: str) -> dict[str, object]:
    """From the end of a bar to the beginning of the next."""
    return {
        "type": "line",
        "x0": level,
        "x1": level,
        "y0": place - 0.35,
        "y1": place + 1.35,
        "line": {"width": 1, "color": ink, "dash": "dot"},
        "layer": "below",
    }
