"""One's own account: who one is here, the password, and where one is signed in."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.session import Way
from crmplus.services.sessions import list_sessions
from crmplus.ui.account_parts import change_password, say_who_one_is
from crmplus.ui.people_sessions import show_sessions, sign_out_elsewhere
from crmplus.ui.session import _, actor, database, is_local, own_session, people
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

page_title(_("My account"))
session = None if is_local() else own_session()
if session is None:
    st.info(
        _("You are here without signing in. An administrator turns on sign-in on the page People."),
        icon=":material/lock_open:",
    )
    st.stop()

me = people()[session.person_id]
say_who_one_is(me)
if session.way is Way.PASSWORD:
    st.subheader(_("Change password"), anchor=False)
    change_password(session)

st.subheader(_("Where you are signed in"), anchor=False)
sessions = list_sessions(database(), actor(), me.id)
show_sessions("own-sessions", sessions, own=session.id)
if len(sessions) > 1:
    sign_out_elsewhere("own-sessions", session)
