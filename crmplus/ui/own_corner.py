"""Who is signed in, in the sidebar, and the way out."""

from pathlib import Path

import streamlit as st

from crmplus.services.sessions import sign_out
from crmplus.ui.session import _, actor, database, find_the_workspace, now, own_session
from crmplus.ui.text import plain

SIGN_IN = "/sign-in"
_SIGN_OUT_JS = Path(__file__).with_name("sign_out.js").read_text(encoding="utf-8")


def own_corner() -> None:
    """The name of who is signed in leads to their account, once there is a workspace to have one in."""
    with st.container(key="own-corner"):
        if find_the_workspace():
            st.page_link("pages/account.py", label=plain(actor().name), icon=":material/account_circle:")
        else:
            st.markdown(f":material/account_circle: {plain(actor().name)}")
        if st.button(_("Sign out"), icon=":material/logout:", key="sign-out", width="stretch"):
            if session := own_session():
                sign_out(database(), session, now())
            st.html(f"<script>{_SIGN_OUT_JS}</script>", unsafe_allow_javascript=True)
            st.stop()
