"""What the board asks for: done at once, or a dialog or a page goes on from there."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.customer import Customer
from crmplus.services.lead_customer import get_customer_of_lead
from crmplus.services.leads import get_lead_card
from crmplus.ui.board_asked import AskedMore, AskedMove, AskedOfLead, AskedStep, What, parse
from crmplus.ui.board_move import Move, begin
from crmplus.ui.board_outcome import attempt_on_board, say_on_board
from crmplus.ui.board_sizes import show_more
from crmplus.ui.next_step_form import StepRef, ask_next_step, ask_put_off, finish_step
from crmplus.ui.open_card import open_card
from crmplus.ui.session import actor, database

_GO_ON = "what the board goes on with"


def answer(value: object) -> None:
    """A callback: do what was asked for, if it can be made out and may be done."""
    say_on_board("")
    match parse(value):
        case AskedMore(phase_id):
            show_more(phase_id)
        case AskedMove() as asked:
            _for(asked.lead_id, Permission.WORK, partial(_move, asked))
        case AskedStep() as asked:
            _for(asked.lead_id, Permission.WORK, partial(_step, asked))
        case AskedOfLead(What.PLAN, lead_id):
            _for(lead_id, Permission.WORK, partial(_plan, lead_id))
        case AskedOfLead(_, lead_id):
            _for(lead_id, Permission.VIEW, partial(_open, lead_id))


def go_on() -> None:
    """Open the dialog or the page that comes next; called when the board is drawn."""
    following: Callable[[], None] | None = st.session_state.pop(_GO_ON, None)
    if following:
        following()


def _for(lead_id: UUID, permission: Permission, act: Callable[[Customer], str]) -> None:
    """Do something with the lead of this id, where there is one and the role allows it."""
    found: list[Customer] = []

    def find() -> str:
        actor().require(permission)
        found.append(get_customer_of_lead(database(), actor(), lead_id))
        return ""

    if attempt_on_board("", find):
        attempt_on_board(found[0].name, partial(act, found[0]))


def _move(asked: AskedMove, customer: Customer) -> str:
    card = get_lead_card(database(), actor(), asked.lead_id)
    move = Move(card, customer, card.funnel.phase(asked.phase_id), asked.version)
    said, st.session_state[_GO_ON] = begin(move)
    return said


def _open(lead_id: UUID, customer: Customer) -> str:
    st.session_state[_GO_ON] = partial(open_card, customer.number, customer.id, lead_id)
    return ""


def _plan(lead_id: UUID, customer: Customer) -> str:
    st.session_state[_GO_ON] = partial(ask_next_step, lead_id, customer.name)
    return ""


def _step(asked: AskedStep, _customer: Customer) -> str:
    if asked.what is What.DONE:
        finish_step(StepRef(asked.step_id, asked.version, asked.lead_id))
    else:
        st.session_state[_GO_ON] = partial(ask_put_off, asked.step_id, asked.version, asked.lead_id)
    return ""
