"""Live pages: what somebody else commits appears by itself, without a query until there is something new."""

from datetime import date

import streamlit as st

from crmplus.ui.forms import is_dialog_open
from crmplus.ui.next_step_words import today
from crmplus.ui.session import database

LOOK_EVERY = 8
"""Seconds between two looks at the database's counter of commits: less than the 15 that were promised."""

_DRAWN = "commits, and the day, when the page was drawn"


def keep_live() -> None:
    """Called by a page before it reads anything: the page is drawn anew once somebody has committed, or at
    midnight.

    Not while a dialog is open, whose words would be lost.
    """
    st.session_state[_DRAWN] = _state()
    _look()


@st.fragment(run_every=LOOK_EVERY)
def _look() -> None:
    if _state() != st.session_state[_DRAWN] and not is_dialog_open():
        st.rerun()


def _state() -> tuple[int, date]:
    return database().data_version, today()
