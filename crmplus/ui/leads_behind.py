"""The list of leads behind a figure."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import streamlit as st

from crmplus.analytics.behind import LeadBehind
from crmplus.domain.lead import weighted
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.rows import as_values
from crmplus.ui.chosen import choose, scroll_once
from crmplus.ui.download import ALL_ROWS, download
from crmplus.ui.open_card import open_card
from crmplus.ui.session import _, _n, actor, database, workspace
from crmplus.ui.tables import PAGE_SIZE, in_words, open_on_click, page_count, read_page
from crmplus.ui.text import plain
from crmplus.ui.words import per_period

Listing = Callable[..., tuple[list[LeadBehind], int]]
"""A reading function of `analytics`: database, actor, its own arguments, limit, offset."""

Values = Callable[[LeadBehind], dict[str, object]]
"""What the figure knows of a lead, by the key of a column."""


def show_leads_behind(
    title: str,
    listing: Listing,
    *arguments: object,
    more: Sequence[Column] = (),
    at: Sequence[str] = (),
    values: Values = lambda lead: {},
    may_hide: bool = True,
    heading: Callable[[int], str] | None = None,
) -> None:
    """The leads that `listing` returns for `arguments`, a page at a time; a click opens the card.

    `more` are columns shown first after the customer, such as `amount` under a head that says what
    it is; `at` are keys of the usual columns to show, all of them where there is none. `values` adds
    to what is known of a lead, for columns of `more`. `heading` words the number of rows where they
    are something else than leads.
    """
    scroll_once(".st-key-leads-behind")
    key = f"behind-{hash((title, arguments))}"  # other leads begin at the first page
    leads, total = read_page(st.session_state.get(key, 1), listing, *arguments)
    columns = [
        Column("customer", _("Customer")),
        *more,
        *(c for c in _columns() if not at or c.key in at),
    ]
    with st.container(horizontal=True, vertical_alignment="center", key="leads-behind"):
        words = (
            heading(total)
            if heading
            else _n("{title}: {count} lead", "{title}: {count} leads", total, title=title)
        )
        st.subheader(plain(words), anchor=False, width="content")
        if leads:
            _download(title, columns, listing, arguments, values)
        if may_hide:
            st.button(
                _("Hide the list"), icon=":material/close:", type="tertiary", on_click=choose, args=(None,)
            )
    if not leads:
        st.info(_("No lead is counted here."), icon=":material/inbox:")
        return
    clicked = _table(columns, [_values(lead) | values(lead) for lead in leads])
    if total > PAGE_SIZE:
        st.pagination(page_count(total), key=key)
    st.caption(_("Click a row to open the customer."))
    if clicked is not None:
        lead = leads[clicked]
        open_card(lead.number, lead.customer_id, lead.lead_id)


def _columns() -> list[Column]:
    return [
        Column("title", _("Lead")),
        Column("phase", _("Phase")),
        Column("owner", _("Owner")),
        Column("score", _("Score"), Kind.SCORE),
        Column("expected_value", _("Expected"), Kind.MONEY),
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("expected_close_date", _("Expected close"), Kind.DATE),
        Column("opened", _("Opened"), Kind.DATE),
        Column("closed", _("Closed"), Kind.DATE),
        Column("closing_reason", _("Closing reason")),
    ]


def _values(lead: LeadBehind) -> dict[str, object]:
    """Days are those of the workspace's time zone, as the figures count them."""
    zone = workspace().zone
    return as_values(lead) | {
        "weighted_value": weighted(lead.expected_value, lead.score),
        "opened": lead.opened_at_utc.astimezone(zone).date(),
        "closed": lead.closed_at_utc.astimezone(zone).date() if lead.closed_at_utc else None,
        "day": lead.moment.astimezone(zone).date() if lead.moment else None,
    }


def _table(columns: Sequence[Column], lines: Sequence[Mapping[str, object]]) -> int | None:
    rows = [{column.key: in_words(column.kind, line[column.key]) for column in columns} for line in lines]
    right = {
        column.key: st.column_config.TextColumn(column.head, alignment="right")
        for column in columns
        if column.kind not in (Kind.TEXT, Kind.DATE)
    }
    heads = {column.key: column.head for column in columns}
    clicked, _head = open_on_click(
        "leads-behind-table", heads, rows, _("Leads behind the figure"), config=right
    )
    return clicked


def _download(
    title: str, columns: Sequence[Column], listing: Listing, arguments: Sequence[object], values: Values
) -> None:
    """The same columns, and those that there is no room for on the screen."""
    recurring = _("Recurring {period}", period=per_period(workspace().recurring_period))
    more = [Column("number", _("Number")), Column("recurring_value", recurring, Kind.MONEY)]
    more = [column for column in more if column.key not in {shown.key for shown in columns}]

    def rows() -> Iterator[dict[str, object]]:
        leads, _total = listing(database(), actor(), *arguments, ALL_ROWS)
        return (_values(lead) | values(lead) for lead in leads)

    download(title, [*columns, *more], rows, "leads-behind")
