"""The filters of the page Forecast, kept in the URL: whose leads, which months, one-off or recurring."""

from datetime import date

import streamlit as st

from crmplus.analytics.choice import Choice
from crmplus.analytics.forecast import last_day_of
from crmplus.analytics.period import Period, months_before
from crmplus.ui.insight_filters import choose_leads
from crmplus.ui.pickers import set_in_url
from crmplus.ui.session import _, now, workspace
from crmplus.ui.words import per_period

_USUAL, _RECURRING, _ONE_OFF = "next-twelve", "recurring", "one-off"


def today() -> date:
    """Of the workspace's calendar."""
    return now().astimezone(workspace().zone).date()


def choose_forecast() -> Choice:
    """One row of filters: account type, owner, and the months to look at."""
    return choose_leads("months", _("Months"), _USUAL, also=("value",), periods=_periods(today()))


def choose_value() -> bool:
    """Whether recurring value is chosen, not one-off."""
    recurring = _("Recurring {period}", period=per_period(workspace().recurring_period))
    names = {_ONE_OFF: _("One-off"), _RECURRING: recurring}
    asked = st.query_params.get("value", _ONE_OFF)
    widget = f"value-{hash(tuple(names.values()))}"  # other words make another switch
    st.session_state[widget] = asked if asked in names else _ONE_OFF
    chosen = st.segmented_control(
        _("Value"),
        list(names),
        format_func=names.__getitem__,
        required=True,
        key=widget,
        on_change=lambda: set_in_url("value", st.session_state[widget], _ONE_OFF),
        label_visibility="collapsed",
    )
    return chosen == _RECURRING


def _periods(day: date) -> dict[str, tuple[str, Period]]:
    """Whole months, by the word that the URL knows each period by."""
    month, zone = day.replace(day=1), workspace().zone
    quarter = months_before(month, (month.month - 1) % 3)
    year = month.replace(month=1)

    def months(first: date, count: int) -> Period:
        return Period(first, last_day_of(months_before(first, 1 - count)), zone)

    return {
        _USUAL: (_("next 12 months"), months(month, 12)),
        "quarter": (_("this quarter"), months(quarter, 3)),
        "year": (_("this year"), months(year, 12)),
        "all": (_("all months"), Period(zone=zone)),
    }
