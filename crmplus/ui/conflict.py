"""A conflict (L6): who saved in between, when and what, and the two ways on."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from crmplus.domain.errors import Conflict
from crmplus.ui.session import _
from crmplus.ui.text import plain
from crmplus.ui.words import field_name, value_words

_MINE = "typed in "


def keep_typed(form: str, values: dict[str, object]) -> None:
    """Remember what was typed into the form's fields, to be shown beside what was saved."""
    st.session_state[_MINE + form] = values


def show_conflict(form: str, found: Conflict, on_overwrite: Callable[[], None] | None) -> None:
    """Both values of each field side by side; what was typed stays in the form below."""
    mine = st.session_state.get(_MINE + form, {})
    who = found.actor_name or _("the local administrator")
    with st.container(border=True, key=f"{form}-conflict"):
        st.warning(
            plain(
                _(
                    "{who} saved this on {when}, while you were working on it. "
                    "Nothing was overwritten, and what you typed is still below.",
                    who=who,
                    when=found.at_utc,
                )
            ),
            icon=":material/warning:",
        )
        lines = [
            {
                _("Field"): field_name(change.field),
                _("Before"): value_words(change.field, change.before),
                _("Saved by {who}", who=who): value_words(change.field, change.after),
                _("Typed by you"): value_words(change.field, mine[change.field])
                if change.field in mine
                else "",
            }
            for change in found.changes
            if field_name(change.field)
        ]
        if lines:
            st.table(_escaped(pd.DataFrame(lines)), hide_index=True, alt=_("What was saved in between"))
        with st.container(horizontal=True):
            if on_overwrite:
                st.button(
                    _("Save mine on top"),
                    key=f"{form}-overwrite",
                    type="primary",
                    on_click=on_overwrite,
                )
            st.button(_("Drop mine, show theirs"), key=f"{form}-theirs", on_click=_forget, args=(form,))


def _forget(form: str) -> None:
    for key in [k for k in st.session_state if form in str(k)]:
        del st.session_state[key]


def _escaped(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda text: plain(str(text))).rename(columns=plain)
