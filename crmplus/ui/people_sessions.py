"""Where somebody is signed in: one row a browser, each with the button that ends it."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from crmplus.domain.person import Person
from crmplus.domain.session import Session
from crmplus.services.sessions import end_session, end_sessions_of, list_sessions
from crmplus.ui.devices import device_name
from crmplus.ui.forms import attempt, forget, open_dialog, show_problem
from crmplus.ui.session import _, actor, database, now, own_session
from crmplus.ui.text import plain


def ask_sessions(person: Person) -> None:
    form = f"sessions-{person.id}"
    forget(form)
    open_dialog(_("Where {name} is signed in", name=person.name), _of_person, form, person)


def show_sessions(form: str, sessions: Sequence[Session], own: UUID | None = None) -> None:
    """The rows, newest first; `own` is the one that looks on, which is ended by signing out."""
    show_problem(form)
    for session in sorted(sessions, key=lambda each: each.seen_at_utc, reverse=True):
        _draw(form, session, is_own=session.id == own)


def _of_person(form: str, person: Person) -> None:
    sessions, own = list_sessions(database(), actor(), person.id), own_session()
    show_sessions(form, sessions, own.id if own else None)
    if not sessions:
        st.write(plain(_("{name} is signed in nowhere.", name=person.name)))
        return
    st.caption(_("Ended, a browser asks for the password again. What was typed there and not saved is lost."))
    if st.button(_("Sign out everywhere"), type="primary", key=f"{form}-all"):
        attempt(form, lambda: end_sessions_of(database(), actor(), person.id, now()))
        st.rerun(scope="fragment")


def _draw(form: str, session: Session, *, is_own: bool) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"row-{form}-{session.id}"
    ):
        facts = [
            _("signed in {when}", when=session.made_at_utc),
            _("last seen {when}", when=session.seen_at_utc),
            _("from {address}", address=session.address),
        ]
        device = device_name(session.device) or _("unknown browser")
        st.markdown(f"**{plain(device)}**  \n{plain(' · '.join(facts))}")
        if is_own:
            st.badge(_("this browser"))
        elif st.button(_("End"), key=f"{form}-end-{session.id}"):
            attempt(form, lambda: end_session(database(), actor(), session.id, now()))
            st.rerun()


def sign_out_elsewhere(form: str, own: Session) -> None:
    """The button that leaves somebody signed in only where they look."""
    if st.button(_("Sign out everywhere else"), key=f"{form}-others"):
        me = actor().person_id
        assert me is not None, "who has a session is somebody"
        attempt(form, lambda: end_sessions_of(database(), actor(), me, now(), but=own.id), _("Signed out"))
        st.rerun()
