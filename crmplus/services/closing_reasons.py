"""Closing reasons: what a manager does with them (rules C1 and C2)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.closing_reason import ClosingReason, ClosingReasonDraft
from crmplus.services import rows, settings
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import CLOSING_REASON


def list_closing_reasons(
    database: Database, actor: Actor, *, with_archived: bool = False
) -> list[ClosingReason]:
    """By order number, then code."""
    found = settings.listed(database, actor, CLOSING_REASON, with_archived=with_archived)
    return sorted(found, key=lambda r: (r.order_number, r.code))


def add_closing_reason(
    database: Database, actor: Actor, draft: ClosingReasonDraft, at: datetime, new: UUID | None = None
) -> ClosingReason:
    """Raises: NotPermitted, Invalid."""
    actor.require(Permission.CONFIGURE)
    clean = draft.checked()
    with database.transaction() as connection:
        row = ClosingReason(new or new_id(), **rows.as_values(clean), archived_at_utc=None, version=1)
        if made := CLOSING_REASON.get(connection, row.id):
            return made
        settings.require_free_code(connection, CLOSING_REASON, row)
        return rows.make(connection, actor, at, CLOSING_REASON, row)


def change_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, draft: ClosingReasonDraft, at: datetime
) -> ClosingReason:
    """Leads closed with it follow its outcome. Raises: NotPermitted, Invalid, Conflict."""
    actor.require(Permission.CONFIGURE)
    clean = draft.checked()
    with database.transaction() as connection:
        before = rows.load(connection, CLOSING_REASON, reason_id, version)
        after = replace(before, **rows.as_values(clean))
        settings.require_free_code(connection, CLOSING_REASON, after)
        return rows.change(connection, actor, at, CLOSING_REASON, before, after)


def archive_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, at: datetime
) -> ClosingReason:
    """Raises: NotPermitted, Conflict."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        row = rows.load(connection, CLOSING_REASON, reason_id, version)
        return settings.archive(connection, actor, at, CLOSING_REASON, row)


def restore_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, at: datetime
) -> ClosingReason:
    """Raises: NotPermitted, Conflict."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        row = rows.load(connection, CLOSING_REASON, reason_id, version)
        return settings.restore(connection, actor, at, CLOSING_REASON, row)


def delete_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, at: datetime
) -> None:
    """Raises: NotPermitted, Conflict, Refused where a lead was ever closed with it (A5, C2)."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        row = rows.load(connection, CLOSING_REASON, reason_id, version)
        settings.require_never_used(connection, CLOSING_REASON, row)
        rows.delete(connection, actor, at, CLOSING_REASON, row)


def reorder_closing_reason(database: Database, actor: Actor, reason_id: UUID, by: int, at: datetime) -> None:
    """Move it `by` places, up being negative. Raises: NotPermitted, NotFound."""
    actor.require(Permission.CONFIGURE)
    with database.transaction() as connection:
        row = rows.load(connection, CLOSING_REASON, reason_id)
        siblings = list_closing_reasons(database, actor)
        settings.reorder(connection, actor, at, CLOSING_REASON, row, siblings, by)


def count_closed_with(database: Database, actor: Actor, reason_id: UUID) -> int:
    """How many leads are closed with it now."""
    actor.require(Permission.VIEW)
    with database.read() as connection:
        return int(connection.value("closed_with_reason", closing_reason_id=reason_id))
