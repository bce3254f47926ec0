"""Reading and writing through one cursor: values in, Python values out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

import duckdb

from crmplus.domain.sight import EVERYTHING, Sight
from crmplus.store.statements import statements

Row: TypeAlias = tuple[Any, ...]
_ROWS_AN_INSERT = 100


def _bound(value: object) -> object:
    """`value` as DuckDB stores it: enums as text, times as naive UTC, those in a list too."""
    if isinstance(value, list):
        return [_bound(each) for each in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def _unbound(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@dataclass(frozen=True, slots=True)
class Connection:
    """One cursor on the database, inside a read or a transaction, on behalf of whom has this `sight`.

    `touched_leads` are those whose history grew in this transaction (see derived.py).
    """

    cursor: duckdb.DuckDBPyConnection
    sight: Sight = EVERYTHING
    waiting: dict[tuple[str, tuple[str, ...]], list[Row]] = field(default_factory=dict)
    touched_leads: set[UUID] = field(default_factory=set)

    def execute(self, sql: str, values: dict[str, object] | None = None) -> list[Row]:
        """Run SQL with `$name` parameters; all rows, times in UTC with their zone."""
        if self.waiting and any(table in sql for table, _ in self.waiting):
            self.flush()
        bound = {name: _bound(value) for name, value in (values or {}).items()}
        rows = self.cursor.execute(sql, bound).fetchall() if bound else self.cursor.execute(sql).fetchall()
        return [tuple(_unbound(value) for value in row) for row in rows]

    def count(self, sql: str, values: dict[str, object]) -> int:
        """Run an INSERT, UPDATE or DELETE; the number of rows it touched."""
        return int(self.execute(sql, values)[0][0])

    def rows(self, statement: str, **values: object) -> list[dict[str, Any]]:
        """The rows of a named statement, as column name to value."""
        found = self.execute(statements()[statement], values)
        names = [column[0] for column in self.cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found]

    def value(self, statement: str, **values: object) -> Any:
        """The one value of a named statement that returns one row of one column."""
        return self.execute(statements()[statement], values)[0][0]

    def append(self, table: str, columns: Iterable[str], rows: Iterable[Row]) -> None:
        """Have rows inserted into one of our tables by the end of the transaction.

        They wait until a statement names the table or `flush` is called: many rows in one INSERT
        cost a tenth of many INSERTs. The names come from code, never from users.
        """
        self.waiting.setdefault((table, tuple(columns)), []).extend(rows)

    def flush(self) -> None:
        """Insert what waits; the end of a transaction does."""
        for (table, names), rows in self.waiting.items():
            place = "(" + ", ".join("?" for _ in names) + ")"
            for start in range(0, len(rows), _ROWS_AN_INSERT):
                chunk = rows[start : start + _ROWS_AN_INSERT]
                sql = "INSERT INTO " + table + " (" + ", ".join(names) + ") VALUES "
                sql += ", ".join([place] * len(chunk))
                self.cursor.execute(sql, [_bound(value) for row in chunk for value in row])
        self.waiting.clear()
