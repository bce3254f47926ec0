"""Import, step 3, below the columns: what holds for all rows of the file."""

from collections import Counter

import streamlit as st

from crmplus.domain.account_type import AccountType
from crmplus.domain.funnel import Funnel
from crmplus.domain.message import Message, say
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import CustomerKey
from crmplus.exchange.undo import list_imports
from crmplus.services.account_types import list_account_types
from crmplus.services.phases import list_phases
from crmplus.ui.import_draft import ImportDraft
from crmplus.ui.session import _, _n, read
from crmplus.ui.text import distinct, plain, shortened

_NAMING = {"customer_name", "contact", "contact_last_name"}


def possible_types(draft: ImportDraft) -> list[AccountType]:
    """Those that rows can be of; leads need a funnel that is ready."""
    types = read(list_account_types)
    if draft.kind is Kind.CUSTOMERS:
        return types
    return [row for row in types if row.uses_phases and Funnel.of(row.id, read(list_phases)).is_ready]


def settle_account_type(draft: ImportDraft) -> None:
    """The default one, until another is chosen."""
    types = possible_types(draft)
    if types and draft.account_type not in {row.code for row in types}:
        draft.account_type = next((row.code for row in types if row.is_default), types[0].code)


def lacks(draft: ImportDraft) -> list[Message]:
    """Why these decisions can't be gone on with; empty where they can."""
    fields = set(draft.fields)
    found = []
    if [key for key, count in Counter(draft.fields).items() if count > 1]:
        found.append(say("Two columns are the same. Leave one of them out, or choose what else it is."))
    if not fields & _NAMING and not draft.uses_placeholder:
        found.append(say("No column holds the customer's name yet. Choose which one does."))
    if draft.kind is Kind.HISTORY and not {"lead_id", "phase"} <= fields:
        found.append(say("A history needs a column with the lead's id and one with its phase."))
    if draft.uses_placeholder and not draft.placeholder.strip():
        found.append(say("Say what the customer is called that rows without a name go to."))
    if not possible_types(draft):
        found.append(say("Leads need a funnel, and no account type has one that is ready."))
    return found


def show_options(draft: ImportDraft) -> None:
    settle_account_type(draft)
    left, right = st.columns(2, gap="medium")
    with left:
        _choose_account_type(draft)
        if draft.kind is Kind.CUSTOMERS:
            draft.starts_leads = st.checkbox(
                _("Start a lead for each new customer whose account type has a funnel"),
                key=draft.key("starts-leads", draft.starts_leads),
            )
    with right:
        _choose_key(draft)
        _choose_source(draft)
    _choose_placeholder(draft)


def _choose_account_type(draft: ImportDraft) -> None:
    types = possible_types(draft)
    if not types:
        st.page_link("pages/lead_phases.py", label=_("To the lead phases"), icon=":material/linear_scale:")
        return
    labels = distinct({row.code: row.description for row in types})
    named = "account_type" in draft.fields
    draft.account_type = st.selectbox(
        _("Account type of rows that name none") if named else _("Account type"),
        list(labels),
        format_func=labels.__getitem__,
        key=draft.key(f"account-type-{draft.kind is Kind.CUSTOMERS}", draft.account_type),
        help=_("It says through which funnel leads travel."),
    )


def _choose_key(draft: ImportDraft) -> None:
    """By what a customer is found among those that are here; no choice where there is one only."""
    keys = draft.possible_keys
    if len(keys) == 1:
        return
    words = {
        CustomerKey.NUMBER: _("customer number"),
        CustomerKey.EXTERNAL_ID: _("id of the other system"),
        CustomerKey.NAME: _("name"),
    }
    kept = draft.customer_key if draft.customer_key in keys else keys[0]
    draft.customer_key = st.selectbox(
        _("Customers are told apart by"),
        keys,
        format_func=words.__getitem__,
        key=draft.key(f"customer-key-{len(keys)}-{keys[0]}", kept),
        help=_("A customer that is here already is found by it, and not made again."),
    )


def _choose_source(draft: ImportDraft) -> None:
    """Whose ids they are: the next file of the same system is recognised by it."""
    default = draft.default_source
    if not default:
        return
    known = [run.source for run in read(list_imports) if run.source]
    kept = draft.key_source or default
    options = list(dict.fromkeys([kept, default, *known]))
    chosen = st.selectbox(
        _("The other system, whose ids are kept"),
        options,
        format_func=shortened,
        key=draft.key(f"source-{default[:40]}", kept),
        accept_new_options=True,
        help=_("Any name will do. Choose the same for its next file, and its rows are found again."),
    )
    draft.key_source = (chosen or "").strip() or None


def _choose_placeholder(draft: ImportDraft) -> None:
    """Where rows without a customer's name go; asked only where there are some."""
    nameless = draft.survey().nameless_count if draft.kind is not Kind.CUSTOMERS else 0
    if not nameless:
        return
    sentence = _n(
        "{count} row names no customer.",
        "{count} rows name no customer.",
        nameless,
    )
    st.warning(plain(sentence), icon=":material/person_off:")
    words = {False: _("refuse these rows"), True: _("let them go to one customer")}
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    with left:
        draft.has_placeholder = st.radio(
            _("Rows without a customer's name"),
            [False, True],
            format_func=words.__getitem__,
            key=draft.key("has-placeholder", draft.has_placeholder),
        )
    if draft.has_placeholder:
        draft.placeholder = right.text_input(
            _("Name of that customer"),
            key=draft.key("placeholder", draft.placeholder or _("Unknown customer")),
            max_chars=200,
        )
