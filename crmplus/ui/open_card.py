"""The way to a customer card, with the lead that is meant on it, and the way from one out of sight."""

from uuid import UUID

import streamlit as st

from crmplus.domain.errors import NotFound
from crmplus.services.customers import get_customer
from crmplus.ui.forms import notify
from crmplus.ui.lead_form import chosen_lead_key
from crmplus.ui.session import _, actor, database


def open_card(number: str, customer_id: UUID | None = None, lead_id: UUID | None = None) -> None:
    """Leave this page for the card; with `lead_id`, its Overview shows that lead."""
    if customer_id and lead_id:
        st.session_state[chosen_lead_key(customer_id)] = lead_id
        st.session_state[f"tab-{customer_id}"] = _("Overview")
    st.switch_page("pages/customer.py", query_params={"customer": number})


def leave_if_unseen(number: str) -> None:
    """A customer who was handed to somebody out of sight, or whose last seen lead was, has no card to
    show: that is said on the list."""
    try:
        get_customer(database(), actor(), number)
    except NotFound:
        notify(_("Saved, and out of your sight now"))
        st.switch_page("pages/customers.py")
