"""The filters of the Funnel page, kept in the URL."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from crmplus.analytics.pipeline import PipelineFilter
from crmplus.domain.account_type import AccountType
from crmplus.ui.pickers import ALL, clear_filters, filter_by, owners_by_code
from crmplus.ui.session import _, language, now, workspace

OWN = "own"
_FILTERS = ("owner", "opened")


def choose_filter(types: Mapping[UUID, AccountType]) -> PipelineFilter:
    """One row of filters: account type, owner, and when leads were opened."""
    funnels = {t.code: t for t in types.values()}
    owners = owners_by_code()
    periods = _periods()
    with st.container(key="filters"):
        first, second, third, fourth = st.columns([1, 1, 1, 0.7], vertical_alignment="bottom")
    with first:
        code = filter_by("funnel", _("Account type"), {c: t.description for c, t in funnels.items()})
    with second:
        names = {code: p.name for code, p in owners.items()}
        initials = filter_by("owner", _("Owner"), {ALL: _("all"), **names})
    with third:
        period = filter_by("opened", _("Opened"), {key: name for key, (name, _days) in periods.items()})
    start, end = _own_days() if period == OWN else periods[period][1]
    if any(key in st.query_params for key in _FILTERS):
        fourth.button(_("Clear"), icon=":material/close:", on_click=_clear, key="clear-filters")
    owner_id = owners[initials].id if initials in owners else None
    return PipelineFilter(funnels[code].id, owner_id, start, end, workspace().zone)


def _periods() -> dict[str, tuple[str, tuple[date | None, date | None]]]:
    """The usual periods, in days of the workspace's time zone."""
    today = now().astimezone(workspace().zone).date()
    week = today - timedelta(days=(today.weekday() - workspace().first_weekday) % 7)
    month = today.replace(day=1)
    year = today.replace(month=1, day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    last_year = (year - timedelta(days=1)).replace(month=1, day=1)
    return {
        "all": (_("at any time"), (None, None)),
        "week": (_("this week"), (week, today)),
        "month": (_("this month"), (month, today)),
        "last-month": (_("last month"), (last_month, month - timedelta(days=1))),
        "year": (_("this year"), (year, today)),
        "last-year": (_("last year"), (last_year, year - timedelta(days=1))),
        OWN: (_("own dates"), (None, None)),
    }


def _own_days() -> tuple[date | None, date | None]:
    left, right = st.columns(2)
    shown = language().date_input_format
    start: date | None = left.date_input(_("From"), None, key="from", format=shown, bind="query-params")
    end: date | None = right.date_input(_("To"), None, key="to", format=shown, bind="query-params")
    if start and end and end < start:
        st.warning(_("“To” lies before “From”, so no lead can match. Exchange them."))
    return start, end


def _clear() -> None:
    clear_filters(*_FILTERS)
    for key in ("from", "to"):
        st.session_state[key] = None
