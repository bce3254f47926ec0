"""The filters of the open leads, kept in the URL: what board and list have in common."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import streamlit as st

from crmplus.domain.account_type import AccountType
from crmplus.domain.actor import Role
from crmplus.services.open_leads import LeadQuery, LeadSort
from crmplus.services.phases import get_funnel
from crmplus.ui.pickers import (
    ALL,
    clear_filters,
    filter_by,
    filter_by_owner,
    funnel_types,
    owners_by_code,
    set_in_url,
)
from crmplus.ui.session import _, actor, now, people, read, workspace
from crmplus.ui.view_filters import LEADS, MOST_VALUE, drop_unreadable

BOARD, LIST = "board", "list"
_FILTERS = ("type", "phase", "owner", "attention", "sort", "order")
_TYPED = ("search", "value", "score")


def choose_view() -> str:
    """Board or list, as the address says."""
    names = {BOARD: _("Board"), LIST: _("List")}
    asked = st.query_params.get("view", BOARD)
    st.session_state["leads-view"] = asked if asked in names else BOARD

    def keep() -> None:
        view = st.session_state["leads-view"] or asked
        set_in_url("view", view, BOARD)
        _keep_type(view)

    st.segmented_control(
        _("Show as"),
        list(names),
        format_func=names.__getitem__,
        key="leads-view",
        on_change=keep,
        label_visibility="collapsed",
        required=True,
    )
    return st.session_state["leads-view"] or BOARD


def choose_query(view: str) -> LeadQuery:
    """The filters in one row, those needed less behind "More", and what they say."""
    drop_unreadable(LEADS)
    with st.container(key="filters-leads"):
        places = st.columns([1.6, 1, 1, 1.2, 0.8, 0.6], vertical_alignment="bottom")
    with places[0]:
        search = st.text_input(
            _("Search"),
            key="search",
            type="search",
            placeholder=_("Customer, title, contact or city"),
            live="250ms",
            bind="query-params",
        )
    with places[1]:
        query = _choose_funnel(view)
    with places[2]:
        query = _choose_owner(query)
    with places[3]:
        query = _choose_attention(query)
    with places[4].popover(_("More"), icon=":material/tune:", key="more-filters"):
        query = _choose_further(replace(query, search=search or ""), view)
    if any(key in st.query_params for key in _FILTERS + _TYPED):
        places[5].button(_("Clear"), icon=":material/close:", on_click=_clear, key="clear-filters")
    return query


def _choose_funnel(view: str) -> LeadQuery:
    """The board has the columns of one funnel; the list may hold the leads of all."""
    types = _types()
    names = {code: t.description for code, t in types.items()}
    if view == LIST:
        names = {ALL: _("all"), **names}
    code = filter_by("type", _("Account type"), names)
    today = now().astimezone(workspace().zone).date()
    return LeadQuery(today, workspace().zone, types[code].id if code in types else None)


def _types() -> dict[str, AccountType]:
    """Those whose leads can be looked at, by their codes; the board begins with the first."""
    return {t.code: t for t in funnel_types() if t.uses_phases and not t.archived_at_utc}


def _keep_type(view: str) -> None:
    """The other view shows the same leads: what the board shows without saying so, the list has to say."""
    first, *others = _types()
    if view == LIST and others:
        st.query_params.setdefault("type", first)
    elif st.query_params.get("type") == first:
        del st.query_params["type"]


def _choose_owner(query: LeadQuery) -> LeadQuery:
    """A rep begins with the own leads."""
    owners = owners_by_code()
    names = {ALL: _("all"), **{code: person.name for code, person in owners.items()}}
    me = actor()
    if me.role is Role.REP and me.person_id:
        own = people()[me.person_id].initials
        names = {own: names[own], **names}
    code = filter_by_owner("owner", _("Owner"), names)
    return replace(query, owner_id=owners[code].id if code in owners else None)


def _choose_attention(query: LeadQuery) -> LeadQuery:
    """What asks for attention."""
    asked = filter_by(
        "attention",
        _("Attention"),
        {
            ALL: _("all"),
            "overdue": _("next step overdue"),
            "today": _("next step due today or before"),
            "without": _("without a next step"),
            "ageing": _("ageing"),
        },
    )
    days = {"overdue": 1, "today": 0}.get(asked)
    return replace(
        query,
        due_until=None if days is None else query.today - timedelta(days=days),
        is_without_step=asked == "without",
        is_ageing=asked == "ageing",
    )


def _choose_further(query: LeadQuery, view: str) -> LeadQuery:
    value = st.number_input(
        _("Expected value from, {currency}", currency=workspace().currency),
        min_value=0,
        max_value=MOST_VALUE,
        value=None,
        step=1000,
        key="value",
        bind="query-params",
    )
    score = st.number_input(
        _("Score from"), min_value=1, max_value=100, value=None, step=10, key="score", bind="query-params"
    )
    query = replace(query, least_value=None if value is None else Decimal(value), least_score=score)
    if view == LIST:
        query = _choose_phase(query)
    sorts = {
        "due": (_("next step due first"), LeadSort.DUE, False),
        "age": (_("longest in phase first"), LeadSort.AGE, True),
        "value": (_("highest expected value first"), LeadSort.EXPECTED_VALUE, True),
        "weighted": (_("highest weighted value first"), LeadSort.WEIGHTED_VALUE, True),
        "likely": (_("highest score first"), LeadSort.SCORE, True),
        "close": (_("expected close date first"), LeadSort.EXPECTED_CLOSE_DATE, False),
        "customer": (_("customer A to Z"), LeadSort.CUSTOMER, False),
    }
    asked = filter_by("sort", _("Order"), {code: name for code, (name, _sort, _down) in sorts.items()})
    return replace(query, sort=sorts[asked][1], descending=sorts[asked][2])


def _choose_phase(query: LeadQuery) -> LeadQuery:
    if query.account_type_id is None:
        return query
    phases = {p.code: p for p in read(get_funnel, query.account_type_id).phases}
    names = {code: phase.description for code, phase in phases.items()}
    code = filter_by("phase", _("Phase"), {ALL: _("all"), **names})
    return replace(query, phase_id=phases[code].id if code in phases else None)


def _clear() -> None:
    clear_filters(*_FILTERS)
    st.session_state["search"] = ""
    st.session_state["value"] = st.session_state["score"] = None
