"""The Overview tab of the customer card: one lead in its funnel, and what to do next."""

from uuid import UUID

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.closing_reason import ClosingReason, Outcome
from crmplus.domain.customer import Customer
from crmplus.domain.funnel import Funnel
from crmplus.domain.lead import Lead, weighted
from crmplus.domain.phase import PhaseType
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.leads import LeadCard, get_lead_card, list_leads_of_customer
from crmplus.services.phases import get_funnel
from crmplus.ui import lead_actions as do
from crmplus.ui.facts import show_facts
from crmplus.ui.forms import show_problem
from crmplus.ui.lead_form import form_name, lead_form
from crmplus.ui.lead_notes import lead_notes
from crmplus.ui.next_step_form import show_asked
from crmplus.ui.next_step_rows import lead_next_steps
from crmplus.ui.open_card import show_lead, shown_lead
from crmplus.ui.reasons import choose_reason
from crmplus.ui.session import _, actor, language, read, workspace
from crmplus.ui.stepper import DrawnStep, draw, steps_of
from crmplus.ui.text import distinct, plain
from crmplus.ui.words import lead_name, outcome_icon, outcome_name, owner_name, per_period, value_words


def overview(customer: Customer) -> None:
    """The chosen lead of a customer: newest open first, and "New lead"."""
    leads = read(list_leads_of_customer, customer.id)
    funnel = read(get_funnel, customer.account_type_id)
    for lack in funnel.missing:
        st.warning(plain(language().message(lack)), icon=":material/construction:")
    if funnel.missing and actor().may(Permission.CONFIGURE):
        st.page_link("pages/lead_phases.py", label=_("Set up the lead phases"))
    lead = _choose(customer, leads, funnel)
    if lead is None:
        return
    card = read(get_lead_card, lead.id)
    reasons = {reason.id: reason for reason in read(list_closing_reasons, with_archived=True)}
    steps = steps_of(card, reasons)
    draw(steps)
    show_problem(do.reopen_form(lead.id))
    if lead.is_open:
        _open_lead(card, steps)
        lead_next_steps(lead.id)
    else:
        _closed_lead(card, steps, reasons, customer)
    lead_notes(lead.id)
    _earlier_visits(card)
    show_asked()


def _choose(customer: Customer, leads: list[Lead], funnel: Funnel) -> Lead | None:
    by_id = {lead.id: lead for lead in leads}
    shown = shown_lead(customer.id, by_id)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    may_start = actor().may(Permission.WORK) and funnel.is_ready and customer.is_active
    if may_start and right.button(_("New lead"), icon=":material/add:", key="new-lead"):
        do.ask_for_new_lead(customer)
    if shown is None:
        left.info(
            _("No lead yet. A lead is one possible sale: start one to take it through the funnel."),
            icon=":material/rocket_launch:",
        )
        return None
    names = distinct({lead.id: lead_name(lead) for lead in leads})
    # A new name makes a new choice: the browser would go on showing the old one.
    choice = f"choice {hash(tuple(names.items()))}"
    st.session_state[choice] = shown
    left.selectbox(
        _("Lead"),
        list(names),
        format_func=names.__getitem__,
        key=choice,
        on_change=lambda: show_lead(customer.id, st.session_state[choice]),
    )
    return by_id[shown]


def _open_lead(card: LeadCard, steps: list[DrawnStep]) -> None:
    place = card.phases.index(card.phase)
    draw(steps[: place + 1], "part")
    form = form_name(card.lead.id)
    show_problem(form, on_overwrite=lambda: do.overwrite(card.lead.id))
    if not actor().may(Permission.WORK):
        _shown_lead(card)
        draw(steps[place + 1 :], "part", first_number=place + 2)
        return
    reason: ClosingReason | None = None
    with st.container(border=True, key="lead-panel"):
        st.markdown(f"**{plain(card.phase.description)}** · {plain(_owner(card.lead))}")
        lead_form(card)
        if card.phase.phase_type is PhaseType.CLOSING:
            reason = choose_reason(f"card-{card.lead.id}")
    _actions(card, reason)
    draw(steps[place + 1 :], "part", first_number=place + 2)


def _actions(card: LeadCard, reason: ClosingReason | None) -> None:
    lead, is_closing = card.lead, card.phase.phase_type is PhaseType.CLOSING
    following = card.funnel.next_after(card.phase)
    with st.container(horizontal=True, key="lead-actions"):
        st.button(_("Save"), key=f"save-{lead.id}", on_click=do.save, args=(lead.id,))
        if following:
            st.button(
                plain(_("Complete phase: {next}", next=following.description)),
                key=f"complete-{lead.id}-{lead.visit_number}",
                type="primary",
                icon=":material/arrow_forward:",
                icon_position="right",
                wrap=True,
                on_click=do.complete,
                args=(lead.id,),
            )
        if is_closing:
            st.button(
                plain(_("Close as {reason}", reason=reason.description)) if reason else _("Close lead"),
                key=f"close-{lead.id}",
                type="primary",
                disabled=reason is None,
                help=None if reason else _("Choose a closing reason first."),
                on_click=do.close if reason else None,
                args=(lead.id, card.phase.id, reason),
            )
        _menu(card)


def _menu(card: LeadCard) -> None:
    earlier = [p for p in card.funnel.phases if p.sort_key < card.phase.sort_key]
    following = card.funnel.next_after(card.phase)
    beyond = following or card.phase  # to go to the next is to complete, not to skip
    later = [p for p in card.funnel.phases if p.sort_key > beyond.sort_key]
    labels = {
        "back": _("Go back …"),
        "skip": _("Skip to …"),
        "close": _("Close lead …"),
        "describe": _("Title and owner …"),
    }
    offered = [
        key
        for key in labels
        if (key != "back" or earlier)
        and (key != "skip" or later)
        and (key != "close" or card.funnel.of_type(PhaseType.CLOSING))
    ]
    chosen = st.menu_button(
        _("More"),
        offered,
        format_func=labels.__getitem__,
        key=f"more-{card.lead.id}",
        icon=":material/more_horiz:",
    )
    match chosen:
        case "back":
            explanation = _("This is a new visit to that phase; nothing recorded earlier is overwritten.")
            do.ask(card, _("Go back"), do.ask_phase, explanation, earlier[::-1], _("Go back to"))
        case "skip":
            explanation = _("The phases in between are recorded as skipped.")
            do.ask(card, _("Skip"), do.ask_phase, explanation, later, _("Skip to"))
        case "close":
            do.ask(card, _("Close lead"), do.ask_reason)
        case "describe":
            do.ask(card, _("Title and owner"), do.ask_description)


def _shown_lead(card: LeadCard) -> None:
    """An open lead for those who may only look."""
    with st.container(border=True, key="lead-panel"):
        st.markdown(f"**{plain(card.phase.description)}**")
        note = {_("Note on this phase"): card.values.note} if card.values.note else {}
        show_facts(_facts_of(card.lead) | note)
    st.info(_("You may look at this lead, not change it."), icon=":material/visibility:")


def _facts_of(lead: Lead) -> dict[str, str]:
    period, words = per_period(workspace().recurring_period), language()
    ending = (
        {_("Closed"): words.local_date(lead.closed_at_utc)}
        if lead.closed_at_utc
        else {_("Expected close date"): value_words("expected_close_date", lead.expected_close_date)}
    )
    return {
        _("Opened"): words.local_date(lead.opened_at_utc),
        **ending,
        _("Owner"): owner_name(lead.owner_id),
        _("Score"): value_words("score", lead.score),
        _("Expected value"): value_words("expected_value", lead.expected_value),
        _("Recurring value, {period}", period=period): value_words("recurring_value", lead.recurring_value),
    }


def _closed_lead(
    card: LeadCard, steps: list[DrawnStep], reasons: dict[UUID, ClosingReason], customer: Customer
) -> None:
    draw(steps, "part")
    lead = card.lead
    if lead.closing_reason_id is None or lead.closed_at_utc is None:
        return
    reason = reasons[lead.closing_reason_id]
    show_problem(form_name(lead.id))
    with st.container(border=True):
        outcome = outcome_name(reason.outcome).capitalize()
        ending = outcome if reason.description == outcome else f"{outcome}: {reason.description}"
        colour = {Outcome.WON: "green", Outcome.LOST: "red", Outcome.NEITHER: "gray"}[reason.outcome]
        st.markdown(f"#### :{colour}[{outcome_icon(reason.outcome)}] {plain(ending)}")
        show_facts(_facts_of(lead))
        st.caption(_("A closed lead is read-only until it is reopened."))
        if actor().may(Permission.WORK) and st.button(_("Reopen …"), key=f"reopen-{lead.id}"):
            do.ask(card, _("Reopen lead"), do.ask_reopen, customer.account_type_id)


def _earlier_visits(card: LeadCard) -> None:
    """Every visit that ended, to read (L2)."""
    ended = [record for record in card.records if record.left_at_utc]
    if not ended:
        return
    words = language()
    states = {
        "completed": _("completed"),
        "left": _("left"),
        "skipped": _("skipped"),
        "closed": _("closed"),
    }
    with st.expander(_("What was recorded in each phase ({count})", count=len(ended))):
        for record in reversed(ended):
            facts = [
                states[record.state.value],
                words.date_and_time(record.left_at_utc or record.entered_at_utc),
            ]
            if record.score is not None:
                facts.append(_("score {score}", score=record.score))
            if record.expected_value is not None:
                facts.append(words.money(record.expected_value))
            if record.recurring_value is not None:
                facts.append(
                    f"{words.money(record.recurring_value)} {per_period(workspace().recurring_period)}"
                )
            if record.expected_close_date:
                facts.append(_("expected to close {date}", date=record.expected_close_date))
            if record.score is not None and record.expected_value is not None:
                worth = words.money(weighted(record.expected_value, record.score))
                facts.append(_("weighted {value}", value=worth))
            st.markdown(
                f"**{plain(value_words('phase_id', str(record.phase_id)))}** · {plain(' · '.join(facts))}"
            )
            if record.note:
                st.text(record.note)


def _owner(lead: Lead) -> str:
    return _("owner {name}", name=owner_name(lead.owner_id))
