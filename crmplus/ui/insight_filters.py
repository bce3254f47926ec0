"""The filters of the pages of figures, kept in the URL: account type, owner, period."""

from collections.abc import Mapping, Sequence

import streamlit as st

from crmplus.analytics.choice import Choice
from crmplus.analytics.period import Period
from crmplus.services.account_types import list_account_types
from crmplus.ui.periods import choose_period, clear_period, days_back, days_of, months_back
from crmplus.ui.pickers import ALL, clear_filters, filter_by, filter_by_owner, funnel_types, owners_by_code
from crmplus.ui.session import _, read, workspace


def choose_leads(
    period_key: str,
    period_label: str,
    usual: str,
    *,
    one_funnel: bool = False,
    also: Sequence[str] = (),
    periods: Mapping[str, tuple[str, Period]] | None = None,
) -> Choice:
    """One row of filters; `usual` is the period where none is chosen.

    With `one_funnel` one account type with a funnel is chosen, always; else any, or all.
    "Clear" takes away what the page itself keeps in the URL under the keys of `also`. `periods` are
    offered in place of the usual ones, by the word that the URL knows each by.
    """
    offered = funnel_types() if one_funnel else read(list_account_types, with_archived=True)
    types = {t.code: t for t in offered}
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
        initials = filter_by_owner("owner", _("Owner"), {ALL: _("all"), **names})
    with third:
        if periods:
            names = {key: name for key, (name, _period) in periods.items()}
            asked = filter_by(period_key, period_label, {usual: names[usual], **names})
        else:
            asked = choose_period(period_key, period_label, usual)
    period = periods[asked][1] if periods else _usual_period(asked)
    if any(key in st.query_params for key in ("type", "owner", period_key, *also)):
        fourth.button(
            _("Clear"),
            icon=":material/close:",
            on_click=_clear,
            args=(period_key, *also),
            key="clear-filters",
        )
    return Choice(
        types[code].id if code in types else None,
        owners[initials].id if initials in owners else None,
        period,
    )


def _usual_period(code: str) -> Period:
    start, end = days_of(code)
    return Period(start, end, workspace().zone, months_back(code), days_back(code))


def _clear(period_key: str, *also: str) -> None:
    clear_filters("type", "owner", "show", *also)
    clear_period(period_key)
