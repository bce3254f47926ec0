"""The audit: who did what and when, changes and events at the door in one list that nothing edits."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.audit import AuditAction, AuditLine
from crmplus.domain.customer import search_key
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which lines to list; None and empty choose all. Times from `from_utc` up to, and without, `before_utc`.

    `search` is looked for in who did it, what it was about, from where, and in what changed.
    """

    search: str = ""
    actor_id: UUID | None = None
    only_door: bool = False
    from_utc: datetime | None = None
    before_utc: datetime | None = None


def record_event(
    connection: Connection,
    at: datetime,
    action: AuditAction,
    actor_id: UUID | None,
    actor_name: str,
    subject_id: UUID | None = None,
    subject: str = "",
    address: str = "",
    **detail: object,
) -> None:
    """Append an event to the audit, in the transaction that it happens in."""
    row = {
        "id": new_id(),
        "at_utc": at,
        "action": action,
        "actor_id": actor_id,
        "actor_name": actor_name,
        "subject_id": subject_id,
        "subject": subject,
        "address": address,
        "detail": json.dumps(detail, default=str, ensure_ascii=False),
    }
    connection.append("audit_event", row, [tuple(row.values())])


def record(database: Database, actor: Actor, action: AuditAction, at: datetime, subject: str = "") -> None:
    """Append an event of its own, such as a file that was taken along; no page is drawn anew for it."""
    with database.quiet_transaction() as connection:
        record_event(connection, at, action, actor.person_id, actor.name, subject=subject)


def list_audit(
    database: Database, actor: Actor, query: AuditQuery, limit: int, offset: int = 0
) -> tuple[list[AuditLine], int]:
    """One page of what happened, newest first, and how many lines there are. Raises: NotPermitted."""
    actor.require(Permission.ADMINISTER)
    actor.require_whole_sight()
    chosen = {
        "search": search_key(query.search.strip()),
        "actor_id": query.actor_id,
        "only_door": query.only_door,
        "from_utc": query.from_utc,
        "before_utc": query.before_utc,
    }
    with database.read(actor.sight) as connection:
        total = connection.value("audit_count", **chosen)
        found = connection.rows("audit_lines", **chosen, limit=limit, offset=offset)
    return [_line(row) for row in found], total


def _line(row: dict[str, Any]) -> AuditLine:
    before, after = row.pop("before_json"), row.pop("after_json")
    return AuditLine(
        **row,
        before=None if before is None else json.loads(before),
        after=json.loads(after),
    )
