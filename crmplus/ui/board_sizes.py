"""How many cards a column of the board draws: a page, and one more for each "Show more"."""

from uuid import UUID

import streamlit as st

from crmplus.services.open_leads import LeadQuery

PAGE = 25
_SIZES = "cards drawn"


def sizes_for(query: LeadQuery) -> dict[UUID, int]:
    """Cards to draw by phase, where there are more than a page; other filters begin with a page again."""
    kept = st.session_state.get(_SIZES)
    if kept is None or kept[0] != query:
        st.session_state[_SIZES] = kept = (query, {})
    sizes: dict[UUID, int] = kept[1]
    return sizes


def show_more(phase_id: UUID) -> None:
    """Another page of one column."""
    if _SIZES in st.session_state:
        sizes = st.session_state[_SIZES][1]
        sizes[phase_id] = sizes.get(phase_id, PAGE) + PAGE
