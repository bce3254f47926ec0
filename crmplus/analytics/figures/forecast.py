"""Won and still to come, month by month, against the target and with the range."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, WON, accent, category_axis, layout, plain_label


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month: its bars, each with the code that a click on it gives, and what hovering says.

    `low`, `middle` and `high` are the range of what is to come, without what was won.
    """

    name: str
    won: Decimal
    weighted: Decimal
    won_code: str
    weighted_code: str
    hover: str
    target: Decimal | None = None
    low: Decimal | None = None
    middle: Decimal | None = None
    high: Decimal | None = None


def forecast_bars(
    months: Sequence[MonthBar],
    won_name: str,
    weighted_name: str,
    target_name: str,
    range_name: str,
    *,
    is_dark: bool = False,
) -> go.Figure:
    """A column a month, won below and solid, to come on top and striped; the target is a line across,
    the range a thin bar with ends."""
    figure = go.Figure(
        [
            _bars(months, won_name, [m.won for m in months], [m.won_code for m in months], WON[is_dark], ""),
            _bars(
                months,
                weighted_name,
                [m.weighted for m in months],
                [m.weighted_code for m in months],
                accent(is_dark),
                "/",
            ),
            *_ranges([m for m in months if m.high is not None], range_name, is_dark),
        ]
    )
    figure.update_layout(
        layout(
            360,
            is_dark,
            barmode="stack",
            bargap=0.35,
            shapes=_target_lines(months, target_name, is_dark),
            legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            xaxis=category_axis(
                is_dark, categoryorder="array", categoryarray=[plain_label(m.name) for m in months]
            ),
            yaxis={
                "fixedrange": True,
                "range": [0, 1.08 * _highest(months) or 1],
                "tickformat": "~s",
                "gridcolor": "rgba(128,128,128,0.25)",
                "tickfont": {"size": 13, "color": INK[is_dark]},
            },
        )
    )
    return figure


def _bars(
    months: Sequence[MonthBar],
    name: str,
    values: Sequence[Decimal],
    codes: Sequence[str],
    colour: str,
    pattern: str,
) -> go.Bar:
    return go.Bar(
        x=[plain_label(month.name) for month in months],
        y=[float(value) for value in values],
        name=plain_label(name),
        customdata=list(codes),
        hovertext=[plain_label(month.hover) for month in months],
        hoverinfo="text",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        marker={"color": colour, "pattern": {"shape": pattern, "solidity": 0.35}},
    )


def _ranges(months: Sequence[MonthBar], name: str, is_dark: bool) -> list[go.Scatter]:
    """From the lowest to the highest that what is to come may bring the month to."""
    if not months:
        return []
    middles = [float(month.won + (month.middle or 0)) for month in months]
    return [
        go.Scatter(
            x=[plain_label(month.name) for month in months],
            y=middles,
            name=plain_label(name),
            mode="markers",
            marker={"size": 5, "color": INK[is_dark]},
            hoverinfo="skip",
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [float((month.high or 0) - (month.middle or 0)) for month in months],
                "arrayminus": [float((month.middle or 0) - (month.low or 0)) for month in months],
                "color": INK[is_dark],
                "thickness": 1.5,
                "width": 5,
            },
        )
    ]


def _target_lines(months: Sequence[MonthBar], name: str, is_dark: bool) -> list[dict[str, Any]]:
    """Lines as wide as the columns, whatever the screen; places on the axis count from 0."""
    aimed = [(place, month.target) for place, month in enumerate(months) if month.target is not None]
    return [
        {
            "type": "line",
            "x0": place - 0.42,
            "x1": place + 0.42,
            "y0": float(target),
            "y1": float(target),
            "line": {"width": 3, "color": INK[is_dark]},
            "name": plain_label(name),
            "showlegend": number == 0,
        }
        for number, (place, target) in enumerate(aimed)
    ]


def _highest(months: Sequence[MonthBar]) -> float:
    """Of all that is drawn."""
    tops = [month.won + max(month.weighted, month.high or Decimal(0)) for month in months]
    return float(max([*tops, *(month.target or Decimal(0) for month in months)], default=Decimal(0)))
