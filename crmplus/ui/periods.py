"""The periods that filters offer, kept in the URL."""

from datetime import date, timedelta

import streamlit as st

from crmplus.analytics.period import months_before
from crmplus.ui.pickers import clear_filters, filter_by
from crmplus.ui.session import _, language, now, workspace

Days = tuple[date | None, date | None]
"""The first and the last day, both included; None where it is open."""

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
"""Days that can be chosen; figures of earlier or later ones would be of typing errors."""

_OWN = "own"
_DAYS = {"week": 7}
_MONTHS = {
    "month": 1,
    "last-month": 1,
    "quarter": 3,
    "last-quarter": 3,
    "year": 12,
    "twelve-months": 12,
    "last-year": 12,
}


def choose_period(key: str, label: str, usual: str = "all") -> str:
    """One of the usual periods, by the word that the URL knows it by; `usual` where none is chosen."""
    names = {code: name for code, (name, _days) in _periods().items()}
    return filter_by(key, label, {usual: names[usual], **names})


def days_of(period: str) -> Days:
    """The days of a chosen period; for own dates two fields to choose them in."""
    return _own_days() if period == _OWN else _periods()[period][1]


def months_back(period: str) -> int | None:
    """How many months earlier the period lies that a chosen one is compared with, if that is usual."""
    return _MONTHS.get(period)


def days_back(period: str) -> int | None:
    """How many days earlier it lies, where that is usual."""
    return _DAYS.get(period)


def clear_period(key: str) -> None:
    clear_filters(key)
    for field in ("from", "to"):
        st.session_state[field] = None


def _periods() -> dict[str, tuple[str, Days]]:
    """The usual periods, in days of the workspace's time zone."""
    today = now().astimezone(workspace().zone).date()
    week = today - timedelta(days=(today.weekday() - workspace().first_weekday) % 7)
    month = today.replace(day=1)
    quarter = month.replace(month=today.month - (today.month - 1) % 3)
    year = today.replace(month=1, day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    in_last_quarter = quarter - timedelta(days=1)
    last_quarter = in_last_quarter.replace(month=in_last_quarter.month - 2, day=1)
    last_year = (year - timedelta(days=1)).replace(month=1, day=1)
    return {
        "all": (_("at any time"), (None, None)),
        "week": (_("this week"), (week, today)),
        "month": (_("this month"), (month, today)),
        "last-month": (_("last month"), (last_month, month - timedelta(days=1))),
        "quarter": (_("this quarter"), (quarter, today)),
        "last-quarter": (_("last quarter"), (last_quarter, in_last_quarter)),
        "year": (_("this year"), (year, today)),
        "twelve-months": (_("twelve months"), (months_before(month, 11), today)),
        "last-year": (_("last year"), (last_year, year - timedelta(days=1))),
        _OWN: (_("own dates"), (None, None)),
    }


def _own_days() -> Days:
    left, right = st.columns(2)
    shown = language().date_input_format
    start, end = (
        place.date_input(
            label,
            None,
            FIRST_DAY,
            LAST_DAY,
            key=key,
            format=shown,
            bind="query-params",
        )
        for place, label, key in ((left, _("From"), "from"), (right, _("To"), "to"))
    )
    if start and end and end < start:
        st.warning(_("“To” lies before “From”, so no lead can match. Exchange them."))
    return start, end
