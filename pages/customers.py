"""Customers: find one, or make one."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.customers import list_customers
from crmplus.ui.customer_form import new_customer_form
from crmplus.ui.customer_list import PAGE_SIZE, choose_query, page_of, show_customers
from crmplus.ui.forms import forget_problem
from crmplus.ui.session import _, _n, actor, read
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)


@st.dialog(" ", width="large")
def new_customer() -> None:
    st.subheader(_("New customer"), anchor=False)
    new_customer_form()


left, right = st.columns([4, 1], vertical_alignment="bottom")
with left:
    page_title(_("Customers"))
if actor().may(Permission.WORK) and right.button(
    _("New customer"), type="primary", icon=":material/add:", key="new-customer"
):
    forget_problem("customer-new")
    new_customer()

query = choose_query()
page = page_of(query)
customers, total = read(list_customers, query, PAGE_SIZE, (page - 1) * PAGE_SIZE)
st.caption(_n("{count} customer", "{count} customers", total))
if number := show_customers(customers, total, query):
    st.switch_page("pages/customer.py", query_params={"customer": number})
