"""Next steps of leads: plan one, finish it and plan the next, put it off, change or remove it.

What begins with `ask` opens a dialog, so it is called while a page is drawn. `finish_step` and
`put_off_step` are callbacks of buttons: the page is drawn with what they did, and `show_asked` at its
end opens the dialog that goes on from there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import Conflict, Invalid, Refused
from crmplus.domain.message import say
from crmplus.domain.next_step import NextStep, NextStepDraft
from crmplus.services import next_steps as service
from crmplus.services.lead_customer import get_customer_of_lead
from crmplus.ui.conflict import keep_typed, on_top, touched, who_of
from crmplus.ui.forms import (
    attempt,
    close_dialog,
    finish,
    forget,
    form_id,
    open_dialog,
    problem,
    show_problem,
)
from crmplus.ui.just_done import forget_done, keep_done, tell_done
from crmplus.ui.next_step_fields import day_field, description_field, due_fields, fill, focus_on, read_draft
from crmplus.ui.next_step_words import quick_day_names, quick_days, step_words, today
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.text import plain, sentence

_ASKED = "what a button of a next step asked for"
_WAS_OPEN = "a dialog of a next step was open"


@dataclass(frozen=True, slots=True)
class StepRef:
    """A next step as it is on screen: `version` is the one that was read (L6)."""

    id: UUID
    version: int
    lead_id: UUID

    @property
    def form(self) -> str:
        return f"step-{self.id}"


def ask_next_step(lead_id: UUID, about: str = "") -> None:
    """Plan a next step for a lead; `about` names the lead where the page doesn't."""
    form = f"plan-{lead_id}"
    forget(form)
    fill(form, "", today() + timedelta(days=1), None)
    open_dialog(_("Next step"), _plan, form, lead_id, about)


def ask_put_off(step_id: UUID, version: int, lead_id: UUID) -> None:
    """Put a step off: tomorrow and next week with one press, or to a day."""
    step = StepRef(step_id, version, lead_id)
    forget(step.form)
    open_dialog(_("Put off"), _put_off, step)


def ask_change_step(step_id: UUID, version: int, lead_id: UUID) -> None:
    """Change what a step says and when it is due, or remove it."""
    step = StepRef(step_id, version, lead_id)
    forget(step.form)
    found = _find(step)
    if found:
        fill(step.form, found.description, found.due_date, found.due_time)
    open_dialog(_("Change next step"), _change, step, found)


def ask_remove_step(step_id: UUID, version: int, lead_id: UUID) -> None:
    """Remove a step, after asking."""
    step = StepRef(step_id, version, lead_id)
    forget(step.form)
    open_dialog(_("Remove next step"), _remove, step, _find(step))


def finish_step(step: StepRef) -> None:
    """A callback: done at once. The dialog asks what is next, or says why it could not be."""
    forget(step.form)
    _finish(step, step.version)
    following = f"following-{step.id}"
    forget(following)
    fill(following, "", today() + timedelta(days=1), None)
    ask_later(partial(open_dialog, _("What is next?"), _following, step))


def put_off_step(step: StepRef, day: date) -> None:
    """A callback: put off to a day. Where that is refused, a dialog says why."""
    forget(step.form)
    if not _move(step, day, step.version):
        ask_later(partial(open_dialog, _("Put off"), _put_off, step))


def ask_later(ask: Callable[[], None]) -> None:
    """From a callback: what opens a dialog, once the page is drawn."""
    st.session_state[_ASKED] = ask


def is_asked() -> bool:
    """Whether a dialog opens at the end of this page."""
    return _ASKED in st.session_state


def show_asked() -> None:
    """The dialog that a callback asked for; the last line of a page with buttons for next steps."""
    asked: Callable[[], None] | None = st.session_state.pop(_ASKED, None)
    was_open = st.session_state.pop(_WAS_OPEN, False)
    if asked:
        st.session_state[_WAS_OPEN] = True
        asked()
    elif was_open:
        tell_done()
        # Closing, a dialog leaves the keyboard nowhere: on to the first row, not to its button.
        focus_on("[class*='st-key-due-step-']")


def _plan(form: str, lead_id: UUID, about: str) -> None:
    if about:
        st.caption(plain(about))
    _fields_of_new_step(form, lead_id)


def _following(step: StepRef) -> None:
    """What comes after a step that was done, which can still be taken back."""
    done: NextStep | None = st.session_state.get(f"{step.form}-done")
    if done is None:
        _show_refusal(step, partial(_finish, step), _("Done all the same"))
        return
    form = f"following-{step.id}"
    with st.container(horizontal=True, vertical_alignment="center"):
        customer = read(get_customer_of_lead, step.lead_id)
        said = plain(_("Done: {step} ({customer})", step=done.description, customer=customer.name))
        st.markdown(f":material/check_circle: {said}", width="content")
        if st.button(_("Not done after all"), type="tertiary", icon=":material/undo:", key=f"{form}-undo"):
            finish(attempt(form, partial(_reopen, done), _("It is open again")))
    _fields_of_new_step(form, step.lead_id, may_skip=True)


def _fields_of_new_step(form: str, lead_id: UUID, may_skip: bool = False) -> None:
    """Day, time and text; Enter in the text saves."""
    show_problem(form, on_drop=close_dialog)
    due_fields(form)
    with st.form(f"{form}-form", border=False):
        description_field(form)
        with st.container(horizontal=True):
            saves = st.form_submit_button(_("Save"), type="primary", key=f"{form}-save")
            skips = may_skip and st.form_submit_button(_("Nothing next"), key=f"{form}-skip")
    focus_on(f".st-key-{form}-description input")
    if skips:
        tell_done()
        forget_done()
        st.rerun()
    if saves:
        finish(attempt(form, partial(_add, form, lead_id), _("Next step planned")))


def _put_off(step: StepRef) -> None:
    form = step.form
    if problem(form) and f"{form}-day" in st.session_state:
        again = partial(_move, step, st.session_state[f"{form}-day"])
        _show_refusal(step, again, _("Put off all the same"))
        return
    names, days = quick_day_names(), quick_days(today())
    with st.container(horizontal=True):
        for code in ("tomorrow", "week"):
            if st.button(names[code], key=f"{form}-{code}", type="primary"):
                finish(_move(step, days[code], step.version))
    with st.form(f"{form}-form", border=False):
        day = day_field(form, _("Or to a day"))
        if st.form_submit_button(_("Put off to this day"), key=f"{form}-put-off"):
            finish(_move(step, day, step.version))


def _change(step: StepRef, loaded: NextStep | None) -> None:
    form = step.form
    if loaded is None:
        st.info(_gone(), icon=":material/check_circle:")
        return
    if f"{form}-removing" in st.session_state:
        _remove(step, loaded)
        return

    def save(version: int, current: NextStep) -> bool:
        def act() -> None:
            draft = read_draft(form)
            keep_typed(form, touched(draft, loaded), loaded)
            draft = on_top(draft, loaded, current)
            service.change_next_step(database(), actor(), step.id, version, draft, now())

        return attempt(form, act, _("Saved"))

    def overwrite() -> None:
        found = problem(form)
        if isinstance(found, Conflict) and save(found.version, _find(step) or loaded):
            close_dialog()

    show_problem(form, on_overwrite=overwrite, on_drop=close_dialog)
    due_fields(form)
    with st.form(f"{form}-form", border=False):
        description_field(form)
        saves = not isinstance(problem(form), Conflict) and st.form_submit_button(
            _("Save"), type="primary", key=f"{form}-save"
        )
    if saves:
        finish(save(loaded.version, loaded))
    st.button(
        _("Remove …"),
        type="tertiary",
        icon=":material/delete:",
        key=f"{form}-remove",
        on_click=_ask_removal,
        args=(form,),
    )


def _remove(step: StepRef, loaded: NextStep | None) -> None:
    if loaded is None:
        st.info(_gone(), icon=":material/check_circle:")
        return

    def remove(version: int) -> bool:
        return attempt(
            step.form,
            lambda: service.remove_next_step(database(), actor(), step.id, version, now()),
            _("Next step removed"),
        )

    if problem(step.form):
        _show_refusal(step, remove, _("Remove all the same"))
        return
    st.markdown(f"**{plain(step_words(loaded))}**")
    st.write(_("It is taken off the lead without being done. The history keeps it."))
    if st.button(_("Remove next step"), type="primary", key=f"{step.form}-remove-now"):
        finish(remove(loaded.version))


def _show_refusal(step: StepRef, again: Callable[[int], bool], verb: str) -> None:
    """Why something did not go through; after a conflict, how the step is now, and doing it all the same."""
    found = problem(step.form)
    if not isinstance(found, Conflict):
        show_problem(step.form)
        return
    who = who_of(found)
    current = _find(step)
    st.warning(
        plain(sentence(_("{who} changed this next step on {when}. It is now:", who=who, when=found.at_utc))),
        icon=":material/warning:",
    )
    if current is None:
        st.write(_gone())
        return
    st.markdown(f"**{plain(step_words(current))}**")
    with st.container(horizontal=True):
        if st.button(verb, type="primary", key=f"{step.form}-again"):
            went_through = again(found.version)
            is_asked_for_more = f"{step.form}-done" in st.session_state
            finish(went_through and not is_asked_for_more)
        if st.button(_("Leave it as it is now"), key=f"{step.form}-leave"):
            st.rerun()


def _finish(step: StepRef, version: int) -> bool:
    def act() -> None:
        done = service.finish_next_step(database(), actor(), step.id, version, now())
        st.session_state[f"{step.form}-done"] = done
        keep_done(done)

    return attempt(step.form, act)


def _move(step: StepRef, day: date | None, version: int) -> bool:
    """To another day, at the same time of day."""

    def act() -> None:
        if day is None:
            raise Invalid({"due_date": say("Choose a day.")})
        st.session_state[f"{step.form}-day"] = day
        found = _find(step)
        if found is None:
            raise Refused(say("This next step is done already, or was removed."))
        draft = NextStepDraft(found.description, day, found.due_time)
        service.change_next_step(database(), actor(), step.id, version, draft, now())

    return attempt(step.form, act, _("Put off to {day}", day=day) if day else None)


def _add(form: str, lead_id: UUID) -> None:
    service.add_next_step(database(), actor(), lead_id, read_draft(form), now(), form_id(form))
    forget_done()


def _reopen(done: NextStep) -> None:
    service.reopen_next_step(database(), actor(), done.id, done.version, now())
    forget_done()


def _ask_removal(form: str) -> None:
    st.session_state[f"{form}-removing"] = True


def _find(step: StepRef) -> NextStep | None:
    """The step as it is stored now, None where it is not open any more."""
    found = service.list_next_steps(database(), actor(), step.lead_id)
    return next((each for each in found if each.id == step.id), None)


def _gone() -> str:
    return _("This next step is done already, or was removed.")
