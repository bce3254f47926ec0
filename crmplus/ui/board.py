"""The board: a column for each phase of a funnel, a card for each open lead in it."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.funnel import Funnel
from crmplus.services.open_leads import LeadQuery, list_leads_by_phase, measure_columns
from crmplus.services.phases import get_funnel
from crmplus.ui.beginning import say_how_to_begin
from crmplus.ui.board_answer import answer, go_on
from crmplus.ui.board_data import cards_and_columns
from crmplus.ui.board_outcome import show_refusal, what_was_said
from crmplus.ui.board_sizes import PAGE, sizes_for
from crmplus.ui.board_words import board_words
from crmplus.ui.component import component
from crmplus.ui.next_step_form import show_asked
from crmplus.ui.session import _, actor, language, read

BOARD = "board"
"""The key of the component."""


def show_board(query: LeadQuery) -> None:
    """The open leads of one funnel that pass the filters, and what is asked about them."""
    funnel = read(get_funnel, query.account_type_id) if query.account_type_id else None
    if funnel is None or not funnel.phases:
        _no_phases()
        return
    show_refusal()
    _draw(funnel, query)
    go_on()
    show_asked()


def _draw(funnel: Funnel, query: LeadQuery) -> None:
    totals = read(measure_columns, query)
    if not totals:
        _no_leads(query)
    sizes = sizes_for(query)
    leads = read(list_leads_by_phase, query, max(sizes.values(), default=PAGE))
    data = cards_and_columns(funnel, totals, leads, sizes, query.today, language())
    may_work = actor().may(Permission.WORK)
    data |= {"mayWork": may_work, "said": what_was_said(), "words": board_words()}
    component("board", "board_draw", "board_focus", "board_carry", "board_menu")(
        key=BOARD, data=data, on_asked_change=_answer
    )


def _answer() -> None:
    answer(st.session_state[BOARD].get("asked"))


def _no_leads(query: LeadQuery) -> None:
    unfiltered = LeadQuery(
        query.today, query.zone, query.account_type_id, sort=query.sort, descending=query.descending
    )
    if query != unfiltered:
        st.info(
            _("No open lead passes these filters. Clear some of them, or look at all owners."),
            icon=":material/filter_alt_off:",
        )
        return
    say_how_to_begin(
        _("Each open lead will be a card here, in the column of its phase."), ":material/view_kanban:"
    )


def _no_phases() -> None:
    st.info(
        _("This funnel has no phases yet: each will be a column here, with its open leads as cards."),
        icon=":material/view_kanban:",
    )
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/lead_phases.py", label=_("Set up the lead phases"))
