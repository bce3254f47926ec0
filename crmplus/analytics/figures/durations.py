"""How long leads were in each phase: the median as a bar, the 90th percentile and the limit beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, LOST, accent, category_axis, layout, plain_label, short_name

_GAP = "\N{NO-BREAK SPACE}" * 3


@dataclass(frozen=True, slots=True)
class Duration:
    """One phase, in days; None where there is no such figure. `key` is what a click on it says."""

    key: str
    name: str
    median: float | None
    ninetieth: float | None
    limit: int | None
    label: str
    hover: str

    @property
    def end(self) -> float:
        """Where the last of its marks stands."""
        return max(self.median or 0, self.ninetieth or 0, self.limit or 0)


def duration_bars(
    phases: Sequence[Duration],
    median_name: str,
    ninetieth_name: str,
    limit_name: str,
    *,
    is_dark: bool = False,
) -> go.Figure:
    """Bars in funnel order, the first on top: a bar to the median, a line with a dot at its end to
    the 90th percentile, an upright stroke at the limit; the label behind them all."""
    names = [f"{number}. {short_name(phase.name)}" for number, phase in enumerate(phases, 1)]
    rows = list(zip(names, phases, strict=True))
    figure = go.Figure(
        [
            _medians(rows, median_name, is_dark),
            _ninetieths(rows, ninetieth_name, is_dark),
            _limits(rows, limit_name, is_dark),
            _labels(rows, is_dark),
        ]
    )
    longest = max((phase.end for phase in phases), default=0.0)
    figure.update_layout(
        layout(
            64 + 44 * max(len(phases), 1),
            is_dark,
            bargap=0.45,
            legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False},
            # A label needs about half as much room as the longest line, on a phone too.
            xaxis={"visible": False, "range": [0, longest * 1.5 or 1], "fixedrange": True},
            yaxis=category_axis(is_dark, autorange="reversed", categoryorder="array", categoryarray=names),
        )
    )
    return figure


Rows = Sequence[tuple[str, Duration]]


def _medians(rows: Rows, name: str, is_dark: bool) -> go.Bar:
    return go.Bar(
        orientation="h",
        x=[phase.median or 0 for _, phase in rows],
        y=[row for row, _ in rows],
        marker={"color": accent(is_dark)},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        **_said(name, [phase for _, phase in rows]),
    )


def _ninetieths(rows: Rows, name: str, is_dark: bool) -> go.Scatter:
    """A dot and a line from it back to the median, then a gap, phase by phase."""
    lines = [row for row in rows if row[1].ninetieth is not None]
    return go.Scatter(
        x=[x for _, phase in lines for x in (phase.ninetieth, phase.median, None)],
        y=[row for row, _ in lines for _ in range(3)],
        mode="lines+markers",
        line={"color": INK[is_dark], "width": 2},
        marker={"symbol": "circle", "size": [10, 0, 0] * len(lines), "color": INK[is_dark], "opacity": 1},
        unselected={"marker": {"opacity": 1}},
        **_said(name, [phase for _, phase in lines for _ in range(3)]),
    )


def _limits(rows: Rows, name: str, is_dark: bool) -> go.Scatter:
    limited = [row for row in rows if row[1].limit is not None]
    return go.Scatter(
        x=[phase.limit for _, phase in limited],
        y=[row for row, _ in limited],
        mode="markers",
        marker={
            "symbol": "line-ns",
            "size": 18,  # stands out above and below the bar
            "line": {"color": LOST[is_dark], "width": 3},
        },
        unselected={"marker": {"opacity": 1}},
        showlegend=bool(limited),
        **_said(name, [phase for _, phase in limited]),
    )


def _labels(rows: Rows, is_dark: bool) -> go.Scatter:
    return go.Scatter(
        x=[phase.end for _, phase in rows],
        y=[row for row, _ in rows],
        mode="text",
        text=[_GAP + plain_label(phase.label) for _, phase in rows],
        textposition="middle right",
        textfont={"size": 13, "color": INK[is_dark]},
        unselected={"textfont": {"color": INK[is_dark]}},
        cliponaxis=False,
        showlegend=False,
        hoverinfo="skip",
        customdata=[phase.key for _, phase in rows],
    )


def _said(name: str, phases: Sequence[Duration]) -> dict[str, object]:
    return {
        "name": plain_label(name),
        "customdata": [phase.key for phase in phases],
        "hovertext": [plain_label(phase.hover) for phase in phases],
        "hoverinfo": "text",
    }
