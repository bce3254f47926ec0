"""The board: a column for each phase, a card for each open lead."""

import streamlit as st

from crmplus.services.open_leads import LeadQuery, list_leads_by_phase
from crmplus.ui.session import read


def show_board(query: LeadQuery) -> None:
    found = read(list_leads_by_phase, query, 50)
    st.write(sum(len(leads) for leads in found.values()))
