"""Customers: find one, or make one."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.customers import list_customers
from crmplus.ui.customer_form import NEW, new_customer_form
from crmplus.ui.customer_list import choose_query, page_of, show_count, show_customers
from crmplus.ui.forms import forget_problem, open_dialog
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, actor
from crmplus.ui.shell import guard, page_title
from crmplus.ui.tables import read_page

guard(Permission.VIEW)


action = page_title(_("Customers"))
saved_views("customers", action)
if actor().may(Permission.WORK) and action.button(
    _("New customer"), type="primary", icon=":material/add:", key="new-customer"
):
    forget_problem(NEW)
    open_dialog(_("New customer"), new_customer_form)

query = choose_query()
customers, total = read_page(page_of(query), list_customers, query)
show_count(total, query)
if number := show_customers(customers, total, query):
    st.switch_page("pages/customer.py", query_params={"customer": number})
