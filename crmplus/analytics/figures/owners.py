"""Owners side by side: won and weighted open value, and the target as a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import plotly.graph_objects as go

from crmplus.analytics.figures.theme import INK, WON, accent, category_axis, layout, plain_label, short_name


@dataclass(frozen=True, slots=True)
class OwnerBar:
    """One owner: amounts in the workspace's currency, the words at the end of the bar and in full.

    `won_key` and `open_key` are what a click on the two parts of the bar says.
    """

    name: str
    won: Decimal
    weighted: Decimal
    target: Decimal | None
    label: str
    hover: str
    won_key: str
    open_key: str


def owner_bars(
    owners: Sequence[OwnerBar], won_name: str, weighted_name: str, target_name: str, *, is_dark: bool = False
) -> go.Figure:
    """A bar an owner, the first on top: won solid, weighted striped behind it, the target a mark."""
    # Two owners of one name are two bars: the place tells them apart, the axis shows the name.
    places = list(range(len(owners)))
    with_target = [(place, owner) for place, owner in zip(places, owners, strict=True) if owner.target]
    ends = [float(max(owner.won + owner.weighted, owner.target or Decimal(0))) for owner in owners]
    figure = go.Figure(
        [
            go.Bar(
                orientation="h",
                x=[float(owner.won) for owner in owners],
                y=places,
                name=plain_label(won_name),
                customdata=[owner.won_key for owner in owners],
                marker={"color": WON[is_dark]},
                **_hover(owners),
            ),
            go.Bar(
                orientation="h",
                x=[float(owner.weighted) for owner in owners],
                y=places,
                name=plain_label(weighted_name),
                customdata=[owner.open_key for owner in owners],
                marker={"color": accent(is_dark), "pattern": {"shape": "/", "solidity": 0.35}},
                **_hover(owners),
            ),
            go.Scatter(
                x=[float(owner.target or 0) for _place, owner in with_target],
                y=[place for place, _owner in with_target],
                name=plain_label(target_name),
                mode="markers",
                marker={
                    "symbol": "line-ns",
                    "size": 22,
                    "line": {"width": 3, "color": INK[is_dark]},
                    "color": INK[is_dark],
                },
                unselected={"marker": {"opacity": 1}},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=ends,
                y=places,
                text=[f" {plain_label(owner.label)}" for owner in owners],
                mode="text",
                textposition="middle right",
                cliponaxis=False,
                showlegend=False,
                unselected={"textfont": {"color": INK[is_dark]}},
                hoverinfo="skip",
            ),
        ]
    )
    longest = max(ends, default=0.0)
    figure.update_layout(
        layout(
            70 + 40 * max(len(owners), 1),
            is_dark,
            barmode="stack",
            bargap=0.35,
            legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
            xaxis={"visible": False, "range": [0, longest * 1.7 or 1], "fixedrange": True},
            yaxis=category_axis(
                is_dark,
                type="linear",
                autorange="reversed",
                tickvals=places,
                ticktext=[short_name(owner.name) for owner in owners],
                showgrid=False,
                zeroline=False,
            ),
        )
    )
    return figure


def _hover(owners: Sequence[OwnerBar]) -> dict[str, object]:
    return {
        "hovertext": [plain_label(f"{owner.name}: {owner.hover}") for owner in owners],
        "hoverinfo": "text",
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
    }
