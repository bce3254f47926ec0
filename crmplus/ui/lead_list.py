"""The list of open leads: edited in place, many of them changed at once."""

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.open_leads import LeadQuery, LeadSort, OpenLead, list_open_leads
from crmplus.services.phases import list_phases
from crmplus.services.rows import as_values
from crmplus.ui.beginning import say_how_to_begin
from crmplus.ui.bulk_dialogs import open_bulk
from crmplus.ui.bulk_refused import show_refused, times_done
from crmplus.ui.component import component
from crmplus.ui.download import ALL_ROWS, download
from crmplus.ui.lead_list_edits import outcomes, save_cells
from crmplus.ui.lead_list_rows import SORTS, heads, lead_title, owners, rows
from crmplus.ui.lead_list_words import list_words
from crmplus.ui.open_card import open_card
from crmplus.ui.pickers import set_in_url
from crmplus.ui.session import _, _n, actor, database, read, workspace
from crmplus.ui.shell import part
from crmplus.ui.tables import page_count, read_page
from crmplus.ui.words import owner_name, per_period

ROWS = 25
"""Leads on a page: each has five fields to type in, and on a phone it is a card."""

_KEY = "lead-list"
_PAGE = "page"
_QUERY = "query of leads"


@part
def show_list(query: LeadQuery) -> None:
    """A page of the leads that pass the filters; what is done in it draws nothing else anew."""
    leads, total = read_page(_page_of(query), list_open_leads, query, size=ROWS)
    show_refused()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_n("{count} lead", "{count} leads", total), width="content")
        if total:
            _download(query)
    if not leads:
        _say_empty(query)
        return
    _table(leads, query)
    if total > ROWS:
        st.pagination(page_count(total, ROWS), key=_PAGE, bind="query-params")


def _table(leads: list[OpenLead], query: LeadQuery) -> None:
    """The table, and what was asked of it since it was drawn."""
    asked = component("lead_list")(
        key=_KEY,
        data={
            "words": list_words(),
            "heads": heads(query),
            "owners": owners(),
            "rows": rows(leads, query),
            "mayEdit": actor().may(Permission.WORK),
            "outcomes": dict(outcomes()),
            # Other filters or something done: what was picked is let go of.
            "picking": f"{hash(replace(query, sort=LeadSort.DUE, descending=False))} {times_done()}",
        },
        on_edits_change=lambda: save_cells(st.session_state[_KEY].get("edits")),
        on_sort_change=lambda: None,
        on_open_change=lambda: None,
        on_bulk_change=lambda: None,
    )
    if asked.get("sort"):
        _sort_by(asked["sort"])
    if asked.get("open"):
        _open(asked["open"], leads)
    if asked.get("bulk"):
        open_bulk(asked["bulk"])


def _sort_by(code: object) -> None:
    if code in [known for known, _sort in SORTS.values()]:
        set_in_url("sort", str(code), "due")
        st.rerun()


def _open(lead_id: object, leads: list[OpenLead]) -> None:
    lead = next((lead for lead in leads if str(lead.id) == lead_id), None)
    if lead:
        open_card(lead.number, lead.customer_id, lead.id)


def _page_of(query: LeadQuery) -> int:
    """The page in the URL; another query begins at the first."""
    if st.session_state.get(_QUERY, query) != query:
        st.session_state[_PAGE] = 1
    st.session_state[_QUERY] = query
    asked = str(st.session_state.get(_PAGE) or st.query_params.get(_PAGE, "1"))
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def _download(query: LeadQuery) -> None:
    """All the leads that the filters let through, with what there is no room for on the screen."""
    recurring = _("Recurring {period}", period=per_period(workspace().recurring_period))
    columns = [
        Column("customer", _("Customer")),
        Column("number", _("Number")),
        Column("title", _("Lead")),
        Column("phase", _("Phase")),
        Column("days_in_phase", _("Days in phase"), Kind.NUMBER),
        Column("owner", _("Owner")),
        Column("score", _("Score"), Kind.SCORE),
        Column("expected_value", _("Expected"), Kind.MONEY),
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("recurring_value", recurring, Kind.MONEY),
        Column("expected_close_date", _("Expected close"), Kind.DATE),
        Column("step", _("Next step")),
        Column("due_date", _("Due"), Kind.DATE),
    ]

    def values() -> Iterator[dict[str, object]]:
        phases = {phase.id: phase.description for phase in read(list_phases, with_archived=True)}
        leads, _total = list_open_leads(database(), actor(), query, ALL_ROWS)
        for lead in leads:
            yield as_values(lead) | {
                "title": lead_title(lead),
                "phase": phases[lead.phase_id],
                "owner": owner_name(lead.owner_id) if lead.owner_id else "",
                "weighted_value": lead.weighted_value,
            }

    download(_("Leads"), columns, values, "leads")


def _say_empty(query: LeadQuery) -> None:
    bare = LeadQuery(
        query.today, query.zone, query.account_type_id, sort=query.sort, descending=query.descending
    )
    if query == bare:
        say_how_to_begin(_("Open leads will be listed here."), ":material/view_list:")
    else:
        st.info(_("No lead matches. Try fewer filters or another word."), icon=":material/search_off:")
