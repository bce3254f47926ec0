"""The bar on top of every page: search, quick add, and what was just added."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.ui.just_done import show_just_done
from crmplus.ui.next_step_form import is_asked
from crmplus.ui.quick_add import ask_quick_add, show_just_added
from crmplus.ui.search import ask_search
from crmplus.ui.session import _, actor

SEARCH_KEYS = "Ctrl+K"
QUICK_ADD_KEYS = "Alt+N"
"""Both with a modifier: they work while one types elsewhere, and nothing typed can be taken for them."""


def top_bar() -> None:
    """Two buttons in the strip that the page leaves empty, the second for those who may change anything."""
    with st.container(horizontal=True, key="top-bar"):
        if st.button(_("Search"), icon=":material/search:", key="open-search", shortcut=SEARCH_KEYS):
            ask_search()
        if actor().may(Permission.WORK) and st.button(
            _("Quick add"), icon=":material/bolt:", key="open-quick-add", shortcut=QUICK_ADD_KEYS
        ):
            ask_quick_add()
    show_just_added()
    if not is_asked():
        show_just_done()
