"""Welcome: the first start, with a starter workspace or with demo data."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.demo import make_demo
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.ui.forms import attempt, notify, show_problem
from crmplus.ui.session import _, actor, browser_zone, database, language, now
from crmplus.ui.shell import guard
from crmplus.ui.whole_workspace import bring_back

guard(Permission.ADMINISTER)

st.title(_("Welcome to CRM+"), anchor=False)
st.write(
    _(
        "CRM+ puts a sales funnel on your customer list: a lead travels from phase to phase, "
        "gathers a score and a value, and closes with a reason. How would you like to begin?"
    )
)
show_problem("welcome")
draft = default_workspace(language().code, browser_zone())
left, middle, right = st.columns(3, gap="medium")
with left.container(border=True, height="stretch"):
    st.subheader(_("Start with your own customers"), anchor=False)
    st.write(
        _(
            "An empty workspace with three account types (Lead, Prospect, Customer), a funnel of "
            "five phases and three closing reasons. All of it can be changed."
        )
    )
    if st.button(_("Start empty"), type="primary", key="start-empty") and attempt(
        "welcome", lambda: create_workspace(database(), actor(), draft, now()), _("Your workspace is ready")
    ):
        st.rerun()
with middle.container(border=True, height="stretch"):
    st.subheader(_("Look around with demo data"), anchor=False)
    st.write(
        _(
            "The same, with about 400 leads of 12 reps over 18 months. "
            "You can erase it and start with your own whenever you like."
        )
    )
    if st.button(_("Start with demo data"), key="start-demo"):
        bar = st.progress(0.0, _("Making demo data …"))
        made = attempt(
            "welcome",
            lambda: make_demo(
                database(),
                actor(),
                draft,
                now(),
                progress=lambda share: bar.progress(min(share, 1.0), _("Making demo data …")),
            ),
        )
        if made:
            notify(_("The demo is ready"))
        st.rerun()
with right.container(border=True, height="stretch"):
    st.subheader(_("Bring back an export"), anchor=False)
    bring_back("welcome")
st.caption(_("Your data stays on this machine, in one file. Choose the language in the sidebar."))
