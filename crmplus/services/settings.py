"""What account types, phases, closing reasons and people have in common (A1, A5, P1, C1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Invalid, NotFound, Refused
from crmplus.domain.message import say
from crmplus.domain.sight import EVERYTHING
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.table import Table

Row = TypeVar("Row", bound=Any)
"""A frozen dataclass with `id`, `version`, `archived_at_utc`."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """One kind of setting: its table, who may change it, and the rules of its rows.

    `require_allowed` takes a row before (None for a new one) and after a change, archiving and
    bringing back included, and raises where a rule forbids it.
    """

    table: Table[Row]
    row_type: type[Row]
    permission: Permission
    require_allowed: Callable[[Connection, Row | None, Row], None]

    def listed(self, database: Database, actor: Actor, *, with_archived: bool = False) -> list[Row]:
        """The rows in use, or all, unordered. Raises: NotPermitted."""
        actor.require(Permission.VIEW)
        with database.read(EVERYTHING) as connection:
            found = self.table.where(connection)
        return [row for row in found if with_archived or row.archived_at_utc is None]

    def add(self, database: Database, actor: Actor, draft: Any, at: datetime, new: UUID | None) -> Row:
        """A new row; `new` is the key its form chose, so that adding it twice adds it once.

        Raises: NotPermitted, Invalid, and what `require_allowed` does.
        """
        actor.require(self.permission)
        clean = draft.checked()
        with database.transaction(actor.sight) as connection:
            row: Row = self.row_type(
                id=new or new_id(), **rows.as_values(clean), archived_at_utc=None, version=1
            )
            made: Row | None = self.table.get(connection, row.id)
            if made:
                return made
            self.require_allowed(connection, None, row)
            return rows.make(connection, actor, at, self.table, row)

    def change(
        self, database: Database, actor: Actor, row_id: UUID, version: int, draft: Any, at: datetime
    ) -> Row:
        """Raises: NotPermitted, Invalid, Conflict (L6), and what `require_allowed` does."""
        return self.write(database, actor, row_id, version, at, "changed", **rows.as_values(draft.checked()))

    def archive(self, database: Database, actor: Actor, row_id: UUID, version: int, at: datetime) -> Row:
        """Gone from every picker, kept in every report (A5). Raises: as `change`."""
        return self.write(database, actor, row_id, version, at, "archived", archived_at_utc=at)

    def restore(self, database: Database, actor: Actor, row_id: UUID, version: int, at: datetime) -> Row:
        """Back in every picker. Raises: as `change`."""
        return self.write(database, actor, row_id, version, at, "restored", archived_at_utc=None)

    def delete(self, database: Database, actor: Actor, row_id: UUID, version: int, at: datetime) -> None:
        """Raises: NotPermitted, Conflict, Refused where anything ever used it (A5)."""
        actor.require(self.permission)
        with database.transaction(actor.sight) as connection:
            row = rows.load(connection, self.table, row_id, version)
            if connection.value("was_ever_used", entity=self.table.name, id=str(row.id)):
                raise Refused(say("This has been used, so the history needs it. Archive it instead."))
            rows.delete(connection, actor, at, self.table, row)

    def reorder(
        self, database: Database, actor: Actor, row_id: UUID, by: int, at: datetime, siblings: Sequence[Row]
    ) -> None:
        """Move a row by `by` places, up being negative, among `siblings`, which stand in order.

        Raises: NotPermitted, NotFound where it is archived, and so none of them.
        """
        actor.require(self.permission)
        with database.transaction(actor.sight) as connection:
            place = next((i for i, sibling in enumerate(siblings) if sibling.id == row_id), None)
            if place is None:
                raise NotFound(say("This does not exist any more. Go back to the list."))
            order = [sibling for sibling in siblings if sibling.id != row_id]
            order.insert(max(0, place + by), siblings[place])
            for number, sibling in enumerate(order, 1):
                moved = replace(sibling, order_number=number * 10)
                rows.change(connection, actor, at, self.table, sibling, moved)

    def write(
        self,
        database: Database,
        actor: Actor,
        row_id: UUID,
        version: int,
        at: datetime,
        deed: str,
        **values: Any,
    ) -> Row:
        """Give fields other values, once the rules allow it."""
        actor.require(self.permission)
        with database.transaction(actor.sight) as connection:
            before = rows.load(connection, self.table, row_id, version)
            after = replace(before, **values)
            self.require_allowed(connection, before, after)
            action = f"{self.table.name}_{deed}"
            return rows.change(connection, actor, at, self.table, before, after, action=action)


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
