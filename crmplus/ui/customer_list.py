"""The list of customers: search, filters, sorting and pages, all kept in the URL."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from crmplus.services.account_types import list_account_types
from crmplus.services.customers import SORTABLE, CustomerQuery, CustomerRow
from crmplus.services.phases import list_phases
from crmplus.services.rows import as_values
from crmplus.ui.session import _, people, read
from crmplus.ui.tables import open_on_click

PAGE_SIZE = 50
ALL = "all"
"""The choice that filters nothing. None would not do: once set, the box shows no choice at all."""
_FILTERS = {"search": "", "type": ALL, "owner": ALL, "phase": ALL, "active": ALL}
"""The filters, and what each is where it filters nothing."""


def columns() -> dict[str, str]:
    """Field to head, in the order they are shown."""
    return {
        "name": _("Name"),
        "number": _("Number"),
        "account_type": _("Account type"),
        "phase": _("Phase"),
        "lead_count": _("Open leads"),
        "owner": _("Owner"),
        "contact": _("Contact"),
        "city": _("City"),
        "email": _("E-mail"),
    }


def choose_query() -> CustomerQuery:
    """The row of filters, and what they say."""
    types = {t.id: t.description for t in read(list_account_types, with_archived=True)}
    owners = {p.id: p.name for p in people().values()}
    phases = _phase_names(types)
    active = {"active": _("active"), "inactive": _("not active")}
    with st.container(key="filters"):
        st.text_input(
            _("Search"),
            key="search",
            type="search",
            placeholder=_("Number, name, contact, e-mail or city"),
            live="250ms",
            bind="query-params",
            label_visibility="collapsed",
        )
        places = st.columns(5, vertical_alignment="bottom")
        with places[0]:
            type_id = choose_or_all("type", _("Account type"), types)
        with places[1]:
            phase_id = choose_or_all("phase", _("Phase"), phases)
        with places[2]:
            owner_id = choose_or_all("owner", _("Owner"), owners)
        with places[3]:
            state = choose_or_all("active", _("Active"), active)
        if any(st.session_state.get(key, unset) != unset for key, unset in _FILTERS.items()):
            places[4].button(_("Clear"), icon=":material/close:", on_click=_clear, key="clear-filters")
    sort = st.query_params.get("sort", "name")
    return CustomerQuery(
        search=st.session_state["search"] or "",
        account_type_id=type_id,
        owner_id=owner_id,
        phase_id=phase_id,
        is_active=None if state is None else state == "active",
        sort=sort if sort in SORTABLE else "name",
        descending=st.query_params.get("order") == "down",
    )


def page_of(query: CustomerQuery) -> int:
    """The page in the URL; another query begins at the first."""
    if st.session_state.get("query of customers") != query:
        if "query of customers" in st.session_state:
            st.session_state["page"] = 1
        st.session_state["query of customers"] = query
    asked = st.session_state.get("page") or st.query_params.get("page", "1")
    return max(1, int(asked)) if str(asked).isdecimal() else 1


def show_customers(customers: Sequence[CustomerRow], total: int, query: CustomerQuery) -> str | None:
    """One page of the list; the number of the customer that was clicked."""
    if not total:
        _say_empty(query)
        return None
    heads = columns()
    arrow = "▼" if query.descending else "▲"
    heads[query.sort] = f"{heads[query.sort]} {arrow}"
    wide: dict[str, ColumnConfig] = {"name": st.column_config.TextColumn(heads["name"], width="medium")}
    rows = [as_values(customer) for customer in customers]
    clicked, head = open_on_click("customers", heads, rows, _("Customers"), config=wide, sortable=True)
    if head:
        st.query_params["order"] = "up" if query.sort != head or query.descending else "down"
        st.query_params["sort"] = head
        st.rerun()
    pages = -(-total // PAGE_SIZE)
    if pages > 1:
        st.pagination(pages, key="page", bind="query-params")
    st.caption(_("Click a row to open the customer, a column's head to sort by it."))
    return customers[clicked].number if clicked is not None else None


def choose_or_all(key: str, label: str, names: Mapping[Any, str]) -> Any:
    """The chosen key of `names`, or None for all."""
    labels = {ALL: _("all"), **names}
    chosen = st.selectbox(
        label,
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        bind="query-params",
    )
    return None if chosen == ALL else chosen


def _phase_names(types: dict[UUID, str]) -> dict[UUID, str]:
    """Phases with their account type behind them, as two funnels often share names."""
    return {p.id: f"{p.description} ({types[p.account_type_id]})" for p in read(list_phases)}


def _clear() -> None:
    st.session_state.update(_FILTERS)


def _say_empty(query: CustomerQuery) -> None:
    if query == CustomerQuery(sort=query.sort, descending=query.descending):
        st.info(
            _("Your customers will be listed here. Add the first with “New customer”."),
            icon=":material/groups:",
        )
    else:
        st.info(_("No customer matches. Try fewer filters or another word."), icon=":material/search_off:")
