"""The tabs of a card, of which the one that is open stays open when a name changes."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def card_tabs(names: Mapping[str, str], first: str, key: str) -> dict[str, DeltaGenerator]:
    """Tabs by their codes, `first` open at first. Names that differ are other tabs to Streamlit: a count in
    one of them, or another language, would open the first again."""
    state, kept = st.session_state, f"names of {key}"
    before: Mapping[str, str] = state.get(kept, names)
    was_open = next((code for code, name in before.items() if name == state.get(key)), "")
    if was_open in names and before != names:
        state[key] = names[was_open]
    state[kept] = names
    drawn = st.tabs(list(names.values()), default=names[first], key=key, on_change="rerun")
    return dict(zip(names, drawn, strict=True))
