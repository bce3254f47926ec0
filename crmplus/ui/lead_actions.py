"""What a rep does with the lead on screen: save, complete, go back, skip, close, reopen."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.errors import Conflict
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.phase import Phase, PhaseType
from crmplus.services.leads import (
    LeadCard,
    close_lead,
    complete_phase,
    describe_lead,
    get_lead_card,
    move_lead,
    reopen_lead,
    save_lead,
    start_lead,
)
from crmplus.services.phases import get_funnel
from crmplus.ui.conflict import keep_typed
from crmplus.ui.forms import (
    attempt,
    field_problem,
    finish,
    forget_form_id,
    forget_problem,
    form_id,
    is_double_click,
    open_dialog,
    problem,
    show_problem,
)
from crmplus.ui.lead_form import base_version, chosen_lead_key, forget_form, form_name, read_form, rebase
from crmplus.ui.reasons import choose_reason
from crmplus.ui.session import _, actor, database, now, people, read
from crmplus.ui.text import plain

Action = Callable[[UUID, int, LeadValues], Lead]
"""A service that takes the lead's id, the version the form started from, and what is typed."""


def submit(lead_id: UUID, action: Action, saved: str) -> bool:
    """Run an action with what is typed in the form; afterwards the form shows what is stored."""
    form, version = form_name(lead_id), base_version(lead_id)
    if version is None:
        return True  # a second click on a form that is saved already

    def act() -> None:
        values = read_form(lead_id)
        keep_typed(form, _typed(values))
        action(lead_id, version, values)

    if went_through := attempt(form, act, saved):
        forget_form(lead_id)
    else:
        st.session_state[f"{form}-again"] = (action, saved)
    return went_through


def overwrite(lead_id: UUID) -> None:
    """After a conflict: apply the same action again, on top of what was saved in between (L6)."""
    form = form_name(lead_id)
    found = problem(form)
    if isinstance(found, Conflict):
        action, saved = st.session_state[f"{form}-again"]
        rebase(lead_id, found.version)
        submit(lead_id, action, saved)


def save(lead_id: UUID) -> None:
    submit(lead_id, _save, _("Saved"))


def complete(lead_id: UUID) -> None:
    lead = get_lead_card(database(), actor(), lead_id).lead
    if lead.visit_number > 1 and is_double_click(lead.phase_entered_at_utc):
        return
    submit(lead_id, _complete, _("Phase completed"))


def close(lead_id: UUID, phase_id: UUID, reason: ClosingReason) -> None:
    submit_closing(lead_id, phase_id, reason)


def submit_closing(lead_id: UUID, phase_id: UUID, reason: ClosingReason) -> bool:
    return submit(lead_id, _closing(phase_id, reason.id), _("Closed as {reason}", reason=reason.description))


def ask_phase(card: LeadCard, explanation: str, phases: list[Phase], verb: str) -> None:
    """Go back or skip to a phase, after asking (L3)."""
    st.write(explanation)
    form = form_name(card.lead.id)
    show_problem(form)
    names = {phase.id: phase.description for phase in phases}
    target = st.selectbox(_("Phase"), list(names), format_func=names.__getitem__, key=f"{form}-target")
    if st.button(plain(f"{verb} {names[target]}"), type="primary", key=f"{form}-move"):
        finish(submit(card.lead.id, _moving(target), _("Moved to {phase}", phase=names[target])))


def ask_reason(card: LeadCard) -> None:
    """Close from any phase: the closing phase, where there are several, and the reason (L4)."""
    form = form_name(card.lead.id)
    show_problem(form)
    phases = {phase.id: phase for phase in card.funnel.of_type(PhaseType.CLOSING)}
    phase_id = next(iter(phases))
    if len(phases) > 1:
        phase_id = st.selectbox(
            _("Closing phase"),
            list(phases),
            format_func=lambda key: phases[key].description,
            key=f"{form}-closing-phase",
        )
    jumped = card.funnel.between(card.phase, phases[phase_id])
    if jumped:
        names = ", ".join(phase.description for phase in jumped)
        st.write(plain(_("These phases are recorded as skipped: {phases}.", phases=names)))
    reason = choose_reason(f"dialog-{card.lead.id}")
    label = _("Close as {reason}", reason=reason.description) if reason else _("Close lead")
    if st.button(plain(label), type="primary", disabled=reason is None, key=f"{form}-close-now") and reason:
        finish(submit_closing(card.lead.id, phase_id, reason))


def ask_reopen(card: LeadCard, account_type_id: UUID) -> None:
    """Go on with a closed lead in a phase of choice (L5)."""
    st.write(_("The lead goes on in the phase you choose. The earlier closing stays in its history."))
    form = form_name(card.lead.id)
    show_problem(form)
    phases = {phase.id: phase for phase in read(get_funnel, account_type_id).phases}
    if not phases:
        st.write(_("This funnel has no phases."))
        return
    target = st.selectbox(
        _("Phase"), list(phases), format_func=lambda key: phases[key].description, key=f"{form}-reopen-in"
    )
    if st.button(_("Reopen"), type="primary", key=f"{form}-reopen-now"):
        went_through = attempt(
            form,
            lambda: reopen_lead(database(), actor(), card.lead.id, card.lead.version, target, now()),
            _("Reopened in {phase}", phase=phases[target].description),
        )
        finish(went_through)


def ask_description(card: LeadCard) -> None:
    """Title and owner of a lead."""
    form = f"describe-{card.lead.id}"
    show_problem(form)
    title, owner_id = _title_and_owner(form, card.lead.title, card.lead.owner_id)
    if st.button(_("Save"), type="primary", key=f"{form}-save"):
        lead = card.lead
        went_through = attempt(
            form,
            lambda: describe_lead(database(), actor(), lead.id, lead.version, title, owner_id, now()),
            _("Saved"),
        )
        finish(went_through)


def ask_new_lead(customer_id: UUID, owner_id: UUID | None) -> None:
    """A further lead for a customer (U3)."""
    form = f"new-lead-{customer_id}"
    show_problem(form)
    title, owner_id = _title_and_owner(form, "", owner_id)
    if st.button(_("Start lead"), type="primary", key=f"{form}-start"):
        new = form_id(form)
        went_through = attempt(
            form,
            lambda: start_lead(database(), actor(), customer_id, now(), title, owner_id, new),
            _("Lead started"),
        )
        if went_through:
            forget_form_id(form)
            st.session_state[chosen_lead_key(customer_id)] = new
            del st.session_state[f"{form}-title"]
        finish(went_through)


def ask(card: LeadCard, title: str, body: Callable[..., None], *args: object) -> None:
    """Open one of these dialogs, without the problems of the one before."""
    forget_problem(form_name(card.lead.id))
    open_dialog(title, body, card, *args)


def _title_and_owner(form: str, title: str, owner_id: UUID | None) -> tuple[str, UUID | None]:
    title = st.text_input(
        _("Title"), title, key=f"{form}-title", placeholder=_("What is sold, for example: oven line")
    )
    field_problem(form, "title")
    owners = {p.id: p.name for p in people().values() if not p.archived_at_utc or p.id == owner_id}
    options = [None, *owners]
    chosen = st.selectbox(
        _("Owner"),
        options,
        index=options.index(owner_id) if owner_id in owners else 0,
        format_func=lambda key: owners[key] if key else _("nobody"),
        key=f"{form}-owner",
    )
    return title, chosen


def _save(lead_id: UUID, version: int, values: LeadValues) -> Lead:
    return save_lead(database(), actor(), lead_id, version, values, now())


def _complete(lead_id: UUID, version: int, values: LeadValues) -> Lead:
    return complete_phase(database(), actor(), lead_id, version, values, now())


def _moving(phase_id: UUID) -> Action:
    def move(lead_id: UUID, version: int, values: LeadValues) -> Lead:
        return move_lead(database(), actor(), lead_id, version, phase_id, values, now())

    return move


def _closing(phase_id: UUID, reason_id: UUID) -> Action:
    def close_it(lead_id: UUID, version: int, values: LeadValues) -> Lead:
        return close_lead(database(), actor(), lead_id, version, phase_id, reason_id, values, now())

    return close_it


def _typed(values: LeadValues) -> dict[str, object]:
    return {
        "score": values.score,
        "expected_value": values.expected_value,
        "recurring_value": values.recurring_value,
        "expected_close_date": values.expected_close_date,
        "note": values.note,
    }
