"""Tables whose rows are dataclasses of the domain: insert, versioned update, read.

Column names come from the dataclass's fields, so a field is named once.
"""

from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from typing import Any, Generic, TypeVar, get_type_hints

from crmplus.store.connection import Connection

T = TypeVar("T")


class Table(Generic[T]):
    """One table and the dataclass of its rows.

    `key` names the primary key's columns; `derived` gives further columns computed from a row.
    """

    def __init__(
        self,
        name: str,
        row_type: type[T],
        key: tuple[str, ...] = ("id",),
        derived: Callable[[T], dict[str, str]] | None = None,
    ) -> None:
        self.name = name
        self._row_type = row_type
        self._derived = derived
        self._columns = [field.name for field in fields(row_type)]  # type: ignore[arg-type]
        hints = get_type_hints(row_type)
        self._enums: dict[str, type[StrEnum]] = {
            column: hints[column]
            for column in self._columns
            if isinstance(hints[column], type) and issubclass(hints[column], StrEnum)
        }
        self._select = "SELECT " + ", ".join(self._columns) + " FROM " + name
        self._match = " AND ".join(f"{column} = $key_{column}" for column in key)
        self._key = key

    def values(self, row: T) -> dict[str, object]:
        """The row as column name to value, derived columns included."""
        own = {column: getattr(row, column) for column in self._columns}
        return own | (self._derived(row) if self._derived else {})

    def insert(self, connection: Connection, *rows: T) -> None:
        for row in rows:
            values = self.values(row)
            names, places = ", ".join(values), ", ".join(f"${name}" for name in values)
            connection.count(f"INSERT INTO {self.name} ({names}) VALUES ({places})", values)

    def update(self, connection: Connection, row: T, from_version: int | None = None) -> bool:
        """Write the row over its predecessor; False where that is not `from_version` any more."""
        values = self.values(row)
        settings = ", ".join(f"{name} = ${name}" for name in values if name not in self._key)
        wanted = {f"key_{column}": getattr(row, column) for column in self._key}
        written = {name: value for name, value in values.items() if name not in self._key}
        match = self._match
        if from_version is not None:
            match += " AND version = $from_version"
            wanted["from_version"] = from_version
        return connection.count(f"UPDATE {self.name} SET {settings} WHERE {match}", written | wanted) == 1

    def delete(self, connection: Connection, row: T) -> None:
        wanted = {f"key_{column}": getattr(row, column) for column in self._key}
        connection.count(f"DELETE FROM {self.name} WHERE {self._match}", wanted)

    def get(self, connection: Connection, *key: object) -> T | None:
        """The row with this primary key, or None."""
        wanted = {f"key_{column}": value for column, value in zip(self._key, key, strict=True)}
        rows = connection.execute(f"{self._select} WHERE {self._match}", wanted)
        return self._row(rows[0]) if rows else None

    def where(self, connection: Connection, **equal: object) -> list[T]:
        """All rows in which each named column equals its value."""
        match = " AND ".join(f"{column} = ${column}" for column in equal)
        sql = f"{self._select} WHERE {match}" if match else self._select
        return [self._row(row) for row in connection.execute(sql, equal)]

    def derived_otherwise(self, connection: Connection) -> list[T]:
        """Rows whose derived columns do not hold what is computed from the others."""
        found = self.where(connection)
        if not found or not self._derived:
            return []
        key = self._key[0]
        names = ", ".join(self._derived(found[0]))
        kept = {
            values[0]: values[1:] for values in connection.execute(f"SELECT {key}, {names} FROM {self.name}")
        }
        return [row for row in found if tuple(self._derived(row).values()) != kept[getattr(row, key)]]

    def _row(self, values: tuple[Any, ...]) -> T:
        named = dict(zip(self._columns, values, strict=True))
        for column, enum in self._enums.items():
            named[column] = enum(named[column])
        return self._row_type(**named)
