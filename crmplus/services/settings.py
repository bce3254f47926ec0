"""What account types, phases, closing reasons and people have in common (A1, A5, P1, C1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Invalid, NotFound, Refused
from crmplus.domain.message import say
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.table import Table

Row = TypeVar("Row", bound=Any)
"""A frozen dataclass with `id`, `version`, `archived_at_utc`."""


def listed(database: Database, actor: Actor, table: Table[Row], *, with_archived: bool = False) -> list[Row]:
    """The rows in use, or all, unordered."""
    actor.require(Permission.VIEW)
    with database.read() as connection:
        found = table.where(connection)
    return [row for row in found if with_archived or row.archived_at_utc is None]


def require_free_code(connection: Connection, table: Table[Row], row: Row) -> None:
    """Raises: Invalid where another row, archived ones included, has this code (A1)."""
    holders = [other for other in table.where(connection, code=row.code) if other.id != row.id]
    if not holders:
        return
    if holders[0].archived_at_utc:
        raise Invalid(
            {"code": say("An archived entry has this code already. Bring that one back, or use another.")}
        )
    raise Invalid({"code": say("This code is in use already. Choose another.")})


def archive(connection: Connection, actor: Actor, at: datetime, table: Table[Row], row: Row) -> Row:
    """Gone from every picker, kept in every report (A5)."""
    return rows.change(
        connection, actor, at, table, row, replace(row, archived_at_utc=at), action=f"{table.name}_archived"
    )


def restore(connection: Connection, actor: Actor, at: datetime, table: Table[Row], row: Row) -> Row:
    return rows.change(
        connection, actor, at, table, row, replace(row, archived_at_utc=None), action=f"{table.name}_restored"
    )


def was_ever_used(connection: Connection, table: Table[Row], row: Row) -> bool:
    """Whether any change of a customer, a lead or another row ever named it (A5)."""
    return bool(connection.value("was_ever_used", entity=table.name, id=str(row.id)))


def require_never_used(connection: Connection, table: Table[Row], row: Row) -> None:
    """Raises: Refused where it was ever used (A5)."""
    if was_ever_used(connection, table, row):
        raise Refused(say("This has been used, so the history needs it. Archive it instead."))


def reorder(
    connection: Connection,
    actor: Actor,
    at: datetime,
    table: Table[Row],
    row: Row,
    siblings: Sequence[Row],
    by: int,
) -> None:
    """Move `row` by `by` places among its `siblings`, which stand in order.

    Raises: NotFound where it is archived, and so none of them.
    """
    place = next((i for i, sibling in enumerate(siblings) if sibling.id == row.id), None)
    if place is None:
        raise NotFound(say("This does not exist any more. Go back to the list."))
    order = [sibling for sibling in siblings if sibling.id != row.id]
    order.insert(max(0, place + by), row)
    for number, sibling in enumerate(order, 1):
        rows.change(connection, actor, at, table, sibling, replace(sibling, order_number=number * 10))
