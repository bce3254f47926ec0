"""A settings page: rows in order, each with what can be done with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.download import download
from crmplus.ui.forms import attempt, finish, forget, forget_problem, open_dialog, show_problem
from crmplus.ui.session import _, actor, database, language, now
from crmplus.ui.setting_form import setting_form
from crmplus.ui.text import plain

_MENU = 1.4
"""The width of the column with the menu, in the unit of the other columns."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One more thing that can be done with a row."""

    label: str
    run: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """One kind of setting: its words, its fields, and the services that change it.

    `name` is what many of them are called.
    `fields` draws the form's fields for a row (None for a new one) and returns the draft.
    `ask_archive` replaces the plain question where archiving needs more of an answer.
    `more` is what else a row in use offers, by name.
    """

    form: str
    name: str
    new_title: str
    edit_title: str
    archive_effect: str
    fields: Callable[[str, Any], Any]
    find: Callable[..., list[Any]]
    add: Callable[..., object]
    change: Callable[..., object]
    archive: Callable[..., object]
    restore: Callable[..., object]
    delete: Callable[..., object]
    reorder: Callable[..., object] | None = None
    ask_archive: Callable[[Any], None] | None = None
    more: Callable[[Any], Mapping[str, Offer]] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as the list shows it: its cells, the description first; None where it has none."""

    row: Any
    cells: tuple[str | int | None, ...]


def open_form(setting: Setting, row: Any = None) -> None:
    """The form of a row, or of a new one, in a dialog."""
    forget(f"{setting.form}-{row.id if row else 'new'}")
    title = setting.edit_title if row else setting.new_title
    open_dialog(
        title, setting_form, setting.form, row, setting.fields, setting.add, setting.change, setting.find
    )


def settings_list(
    setting: Setting, heads: Sequence[str], widths: Sequence[float], entries: Sequence[Entry]
) -> None:
    """The entries in use, then the archived ones folded away; refusals show above."""
    show_problem(setting.form)
    in_use = [entry for entry in entries if not entry.row.archived_at_utc]
    archived = [entry for entry in entries if entry.row.archived_at_utc]
    if not entries:
        return
    with st.container(key="settings-head"):
        for column, head in zip(st.columns([*widths, _MENU]), [*heads, ""], strict=True):
            column.caption(plain(head))
    with st.container(key=f"settings-rows-{setting.form}"):
        for entry in in_use:
            _draw(setting, entry, widths)
    if archived:
        with st.expander(_("Archived ({count})", count=len(archived))):
            for entry in archived:
                _draw(setting, entry, widths)
    _download(setting, heads, entries)


def _download(setting: Setting, heads: Sequence[str], entries: Sequence[Entry]) -> None:
    """The whole list, archived entries with the moment they were archived."""
    cells_below = zip(*(entry.cells for entry in entries), strict=True)
    kinds = [Kind.NUMBER if any(isinstance(c, int) for c in cells) else Kind.TEXT for cells in cells_below]
    columns = [Column(head, head, kind) for head, kind in zip(heads, kinds, strict=True)]
    archived = Column("archived_at_utc", _("Archived"), Kind.MOMENT)
    rows = [
        {**dict(zip(heads, entry.cells, strict=True)), archived.key: entry.row.archived_at_utc}
        for entry in entries
    ]
    download(setting.name, [*columns, archived], lambda: rows, setting.form)


def _draw(setting: Setting, entry: Entry, widths: Sequence[float]) -> None:
    row, offered = entry.row, _offered(setting, entry.row)
    with st.container(border=True, key=f"row-{setting.form}-{row.id}"):
        *cells, last = st.columns([*widths, _MENU], vertical_alignment="center")
        for place, (column, cell) in enumerate(zip(cells, entry.cells, strict=True)):
            text = plain(_cell(cell))
            column.markdown(f"**{text}**" if place == 0 else text)
        chosen = last.menu_button(
            _("Change"),
            list(offered),
            format_func=offered.__getitem__,
            key=f"menu-{setting.form}-{row.id}",
        )
    if chosen:
        _run(setting, row, str(entry.cells[0]), chosen)


def _cell(cell: str | int | None) -> str:
    if cell is None:
        return "–"
    return language().number(cell) if isinstance(cell, int) else cell


def _offered(setting: Setting, row: Any) -> dict[str, str]:
    if row.archived_at_utc:
        return {"restore": _("Bring back")}
    order = {"up": _("Move up"), "down": _("Move down")} if setting.reorder else {}
    more = {name: offer.label for name, offer in setting.more(row).items()} if setting.more else {}
    return {"edit": _("Edit …"), **more, **order, "archive": _("Archive …"), "delete": _("Delete …")}


def _run(setting: Setting, row: Any, name: str, chosen: str) -> None:
    match chosen:
        case "edit":
            open_form(setting, row)
        case "archive" if setting.ask_archive:
            setting.ask_archive(row)
        case "archive":
            verb = _("Archive {description}", description=name)
            _ask(setting, row, verb, setting.archive_effect, setting.archive, _("Archived"))
        case "delete":
            verb = _("Delete {description}", description=name)
            effect = _("It is gone for good. What was ever used can only be archived.")
            _ask(setting, row, verb, effect, setting.delete, _("Deleted"))
        case "restore":
            attempt(setting.form, lambda: _call(setting.restore, row), _("Brought back"))
            st.rerun()
        case "up" | "down" if setting.reorder:
            reorder, by = setting.reorder, -1 if chosen == "up" else 1
            attempt(setting.form, lambda: reorder(database(), actor(), row.id, by, now()))
            st.rerun()
        case _ if setting.more:
            setting.more(row)[chosen].run(row)


def _ask(
    setting: Setting, row: Any, verb: str, effect: str, service: Callable[..., object], done: str
) -> None:
    """Say what will happen before it does; title and button say the verb."""
    forget_problem(f"{setting.form}-confirm")
    open_dialog(verb, _confirm, f"{setting.form}-confirm", row, verb, effect, service, done)


def _confirm(form: str, row: Any, verb: str, effect: str, service: Callable[..., object], done: str) -> None:
    st.write(plain(effect))
    show_problem(form)
    if st.button(plain(verb), type="primary", key=form):
        finish(attempt(form, lambda: _call(service, row), done))


def _call(service: Callable[..., object], row: Any) -> object:
    return service(database(), actor(), row.id, row.version, now())
