"""The filters of the pages of figures, kept in the URL: account type, owner, period."""

import streamlit as st

from crmplus.analytics.choice import Choice
from crmplus.analytics.period import Period
from crmplus.services.account_types import list_account_types
from crmplus.ui.periods import choose_period, clear_period, days_of, months_back
from crmplus.ui.pickers import ALL, clear_filters, filter_by, owners_by_code
from crmplus.ui.session import _, read, workspace


def choose_leads(period_key: str, period_label: str, usual: str, *, one_funnel: bool = False) -> Choice:
    """One row of filters; `usual` is the period where none is chosen.

    With `one_funnel` one account type that uses lead phases is chosen, always; else any, or all.
    """
    types = {
        t.code: t for t in read(list_account_types, with_archived=True) if t.uses_phases or not one_funnel
    }
    owners = owners_by_code()
    with st.container(key="filters"):
        first, second, third, fourth = st.columns([1, 1, 1, 0.7], vertical_alignment="bottom")
    with first:
        names = {
            code: _("{name} (archived)", name=t.description) if t.archived_at_utc else t.description
            for code, t in types.items()
        }
        code = filter_by("type", _("Account type"), names if one_funnel else {ALL: _("all"), **names})
    with second:
        names = {code: p.name for code, p in owners.items()}
        initials = filter_by("owner", _("Owner"), {ALL: _("all"), **names})
    with third:
        period = choose_period(period_key, period_label, usual)
    start, end = days_of(period)
    if any(key in st.query_params for key in ("type", "owner", period_key)):
        fourth.button(
            _("Clear"), icon=":material/close:", on_click=_clear, args=(period_key,), key="clear-filters"
        )
    return Choice(
        types[code].id if code in types else None,
        owners[initials].id if initials in owners else None,
        Period(start, end, workspace().zone, months_back(period)),
    )


def _clear(period_key: str) -> None:
    clear_filters("type", "owner", "show")
    clear_period(period_key)
