"""Scores against what came of them: the reliability of bands, and the drift from phase to phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from crmplus.analytics.calibration import Leaning
from crmplus.analytics.figures.theme import (
    INK,
    LOST,
    NEITHER,
    WON,
    accent,
    category_axis,
    layout,
    plain_label,
    short_name,
)

_SIGNS = {
    Leaning.HIGH: "triangle-down",
    Leaning.LOW: "triangle-up",
    Leaning.RIGHT: "circle",
    Leaning.UNCLEAR: "circle-open",
}


@dataclass(frozen=True, slots=True)
class BandPoint:
    """One band: mean score and share won in percent, and how far chance takes the share up or down."""

    key: str
    mean_score: Decimal
    share_won: Decimal
    spread: float
    leaning: Leaning
    label: str
    hover: str


def reliability_diagram(
    points: Sequence[BandPoint], axes: tuple[str, str], sides: tuple[str, str], *, is_dark: bool = False
) -> go.Figure:
    """Mean score against share won; where scores are honest, points lie on the diagonal.

    Below it (triangles that point down) scores are too high, above it too low; a circle's line, as
    long as chance explains, touches the diagonal. `axes` names both axes, `sides` what lies above
    and below the diagonal.
    """
    ink = INK[is_dark]
    axis = {
        "range": [-6, 110],
        "tickvals": list(range(0, 101, 20)),
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": "rgba(128,128,128,0.25)",
        "tickfont": {"size": 13, "color": ink},
    }

    def title(words: str) -> dict[str, Any]:
        return {"text": plain_label(words), "font": {"size": 13, "color": ink}}

    figure = go.Figure(
        [
            go.Scatter(
                x=[0, 100],
                y=[0, 100],
                mode="lines",
                line={"color": NEITHER[is_dark], "dash": "dash", "width": 1.5},
                hoverinfo="skip",
            ),
            _bands(points, is_dark),
        ]
    )
    for words, place, anchor in zip(sides, (0.03, 0.97), (("left", "top"), ("right", "bottom")), strict=True):
        figure.add_annotation(
            text=plain_label(words),
            xref="paper",
            yref="paper",
            x=place,
            y=1 - place,
            xanchor=anchor[0],
            yanchor=anchor[1],
            showarrow=False,
            font={"size": 12, "color": ink},
        )
    figure.update_layout(
        layout(
            420,
            is_dark,
            showlegend=False,
            xaxis={**axis, "title": title(axes[0])},
            yaxis={**axis, "title": title(axes[1]), "automargin": True},
        )
    )
    return figure


def _bands(points: Sequence[BandPoint], is_dark: bool) -> go.Scatter:
    return go.Scatter(
        x=[float(point.mean_score) for point in points],
        y=[float(point.share_won) for point in points],
        mode="markers+text",
        text=[point.label for point in points],
        textposition=[
            "top left" if point.share_won > point.mean_score else "bottom right" for point in points
        ],
        textfont={"size": 12, "color": INK[is_dark]},
        cliponaxis=False,
        customdata=[point.key for point in points],
        hovertext=[plain_label(point.hover) for point in points],
        hoverinfo="text",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}, "textfont": {"color": INK[is_dark]}},
        marker={
            "size": 13,
            "symbol": [_SIGNS[point.leaning] for point in points],
            "color": accent(is_dark),
            "line": {"width": 1, "color": INK[is_dark]},
        },
        error_y={
            "type": "data",
            "array": [min(point.spread, 100 - float(point.share_won)) for point in points],
            "arrayminus": [min(point.spread, float(point.share_won)) for point in points],
            "symmetric": False,
            "color": NEITHER[is_dark],
            "thickness": 1.5,
            "width": 4,
        },
    )


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """One phase on one line; a `mean` of None is not drawn. Under its label stands what it rests on."""

    key: str
    phase: str
    mean: Decimal | None
    label: str
    rests_on: str
    hover: str


def drift_lines(
    won: Sequence[DriftPoint], lost: Sequence[DriftPoint], names: tuple[str, str], *, is_dark: bool = False
) -> go.Figure:
    """Leads won as a whole line with circles, leads lost as a dashed one with crosses, named at its end.

    Phases from left to right; the label of the higher point stands above it, of the lower below.
    """
    figure = go.Figure(
        [
            _line(won, lost, names[0], WON[is_dark], "solid", "circle", is_dark),
            _line(lost, won, names[1], LOST[is_dark], "dash", "x", is_dark),
        ]
    )
    means = [float(point.mean) for point in (*won, *lost) if point.mean is not None]
    room = 0.3 * ((max(means) - min(means)) or abs(max(means)) or 1) if means else 1
    figure.update_layout(
        layout(
            320,
            is_dark,
            showlegend=False,
            xaxis=category_axis(
                is_dark, range=[-0.4, len(won) - 0.35], categoryarray=_places(won), showgrid=False
            ),
            yaxis={
                "visible": False,
                "fixedrange": True,
                "range": [min(means) - room, max(means) + room] if means else [0, 1],
            },
        )
    )
    return figure


def _line(
    points: Sequence[DriftPoint],
    others: Sequence[DriftPoint],
    name: str,
    colour: str,
    dash: str,
    symbol: str,
    is_dark: bool,
) -> go.Scatter:
    drawn = [place for place, point in enumerate(points) if point.mean is not None]
    labels = [f"{plain_label(point.label)}<br>{plain_label(point.rests_on)}" for point in points]
    if drawn:
        labels[drawn[-1]] = f"<b>{plain_label(name)}</b><br>{labels[drawn[-1]]}"
    return go.Scatter(
        x=_places(points),
        y=[None if point.mean is None else float(point.mean) for point in points],
        name=plain_label(name),
        mode="lines+markers+text",
        text=labels,
        textposition=[
            "top center" if _is_above(point, other) else "bottom center"
            for point, other in zip(points, others, strict=True)
        ],
        textfont={"size": 12, "color": INK[is_dark]},
        cliponaxis=False,
        connectgaps=False,
        customdata=[point.key for point in points],
        hovertext=[plain_label(point.hover) for point in points],
        hoverinfo="text",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}, "textfont": {"color": INK[is_dark]}},
        line={"color": colour, "dash": dash, "width": 2.5},
        marker={"size": 10, "symbol": symbol, "color": colour},
    )


def _places(points: Sequence[DriftPoint]) -> list[str]:
    return [f"{number}. {short_name(point.phase)}" for number, point in enumerate(points, 1)]


def _is_above(point: DriftPoint, other: DriftPoint) -> bool:
    return point.mean is None or other.mean is None or point.mean >= other.mean
