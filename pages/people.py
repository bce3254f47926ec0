"""Settings: people who own leads and customers."""

import streamlit as st

from crmplus.domain.actor import Permission, Role
from crmplus.domain.person import Person, PersonDraft
from crmplus.services import people as service
from crmplus.ui.forms import field_problem, form_id, open_dialog
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.setting_form import forget, save_button
from crmplus.ui.settings_list import Actions, Entry, ask, settings_list
from crmplus.ui.shell import guard, page_title
from crmplus.ui.words import role_name

guard(Permission.ADMINISTER)


def edit(row: Person | None) -> None:
    form = f"person-{row.id if row else 'new'}"
    name = st.text_input(
        _("Name (required)"), row.name if row else "", key=f"{form}-name", autocomplete="off"
    )
    field_problem(form, "name")
    initials = st.text_input(
        _("Initials (required)"),
        row.initials if row else "",
        key=f"{form}-initials",
        help=_("At most four letters, shown where there is little room."),
        autocomplete="off",
    )
    field_problem(form, "initials")
    roles = list(Role)
    role = st.selectbox(
        _("Role"),
        roles,
        index=roles.index(row.role) if row else roles.index(Role.REP),
        format_func=role_name,
        key=f"{form}-role",
        help=_(
            "A viewer looks; a rep works on customers and leads; a manager also sets up account types, "
            "phases and closing reasons; an administrator also people and the workspace."
        ),
    )
    draft = PersonDraft(name, initials, role)
    new = form_id(form)
    save_button(
        form,
        row.version if row else 0,
        draft,
        lambda version: (
            service.change_person(database(), actor(), row.id, version, draft, now())
            if row
            else service.add_person(database(), actor(), draft, now(), new)
        ),
    )


def open_form(row: Person | None) -> None:
    forget(f"person-{row.id if row else 'new'}")
    open_dialog(_("Edit person") if row else _("New person"), edit, row)


def archive(row: Person) -> None:
    ask(
        "people",
        _("Archive {description}", description=row.name),
        _("Customers and leads stay theirs. Nobody can work as them or choose them as owner any more."),
        lambda: service.archive_person(database(), actor(), row.id, row.version, now()),
        _("Archived"),
    )


action = page_title(_("People"), _("Who owns customers and leads. Choose in the sidebar whom you work as."))
people = read(service.list_people, with_archived=True)
if action.button(_("Add person"), type="primary", icon=":material/add:", key="add"):
    open_form(None)
if not people:
    st.info(
        _("Nobody here yet: add the people who sell, so that leads have an owner."), icon=":material/person:"
    )

settings_list(
    "people",
    [_("Name"), _("Initials"), _("Role")],
    [4, 2, 2],
    [
        Entry(row, (row.name, row.initials, role_name(row.role)), row.archived_at_utc is not None)
        for row in people
    ],
    Actions(
        edit=open_form,
        archive=archive,
        restore=lambda row: service.restore_person(database(), actor(), row.id, row.version, now()),
        delete=lambda row: service.delete_person(database(), actor(), row.id, row.version, now()),
    ),
)
