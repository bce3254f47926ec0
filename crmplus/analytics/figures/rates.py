"""Two rates over time, as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, NEITHER, accent, category_axis, layout, plain_label


@dataclass(frozen=True, slots=True)
class RatePoint:
    """One period: its two rates (0 to 1; None: there is none), each with the words shown at it."""

    name: str
    in_leads: Decimal | None
    in_value: Decimal | None
    leads_hover: str
    value_hover: str
    key: str


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    rates: list[float | None]
    hovers: list[str]
    colour: str
    dash: str
    symbol: str

    @property
    def last(self) -> tuple[int, float] | None:
        """Where its name stands: at the last period that has a rate."""
        found = [(place, rate) for place, rate in enumerate(self.rates) if rate is not None]
        return found[-1] if found else None


def rate_lines(
    points: Sequence[RatePoint], leads_name: str, value_name: str, *, is_dark: bool = False
) -> go.Figure:
    """The rates in percent, oldest first; dash, marker and a name at the end tell the lines apart."""
    lines = [
        _Line(
            leads_name,
            [_percent(p.in_leads) for p in points],
            [p.leads_hover for p in points],
            accent(is_dark),
            "solid",
            "circle",
        ),
        _Line(
            value_name,
            [_percent(p.in_value) for p in points],
            [p.value_hover for p in points],
            NEITHER[is_dark],
            "dash",
            "diamond",
        ),
    ]
    figure = go.Figure([_drawn(line, points) for line in lines])
    figure.update_layout(
        layout(
            320,
            is_dark,
            margin={"l": 8, "r": 84, "t": 12, "b": 8},
            showlegend=False,
            annotations=_names(lines, is_dark),
            xaxis=category_axis(is_dark, showgrid=False),
            yaxis={
                "range": [-4, 104],
                "tickvals": [0, 25, 50, 75, 100],
                "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
                "fixedrange": True,
                "tickfont": {"size": 13, "color": INK[is_dark]},
                "zeroline": False,
            },
        )
    )
    return figure


def _drawn(line: _Line, points: Sequence[RatePoint]) -> go.Scatter:
    return go.Scatter(
        x=[plain_label(point.name) for point in points],
        y=line.rates,
        mode="lines+markers",
        name=plain_label(line.name),
        customdata=[point.key for point in points],
        hovertext=[plain_label(hover) for hover in line.hovers],
        hoverinfo="text",
        cliponaxis=False,
        line={"color": line.colour, "dash": line.dash, "width": 2},
        marker={"color": line.colour, "symbol": line.symbol, "size": 9},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _names(lines: Sequence[_Line], is_dark: bool) -> list[dict[str, object]]:
    """The lines' names at their ends, moved apart so that neither covers the other."""
    ends = [(line, line.last) for line in lines]
    return [
        {
            "x": last[0],
            "y": last[1],
            "text": plain_label(line.name),
            "showarrow": False,
            "xanchor": "left",
            "xshift": 10,
            "yshift": _shift(place, [end and end[1] for _line, end in ends]),
            "font": {"size": 13, "color": INK[is_dark]},
        }
        for place, (line, last) in enumerate(ends)
        if last
    ]


def _shift(place: int, heights: Sequence[float | None]) -> int:
    """Up for the higher name, down for the other; of equal ones the first is up."""
    found = [(height, -other) for other, height in enumerate(heights) if height is not None]
    return 0 if len(found) < 2 else 9 if max(found)[1] == -place else -9


def _percent(share: Decimal | None) -> float | None:
    return None if share is None else float(100 * share)
