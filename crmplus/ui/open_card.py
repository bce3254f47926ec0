"""The way to a customer card, with the lead that is meant on it."""

from uuid import UUID

import streamlit as st

from crmplus.ui.lead_form import chosen_lead_key
from crmplus.ui.session import _


def open_card(number: str, customer_id: UUID | None = None, lead_id: UUID | None = None) -> None:
    """Leave this page for the card; with `lead_id`, its Overview shows that lead."""
    if customer_id and lead_id:
        st.session_state[chosen_lead_key(customer_id)] = lead_id
        st.session_state[f"tab-{customer_id}"] = _("Overview")
    st.switch_page("pages/customer.py", query_params={"customer": number})
