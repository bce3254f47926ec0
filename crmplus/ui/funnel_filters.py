"""The filters of the Funnel page, kept in the URL."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from crmplus.analytics.pipeline import PipelineFilter
from crmplus.domain.account_type import AccountType
from crmplus.ui.periods import choose_period, clear_period, days_of
from crmplus.ui.pickers import ALL, clear_filters, filter_by, owners_by_code
from crmplus.ui.session import _, workspace

_FILTERS = ("owner", "opened")


def choose_filter(types: Mapping[UUID, AccountType]) -> PipelineFilter:
    """One row of filters: account type, owner, and when leads were opened."""
    funnels = {t.code: t for t in types.values()}
    owners = owners_by_code()
    with st.container(key="filters"):
        first, second, third, fourth = st.columns([1, 1, 1, 0.7], vertical_alignment="bottom")
    with first:
        code = filter_by("funnel", _("Account type"), {c: t.description for c, t in funnels.items()})
    with second:
        names = {code: p.name for code, p in owners.items()}
        initials = filter_by("owner", _("Owner"), {ALL: _("all"), **names})
    with third:
        period = choose_period("opened", _("Opened"))
    start, end = days_of(period)
    if any(key in st.query_params for key in _FILTERS):
        fourth.button(_("Clear"), icon=":material/close:", on_click=_clear, key="clear-filters")
    owner_id = owners[initials].id if initials in owners else None
    return PipelineFilter(funnels[code].id, owner_id, start, end, workspace().zone)


def _clear() -> None:
    clear_filters("owner")
    clear_period("opened")
