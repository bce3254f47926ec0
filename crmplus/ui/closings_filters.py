"""The filters of the page Win and loss, kept in the URL."""

from enum import StrEnum

import streamlit as st

from crmplus.analytics.closings import ClosingsFilter
from crmplus.services.account_types import list_account_types
from crmplus.ui.periods import choose_period, clear_period, days_of
from crmplus.ui.pickers import ALL, clear_filters, filter_by, owners_by_code, set_in_url
from crmplus.ui.session import _, read, workspace

_FILTERS = ("type", "owner", "closed")


class Grouping(StrEnum):
    """The periods that closings are put together by."""

    QUARTER = "quarter"
    MONTH = "month"


def choose_filter() -> ClosingsFilter:
    """One row of filters: account type, owner, and when leads were closed; archived ones too."""
    types = {t.code: t for t in read(list_account_types, with_archived=True)}
    owners = owners_by_code()
    with st.container(key="filters"):
        first, second, third, fourth = st.columns([1, 1, 1, 0.7], vertical_alignment="bottom")
    with first:
        names = {
            code: _("{name} (archived)", name=t.description) if t.archived_at_utc else t.description
            for code, t in types.items()
        }
        code = filter_by("type", _("Account type"), {ALL: _("all"), **names})
    with second:
        names = {code: p.name for code, p in owners.items()}
        initials = filter_by("owner", _("Owner"), {ALL: _("all"), **names})
    with third:
        period = choose_period("closed", _("Closed"))
    start, end = days_of(period)
    if any(key in st.query_params for key in _FILTERS):
        fourth.button(_("Clear"), icon=":material/close:", on_click=_clear, key="clear-filters")
    return ClosingsFilter(
        types[code].id if code in types else None,
        owners[initials].id if initials in owners else None,
        start,
        end,
        workspace().zone,
    )


def choose_grouping() -> Grouping:
    """By quarter or by month."""
    names = {Grouping.QUARTER: _("By quarter"), Grouping.MONTH: _("By month")}
    asked = st.query_params.get("by", "")
    widget = f"grouping-{hash(tuple(names.values()))}"  # other words make another switch
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


def _clear() -> None:
    clear_filters("type", "owner")
    clear_period("closed")
