"""The customer card: Details, Overview, Contact persons, History."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.account_types import list_account_types
from crmplus.services.customers import get_customer
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

key = f"tab-{customer.id}"
OVERVIEW, DETAILS, PERSONS, HISTORY = _("Overview"), _("Details"), tab_name(customer, key), _("History")
names = [DETAILS, OVERVIEW, PERSONS, HISTORY] if account_type.uses_phases else [DETAILS, PERSONS, HISTORY]
first = OVERVIEW if account_type.uses_phases else DETAILS
drawn = st.tabs(names, default=first, key=key, on_change="rerun")
tabs = dict(zip(names, drawn, strict=True))

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
