"""Lists of settings: rows in order, each with what can be done with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from crmplus.ui.forms import attempt, finish, forget_problem, open_dialog, show_problem
from crmplus.ui.session import _
from crmplus.ui.text import plain

_MENU = 1.4
"""The width of the column with the menu, in the unit of the other columns."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting as the list shows it: its cells, and whether it is archived."""

    row: Any
    cells: tuple[str, ...]
    is_archived: bool


@dataclass(frozen=True, slots=True)
class Actions:
    """What a list offers on each of its rows; each opens a dialog or runs at once."""

    edit: Callable[[Any], None]
    archive: Callable[[Any], None]
    restore: Callable[[Any], object]
    delete: Callable[[Any], object]
    reorder: Callable[[Any, int], object] | None = None


def settings_list(
    form: str, heads: Sequence[str], widths: Sequence[float], entries: Sequence[Entry], actions: Actions
) -> None:
    """The entries in use, then the archived ones folded away; refusals show above."""
    show_problem(form)
    in_use = [entry for entry in entries if not entry.is_archived]
    archived = [entry for entry in entries if entry.is_archived]
    _head(heads, widths)
    with st.container(key=f"settings-rows-{form}"):
        for entry in in_use:
            _row(form, entry, widths, actions)
    if archived:
        with st.expander(_("Archived ({count})", count=len(archived))):
            for entry in archived:
                _row(form, entry, widths, actions)


def ask(form: str, verb: str, explanation: str, action: Callable[[], object], done: str) -> None:
    """Say what will happen before it does; title and button say the verb."""
    forget_problem(f"{form}-confirm")
    open_dialog(verb, _confirm, form, verb, explanation, action, done)


def _confirm(form: str, verb: str, explanation: str, action: Callable[[], object], done: str) -> None:
    st.write(plain(explanation))
    show_problem(f"{form}-confirm")
    if st.button(plain(verb), type="primary", key=f"{form}-confirm"):
        finish(attempt(f"{form}-confirm", action, done))


def _head(heads: Sequence[str], widths: Sequence[float]) -> None:
    with st.container(key="settings-head"):
        for column, head in zip(st.columns([*widths, _MENU]), [*heads, ""], strict=True):
            column.caption(plain(head))


def _row(form: str, entry: Entry, widths: Sequence[float], actions: Actions) -> None:
    key = f"{form}-{entry.row.id}"
    with st.container(border=True, key=f"row-{key}"):
        *cells, last = st.columns([*widths, _MENU], vertical_alignment="center")
        for place, (column, text) in enumerate(zip(cells, entry.cells, strict=True)):
            column.markdown(f"**{plain(text)}**" if place == 0 else plain(text))
        offered = _offered(entry, actions)
        chosen = last.menu_button(
            _("Change"), list(offered), format_func=offered.__getitem__, key=f"menu-{key}"
        )
    _run(form, entry.row, chosen, actions)


def _offered(entry: Entry, actions: Actions) -> Mapping[str, str]:
    if entry.is_archived:
        return {"restore": _("Bring back")}
    order = {"up": _("Move up"), "down": _("Move down")} if actions.reorder else {}
    return {"edit": _("Edit …"), **order, "archive": _("Archive …"), "delete": _("Delete …")}


def _run(form: str, row: Any, chosen: str | None, actions: Actions) -> None:
    match chosen:
        case "edit":
            actions.edit(row)
        case "archive":
            actions.archive(row)
        case "delete":
            ask(
                form,
                _("Delete {description}", description=_description(row)),
                _("It is gone for good. What was ever used can only be archived."),
                lambda: actions.delete(row),
                _("Deleted"),
            )
        case "restore":
            attempt(form, lambda: actions.restore(row), _("Brought back"))
            st.rerun()
        case "up" | "down" if actions.reorder:
            reorder = actions.reorder
            attempt(form, lambda: reorder(row, -1 if chosen == "up" else 1))
            st.rerun()


def _description(row: Any) -> str:
    return str(getattr(row, "description", None) or row.name)
