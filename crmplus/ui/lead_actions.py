"""What a rep does with the lead on screen: save, complete, go back, skip, close, reopen."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.customer import Customer
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
from crmplus.ui.conflict import keep_typed, touched
from crmplus.ui.forms import (
    attempt,
    close_dialog,
    field_problem,
    finish,
    forget,
    forget_problem,
    form_id,
    is_double_click,
    open_dialog,
    problem,
    show_problem,
)
from crmplus.ui.lead_form import form_name, loaded_form, read_form, rebase
from crmplus.ui.open_card import leave_if_unseen, show_lead
from crmplus.ui.pickers import choose_owner
from crmplus.ui.reasons import choose_reason
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.text import distinct, plain

Action = Callable[[UUID, int, LeadValues], Lead]
"""A service that takes the lead's id, the version the form started from, and what is typed."""


def submit(lead_id: UUID, action: Action, saved: str) -> None:
    """Run an action with what is typed in the form; afterwards the form shows what is stored."""
    form, loaded = form_name(lead_id), loaded_form(lead_id)
    if loaded is None:
        return  # a second click on a form that is saved already

    def act() -> None:
        values = read_form(lead_id)
        keep_typed(form, touched(values, loaded.values), loaded.values)
        action(lead_id, loaded.version, values)

    if attempt(form, act, saved):
        forget(form)
    else:
        st.session_state[f"{form}-again"] = (action, saved)


def overwrite(lead_id: UUID) -> None:
    """After a conflict: apply the same action again, on top of what was saved in between (L6).

    Where the lead went to another phase meanwhile, what was typed is recorded there, and the
    lead stays: the move was meant from where it stood.
    """
    form = form_name(lead_id)
    found = problem(form)
    if not isinstance(found, Conflict):
        return
    action, saved = st.session_state[f"{form}-again"]
    if any(change.field == "phase_id" for change in found.changes):
        action, saved = _save, _("Saved")
    rebase(lead_id, found.version, get_lead_card(database(), actor(), lead_id).values)
    submit(lead_id, action, saved)


def save(lead_id: UUID) -> None:
    submit(lead_id, _save, _("Saved"))


def complete(lead_id: UUID) -> None:
    submit(lead_id, _complete, _("Phase completed"))


def close(lead_id: UUID, phase_id: UUID, reason: ClosingReason) -> None:
    submit(lead_id, _closing(phase_id, reason.id), _("Closed as {reason}", reason=reason.description))


# The dialogs close in every case: what is wrong shows on the card, beside the form it is about.


def ask_phase(card: LeadCard, explanation: str, phases: list[Phase], verb: str) -> None:
    """Go back or skip to a phase, after asking (L3)."""
    st.write(explanation)
    form = form_name(card.lead.id)
    names = distinct({phase.id: phase.description for phase in phases})
    target = st.selectbox(_("Phase"), list(names), format_func=names.__getitem__, key=f"{form}-target")
    if st.button(plain(f"{verb} {names[target]}"), type="primary", key=f"{form}-move"):
        submit(card.lead.id, _moving(target), _("Moved to {phase}", phase=names[target]))
        st.rerun()


def ask_reason(card: LeadCard) -> None:
    """Close from any phase: the closing phase, where there are several, and the reason (L4)."""
    form = form_name(card.lead.id)
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
        close(card.lead.id, phase_id, reason)
        st.rerun()


def reopen_form(lead_id: UUID) -> str:
    """A form of its own: where somebody else was faster the lead is open, and has the one of its values."""
    return f"reopen-{lead_id}"


def ask_reopen(card: LeadCard, account_type_id: UUID) -> None:
    """Go on with a closed lead in a phase of choice (L5)."""
    st.write(_("The lead goes on in the phase you choose. The earlier closing stays in its history."))
    form = reopen_form(card.lead.id)
    phases = {phase.id: phase for phase in read(get_funnel, account_type_id).phases}
    if not phases:
        st.write(_("This funnel has no phases."))
        return
    target = st.selectbox(
        _("Phase"), list(phases), format_func=lambda key: phases[key].description, key=f"{form}-in"
    )
    if st.button(_("Reopen"), type="primary", key=f"{form}-now"):
        attempt(
            form,
            lambda: reopen_lead(database(), actor(), card.lead.id, card.lead.version, target, now()),
            _("Reopened in {phase}", phase=phases[target].description),
        )
        st.rerun()


def ask_description(card: LeadCard) -> None:
    """Title and owner of a lead."""
    lead = card.lead
    form = f"describe-{lead.id}"
    top = st.container()
    title, owner_id = _title_and_owner(form, lead.title, lead.owner_id)
    is_retitled, is_handed_over = title != lead.title, owner_id != lead.owner_id

    def describe(version: int, title: str, owner_id: UUID | None) -> bool:
        went_through = attempt(form, lambda: _describe(lead.id, version, title, owner_id), _("Saved"))
        if went_through:
            leave_if_unseen(st.query_params["customer"])
        return went_through

    def overwrite_description() -> None:
        found = problem(form)
        if not isinstance(found, Conflict):
            return
        theirs = get_lead_card(database(), actor(), lead.id).lead
        title_on_top = title if is_retitled else theirs.title
        owner_on_top = owner_id if is_handed_over else theirs.owner_id
        if describe(found.version, title_on_top, owner_on_top):
            close_dialog()

    with top:
        typed: dict[str, object] = {"title": title} if is_retitled else {}
        keep_typed(form, typed | ({"owner_id": owner_id} if is_handed_over else {}), lead)
        show_problem(form, on_overwrite=overwrite_description, on_drop=close_dialog)
    if not isinstance(problem(form), Conflict) and st.button(_("Save"), type="primary", key=f"{form}-save"):
        finish(describe(lead.version, title, owner_id))


def _describe(lead_id: UUID, version: int, title: str, owner_id: UUID | None) -> None:
    """Give it another title or owner; the form of its values goes on from there."""
    loaded = loaded_form(lead_id)
    described = describe_lead(database(), actor(), lead_id, version, title, owner_id, now())
    if loaded and loaded.version == version:
        rebase(lead_id, described.version)


def ask_for_new_lead(customer: Customer) -> None:
    """A further lead for a customer (U3)."""
    forget(f"new-lead-{customer.id}")
    open_dialog(_("New lead"), _new_lead, customer.id, actor().owner_in_sight(customer.owner_id))


def _new_lead(customer_id: UUID, owner_id: UUID | None) -> None:
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
            forget(form)
            show_lead(customer_id, new)
        finish(went_through)


def ask(card: LeadCard, title: str, body: Callable[..., None], *args: object) -> None:
    """Open one of these dialogs, without the problems of the one before."""
    forget_problem(form_name(card.lead.id))
    for form in (f"describe-{card.lead.id}", reopen_form(card.lead.id)):
        forget(form)
    open_dialog(title, body, card, *args)


def _title_and_owner(form: str, title: str, owner_id: UUID | None) -> tuple[str, UUID | None]:
    title = st.text_input(
        _("Title"), title, key=f"{form}-title", placeholder=_("What is sold, for example: oven line")
    )
    field_problem(form, "title")
    return title, choose_owner(f"{form}-owner", owner_id)


def _save(lead_id: UUID, version: int, values: LeadValues) -> Lead:
    return save_lead(database(), actor(), lead_id, version, values, now())


def _complete(lead_id: UUID, version: int, values: LeadValues) -> Lead:
    lead = get_lead_card(database(), actor(), lead_id).lead
    is_newest = lead.version == version  # else somebody else entered the phase just now: a conflict
    if is_newest and lead.visit_number > 1 and is_double_click(lead.phase_entered_at_utc):
        return lead
    return complete_phase(database(), actor(), lead_id, version, values, now())


def _moving(phase_id: UUID) -> Action:
    def move(lead_id: UUID, version: int, values: LeadValues) -> Lead:
        return move_lead(database(), actor(), lead_id, version, phase_id, values, now())

    return move


def _closing(phase_id: UUID, reason_id: UUID) -> Action:
    def close_it(lead_id: UUID, version: int, values: LeadValues) -> Lead:
        return close_lead(database(), actor(), lead_id, version, phase_id, reason_id, values, now())

    return close_it
