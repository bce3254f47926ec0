"""The next step that was done last, with nothing planned after it: said, and still to be taken back."""

import streamlit as st

from crmplus.domain.errors import NotFound
from crmplus.domain.next_step import NextStep
from crmplus.services.lead_customer import get_customer_of_lead
from crmplus.services.next_steps import reopen_next_step
from crmplus.ui.forms import attempt, forget_problem, notify, show_problem
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.text import plain

_FORM = "just-done"
_DONE = "next step done last"
_UNTOLD = "next step done last, not told yet"


def keep_done(step: NextStep) -> None:
    """From now on it can be taken back, until something is planned after it or it is put away."""
    forget_problem(_FORM)
    st.session_state[_DONE] = st.session_state[_UNTOLD] = step


def forget_done() -> None:
    """It is answered: taken back, followed by another, or put away."""
    forget_problem(_FORM)
    for key in (_DONE, _UNTOLD):
        st.session_state.pop(key, None)


def tell_done() -> None:
    """Once, in a toast."""
    if step := st.session_state.pop(_UNTOLD, None):
        notify(_("Done: {step}", step=step.description))


def show_just_done() -> None:
    """What was done, and the button that takes it back."""
    step: NextStep | None = st.session_state.get(_DONE)
    if step is None:
        return
    try:
        customer = read(get_customer_of_lead, step.lead_id)
    except NotFound:  # handed to somebody out of sight, or erased, since: that must not keep every page away
        forget_done()
        return
    with st.container(border=True, key=_FORM):
        show_problem(_FORM, on_drop=forget_done)
        with st.container(horizontal=True, vertical_alignment="center"):
            said = _("Done: {step} ({customer})", step=step.description, customer=customer.name)
            st.markdown(plain(said), width="content")
            st.button(
                _("Not done after all"),
                type="tertiary",
                icon=":material/undo:",
                key="undo-done",
                on_click=_take_back,
                args=(step,),
            )
            st.button(_("Put away"), type="tertiary", key="put-done-away", on_click=forget_done)


def _take_back(step: NextStep) -> None:
    def act() -> None:
        reopen_next_step(database(), actor(), step.id, step.version, now())

    if attempt(_FORM, act, _("It is open again")):
        forget_done()
