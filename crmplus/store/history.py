"""What happened: every change, appended to `change_log` and, for leads, to `lead_version` (L7)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from crmplus.domain.actor import Actor
from crmplus.domain.lead import Lead
from crmplus.store.connection import Connection
from crmplus.store.identity import new_id

_LEAD_COLUMNS = [field.name for field in fields(Lead) if field.name not in ("id", "version")]
UNLOGGED = frozenset(
    {"version", "visit_number", "search_text", "title_key", "name_key", "email_key", "phone_key"}
)
"""Columns that the change log leaves out, as they follow from the others."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row: the state before (None when made) and after (None when deleted)."""

    action: str
    entity: str
    entity_id: UUID
    version: int
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """One line of the change log; values are text, numbers, booleans or None, as JSON keeps them."""

    id: UUID
    at_utc: datetime
    actor_id: UUID | None
    actor_name: str
    action: str
    entity: str
    entity_id: UUID
    version: int
    before: dict[str, Any]
    after: dict[str, Any]


def record_change(
    connection: Connection,
    actor: Actor,
    at: datetime,
    change: Change,
    lead: Lead | None = None,
    valid_from: datetime | None = None,
) -> None:
    """Append the change and, where it is one of a lead, the lead's whole state after it.

    `valid_from` is when that state came to hold, where that was not `at`: an import tells of the past.
    """
    before, after = dict(change.before or {}), dict(change.after or {})
    differing = [
        name for name in before | after if name not in UNLOGGED and before.get(name) != after.get(name)
    ]
    row = {
        "id": new_id(),
        "at_utc": at,
        "actor_id": actor.person_id,
        "actor_name": actor.name,
        "action": change.action,
        "entity": change.entity,
        "entity_id": change.entity_id,
        "customer_id": change.customer_id,
        "version": change.version,
        "before_json": _json({name: before.get(name) for name in differing} if before else {}),
        "after_json": _json({name: after.get(name) for name in differing} if after else {}),
    }
    connection.append("change_log", row, [tuple(row.values())])
    if lead:
        append_lead_version(connection, lead, valid_from or at)


def append_lead_version(connection: Connection, lead: Lead, valid_from: datetime) -> None:
    """Append the lead's whole state, which holds from `valid_from` on."""
    connection.touched_leads.add(lead.id)
    connection.append(
        "lead_version",
        ["lead_id", "version", "valid_from_utc", *_LEAD_COLUMNS],
        [(lead.id, lead.version, valid_from, *(getattr(lead, name) for name in _LEAD_COLUMNS))],
    )


def states_before(connection: Connection, lead_id: UUID, version: int) -> list[tuple[Lead, datetime]]:
    """What held of a lead, up to this version, since the first later one began: oldest first, with from when.

    Appended again, they take back all the later ones, of which there must be one.
    """
    return [
        (
            Lead(id=lead_id, version=row["version"], **{name: row[name] for name in _LEAD_COLUMNS}),
            row["holds_from_utc"],
        )
        for row in connection.rows("states_before", lead_id=lead_id, version=version)
    ]


def changes_since(connection: Connection, entity_id: UUID, version: int) -> list[LoggedChange]:
    """What happened to a row after `version`, oldest first."""
    return _logged(connection.rows("changes_since", entity_id=entity_id, version=version))


def changes_of_customer(
    connection: Connection, customer_id: UUID, limit: int, offset: int
) -> list[LoggedChange]:
    """What happened to a customer and its leads, newest first."""
    return _logged(
        connection.rows("changes_of_customer", customer_id=customer_id, limit=limit, offset=offset)
    )


def _logged(rows: list[dict[str, Any]]) -> list[LoggedChange]:
    return [
        LoggedChange(
            **{name: value for name, value in row.items() if not name.endswith("_json")},
            before=json.loads(row["before_json"]),
            after=json.loads(row["after_json"]),
        )
        for row in rows
    ]


def _json(values: Mapping[str, object]) -> str:
    return json.dumps(values, default=_text, ensure_ascii=False)


def _text(value: object) -> str:
    """Dates and times in ISO 8601, amounts and keys as they print."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
