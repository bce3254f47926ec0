"""Customers: find one, or make one."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.customers import list_customers
from crmplus.ui.customer_form import NEW, new_customer_form
from crmplus.ui.customer_list import PAGE_SIZE, choose_query, page_of, show_customers
from crmplus.ui.forms import forget_problem, open_dialog
from crmplus.ui.session import _, _n, actor, read
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)


action = page_title(_("Customers"))
if actor().may(Permission.WORK) and action.button(
    _("New customer"), type="primary", icon=":material/add:", key="new-customer"
):
    forget_problem(NEW)
    open_dialog(_("New customer"), new_customer_form)

query = choose_query()
page = page_of(query)
customers, total = read(list_customers, query, PAGE_SIZE, (page - 1) * PAGE_SIZE)
st.caption(_n("{count} customer", "{count} customers", total))
if number := show_customers(customers, total, query):
    st.switch_page("pages/customer.py", query_params={"customer": number})
