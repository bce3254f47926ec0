"""Closing reasons: what a manager does with them (rules C1 and C2)."""

from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.closing_reason import ClosingReason, ClosingReasonDraft
from crmplus.services.settings import Kind, require_free_code
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import CLOSING_REASON


def list_closing_reasons(
    database: Database, actor: Actor, *, with_archived: bool = False
) -> list[ClosingReason]:
    """By order number, then code."""
    found = _KIND.listed(database, actor, with_archived=with_archived)
    return sorted(found, key=lambda r: (r.order_number, r.code))


def add_closing_reason(
    database: Database, actor: Actor, draft: ClosingReasonDraft, at: datetime, new: UUID | None = None
) -> ClosingReason:
    """Raises: NotPermitted, Invalid."""
    return _KIND.add(database, actor, draft, at, new)


def change_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, draft: ClosingReasonDraft, at: datetime
) -> ClosingReason:
    """Leads closed with it follow its outcome. Raises: NotPermitted, Invalid, Conflict."""
    return _KIND.change(database, actor, reason_id, version, draft, at)


def archive_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, at: datetime
) -> ClosingReason:
    """Raises: NotPermitted, Conflict."""
    return _KIND.archive(database, actor, reason_id, version, at)


def restore_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, at: datetime
) -> ClosingReason:
    """Raises: NotPermitted, Conflict."""
    return _KIND.restore(database, actor, reason_id, version, at)


def delete_closing_reason(
    database: Database, actor: Actor, reason_id: UUID, version: int, at: datetime
) -> None:
    """Raises: NotPermitted, Conflict, Refused where a lead was ever closed with it (A5, C2)."""
    _KIND.delete(database, actor, reason_id, version, at)


def reorder_closing_reason(database: Database, actor: Actor, reason_id: UUID, by: int, at: datetime) -> None:
    """Move it `by` places, up being negative. Raises: NotPermitted, NotFound."""
    with database.transaction(actor.sight):
        _KIND.reorder(database, actor, reason_id, by, at, list_closing_reasons(database, actor))


def count_closed_with(database: Database, actor: Actor, reason_id: UUID) -> int:
    """How many leads in sight are closed with it now."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        return int(connection.value("closed_with_reason", closing_reason_id=reason_id))


def _require_allowed(connection: Connection, before: ClosingReason | None, after: ClosingReason) -> None:
    require_free_code(connection, CLOSING_REASON, after)


_KIND = Kind(CLOSING_REASON, ClosingReason, Permission.CONFIGURE, _require_allowed)
