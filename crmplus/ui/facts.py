"""What is known, to be read only: each fact under its name, as many in a line as there is room for."""

from collections.abc import Mapping
from html import escape

import streamlit as st

_A_LINE = 60
"""Characters above which a text has a line of its own."""


def show_facts(facts: Mapping[str, str], addresses: Mapping[str, str] | None = None) -> None:
    """Facts by their names, as text; those with an address, by the same names, are links to it."""
    shown = "".join(_fact(name, text, (addresses or {}).get(name, "")) for name, text in facts.items())
    st.html(f'<dl class="crm-known">{shown}</dl>')


def _fact(name: str, text: str, address: str) -> str:
    said = f'<a href="{escape(address)}">{escape(text)}</a>' if address else escape(text)
    width = ' class="crm-long"' if len(text) > _A_LINE or "\n" in text else ""
    return f"<div{width}><dt>{escape(name)}</dt><dd>{said}</dd></div>"
