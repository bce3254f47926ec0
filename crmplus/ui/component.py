"""Components of our own: a script and a style beside this file, text only ever as text."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent


@cache
def component(name: str, *parts: str) -> ComponentRenderer:
    """The component of `name`.js and `name`.css, registered once a process.

    `parts` are further scripts, read as if they stood at the end of the first.
    """
    script = "\n".join((_FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in (name, *parts))
    style = (_FOLDER / f"{name}.css").read_text(encoding="utf-8")
    return st.components.v2.component(name, html="<div></div>", js=script, css=style)
