"""What is known, to be read only: each fact under its name, several in a line."""

from collections.abc import Mapping

import streamlit as st

from crmplus.ui.text import plain


def show_facts(facts: Mapping[str, str], in_a_line: int) -> None:
    """Facts by their names, of which none is read as markup; once on a page."""
    entries = list(facts.items())
    with st.container(key="figures-facts"):
        for first in range(0, len(entries), in_a_line):
            columns = st.columns(in_a_line)
            for column, (label, value) in zip(columns, entries[first:], strict=False):
                column.caption(plain(label))
                column.markdown(f"**{plain(value)}**")
