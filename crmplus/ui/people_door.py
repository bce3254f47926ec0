"""How each person stands at the door, in words, and what can be done about it."""

from collections.abc import Mapping

import streamlit as st

from crmplus.domain.invitation import Purpose
from crmplus.domain.person import Person
from crmplus.services.doors import Doors
from crmplus.ui.people_links import ask_invite, ask_reset, ask_withdraw
from crmplus.ui.people_sessions import ask_sessions
from crmplus.ui.session import _, language
from crmplus.ui.settings_list import Offer


def door_words(person: Person, doors: Doors) -> str:
    """Whether they sign in, or how far they are on their way to it."""
    door = doors.of.get(person.id)
    if person.archived_at_utc or door is None:
        return "–"
    words = language()
    if door.has_password or door.is_known_elsewhere:
        seen = door.seen_at_utc
        said = _("signs in, last seen {when}", when=seen) if seen else _("signs in, not seen yet")
        if door.purpose is Purpose.RESET and door.link_ends_at_utc:
            until = words.local_date(door.link_ends_at_utc)
            return said + "; " + _("link for a new password until {date}", date=until)
        return said
    if door.link_ends_at_utc:
        return _("invited until {date}", date=words.local_date(door.link_ends_at_utc))
    return _("no sign-in yet")


def door_offers(person: Person, doors: Doors) -> Mapping[str, Offer]:
    """What an administrator can do: links to make and to withdraw, sessions to look at."""
    door = doors.of.get(person.id)
    if door is None or not (doors.can_invite or door.has_password):
        return {}
    offers = {}
    if door.has_password:
        offers["reset"] = Offer(_("New password …"), ask_reset)
    elif person.email:
        again = _("Invite again …") if door.purpose else _("Invite …")
        offers["invite"] = Offer(again, ask_invite)
    if door.purpose:
        offers["withdraw"] = Offer(_("Withdraw the link …"), ask_withdraw)
    if door.has_password or door.is_known_elsewhere:
        offers["sessions"] = Offer(_("Where they are signed in …"), ask_sessions)
    return offers


def say_sign_in_is_off() -> None:
    """What holds while nobody can sign in, what would change, and the way there."""
    with st.container(border=True, key="sign-in-off"):
        title = _("Sign-in is off")
        st.markdown(f":material/lock_open: **{title}**")
        st.write(_("Whoever uses this machine is the administrator, and nobody can come in from elsewhere."))
        st.write(
            _(
                "Turned on, everybody signs in with their own e-mail address and password, and does and sees "
                "what their role allows; working as somebody else ends. You choose your own password first, "
                "then invite the others here."
            )
        )
        st.link_button(_("Turn on sign-in"), "/set-up", icon=":material/lock:")
