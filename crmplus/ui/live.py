"""Live pages: what somebody else commits appears by itself, without a query until there is something new."""

import streamlit as st

from crmplus.ui.forms import is_dialog_open
from crmplus.ui.session import database

LOOK_EVERY = 8
"""Seconds between two looks at the database's counter of commits: less than the 15 that were promised."""

_DRAWN = "commits when the page was drawn"


def keep_live() -> None:
    """Called by a page before it reads anything: it is drawn again once somebody has committed.

    Not while a dialog is open, whose words would be lost.
    """
    st.session_state[_DRAWN] = database().data_version
    _look()


@st.fragment(run_every=LOOK_EVERY)
def _look() -> None:
    if database().data_version != st.session_state[_DRAWN] and not is_dialog_open():
        st.rerun()
