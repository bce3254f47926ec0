"""Undoing an import: what it made goes, what it changed is as before, unless somebody worked on it since."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Refused
from crmplus.domain.importing import ImportRun
from crmplus.domain.lead import Lead, PhaseRecord, RecordState
from crmplus.domain.message import Message, say
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.derived import derive_leads
from crmplus.store.history import Change, append_lead_version, record_change, states_before
from crmplus.store.table import Table
from crmplus.store.tables import (
    ACCOUNT_TYPE,
    CLOSING_REASON,
    CUSTOMER,
    IMPORT_RUN,
    LEAD,
    PERSON,
    PHASE,
    PHASE_RECORD,
)

_CHANGED_SINCE = say("It was changed after the import, so it stays as it is.")
_REASONS = {
    "changed": _CHANGED_SINCE,
    "has_leads": say("It has leads that stay, so it stays too."),
    "has_open_leads": say("It has open leads, so it stays active and of its account type."),
    "number_taken": say("Another customer has its earlier number by now, so it stays as it is."),
    "archived_phase": say("The phase it stood in is archived by now, so it stays as it is."),
    "closed_customer": say("Its customer can't have an open lead any more, so it stays closed."),
}
_NOT_REMOVED = say("Only an administrator can remove people, so they stay.")
_IN_USE = say("Something that stays uses it, so it stays too.")


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of the import that an undo leaves as it is; `customer_number` is that of its card."""

    entity: str
    name: str
    customer_number: str
    reason: Message


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """How many rows go, how many are as they were before the import, and which stay."""

    removed: int
    restored: int
    kept: tuple[KeptRow, ...]


def list_imports(database: Database, actor: Actor) -> list[ImportRun]:
    """Newest first."""
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight()
    with database.read(actor.sight) as connection:
        return sorted(IMPORT_RUN.where(connection), key=lambda run: run.at_utc, reverse=True)


def undoable_imports(database: Database, actor: Actor) -> frozenset[UUID]:
    """The keys of those of which an undo may take back something, be it for the second time.

    What came after an import keeps its rows; once that is undone too, they can go.
    """
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight()
    with database.read(actor.sight) as connection:
        return frozenset(row["id"] for row in connection.rows("undoable_imports"))


def preview_undo(database: Database, actor: Actor, import_id: UUID) -> UndoPreview:
    """What an undo would do now. Raises: NotPermitted, NotFound."""
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight()
    with database.read(actor.sight) as connection:
        rows.load(connection, IMPORT_RUN, import_id)
        return _planned(connection, import_id)


def undo_import(database: Database, actor: Actor, import_id: UUID, at: datetime) -> UndoPreview:
    """Undo it in one transaction; settings and people it made are removed, unless something uses them.

    Once undone it can be undone again, for the rows that it kept then and need not keep now.
    Raises: NotPermitted, NotFound, Refused where it is undone already and no such row is left.
    """
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight()
    with database.transaction(actor.sight) as connection:
        run = rows.load(connection, IMPORT_RUN, import_id)
        done = _planned(connection, import_id)
        if run.undone_at_utc and not (done.removed or done.restored):
            raise Refused(say("This import is undone already."))
        _restore(connection, actor, at)
        _remove(connection, actor, at)
        kept = _remove_settings(connection, actor, at, import_id)
        IMPORT_RUN.update(connection, replace(run, undone_at_utc=at, version=run.version + 1))
        return replace(done, kept=done.kept + kept)


def _planned(connection: Connection, import_id: UUID) -> UndoPreview:
    """What an undo does, in a table that lasts as long as the connection."""
    connection.rows("plan_undo", import_id=import_id)
    counts = connection.rows("undo_counts")[0]
    kept = tuple(
        KeptRow(row["entity"], row["name"], row["number"], _REASONS[row["reason"]])
        for row in connection.rows("undo_kept")
    )
    return UndoPreview(counts["removed"], counts["restored"], kept)


def _remove(connection: Connection, actor: Actor, at: datetime) -> None:
    """The rows that it made, with one line each in the history, which keeps what they were."""
    who = {"at_utc": at, "actor_id": actor.person_id, "actor_name": actor.name}
    connection.rows("log_undone_leads", **who)
    connection.rows("log_undone_customers", **who)
    for statement in (
        "remove_phase_records",
        "remove_leads",
        "remove_customers",
        "forget_import_keys",
    ):
        connection.rows(statement)
    derive_leads(connection, "touch_removed_leads")


def _restore(connection: Connection, actor: Actor, at: datetime) -> None:
    """The rows that it changed, as they were before."""
    for row in connection.rows("undo_changed"):
        before = json.loads(row["before_json"])
        restore = _restore_customer if row["entity"] == "customer" else _restore_lead
        version = restore(connection, actor, at, row["entity_id"], before)
        connection.rows("forget_fingerprint", entity_id=row["entity_id"])
        connection.rows("unchanged_again", entity_id=row["entity_id"], was=before["version"], version=version)


def _restore_customer(
    connection: Connection, actor: Actor, at: datetime, customer_id: UUID, before: Mapping[str, Any]
) -> int:
    """Returns the version it has then."""
    now = rows.load(connection, CUSTOMER, customer_id)
    said: dict[str, Any] = {
        field.name: before[field.name] for field in fields(Customer) if field.name not in ("id", "version")
    }
    said["account_type_id"] = UUID(before["account_type_id"])
    said["owner_id"] = UUID(before["owner_id"]) if before["owner_id"] else None
    restored = replace(now, **said)
    action = "customer_import_undone"
    return rows.change(connection, actor, at, CUSTOMER, now, restored, customer_id, action).version


def _restore_lead(
    connection: Connection, actor: Actor, at: datetime, lead_id: UUID, before: Mapping[str, Any]
) -> int:
    """As at the version before; the visits that the import added are taken back. Returns as above.

    All that held from the first moment of the import on holds again, so that as-of figures are as before too.
    """
    now = rows.load(connection, LEAD, lead_id)
    *earlier, (restored, restored_from) = (
        (replace(lead, version=number), held_from)
        for number, (lead, held_from) in enumerate(
            states_before(connection, lead_id, before["version"]), now.version + 1
        )
    )
    connection.rows("remove_later_records", lead_id=lead_id, visit_number=restored.visit_number)
    if first := PHASE_RECORD.get(connection, lead_id, 1):
        PHASE_RECORD.update(connection, replace(first, entered_at_utc=restored.opened_at_utc))
    PHASE_RECORD.update(connection, _record_of(restored, before["note"]))
    LEAD.update(connection, restored, from_version=now.version)
    change = Change(
        action="lead_import_undone",
        entity="lead",
        entity_id=lead_id,
        version=restored.version,
        before=rows.as_values(now),
        after=rows.as_values(restored),
        customer_id=now.customer_id,
    )
    for lead, held_from in earlier:
        append_lead_version(connection, lead, held_from)
    record_change(connection, actor, at, change, lead=restored, valid_from=restored_from)
    return restored.version


def _record_of(lead: Lead, note: str) -> PhaseRecord:
    """The record of the visit that a lead is in, or ended in: it holds what the lead holds."""
    return PhaseRecord(
        lead_id=lead.id,
        visit_number=lead.visit_number,
        phase_id=lead.phase_id,
        state=RecordState.CURRENT if lead.is_open else RecordState.CLOSED,
        entered_at_utc=lead.phase_entered_at_utc,
        left_at_utc=lead.closed_at_utc,
        score=lead.score,
        expected_value=lead.expected_value,
        recurring_value=lead.recurring_value,
        expected_close_date=lead.expected_close_date,
        note=note,
        closing_reason_id=lead.closing_reason_id,
    )


_SETTINGS: dict[str, Table[Any]] = {
    table.name: table for table in (PHASE, ACCOUNT_TYPE, CLOSING_REASON, PERSON)
}


def _remove_settings(
    connection: Connection, actor: Actor, at: datetime, import_id: UUID
) -> tuple[KeptRow, ...]:
    """Those that nothing uses any more; the others stay."""
    kept = []
    for made in connection.rows("undo_settings", import_id=import_id):
        table = _SETTINGS[made["entity"]]
        row = table.get(connection, made["entity_id"])
        if row is None or row.archived_at_utc:
            continue
        name = row.name if made["entity"] == "person" else row.description
        if made["entity"] == "person" and not actor.may(Permission.ADMINISTER):
            kept.append(KeptRow(made["entity"], name, "", _NOT_REMOVED))
        elif row.version != made["version"]:
            kept.append(KeptRow(made["entity"], name, "", _CHANGED_SINCE))
        elif connection.value("uses_now", id=row.id):
            kept.append(KeptRow(made["entity"], name, "", _IN_USE))
        else:
            rows.delete(connection, actor, at, table, row)
    return tuple(kept)
