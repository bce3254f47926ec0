"""Leads: the open ones, as a board with a column for each phase or as a list edited in place."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.ui.board import show_board
from crmplus.ui.lead_filters import BOARD, choose_query, choose_view
from crmplus.ui.lead_list import show_list
from crmplus.ui.live import keep_live
from crmplus.ui.pickers import funnel_types
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, actor
from crmplus.ui.shell import guard, page_title, part

guard(Permission.VIEW)


@part
def leads() -> None:
    action = page_title(_("Leads"))
    if not any(t.uses_phases and not t.archived_at_utc for t in funnel_types()):
        st.info(_("No account type has a funnel yet."), icon=":material/view_kanban:")
        if actor().may(Permission.CONFIGURE):
            st.page_link("pages/account_types.py", label=_("To the account types"))
        return
    keep_live()
    saved_views("leads", action)
    with action:
        view = choose_view()
    query = choose_query(view)
    if view == BOARD:
        show_board(query)
    else:
        show_list(query)


leads()
