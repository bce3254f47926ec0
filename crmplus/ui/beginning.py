"""Where there is no lead yet: what a screen will show, and the ways to a first lead."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.ui.session import _, actor


def say_how_to_begin(what: str, icon: str) -> None:
    """`what` this screen will show; those who may begin are told how, and led to the customers."""
    if not actor().may(Permission.WORK):
        st.info(what, icon=icon)
        return
    how = _("Begin with a customer: saving it starts its first lead. Quick add, at the top, makes both.")
    st.info(f"{what} {how}", icon=icon)
    if st.button(_("To the customers"), type="primary", icon=":material/groups:", key="begin"):
        st.switch_page("pages/customers.py")
