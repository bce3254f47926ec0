"""The details of a customer, new or known (U1, U4)."""

from functools import partial
from uuid import UUID

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.customer import Customer, CustomerDraft
from crmplus.domain.errors import Conflict, Invalid, Refused
from crmplus.services.account_types import list_account_types
from crmplus.services.customers import (
    LookAlike,
    add_customer,
    change_customer,
    find_look_alikes,
    get_customer,
    next_number,
)
from crmplus.services.leads import list_leads_of_customer
from crmplus.services.phases import get_funnel
from crmplus.services.rows import as_values
from crmplus.ui.conflict import keep_typed, on_top, touched
from crmplus.ui.facts import show_facts
from crmplus.ui.forms import (
    attempt,
    field_problem,
    forget,
    form_id,
    link_to_customer,
    problem,
    show_problem,
)
from crmplus.ui.open_card import leave_if_unseen
from crmplus.ui.pickers import choose_owner
from crmplus.ui.reach import mailto, tel
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.text import distinct, plain
from crmplus.ui.words import field_name, lead_name, value_words

NEW = "customer-new"
_RARE = frozenset({"number", "street", "postal_code", "city", "country", "remark"})


def new_customer_form() -> None:
    """The form of a customer to be made; once it is, its card opens."""
    if not read(list_account_types):
        st.warning(_("There is no account type to choose yet, so no customer can be made. Add one first."))
        if actor().may(Permission.CONFIGURE):
            st.page_link("pages/account_types.py", label=_("To the account types"))
        return
    show_problem(NEW)
    draft = _fields(NEW, None)
    alike = find_look_alikes(database(), actor(), draft.name, draft.email, draft.phone)
    _show_look_alikes(alike)
    label = _("Save as a new customer all the same") if alike else _("Save customer")
    is_asked = st.button(label, type="primary", key=f"{NEW}-save-{len(alike)}")
    if not is_asked:
        return
    made: list[Customer] = []
    new = form_id(NEW)
    if attempt(NEW, lambda: made.append(add_customer(database(), actor(), draft, now(), new)), _("Saved")):
        forget(NEW)
        leave_if_unseen(made[0].number)
        st.switch_page("pages/customer.py", query_params={"customer": made[0].number})
    st.rerun(scope="fragment")


def details_form(customer: Customer) -> None:
    """The form of a known customer; saving starts from the version it was filled with (L6)."""
    form = f"customer-{customer.id}"
    loaded: Customer | None = st.session_state.get(f"{form}-loaded")
    is_stale = loaded is not None and loaded.version != customer.version
    if loaded is None or (is_stale and not problem(form) and not _is_touched(form, loaded)):
        forget(form)
        st.session_state[f"{form}-loaded"] = customer
    draft = _fields(form, customer)
    go_on_in = _ask_phases(form, customer, draft.account_type_id)
    show_problem(form, on_overwrite=partial(_overwrite, form, customer))
    _link_to_open_leads(form, customer)
    st.session_state[f"{form}-draft"] = (draft, go_on_in)
    if st.button(_("Save"), type="primary", key=f"{form}-save"):
        loaded = st.session_state[f"{form}-loaded"]
        _save(form, customer.id, loaded.version, draft)
        st.rerun()


def details_shown(customer: Customer) -> None:
    """What is known of a customer, for those who may only look."""
    fields = ("contact", "email", "phone", "street", "postal_code", "city", "country", "remark")
    facts = {field_name(field): value_words(field, getattr(customer, field)) for field in fields}
    show_facts(facts, {_("E-mail"): mailto(customer.email), _("Phone"): tel(customer.phone)})


def _save(form: str, customer_id: UUID, version: int, draft: CustomerDraft) -> None:
    go_on_in = st.session_state[f"{form}-draft"][1]
    loaded = st.session_state[f"{form}-loaded"]
    keep_typed(form, touched(draft, loaded), loaded)
    saved: list[Customer] = []
    if attempt(
        form,
        lambda: saved.append(
            change_customer(database(), actor(), customer_id, version, draft, now(), go_on_in)
        ),
        _("Saved"),
    ):
        forget(form)
        leave_if_unseen(saved[0].number)
        st.query_params["customer"] = saved[0].number  # it may have been typed over


def _overwrite(form: str, customer: Customer) -> None:
    found = problem(form)
    if isinstance(found, Conflict):
        draft, loaded = st.session_state[f"{form}-draft"][0], st.session_state[f"{form}-loaded"]
        current = get_customer(database(), actor(), customer.number)
        _save(form, customer.id, found.version, on_top(draft, loaded, current))


def _link_to_open_leads(form: str, customer: Customer) -> None:
    """Where this card's own leads stand in the way of saving (U5), the way to them."""
    found = problem(form)
    if isinstance(found, Refused) and customer.number in found.customer_numbers:
        st.button(
            _("To its open leads"),
            key=f"{form}-to-leads",
            on_click=lambda: st.session_state.update({f"tab-{customer.id}": _("Overview")}),
        )


def _fields(form: str, customer: Customer | None) -> CustomerDraft:
    """The fields, two in a row, on a phone one; of a new customer, the rare ones folded away."""
    texts: dict[str, str] = {}
    left, right = st.columns(2, gap="medium")
    with left:
        texts["name"] = _text(form, "name", _("Name (required)"), customer)
        account_type_id = _account_type(form, customer)
        owner_id = _owner(form, customer)
    with right:
        texts["contact"] = _text(form, "contact", _("Contact"), customer)
        texts["email"] = _text(form, "email", _("E-mail"), customer)
        texts["phone"] = _text(form, "phone", _("Phone"), customer)
    wrong = problem(form)
    is_wrong = isinstance(wrong, Invalid) and bool(_RARE & wrong.fields.keys())
    with st.expander(_("Number, address and remark"), expanded=customer is not None or is_wrong):
        left, right = st.columns(2, gap="medium")
        with left:
            texts["number"] = _number(form, customer)
            texts["street"] = _text(form, "street", _("Street"), customer)
            texts["postal_code"] = _text(form, "postal_code", _("Postal code"), customer)
        with right:
            texts["city"] = _text(form, "city", _("City"), customer)
            texts["country"] = _text(form, "country", _("Country"), customer)
        remark = st.text_area(
            _("Remark"),
            customer.remark if customer else "",
            key=f"{form}-remark",
            height=90,
            persist_state="page",
        )
        field_problem(form, "remark")
    is_active = customer is None or st.checkbox(
        _("Active"), customer.is_active, key=f"{form}-is_active", persist_state="page"
    )
    return CustomerDraft(
        **texts, account_type_id=account_type_id, owner_id=owner_id, is_active=is_active, remark=remark
    )


def _text(form: str, field: str, label: str, customer: Customer | None) -> str:
    value = getattr(customer, field) if customer else ""
    typed = st.text_input(label, value, key=f"{form}-{field}", autocomplete="off", persist_state="page")
    field_problem(form, field)
    return typed


def _number(form: str, customer: Customer | None) -> str:
    typed = st.text_input(
        _("Number"),
        customer.number if customer else "",
        key=f"{form}-number",
        persist_state="page",
        placeholder=None if customer else read(next_number),
        help=_("Leave it empty for the next free number."),
        autocomplete="off",
    )
    field_problem(form, "number")
    return typed


def _account_type(form: str, customer: Customer | None) -> UUID:
    kept = customer.account_type_id if customer else None
    # One that was chosen and is archived meanwhile is for saving to refuse.
    stay = (kept, st.session_state.get(f"{form}-account_type_id"))
    types = [t for t in read(list_account_types, with_archived=True) if not t.archived_at_utc or t.id in stay]
    names = distinct({t.id: t.description for t in types})
    first = kept or next((t.id for t in types if t.is_default), types[0].id)
    chosen: UUID = st.selectbox(
        _("Account type (required)"),
        list(names),
        index=list(names).index(first),
        format_func=names.__getitem__,
        key=f"{form}-account_type_id",
        persist_state="page",
    )
    field_problem(form, "account_type_id")
    return chosen


def _owner(form: str, customer: Customer | None) -> UUID | None:
    chosen = choose_owner(f"{form}-owner_id", customer.owner_id if customer else actor().person_id)
    field_problem(form, "owner_id")
    return chosen


def _show_look_alikes(found: list[LookAlike]) -> None:
    """Customers that may be the same one; saving stays possible."""
    if not found:
        return
    st.warning(
        _("This may be a customer you have already. You can save it all the same."),
        icon=":material/content_copy:",
    )
    for other in found:
        why = [
            word
            for same, word in (
                (other.same_name, _("same name")),
                (other.same_email, _("same e-mail")),
                (other.same_phone, _("same phone")),
            )
            if same
        ]
        label = " · ".join(filter(None, (other.number, other.name, other.city, ", ".join(why))))
        link_to_customer(other.number, label)


def _ask_phases(form: str, customer: Customer, new_type_id: UUID) -> dict[UUID, UUID]:
    """Where each open lead goes on in another type's funnel (U4)."""
    if new_type_id == customer.account_type_id:
        return {}
    open_leads = [lead for lead in read(list_leads_of_customer, customer.id) if lead.is_open]
    phases = distinct({phase.id: phase.description for phase in read(get_funnel, new_type_id).phases})
    if not open_leads or not phases:
        return {}
    chosen = {}
    with st.container(border=True):
        st.markdown(_("**Open leads go on in the new funnel.** Their values and history stay."))
        for lead in open_leads:
            chosen[lead.id] = st.selectbox(
                _("{lead} goes on in", lead=plain(lead_name(lead))),
                list(phases),
                format_func=phases.__getitem__,
                key=f"{form}-go-on-{lead.id}-{new_type_id}",
            )
    return chosen


def _is_touched(form: str, loaded: Customer) -> bool:
    """Whether something is typed that differs from what the form was filled with."""
    return any(
        st.session_state.get(f"{form}-{field}", value) != value for field, value in as_values(loaded).items()
    )
