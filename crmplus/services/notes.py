"""Notes on leads."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.note import Note, checked_note
from crmplus.services import rows
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import LEAD, NOTE


def list_notes(database: Database, actor: Actor, lead_id: UUID) -> list[Note]:
    """Those of a lead, newest first."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = NOTE.where(connection, lead_id=lead_id)
    return sorted(found, key=lambda note: (note.written_at_utc, note.id), reverse=True)


def add_note(
    database: Database, actor: Actor, lead_id: UUID, text: str, at: datetime, new: UUID | None = None
) -> Note:
    """On a closed lead too: something may be learned afterwards.

    `new` is the key the form chose when it opened: adding it twice adds it once.
    Raises: NotPermitted, NotFound, Invalid.
    """
    actor.require(Permission.WORK)
    clean = checked_note(text)
    with database.transaction(actor.sight) as connection:
        if made := rows.made_before(connection, NOTE, new):
            return made
        lead = rows.load(connection, LEAD, lead_id)
        note = Note(new or new_id(), lead_id, actor.person_id, at, clean, version=1)
        return rows.make(connection, actor, at, NOTE, note, customer_id=lead.customer_id)


def change_note(
    database: Database, actor: Actor, note_id: UUID, version: int, text: str, at: datetime
) -> Note:
    """Raises: NotPermitted, NotFound, Invalid, Conflict."""
    actor.require(Permission.WORK)
    clean = checked_note(text)
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, NOTE, note_id, version)
        lead = rows.load(connection, LEAD, before.lead_id)
        after = replace(before, text=clean)
        return rows.change(connection, actor, at, NOTE, before, after, lead.customer_id)


def remove_note(database: Database, actor: Actor, note_id: UUID, version: int, at: datetime) -> None:
    """It stays in the history. Raises: NotPermitted, NotFound, Conflict."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        note = rows.load(connection, NOTE, note_id, version)
        lead = rows.load(connection, LEAD, note.lead_id)
        rows.delete(connection, actor, at, NOTE, note, lead.customer_id)
