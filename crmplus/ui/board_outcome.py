"""What came of a move on the board: said aloud, and a refusal stays above it until it is put away."""

from collections.abc import Callable

import streamlit as st

from crmplus.domain.errors import Conflict
from crmplus.ui.conflict import changes_of, who_of
from crmplus.ui.forms import attempt, forget_problem, notify, problem, scroll_to
from crmplus.ui.session import _, language
from crmplus.ui.text import plain, sentence

FORM = "board"
_SAID = "said on the board"
_ABOUT = "customer that was tried something with on the board"
_SCROLL = "bring the refusal into view"


def attempt_on_board(customer: str, action: Callable[[], str]) -> bool:
    """Do something with a lead of this customer, and say what it returns, or why it was refused."""
    done: list[str] = []
    st.session_state[_ABOUT] = customer
    if attempt(FORM, lambda: done.append(action())):
        if done[0]:
            notify(done[0])
            say_on_board(f"{customer}: {done[0]}")
        return True
    st.session_state[_SCROLL] = True
    say_on_board(_refusal())
    return False


def say_on_board(text: str) -> None:
    """The next time the board is drawn it says this aloud; even saying nothing makes it draw itself anew."""
    count, _before = what_was_said()
    st.session_state[_SAID] = (count + 1, text)


def what_was_said() -> tuple[int, str]:
    """How often the board was answered so far, and what it says to the last time."""
    said: tuple[int, str] = st.session_state.get(_SAID, (0, ""))
    return said


def show_refusal() -> None:
    """The sentence, and the button that puts it away."""
    if problem(FORM) is None:
        return
    with st.container(key="board-refusal"):
        said, put_away = st.columns([6, 1], vertical_alignment="center")
    said.warning(plain(sentence(_refusal())), icon=":material/warning:")
    put_away.button(_("Understood"), key="board-understood", on_click=forget_problem, args=(FORM,))
    if st.session_state.pop(_SCROLL, False):
        scroll_to(".st-key-board-refusal")


def _refusal() -> str:
    found = problem(FORM)
    if isinstance(found, Conflict):
        return _who_changed_what(found)
    return language().message(found.message) if found else ""


def _who_changed_what(found: Conflict) -> str:
    return _(
        "{who} changed the lead of {customer} on {when}: {changes}. Nothing of yours was saved.",
        who=who_of(found),
        customer=st.session_state[_ABOUT],
        when=found.at_utc,
        changes=changes_of(found) or "–",
    )
