"""How a figure is counted: the formula and what it rests on, a click away."""

import streamlit as st

from crmplus.ui.session import _
from crmplus.ui.text import plain


def how_counted(formula: str, *rests_on: str) -> None:
    """A quiet button that opens the formula and, below it, how many leads the figure rests on."""
    with st.popover(_("How is this counted?"), type="tertiary", icon=":material/calculate:"):
        st.write(plain(formula))
        if rests_on:
            st.write(plain(" ".join(rests_on)))
