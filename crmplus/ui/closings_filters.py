"""What the page Win and loss is asked for beside its filters, kept in the URL: its part, its periods."""

from collections.abc import Mapping
from enum import StrEnum

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crmplus.ui.pickers import set_in_url
from crmplus.ui.session import _


class Part(StrEnum):
    """The tabs of the page."""

    REASONS = "reasons"
    TIME = "time"
    OWNERS = "owners"
    CYCLE = "cycle"


class Grouping(StrEnum):
    """The periods that closings are put together by."""

    QUARTER = "quarter"
    MONTH = "month"


def choose_part() -> tuple[Part, DeltaGenerator]:
    """The tab that is open, and the room to fill; the others wait until they are."""
    names = {
        Part.REASONS: _("Reasons"),
        Part.TIME: _("Over time"),
        Part.OWNERS: _("Owners"),
        Part.CYCLE: _("Cycle and value"),
    }
    asked = st.query_params.get("part", "")
    widget = _widget("part", names)
    st.session_state[widget] = names[Part(asked) if asked in list(Part) else Part.REASONS]

    def keep() -> None:
        by_name = {name: part for part, name in names.items()}
        set_in_url("part", by_name[st.session_state[widget]], Part.REASONS)

    drawn = dict(zip(names, st.tabs(list(names.values()), key=widget, on_change=keep), strict=True))
    return next((part, tab) for part, tab in drawn.items() if tab.open)


def choose_grouping() -> Grouping:
    """By quarter or by month."""
    names = {Grouping.QUARTER: _("By quarter"), Grouping.MONTH: _("By month")}
    asked = st.query_params.get("by", "")
    widget = _widget("grouping", names)
    st.session_state[widget] = Grouping(asked) if asked in list(Grouping) else Grouping.QUARTER
    chosen: Grouping | None = st.segmented_control(
        _("Period"),
        list(Grouping),
        format_func=names.__getitem__,
        required=True,
        key=widget,
        on_change=lambda: set_in_url("by", st.session_state[widget], Grouping.QUARTER),
        label_visibility="collapsed",
    )
    return chosen or Grouping.QUARTER


def _widget(name: str, names: Mapping[StrEnum, str] | Mapping[Part, str] | Mapping[Grouping, str]) -> str:
    """Other words make another widget: the browser would go on showing the old ones."""
    return f"{name}-{hash(tuple(names.values()))}"
