"""The customer card: Details, Overview, Contact persons, History."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.account_types import list_account_types
from crmplus.services.customers import get_customer
from crmplus.ui.card_tabs import card_tabs
from crmplus.ui.contact_persons import contact_persons, tab_name
from crmplus.ui.customer_form import details_form, details_shown
from crmplus.ui.history_tab import history_tab
from crmplus.ui.overview import overview
from crmplus.ui.privacy import privacy
from crmplus.ui.session import _, actor, read
from crmplus.ui.shell import guard, page_title
from crmplus.ui.text import plain
from crmplus.ui.words import owner_name

guard(Permission.VIEW)

number = st.query_params.get("customer", "")
if not number:
    page_title(_("Customer card"))
    st.info(_("Choose a customer in the list to open its card."), icon=":material/groups:")
    st.page_link("pages/customers.py", label=_("To the customers"))
    st.stop()

customer = read(get_customer, number)
account_type = {t.id: t for t in read(list_account_types, with_archived=True)}[customer.account_type_id]
facts = [customer.number, account_type.description, _("owner {name}", name=owner_name(customer.owner_id))]
if not customer.is_active:
    facts.append(_("not active"))
page_title(customer.name, " · ".join(facts))

DETAILS, OVERVIEW, PERSONS, HISTORY = "details", "overview", "persons", "history"
names = {
    DETAILS: _("Details"),
    OVERVIEW: _("Overview"),
    PERSONS: tab_name(customer),
    HISTORY: _("History"),
}
if not account_type.uses_phases:
    del names[OVERVIEW]
tabs = card_tabs(names, OVERVIEW if account_type.uses_phases else DETAILS, f"tab-{customer.id}")

if account_type.uses_phases and tabs[OVERVIEW].open:
    with tabs[OVERVIEW]:
        overview(customer)
if tabs[DETAILS].open:
    with tabs[DETAILS]:
        if not account_type.uses_phases:
            st.info(
                plain(
                    _(
                        "There is no Overview: {account_type} has lead phases switched off.",
                        account_type=account_type.description,
                    )
                ),
                icon=":material/info:",
            )
        if actor().may(Permission.WORK):
            details_form(customer)
        else:
            details_shown(customer)
            st.info(_("You may look at this customer, not change it."), icon=":material/visibility:")
        if actor().may(Permission.ADMINISTER):
            privacy(customer)
if tabs[PERSONS].open:
    with tabs[PERSONS]:
        contact_persons(customer)
if tabs[HISTORY].open:
    with tabs[HISTORY]:
        history_tab(customer)
