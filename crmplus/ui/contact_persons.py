"""The tab Contact persons of the customer card: whom one talks to, and how to reach them."""

from html import escape

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.contact_person import ContactPerson, ContactPersonDraft
from crmplus.domain.customer import Customer
from crmplus.services.contact_persons import (
    add_contact_person,
    change_contact_person,
    list_contact_persons,
    remove_contact_person,
)
from crmplus.ui.forms import forget, open_dialog
from crmplus.ui.reach import reach_html
from crmplus.ui.removing import ask_to_remove
from crmplus.ui.session import _, actor, read
from crmplus.ui.setting_form import setting_form, text_field

_FORM = "contact-person"


def tab_name(customer: Customer) -> str:
    """What the tab is called, with how many there are."""
    count = len(read(list_contact_persons, customer.id)) + _has_own(customer)
    words = _("Contact persons")
    return f"{words} ({count})" if count else words


def contact_persons(customer: Customer) -> None:
    """The customer's own phone and e-mail, then each person's."""
    persons = read(list_contact_persons, customer.id)
    may_change = actor().may(Permission.WORK)
    if may_change and st.button(_("Add a contact person"), icon=":material/person_add:", key="add-person"):
        _open_form(customer)
    if _has_own(customer):
        about = _("the customer's own, changed under Details")
        with st.container(border=True, key=f"row-{_FORM}-own"):
            _show(customer.contact or customer.name, about, customer.phone, customer.email)
    for person in persons:
        _show_person(customer, person, may_change)
    if not persons:
        st.info(
            _(
                "The people you talk to at this customer will be listed here, "
                "to be called or written to with one tap."
            ),
            icon=":material/contacts:",
        )


def _has_own(customer: Customer) -> bool:
    """Whether the customer itself can be called or written to."""
    return bool(customer.phone or customer.email)


def _show_person(customer: Customer, person: ContactPerson, may_change: bool) -> None:
    with st.container(border=True, key=f"row-{_FORM}-{person.id}"):
        left, right = st.columns([5, 1.4], vertical_alignment="center")
        with left:
            _show(person.name, person.job_title, person.phone, person.email)
        if not may_change:
            return
        offered = {"edit": _("Edit …"), "remove": _("Remove …")}
        chosen = right.menu_button(
            _("Change"), list(offered), format_func=offered.__getitem__, key=f"menu-{_FORM}-{person.id}"
        )
    match chosen:
        case "edit":
            _open_form(customer, person)
        case "remove":
            effect = _("They leave this list. What was recorded of them stays in the history.")
            ask_to_remove(f"{_FORM}-remove", person, person.name, effect, remove_contact_person)


def _show(name: str, about: str, phone: str, email: str) -> None:
    who = f"<b>{escape(name)}</b> {escape(about)}"
    reach = f"<div>{reach_html(name, phone, email)}</div>" if phone or email else ""
    st.html(f'<div class="crm-person">{who}{reach}</div>')


def _open_form(customer: Customer, person: ContactPerson | None = None) -> None:
    forget(f"{_FORM}-{person.id if person else 'new'}")
    open_dialog(
        _("Edit contact person") if person else _("New contact person"),
        setting_form,
        _FORM,
        person,
        _fields,
        lambda source, who, draft, at, new: add_contact_person(source, who, customer.id, draft, at, new),
        change_contact_person,
        lambda source, who, with_archived: list_contact_persons(source, who, customer.id),
    )


def _fields(form: str, person: ContactPerson | None) -> ContactPersonDraft:
    return ContactPersonDraft(
        name=text_field(form, "name", _("Name (required)"), person),
        job_title=text_field(form, "job_title", _("Job title"), person),
        phone=text_field(form, "phone", _("Phone"), person),
        email=text_field(form, "email", _("E-mail"), person),
    )
