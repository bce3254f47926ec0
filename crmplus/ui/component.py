"""Components of our own: a script and a style beside this file, text only ever as text."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent


@cache
def component(name: str) -> ComponentRenderer:
    """The component of `name`.js and `name`.css, registered once a process."""
    script = (_FOLDER / f"{name}.js").read_text(encoding="utf-8")
    style = (_FOLDER / f"{name}.css").read_text(encoding="utf-8")
    return st.components.v2.component(name, html="<div></div>", js=script, css=style)
