"""The parts of one's own account: who one is, and the form for another password."""

from math import ceil

import streamlit as st

from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.message import say, say_count
from crmplus.domain.person import Person
from crmplus.domain.session import Session
from crmplus.services.account import change_own_password
from crmplus.ui.forms import attempt, field_problem, forget, is_double_click, show_problem
from crmplus.ui.session import _, actor, database, now
from crmplus.ui.text import plain
from crmplus.ui.words import field_name, role_name
from crmplus.web.patience import Patience

FORM = "password"
_CHANGED = "password changed at"
_patience = Patience(free=5)


def say_who_one_is(me: Person) -> None:
    """Name, address and role; an administrator changes them."""
    facts = {"name": me.name, "email": me.email, "role": role_name(me.role)}
    st.markdown(
        "\n".join(f"- {plain(field_name(field))}: **{plain(fact)}**" for field, fact in facts.items())
    )
    st.caption(_("An administrator can change these on the page People."))


def change_password(session: Session) -> None:
    """The old password and the new one; saved, every other browser is signed out."""
    show_problem(FORM)
    with st.form(FORM, border=False, enter_to_submit=True), st.container(width=420):
        old = _password("old", _("Password you have now"), "current-password")
        new = _password("new", _("New password, 12 characters or more"), "new-password")
        again = _password("again", _("New password once more"), "new-password")
        saved = st.form_submit_button(_("Change password"), type="primary", key=f"{FORM}-save")
    st.caption(_("Wherever else you are signed in, you are signed out then."))
    if saved and not (_CHANGED in st.session_state and is_double_click(st.session_state[_CHANGED])):
        if attempt(FORM, lambda: _change(session, old, new, again), _("Password changed")):
            forget(FORM)
            st.session_state[_CHANGED] = now()
        st.rerun()


def _password(field: str, label: str, autocomplete: str) -> str:
    typed = st.text_input(label, type="password", autocomplete=autocomplete, key=f"{FORM}-{field}")
    field_problem(FORM, field)
    return typed


def _change(session: Session, old: str, new: str, again: str) -> None:
    """Raises: Invalid, Refused. Who tries many passwords as the old one waits, as at the door."""
    if new != again:
        raise Invalid({"again": say("The two are not the same. Type the new one twice.")})
    key, at = f"account {session.person_id}", now()
    if waits := _patience.wait(key, at):
        seconds = ceil(waits.total_seconds())
        raise Refused(
            say_count(
                "Too many tries did not succeed. Wait {count} second before the next.",
                "Too many tries did not succeed. Wait {count} seconds before the next.",
                seconds,
            )
        )
    try:
        change_own_password(database(), actor(), old, new, session.id, at)
    except Invalid as error:
        if "old" in error.fields:
            _patience.fail(key, at)
        raise
    _patience.forgive(key)
