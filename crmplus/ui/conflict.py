"""A conflict (L6): who saved in between, when and what, and the two ways on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from crmplus.domain.errors import Conflict
from crmplus.services.rows import as_values
from crmplus.ui.session import _
from crmplus.ui.text import plain, sentence
from crmplus.ui.words import field_name, value_words

_MINE = "typed in "
Draft = TypeVar("Draft", bound=Any)


def touched(draft: Any, loaded: Any) -> dict[str, Any]:
    """The fields of `draft` that differ from what its form was filled with."""
    return {name: value for name, value in as_values(draft).items() if value != getattr(loaded, name)}


def on_top(draft: Draft, loaded: Any, current: Any) -> Draft:
    """What was typed, on top of what somebody else saved: untouched fields are theirs."""
    mine = touched(draft, loaded)
    theirs = {name: getattr(current, name) for name in as_values(draft) if name not in mine}
    return replace(draft, **theirs)


def keep_typed(form: str, values: dict[str, Any], loaded: Any = None) -> None:
    """Remember what was typed into the form's fields, to be shown beside what was saved.

    `loaded` is what the form was filled with, and so what stands in fields that nobody else changed.
    """
    st.session_state[_MINE + form] = {
        name: (value_words(name, getattr(loaded, name)) if loaded else "", value_words(name, value))
        for name, value in values.items()
    }


def who_of(found: Conflict) -> str:
    """Who saved in between."""
    return found.actor_name or _("the local administrator")


def changes_of(found: Conflict) -> str:
    """What they changed, empty where no field of ours shows it."""
    return ", ".join(
        f"{name}: {value_words(change.field, change.before)} → {value_words(change.field, change.after)}"
        for change in found.changes
        if (name := field_name(change.field))
    )


def change_words(found: Conflict) -> str:
    """Who saved what in between, in one sentence."""
    who, when, changes = who_of(found), found.at_utc, changes_of(found)
    if not changes:
        return sentence(_("{who} changed this on {when}.", who=who, when=when))
    return sentence(_("{who} changed this on {when}: {changes}.", who=who, when=when, changes=changes))


def show_conflict(
    form: str, found: Conflict, on_overwrite: Callable[[], None] | None, on_drop: Callable[[], None]
) -> None:
    """Both values of each field side by side; nothing typed is lost."""
    who = who_of(found)
    with st.container(border=True, key=f"{form}-conflict"):
        st.warning(
            plain(
                sentence(
                    _(
                        "{who} saved this on {when}, while you were working on it. "
                        "Nothing was overwritten, and what you typed is kept.",
                        who=who,
                        when=found.at_utc,
                    )
                )
            ),
            icon=":material/warning:",
        )
        if lines := _lines(form, found, who):
            st.table(_escaped(pd.DataFrame(lines)), hide_index=True, alt=_("What was saved in between"))
        with st.container(horizontal=True):
            if on_overwrite:
                st.button(
                    _("Save mine on top"), key=f"{form}-overwrite", type="primary", on_click=on_overwrite
                )
            st.button(_("Drop mine, show theirs"), key=f"{form}-theirs", on_click=on_drop)


def _lines(form: str, found: Conflict, who: str) -> list[dict[str, str]]:
    """One line a field that they changed or you typed in."""
    mine: dict[str, tuple[str, str]] = st.session_state.get(_MINE + form, {})
    theirs = {
        change.field: (value_words(change.field, change.before), value_words(change.field, change.after))
        for change in found.changes
    }
    return [
        {
            _("Field"): field_name(field),
            _("Before"): theirs[field][0] if field in theirs else mine[field][0],
            _("Saved by {who}", who=who): theirs[field][1] if field in theirs else _("as before"),
            _("Typed by you"): mine[field][1] if field in mine else "",
        }
        for field in theirs | mine
        if field_name(field)
    ]


def _escaped(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.map(lambda text: plain(str(text))).rename(columns=plain)
