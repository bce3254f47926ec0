"""Making, changing and deleting versioned rows, with their history in the same transaction."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from crmplus.domain.actor import Actor
from crmplus.domain.errors import Conflict, FieldChange, NotFound
from crmplus.domain.message import say
from crmplus.store.connection import Connection
from crmplus.store.history import Change, changes_since, record_change
from crmplus.store.sight import sees
from crmplus.store.table import Table

Row = TypeVar("Row", bound=Any)
"""A frozen dataclass with `id` and `version`."""


def load(connection: Connection, table: Table[Row], row_id: UUID, version: int | None = None) -> Row:
    """The row, as it was when its editor read it where `version` says so.

    Raises: NotFound, also for what lies out of sight; Conflict (L6) where somebody saved since.
    """
    row = table.get(connection, row_id)
    if row is None or not sees(connection, row):
        raise NotFound(say("This does not exist any more. Go back to the list."))
    if version is not None and row.version != version:
        raise conflict(connection, row_id, version, row.version)
    return row


def made_before(connection: Connection, table: Table[Row], new: UUID | None) -> Row | None:
    """What a form made with its key in an earlier click, None where there is nothing yet.

    Raises: NotFound where the key is that of something out of sight.
    """
    if new is None or table.get(connection, new) is None:
        return None
    return load(connection, table, new)


def conflict(connection: Connection, row_id: UUID, version: int, newest: int) -> Conflict:
    """Who changed the row since `version`, when, and what, as one change for each field."""
    logged = changes_since(connection, row_id, version)
    if not logged:
        raise NotFound(say("This form belongs to a version that never was. Open it again."))
    folded: dict[str, FieldChange] = {}
    for change in logged:
        for field in change.before | change.after:
            first = folded[field].before if field in folded else change.before.get(field)
            folded[field] = FieldChange(field, first, change.after.get(field))
    last = logged[-1]
    actor_name = last.actor_name if last.actor_id else None
    return Conflict(actor_name, last.at_utc, tuple(folded.values()), newest)


def make(
    connection: Connection,
    actor: Actor,
    at: datetime,
    table: Table[Row],
    row: Row,
    customer_id: UUID | None = None,
) -> Row:
    table.insert(connection, row)
    _log(connection, actor, at, table, f"{table.name}_made", None, row, customer_id)
    return row


def change(
    connection: Connection,
    actor: Actor,
    at: datetime,
    table: Table[Row],
    before: Row,
    after: Row,
    customer_id: UUID | None = None,
    action: str | None = None,
) -> Row:
    """Write `after` over `before` as the next version; without a difference, nothing happens."""
    if after == before:
        return before
    after = replace(after, version=before.version + 1)
    if not table.update(connection, after, from_version=before.version):
        raise conflict(connection, before.id, before.version, before.version)
    _log(connection, actor, at, table, action or f"{table.name}_changed", before, after, customer_id)
    return after


def delete(
    connection: Connection,
    actor: Actor,
    at: datetime,
    table: Table[Row],
    row: Row,
    customer_id: UUID | None = None,
) -> None:
    table.delete(connection, row)
    _log(connection, actor, at, table, f"{table.name}_deleted", row, None, customer_id)


def as_values(row: Any) -> dict[str, Any]:
    """A dataclass as field name to value, one level deep."""
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _log(
    connection: Connection,
    actor: Actor,
    at: datetime,
    table: Table[Row],
    action: str,
    before: Row | None,
    after: Row | None,
    customer_id: UUID | None,
) -> None:
    row: Any = after or before
    logged = Change(
        action=action,
        entity=table.name,
        entity_id=row.id,
        version=row.version if after else row.version + 1,
        before=as_values(before) if before else None,
        after=as_values(after) if after else None,
        customer_id=customer_id,
    )
    record_change(connection, actor, at, logged)
