"""The list of customers: search, filters, sorting and pages, all kept in the URL."""

from collections.abc import Sequence

import streamlit as st

from crmplus.exchange.table_files import Column, Kind
from crmplus.services.account_types import list_account_types
from crmplus.services.customers import SORTABLE, CustomerQuery, CustomerRow, list_customers
from crmplus.services.phases import list_phases
from crmplus.services.rows import as_values
from crmplus.ui.download import ALL_ROWS, download
from crmplus.ui.pickers import ALL, clear_filters, filter_by, filter_by_owner, owners_by_code
from crmplus.ui.session import _, _n, actor, database, read
from crmplus.ui.tables import PAGE_SIZE, open_on_click, page_count

_FILTERS = ("type", "phase", "owner", "active")
_LAST_PAGE = 1_000_000


def columns() -> dict[str, str]:
    """Field to head, in the order they are shown."""
    return {
        "name": _("Name"),
        "phase": _("Phase"),
        "lead_count": _("Open leads"),
        "owner": _("Owner"),
        "number": _("Number"),
        "account_type": _("Account type"),
        "contact": _("Contact"),
        "city": _("City"),
        "email": _("E-mail"),
    }


def _further_columns() -> list[Column]:
    """What a card has beside them, for files."""
    return [
        Column("phone", _("Phone")),
        Column("street", _("Street")),
        Column("postal_code", _("Postal code")),
        Column("country", _("Country")),
        Column("remark", _("Remark")),
        Column("is_active", _("Active customer"), Kind.YES_NO),
    ]


def choose_query() -> CustomerQuery:
    """The row of filters, and what they say."""
    everything = {ALL: _("all")}
    types = {t.code: t for t in read(list_account_types, with_archived=True)}
    owners = owners_by_code()
    phases = {p.code: p for p in read(list_phases)}
    active = {"yes": _("active"), "no": _("not active")}
    by_id = {t.id: t.description for t in types.values()}
    with st.container(key="filters"):
        search = st.text_input(
            _("Search"),
            key="search",
            type="search",
            placeholder=_("Number, name, contact, e-mail or city"),
            live="250ms",
            bind="query-params",
            label_visibility="collapsed",
        )
        places = st.columns(5, vertical_alignment="center")
        with places[0]:
            names = {code: t.description for code, t in types.items()}
            type_code = filter_by("type", _("Account type"), everything | names)
        with places[1]:
            # Two funnels often share the names of their phases.
            names = {code: f"{p.description} ({by_id[p.account_type_id]})" for code, p in phases.items()}
            phase_code = filter_by("phase", _("Phase"), everything | names)
        with places[2]:
            names = {code: p.name for code, p in owners.items()}
            initials = filter_by_owner("owner", _("Owner"), everything | names)
        with places[3]:
            state = filter_by("active", _("Active"), everything | active)
        if search or any(key in st.query_params for key in _FILTERS):
            places[4].button(_("Clear"), icon=":material/close:", on_click=_clear, key="clear-filters")
    sort = st.query_params.get("sort", "name")
    return CustomerQuery(
        search=search or "",
        account_type_id=types[type_code].id if type_code in types else None,
        owner_id=owners[initials].id if initials in owners else None,
        phase_id=phases[phase_code].id if phase_code in phases else None,
        is_active=None if state == ALL else state == "yes",
        sort=sort if sort in SORTABLE else "name",
        descending=st.query_params.get("order") == "down",
    )


def page_of(query: CustomerQuery) -> int:
    """The page in the URL; another query begins at the first."""
    if st.session_state.get("query of customers") != query:
        if "query of customers" in st.session_state:
            st.session_state["page"] = 1
        st.session_state["query of customers"] = query
    asked = str(st.session_state.get("page") or st.query_params.get("page", "1"))
    return min(max(1, int(asked)), _LAST_PAGE) if asked.isdecimal() and len(asked) < 9 else 1


def show_count(total: int, query: CustomerQuery) -> None:
    """How many customers the filters let through, and all of them to take along."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_n("{count} customer", "{count} customers", total), width="content")
        if total:
            kinds = {"lead_count": Kind.NUMBER}
            # Heads that an import reads as those of customers: a bare phase would be a lead's.
            said = columns() | {"phase": _("Phase of the newest open lead")}
            heads = [Column(key, head, kinds.get(key, Kind.TEXT)) for key, head in said.items()]
            download(
                _("Customers"),
                [*heads, *_further_columns()],
                lambda: list_customers(database(), actor(), query, ALL_ROWS)[0],
                "customers",
            )


def show_customers(customers: Sequence[CustomerRow], total: int, query: CustomerQuery) -> str | None:
    """One page of the list; the number of the customer that was clicked."""
    if not total:
        _say_empty(query)
        return None
    heads = columns()
    arrow = "▼" if query.descending else "▲"
    heads[query.sort] = f"{heads[query.sort]} {arrow}"
    rows = [as_values(customer) for customer in customers]
    clicked, head = open_on_click("customers", heads, rows, _("Customers"), sortable=True)
    if head:
        order = "up" if query.sort != head or query.descending else "down"
        st.query_params.update({"sort": head, "order": order})
        st.rerun()
    if total > PAGE_SIZE:
        st.pagination(page_count(total), key="page", bind="query-params")
    st.caption(_("Click a row to open the customer, a column's head to sort by it."))
    return customers[clicked].number if clicked is not None else None


def _clear() -> None:
    st.session_state["search"] = ""
    clear_filters(*_FILTERS)


def _say_empty(query: CustomerQuery) -> None:
    if query == CustomerQuery(sort=query.sort, descending=query.descending):
        st.info(
            _("Your customers will be listed here. Add the first with “New customer”."),
            icon=":material/groups:",
        )
    else:
        st.info(_("No customer matches. Try fewer filters or another word."), icon=":material/search_off:")
