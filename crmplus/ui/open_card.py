"""The way to a customer card with the lead that is meant on it, which its address names, and the way from one
out of sight."""

from collections.abc import Collection
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import NotFound
from crmplus.services.customers import get_customer
from crmplus.ui.forms import notify
from crmplus.ui.session import _, actor, database

LEAD = "lead"
"""What the address of a card calls the lead that is shown."""


def open_card(number: str, customer_id: UUID | None = None, lead_id: UUID | None = None) -> None:
    """Leave this page for the card; with `lead_id`, its Overview shows that lead."""
    query = {"customer": number}
    if customer_id and lead_id:
        query[LEAD] = str(lead_id)
        st.session_state[f"tab-{customer_id}"] = _("Overview")
    st.switch_page("pages/customer.py", query_params=query)


def shown_lead(customer_id: UUID, lead_ids: Collection[UUID]) -> UUID | None:
    """Which of a customer's leads its card shows: the one of the address, else the one it showed last, which
    stays where it is closed, else the first."""
    asked = st.query_params.get(LEAD)
    named = next((lead_id for lead_id in lead_ids if str(lead_id) == asked), None)
    kept: UUID | None = named or st.session_state.get(_shown_key(customer_id))
    shown = kept if kept in lead_ids else next(iter(lead_ids), None)
    st.session_state[_shown_key(customer_id)] = shown
    return shown


def show_lead(customer_id: UUID, lead_id: UUID) -> None:
    """Have the card that is open show another lead."""
    st.session_state[_shown_key(customer_id)] = lead_id
    st.query_params[LEAD] = str(lead_id)


def leave_if_unseen(number: str) -> None:
    """A customer who was handed to somebody out of sight, or whose last seen lead was, has no card to
    show: that is said on the list."""
    try:
        get_customer(database(), actor(), number)
    except NotFound:
        notify(_("Saved, and out of your sight now"))
        st.switch_page("pages/customers.py")


def _shown_key(customer_id: UUID) -> str:
    return f"lead of {customer_id}"
