"""Links that let a person choose a password: made, shown once to copy or to mail, withdrawn."""

import os
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlsplit
from uuid import UUID

import streamlit as st

from crmplus.configuration import Configuration
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.invitation import Purpose
from crmplus.domain.person import Person
from crmplus.services.invitations import invite, reset_link, withdraw_invitation
from crmplus.store.database import Database
from crmplus.ui.forms import attempt, finish, forget, open_dialog, show_problem
from crmplus.ui.session import _, actor, database, now, workspace
from crmplus.ui.text import plain

MakeLink = Callable[[Database, Actor, UUID, datetime], str]


def ask_invite(person: Person) -> None:
    title = _("Invite {name}", name=person.name)
    says = _(
        "By this link {name} chooses a password and comes in. It works once, and for seven days. "
        "Earlier links no longer work then.",
        name=person.name,
    )
    _open(person, title, says, invite, Purpose.INVITE)


def ask_reset(person: Person) -> None:
    title = _("New password for {name}", name=person.name)
    says = _(
        "By this link {name} chooses another password. It works once, and for 24 hours; until then the old "
        "one holds. Once it is used, {name} is signed out everywhere.",
        name=person.name,
    )
    _open(person, title, says, reset_link, Purpose.RESET)


def ask_withdraw(person: Person) -> None:
    form = f"withdraw-{person.id}"
    forget(form)
    open_dialog(_("Withdraw the link of {name}", name=person.name), _withdraw, form, person)


def _open(person: Person, title: str, says: str, make: MakeLink, purpose: Purpose) -> None:
    form = f"link-{person.id}"
    forget(form)
    open_dialog(title, _link, form, person, says, make, purpose)


def _link(form: str, person: Person, says: str, make: MakeLink, purpose: Purpose) -> None:
    """First what the link will do, then the link itself; it is nowhere to be found afterwards."""
    actor().require(Permission.ADMINISTER)  # who may no longer see a link while the dialog is open
    show_problem(form)
    link: str | None = st.session_state.get(f"{form}-link")
    if link is None:
        st.write(plain(says))
        if st.button(_("Make the link"), type="primary", key=f"{form}-make"):
            attempt(form, lambda: _make(form, person, make))
            st.rerun(scope="fragment")
        return
    ends_at: datetime = st.session_state[f"{form}-ends"]
    st.write(plain(_("It works once, until {when}. Copy it now: it is not shown again.", when=ends_at)))
    st.code(link, language=None, wrap_lines=True)
    st.link_button(
        plain(_("Write to {email}", email=person.email)),
        _mail(person, link, ends_at, purpose),
        icon=":material/mail:",
    )
    if urlsplit(link).hostname in ("localhost", "127.0.0.1", "::1"):
        st.caption(_("It goes to this machine only. CRMPLUS_URL says where others find CRM+."))


def _make(form: str, person: Person, make: MakeLink) -> None:
    at = now()
    token = make(database(), actor(), person.id, at)
    purpose = Purpose.INVITE if make is invite else Purpose.RESET
    st.session_state[f"{form}-ends"] = at + purpose.lifetime
    st.session_state[f"{form}-link"] = f"{_address()}/invitation?token={quote(token)}"


def _address() -> str:
    """Where people find this server: as configured, else as this browser does."""
    configured = Configuration.of(os.environ).url
    parts = urlsplit(configured or st.context.url or "http://localhost:8501")
    return f"{parts.scheme}://{parts.netloc}" + (parts.path.rstrip("/") if configured else "")


def _mail(person: Person, link: str, ends_at: datetime, purpose: Purpose) -> str:
    """A mailto address; the letter is in the words of who sends it, for them to change."""
    company = workspace().company_name or "CRM+"
    subject = _("Your way into CRM+")
    if purpose is Purpose.RESET:
        text = _("By this link you choose another password. It works once, until {when}:", when=ends_at)
    else:
        text = _(
            "You are invited. Choose a password by this link; it works once, until {when}:", when=ends_at
        )
    greeting = _("Hello {name},", name=person.name)
    body = f"{greeting}\n\n{text}\n\n{link}\n\n{company}"
    return f"mailto:{quote(person.email, safe='@')}?subject={quote(subject)}&body={quote(body)}"


def _withdraw(form: str, person: Person) -> None:
    show_problem(form)
    st.write(_("The link no longer works then. You can make another at any time."))
    if st.button(_("Withdraw it"), type="primary", key=f"{form}-do"):
        finish(
            attempt(form, lambda: withdraw_invitation(database(), actor(), person.id, now()), _("Withdrawn"))
        )
