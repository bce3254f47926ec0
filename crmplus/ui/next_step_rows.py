"""A next step on one row: done in one press, put off, changed, or its customer opened."""

from collections.abc import Sequence
from functools import partial
from html import escape
from uuid import UUID

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.next_step import Due, NextStep
from crmplus.services.my_day import DueStep
from crmplus.services.next_steps import list_next_steps
from crmplus.ui.next_step_form import (
    StepRef,
    ask_change_step,
    ask_later,
    ask_next_step,
    ask_put_off,
    ask_remove_step,
    finish_step,
    put_off_step,
)
from crmplus.ui.next_step_words import due_words, quick_days, today
from crmplus.ui.open_card import open_card
from crmplus.ui.reach import tel
from crmplus.ui.session import _, actor, language, read
from crmplus.ui.text import plain, shortened


def lead_next_steps(lead_id: UUID) -> None:
    """The open next steps of a lead, the one due first at the top, and the button that plans one."""
    st.subheader(_("Next steps"), anchor=False)
    steps = read(list_next_steps, lead_id)
    if not steps:
        st.caption(_("Nothing is planned for this lead."))
    for step in steps:
        with st.container(horizontal=True, vertical_alignment="center", key=f"due-step-{step.id}"):
            show_step(step)
            show_menu(step)
    if actor().may(Permission.WORK):
        plan_button(f"plan-step-{lead_id}", lead_id)


def plan_button(key: str, lead_id: UUID, about: str = "") -> None:
    """Asks for a next step of a lead; `about` names the lead where the page doesn't."""
    st.button(
        _("Plan next step"),
        icon=":material/add_task:",
        key=key,
        on_click=ask_later,
        args=(partial(ask_next_step, lead_id, about),),
    )


def show_step(step: NextStep | DueStep, facts: Sequence[str] = (), phone: str = "") -> None:
    """The button, the words and the menu of a step, in a row that its caller may add to."""
    reference = StepRef(step.id, step.version, step.lead_id)
    may_work = actor().may(Permission.WORK)
    if may_work:
        st.button(
            _("Done"),
            icon=":material/check:",
            key=f"done-{step.id}",
            on_click=finish_step,
            args=(reference,),
        )
    show_words(step.description, facts, phone, _due(step))


def show_menu(step: NextStep | DueStep) -> None:
    """What else can be done with a step, for those who may."""
    if not actor().may(Permission.WORK):
        return
    labels = {
        "tomorrow": _("Put off to tomorrow"),
        "week": _("Put off to next week"),
        "day": _("Put off to a day …"),
        "change": _("Change …"),
        "remove": _("Remove …"),
    }
    key = f"more-{step.id}"
    st.menu_button(
        _("More"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        type="tertiary",
        icon=":material/more_horiz:",
        on_click=_from_menu,
        args=(key, StepRef(step.id, step.version, step.lead_id)),
    )


def show_words(head: str, facts: Sequence[str], phone: str = "", due: str = "") -> None:
    """A head, and below it what is known about it; `due` is HTML, the phone becomes a link."""
    parts = [due] if due else []
    parts += [f"<span>{escape(fact)}</span>" for fact in facts if fact]
    if address := tel(phone):
        call = _("Call {phone}", phone=phone)
        parts.append(f'<a href="{escape(address)}">{escape(call)}</a>')
    st.html(
        f'<div class="crm-due"><div class="crm-what">{escape(head)}</div>'
        f'<div class="crm-facts">{" · ".join(parts)}</div></div>'
    )


def link_to_lead(key: str, customer_id: UUID, number: str, customer: str, lead_id: UUID) -> None:
    """The customer's name: it opens the card on this lead."""
    if st.button(
        plain(shortened(customer, 40)), key=key, type="tertiary", icon=":material/badge:", wrap=True
    ):
        open_card(number, customer_id, lead_id)


def _from_menu(key: str, step: StepRef) -> None:
    parts = (step.id, step.version, step.lead_id)
    match st.session_state[key]:
        case "tomorrow" | "week" as code:
            put_off_step(step, quick_days(today())[code])
        case "day":
            ask_later(partial(ask_put_off, *parts))
        case "change":
            ask_later(partial(ask_change_step, *parts))
        case "remove":
            ask_later(partial(ask_remove_step, *parts))


def _due(step: NextStep | DueStep) -> str:
    """When it is due, with the date to point at; overdue ones stand out by a sign and by colour."""
    said = escape(_("due {day}", day=due_words(step.due_date, step.due_time, today())))
    exactly = escape(language().day(step.due_date))
    if Due.of(step.due_date, today()) is Due.OVERDUE:
        return f'<span class="crm-overdue" title="{exactly}">⚠ {said}</span>'
    return f'<span title="{exactly}">{said}</span>'
