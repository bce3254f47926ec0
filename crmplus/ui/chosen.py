"""What of a page was clicked, kept in the URL: the bar, cell or card whose leads are listed."""

from collections.abc import Callable

import streamlit as st

from crmplus.ui.forms import scroll_to

_PARAMETER = "show"
_CLICKED = "something was clicked"


def chosen() -> str | None:
    """The code of what was clicked last; a link can carry it."""
    return st.query_params.get(_PARAMETER)


def choose(code: str | None) -> None:
    """Keep it in the URL; None lets go."""
    st.session_state[_CLICKED] = True
    if code is None:
        st.query_params.pop(_PARAMETER, None)
    else:
        st.query_params[_PARAMETER] = code


def chart_clicked(key: str) -> Callable[[], None]:
    """For `on_select` of a chart with this key, whose points carry their code as customdata."""

    def keep() -> None:
        points = st.session_state[key].selection.get("points", [])
        code = points[0].get("customdata") if points else None
        choose(code[0] if isinstance(code, list) else code)

    return keep


def scroll_once(selector: str) -> None:
    """Bring what a click asked for into view, once; `selector` is ours."""
    if st.session_state.pop(_CLICKED, False):
        scroll_to(selector)
