"""Import, step 3, below the columns: what holds for all rows of the file."""

import streamlit as st

from crmplus.domain.message import Message, say
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import CustomerKey
from crmplus.exchange.possible import lacks
from crmplus.exchange.proposal import possible_types, propose_account_type
from crmplus.exchange.undo import list_imports
from crmplus.ui.import_choices import our_settings
from crmplus.ui.import_draft import ImportDraft
from crmplus.ui.session import _, _n, read
from crmplus.ui.text import distinct, plain, shortened


def settle_account_type(draft: ImportDraft) -> None:
    """The default one, until another is chosen."""
    settings = our_settings()
    if draft.account_type not in {row.code for row in possible_types(settings, draft.kind)}:
        draft.account_type = propose_account_type(settings, draft.kind) or draft.account_type


def lacks_of(draft: ImportDraft) -> list[Message]:
    """Why these decisions can't be gone on with; empty where they can."""
    found = list(lacks(draft.mapping(), our_settings(), draft.names))
    if draft.uses_placeholder and not draft.placeholder.strip():
        found.append(say("Say what the customer is called that rows without a name go to."))
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
    types = possible_types(our_settings(), draft.kind)
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
