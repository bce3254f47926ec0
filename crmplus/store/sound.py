"""Whether what is in the tables holds together: questions that are asked of every table there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import duckdb

from crmplus.domain.errors import StorageFailed, Unreadable
from crmplus.domain.message import say
from crmplus.store.connection import Connection
from crmplus.store.derived import DERIVED, derive_anew
from crmplus.store.restore import HISTORY, WORDS, references
from crmplus.store.schema import TableShape, read_schema

_DAMAGE = (
    duckdb.IOException,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.SerializationException,
)
UNLOGGED = frozenset({"lead", "import_run"})
"""Versioned tables with a history of their own kind, or none: an import is told of by the rows it made."""
_AT_THE_DOOR = tuple(
    (table, "person_id", "person") for table in ("credential", "sign_in_session", "invitation")
)
_MOST = 20
"""Rows named of each thing that does not hold."""


@contextmanager
def damage_is_said() -> Iterator[None]:
    """Raises: Unreadable, where the engine finds the file itself damaged."""
    try:
        yield
    except (*_DAMAGE, StorageFailed) as error:
        reason = str(error.__cause__ or error).splitlines()[0][:300]
        raise Unreadable(
            say("The file is damaged. The storage engine says: {reason}", reason=reason)
        ) from error


def read_every_row(connection: Connection) -> dict[str, tuple[int, str]]:
    """Of each table, how many rows it has, and a mark that all their values make.

    Reading everything has the engine check every block of the file against its own checksum. The mark
    does not depend on the order of the rows. Raises: Unreadable.
    """
    with damage_is_said():
        return {name: _mark(connection, name) for name in _names(connection)}


def _names(connection: Connection) -> list[str]:
    return [row["table_name"] for row in connection.rows("table_names")]


def _mark(connection: Connection, table: str) -> tuple[int, str]:
    (found,) = connection.execute(
        f'SELECT count(*), coalesce(sum(CAST(hash(held) AS HUGEINT)), 0) FROM "{table}" AS held'
    )
    return int(found[0]), f"{int(found[1]) % 2**64:016x}"


def table_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds, whatever it is for."""
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"')[0][0]) for name in _names(connection)
    }


def broken_references(connection: Connection) -> list[tuple[str, str, str, UUID]]:
    """References to rows that are not there: table, column, the table it names, and the key.

    The history may name rows that were deleted, as long as it says so itself.
    """
    found = []
    for table, column, parent in (*references(read_schema(connection)), *_AT_THE_DOOR):
        known = f"SELECT id FROM {parent}"
        if table in HISTORY:
            known += " UNION ALL SELECT entity_id FROM change_log"
        rows = connection.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN ({known}) "
            f"ORDER BY {column} LIMIT {_MOST}"
        )
        found += [(table, column, parent, row[0]) for row in rows]
    return found


def unknown_words(connection: Connection) -> list[tuple[str, str, str]]:
    """Words in columns that hold one of a few: table, column and the word that is none of them."""
    return [
        (table, column, str(word))
        for (table, column), words in WORDS.items()
        for (word,) in connection.execute(f"SELECT DISTINCT {column} FROM {table} ORDER BY 1")
        if word not in set(words)
    ]


def versioned_tables(connection: Connection) -> list[str]:
    """Tables whose rows have each of their versions in the change log."""
    return [table.name for table in read_schema(connection) if _is_versioned(table)]


def _is_versioned(table: TableShape) -> bool:
    names = {column.name for column in table.columns}
    return {"id", "version"} <= names and table.name not in UNLOGGED | HISTORY


def rows_without_history(connection: Connection) -> list[tuple[str, UUID]]:
    """Rows that lack a line of the change log for one of their versions: table and key (L7)."""
    found: list[tuple[str, UUID]] = []
    for name in versioned_tables(connection):
        rows = connection.execute(
            f"SELECT held.id FROM {name} AS held "
            f"LEFT JOIN change_log ON change_log.entity = '{name}' AND change_log.entity_id = held.id "
            "GROUP BY held.id, held.version "
            "HAVING count(DISTINCT change_log.version) <> held.version "
            "OR min(change_log.version) <> 1 OR max(change_log.version) <> held.version "
            f"ORDER BY held.id LIMIT {_MOST}"
        )
        found += [(name, row[0]) for row in rows]
    return found


def leads_derived_otherwise(connection: Connection) -> list[tuple[str, UUID]]:
    """Leads whose spans or stays are not what the history gives: table and key.

    They are derived anew into temporary tables that stand before the real ones, so nothing is written.
    """
    (catalog,) = connection.execute("SELECT current_database()")[0]
    kept = {name: f'"{catalog.replace(chr(34), chr(34) * 2)}".main.{name}' for name in sorted(DERIVED)}
    for name, whole in kept.items():
        connection.execute(f"CREATE TEMP TABLE {name} AS FROM {whole} LIMIT 0")
    try:
        derive_anew(connection)
        return [(name, row[0]) for name, whole in kept.items() for row in _unlike(connection, name, whole)]
    finally:
        for name in kept:
            connection.execute(f"DROP TABLE temp.{name}")


def _unlike(connection: Connection, derived: str, kept: str) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT DISTINCT lead_id FROM ("
        f"(FROM temp.{derived} EXCEPT ALL FROM {kept}) UNION ALL (FROM {kept} EXCEPT ALL FROM temp.{derived})"
        f") ORDER BY lead_id LIMIT {_MOST}"
    )
