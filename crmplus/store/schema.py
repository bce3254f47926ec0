"""What the tables of the database look like, asked of the database itself."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from crmplus.store.connection import Connection
from crmplus.store.derived import DERIVED

DOOR = frozenset({"credential", "sign_in_session", "invitation", "audit_event"})
"""Tables about who comes in here, and so of this installation alone: no export has them."""


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """One column; `data_type` is the type's name in SQL, such as DECIMAL(15,2)."""

    name: str
    data_type: str
    is_nullable: bool

    @property
    def is_text(self) -> bool:
        return self.data_type == "VARCHAR"


@dataclass(frozen=True, slots=True)
class TableShape:
    """One table; `keys` are the columns of each of its keys, the primary key first."""

    name: str
    columns: tuple[ColumnShape, ...]
    keys: tuple[tuple[str, ...], ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that rows are put in order by: the primary key, or all of them."""
        return self.keys[0] if self.keys else tuple(column.name for column in self.columns)


def read_schema(connection: Connection) -> list[TableShape]:
    """All tables that hold a workspace's rows, by name.

    Neither the record of migrations, nor what is derived from other tables, nor the door's is one of them.
    """
    keys: dict[str, dict[str, list[str]]] = {}
    for row in connection.rows("schema_keys"):
        held = keys.setdefault(row["table_name"], {})
        held.setdefault(row["constraint_name"], []).append(row["column_name"])
    return [
        TableShape(
            name,
            tuple(ColumnShape(row["column_name"], row["data_type"], row["is_nullable"]) for row in columns),
            tuple(tuple(key) for key in keys.get(name, {}).values()),
        )
        for name, columns in groupby(connection.rows("schema_columns"), itemgetter("table_name"))
        if name not in DERIVED | DOOR | {"schema_migration"}
    ]


def migrations(connection: Connection) -> list[str]:
    """The migrations that made this schema, oldest first."""
    return [row["name"] for row in connection.rows("schema_migrations")]


def row_count(connection: Connection, table: TableShape) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table.name}"')[0][0])
