"""Settings: people who own leads and customers, and how they come in."""

import streamlit as st

from crmplus.domain.actor import Permission, Role
from crmplus.domain.person import Person, PersonDraft
from crmplus.services import people as service
from crmplus.services.doors import list_doors
from crmplus.ui.people_archive import ask_archive
from crmplus.ui.people_door import door_offers, door_words, say_sign_in_is_off
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.setting_form import text_field
from crmplus.ui.settings_list import Entry, Setting, open_form, settings_list
from crmplus.ui.shell import guard, page_title
from crmplus.ui.words import role_name

guard(Permission.ADMINISTER)


def fields(form: str, row: Person | None) -> PersonDraft:
    name = text_field(form, "name", _("Name (required)"), row)
    hint = _("At most four letters, shown where there is little room.")
    initials = text_field(form, "initials", _("Initials (required)"), row, hint)
    email = text_field(form, "email", _("E-mail"), row, _("They sign in with it. Nothing is sent to it."))
    roles = list(Role)
    role = st.selectbox(
        _("Role"),
        roles,
        index=roles.index(row.role if row else Role.REP),
        format_func=role_name,
        key=f"{form}-role",
        help=_(
            "A viewer looks; a rep works on customers and leads; a manager also sets up account types, "
            "phases and closing reasons; an administrator also people and the workspace."
        ),
    )
    return PersonDraft(name, initials, role, email)


doors = list_doors(database(), actor(), now())
setting = Setting(
    form="person",
    name=_("People"),
    new_title=_("New person"),
    edit_title=_("Edit person"),
    archive_effect="",
    fields=fields,
    find=service.list_people,
    add=service.add_person,
    change=service.change_person,
    archive=service.archive_person,
    restore=service.restore_person,
    delete=service.delete_person,
    ask_archive=ask_archive,
    more=lambda row: door_offers(row, doors),
)

people = read(service.list_people, with_archived=True)
action = page_title(_("People"), _("Who owns customers and leads, and who comes in."))
if action.button(_("Add person"), type="primary", icon=":material/add:", key="add"):
    open_form(setting)
if not doors.can_invite:
    say_sign_in_is_off()
if not people:
    st.info(
        _("Nobody here yet: add the people who sell, so that leads have an owner."), icon=":material/person:"
    )

settings_list(
    setting,
    [_("Name"), _("Initials"), _("Role"), _("E-mail"), _("Sign-in")],
    [2.4, 0.9, 1.5, 2.6, 2.6],
    [
        Entry(row, (row.name, row.initials, role_name(row.role), row.email or "–", door_words(row, doors)))
        for row in people
    ],
)
