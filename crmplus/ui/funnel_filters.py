"""The filters of the Funnel page, kept in the URL."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from crmplus.analytics.pipeline import PipelineFilter, same_day_last_month
from crmplus.domain.account_type import AccountType
from crmplus.ui.periods import FIRST_DAY, choose_period, clear_period, days_of
from crmplus.ui.pickers import ALL, clear_filters, filter_by, filter_by_owner, owners_by_code
from crmplus.ui.session import _, language, workspace

_FILTERS = ("owner", "opened", "as-of")
_OWN, _OWN_DAY = "own", "on"


def choose_filter(types: Mapping[UUID, AccountType], today: date) -> PipelineFilter:
    """One row of filters: account type, owner, when leads were opened, and of which day figures are."""
    _mend_old_links()
    funnels = {t.code: t for t in types.values()}
    owners = owners_by_code()
    with st.container(key="filters"):
        first, second, third, fourth, fifth = st.columns([1, 1, 1, 1, 0.6], vertical_alignment="bottom")
    with first:
        code = filter_by("type", _("Account type"), {c: _type_name(t) for c, t in funnels.items()})
    with second:
        names = {code: p.name for code, p in owners.items()}
        initials = filter_by_owner("owner", _("Owner"), {ALL: _("all"), **names})
    with third:
        period = choose_period("opened", _("Opened"))
    with fourth:
        days = _days(today)
        as_of = filter_by("as-of", _("As of"), {code: name for code, (name, _day) in days.items()})
    if any(key in st.query_params for key in _FILTERS):
        fifth.button(_("Clear"), icon=":material/close:", on_click=_clear, key="clear-filters")
    start, end = days_of(period)
    day = _own_day(today) if as_of == _OWN else days[as_of][1]
    owner_id = owners[initials].id if initials in owners else None
    return PipelineFilter(funnels[code].id, owner_id, start, end, workspace().zone, day)


def _days(today: date) -> dict[str, tuple[str, date | None]]:
    """The days that are offered, by what the URL calls them; None is today, as leads stand now."""
    month = today.replace(day=1)
    quarter = month.replace(month=today.month - (today.month - 1) % 3)
    year = month.replace(month=1)
    night = timedelta(days=1)
    return {
        "today": (_("today"), None),
        "month-ago": (_("same day last month"), same_day_last_month(today)),
        "last-month": (_("end of last month"), month - night),
        "last-quarter": (_("end of last quarter"), quarter - night),
        "last-year": (_("end of last year"), year - night),
        _OWN: (_("own date"), None),
    }


def _own_day(today: date) -> date | None:
    """The day that is typed; None where it is not over yet."""
    day: date | None = st.date_input(
        _("Day"),
        None,
        min_value=FIRST_DAY,
        max_value=today,
        key=_OWN_DAY,
        format=language().date_input_format,
        bind="query-params",
        width=240,
    )
    return day if day and day < today else None


def _type_name(account_type: AccountType) -> str:
    name = account_type.description
    return _("{name} (archived)", name=name) if account_type.archived_at_utc else name


def _mend_old_links() -> None:
    """Bookmarks may still call the account type `funnel` and the bar that was clicked `phase`."""
    if "funnel" in st.query_params:
        st.query_params["type"] = st.query_params.pop("funnel")
    if "phase" in st.query_params:
        st.query_params["show"] = f"phase.{st.query_params.pop('phase')}"


def _clear() -> None:
    clear_filters("owner", "as-of")
    clear_period("opened")
    st.session_state[_OWN_DAY] = None
