"""Notes on a lead: add one, read those there are, newest first."""

from functools import partial
from uuid import UUID

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.errors import Conflict
from crmplus.domain.lead import LONGEST_NOTE
from crmplus.domain.note import Note
from crmplus.services.notes import add_note, change_note, list_notes, remove_note
from crmplus.ui.conflict import keep_typed
from crmplus.ui.forms import (
    attempt,
    close_dialog,
    field_problem,
    finish,
    forget,
    form_id,
    open_dialog,
    problem,
    show_problem,
)
from crmplus.ui.next_step_form import ask_later
from crmplus.ui.removing import ask_to_remove
from crmplus.ui.session import _, actor, database, language, now, read
from crmplus.ui.text import plain
from crmplus.ui.words import owner_name

LISTED = 20
"""How many notes are shown until all are asked for."""

FOLDED = 600
"""How many characters of a note are shown until all of it is asked for."""


def lead_notes(lead_id: UUID) -> None:
    """What was written down about a lead; of a closed one too."""
    st.subheader(_("Notes"), anchor=False)
    if actor().may(Permission.WORK):
        _new_note(lead_id)
    notes = read(list_notes, lead_id)
    if not notes:
        st.caption(_("No note yet. What you learn about this lead stays here, with who wrote it and when."))
    shows_all = f"all notes of {lead_id}"
    for note in notes if shows_all in st.session_state else notes[:LISTED]:
        _show(note)
    if len(notes) > LISTED and shows_all not in st.session_state:
        label = plain(_("Show all notes ({count})", count=len(notes)))
        st.button(label, key=f"notes-all-{lead_id}", type="tertiary", on_click=_remember, args=(shows_all,))


def _new_note(lead_id: UUID) -> None:
    """The field is another one after each note, so that a second click finds its form used up."""
    turn = st.session_state.setdefault(f"turn of notes of {lead_id}", 0)
    form = f"note-{lead_id}-{turn}"
    show_problem(form)
    st.text_area(_("New note"), key=f"{form}-text", height=90, max_chars=LONGEST_NOTE, persist_state="page")
    field_problem(form, "text")
    st.button(
        _("Add note"), icon=":material/note_add:", key=f"{form}-add", on_click=_add, args=(lead_id, turn)
    )


def _add(lead_id: UUID, turn: int) -> None:
    form = f"note-{lead_id}-{turn}"
    if st.session_state[f"turn of notes of {lead_id}"] != turn:
        return
    text = st.session_state[f"{form}-text"]
    if attempt(
        form, lambda: add_note(database(), actor(), lead_id, text, now(), form_id(form)), _("Note added")
    ):
        st.session_state[f"turn of notes of {lead_id}"] = turn + 1


def _show(note: Note) -> None:
    with st.container(border=True, key=f"noted-{note.id}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"noted-head-{note.id}"):
            who = owner_name(note.author_id) if note.author_id else _("the local administrator")
            st.caption(plain(f"{who} · {language().date_and_time(note.written_at_utc)}"), width="stretch")
            _menu(note)
        if len(note.text) <= FOLDED:
            st.text(note.text)
            return
        st.text(f"{note.text[:FOLDED].rstrip()} …")
        with st.expander(_("Show all"), type="compact"):
            st.text(note.text)


def _menu(note: Note) -> None:
    if not actor().may(Permission.WORK):
        return
    labels = {"change": _("Change …"), "remove": _("Remove …")}
    key = f"more-note-{note.id}"
    st.menu_button(
        _("More"),
        list(labels),
        format_func=labels.__getitem__,
        key=key,
        type="tertiary",
        icon=":material/more_horiz:",
        on_click=_from_menu,
        args=(key, note),
    )


def _from_menu(key: str, note: Note) -> None:
    form = f"note-{note.id}"
    forget(form)
    if st.session_state[key] == "change":
        st.session_state[f"{form}-text"] = note.text
        ask_later(partial(open_dialog, _("Change note"), _change, note))
    else:
        effect = _("It is gone from the lead. The history keeps it.")
        ask_later(partial(ask_to_remove, f"{form}-remove", note, _("note"), effect, remove_note))


def _change(note: Note) -> None:
    form = f"note-{note.id}"

    def save(version: int) -> bool:
        text = st.session_state[f"{form}-text"]
        keep_typed(form, {"text": text})
        return attempt(
            form, lambda: change_note(database(), actor(), note.id, version, text, now()), _("Saved")
        )

    def overwrite() -> None:
        found = problem(form)
        if isinstance(found, Conflict) and save(found.version):
            close_dialog()

    show_problem(form, on_overwrite=overwrite, on_drop=close_dialog)
    st.text_area(_("Note"), key=f"{form}-text", height=220, max_chars=LONGEST_NOTE)
    field_problem(form, "text")
    if not isinstance(problem(form), Conflict) and st.button(_("Save"), type="primary", key=f"{form}-save"):
        finish(save(note.version))


def _remember(key: str) -> None:
    st.session_state[key] = True
