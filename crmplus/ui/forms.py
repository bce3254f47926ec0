"""Forms: run a service once, keep what was typed, say what is wrong where it is wrong."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ParamSpec
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import Conflict, CrmError, Invalid, Refused
from crmplus.store.identity import new_id
from crmplus.ui.conflict import show_conflict
from crmplus.ui.refusals import tell_refusal
from crmplus.ui.session import _, language, now
from crmplus.ui.text import plain

P = ParamSpec("P")

_PROBLEM = "problem of "
_TOAST = "toast"
_CLOSE = "close the dialog"
_DIALOG = "a dialog is open"
_PUT_AWAY = "a dialog was put away"
_SCROLL = "bring what is wrong into view"
_SCROLL_JS = Path(__file__).with_name("scroll.js").read_text(encoding="utf-8")
DOUBLE_CLICK = timedelta(seconds=1)
"""Nobody fills a phase in a second: a second click in that time is the same click."""


def attempt(form: str, action: Callable[[], object], saved: str | None = None) -> bool:
    """Run a service; True if it went through, else its refusal is kept for `show_problem`."""
    try:
        action()
    except CrmError as error:
        tell_refusal(error)
        st.session_state[_PROBLEM + form] = error
        st.session_state[_SCROLL] = True
        return False
    forget_problem(form)
    if saved:
        notify(saved)
    return True


def problem(form: str) -> CrmError | None:
    found: CrmError | None = st.session_state.get(_PROBLEM + form)
    return found


def forget_problem(form: str) -> None:
    st.session_state.pop(_PROBLEM + form, None)


def forget_all_problems() -> None:
    for key in [k for k in st.session_state if str(k).startswith(_PROBLEM)]:
        del st.session_state[key]


def finish(went_through: bool) -> None:
    """Close the dialog that holds the form, or draw it again with what is wrong."""
    st.rerun(scope="app" if went_through else "fragment")


def open_dialog(title: str, body: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Show `body` in a dialog; unlike a decorator, the title is in the reader's language."""

    def framed() -> None:
        if st.session_state.pop(_CLOSE, False):
            st.rerun()
        body(*args, **kwargs)

    st.session_state.pop(_CLOSE, None)
    st.session_state[_DIALOG] = True
    st.dialog(plain(title), width="medium", on_dismiss=_put_away)(framed)()


def no_dialog_yet() -> None:
    """At the beginning of a run: a dialog that was open is not, unless this run opens it again."""
    st.session_state.pop(_DIALOG, None)
    st.session_state.pop(_PUT_AWAY, None)


def _put_away() -> None:
    st.session_state[_PUT_AWAY] = True


def was_put_away() -> bool:
    """Whether this run is there because a dialog was closed with nothing pressed in it."""
    return _PUT_AWAY in st.session_state


def is_dialog_open() -> bool:
    return _DIALOG in st.session_state


def close_dialog() -> None:
    """From a callback: the open dialog closes and the page behind it is drawn anew."""
    st.session_state[_CLOSE] = True


def forget(form: str) -> None:
    """What a form keeps, its problem too: the next time it is drawn it is fresh."""
    forget_problem(form)
    for key in [k for k in st.session_state if str(k).startswith((f"{form}-", f"id of {form}"))]:
        del st.session_state[key]


def show_problem(
    form: str, on_overwrite: Callable[[], None] | None = None, on_drop: Callable[[], None] | None = None
) -> None:
    """What is wrong with the form as a whole.

    After a conflict `on_overwrite` saves again on top, `on_drop` lets go of what was typed.
    """
    found = problem(form)
    if found and st.session_state.pop(_SCROLL, False):
        scroll_to("[class*='-wrong-'], [class*='-conflict'], [data-testid='stAlert']")
    if isinstance(found, Conflict):
        show_conflict(form, found, on_overwrite, on_drop or partial(forget, form))
    elif isinstance(found, Invalid):
        st.error(_("Nothing was saved yet: look at the fields marked in red."), icon=":material/error:")
    elif found:
        st.error(plain(language().message(found.message)), icon=":material/error:")
        for number in found.customer_numbers if isinstance(found, Refused) else ():
            if number != st.query_params.get("customer"):  # the card one is on needs no link
                link_to_customer(number)


def field_problem(form: str, field: str) -> None:
    """What is wrong with a field, under it."""
    found = problem(form)
    if isinstance(found, Invalid) and field in found.fields:
        sentence = plain(language().message(found.fields[field]))
        with st.container(key=f"{form}-wrong-{field}"):
            st.markdown(f":red[:material/error: {sentence}]")


def forget_field(form: str, field: str) -> None:
    """A field that is typed in again is not wrong until it is saved again."""
    found = problem(form)
    if isinstance(found, Invalid) and field in found.fields:
        del found.fields[field]
        if not found.fields:
            forget_problem(form)


def scroll_to(selector: str) -> None:
    """Bring the first match into view, once it is drawn. `selector` is ours, never a user's."""
    script = _SCROLL_JS.replace("SELECTOR", json.dumps(selector))
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def link_to_customer(number: str, label: str | None = None) -> None:
    st.page_link("pages/customer.py", label=plain(label or number), query_params={"customer": number})


def form_id(form: str) -> UUID:
    """The key of what a form is about to make: made twice, it is made once."""
    made: UUID = st.session_state.setdefault(f"id of {form}", new_id())
    return made


def notify(text: str) -> None:
    """A toast for the next time the page is drawn."""
    st.session_state[_TOAST] = text


def show_toast() -> None:
    if text := st.session_state.pop(_TOAST, None):
        st.toast(plain(text), icon=":material/check:")


def is_double_click(moment_of_last: datetime) -> bool:
    """Whether an action comes so soon after the last that it must be the same click."""
    return now() - moment_of_last < DOUBLE_CLICK
