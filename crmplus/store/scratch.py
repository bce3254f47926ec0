"""A copy of a database, opened to be looked at or put in the place of another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.domain.message import say
from crmplus.store.connection import Connection
from crmplus.store.database import Database, why_unusable
from crmplus.store.migrate import another_programs, known_migrations, migrate

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "threads": 1,
    "memory_limit": "1GB",
}
"""People may be working in another database of this process meanwhile."""


@contextmanager
def scratch(path: Path) -> Iterator[Database]:
    """A file of ours alone, brought to this program's schema; all is in the one file afterwards.

    Raises: DatabaseUnavailable, where it is no database of CRM+, damaged, or newer than the program.
    """
    try:
        connection = duckdb.connect(str(path), config=_SETTINGS)
    except (duckdb.Error, OSError) as error:
        raise _unusable() from error
    try:
        migrate(Connection(connection))
        yield Database(connection)
        connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise _unusable() from error
    finally:
        connection.close()


@contextmanager
def unmigrated(path: Path) -> Iterator[Database]:
    """A database that nobody has open, at whatever schema it has, to be copied.

    Raises: DatabaseUnavailable, where it is in use, damaged, or another program's.
    """
    try:
        connection = duckdb.connect(str(path), config=_SETTINGS)
    except (duckdb.Error, OSError) as error:
        raise DatabaseUnavailable(why_unusable(path, error)) from error
    try:
        if not schema_number(Connection(connection)):
            raise another_programs()
        yield Database(connection)
    finally:
        connection.close()


@contextmanager
def as_it_stands(path: Path) -> Iterator[Database]:
    """A database of this program's schema that nobody has open, to be read and left as it is.

    Raises: DatabaseUnavailable, where it is in use, damaged, another program's, or of another schema.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True, config=_SETTINGS)
    except (duckdb.Error, OSError) as error:
        raise DatabaseUnavailable(why_unusable(path, error)) from error
    try:
        number = schema_number(Connection(connection))
        if not number:
            raise another_programs()
        if number != max(known_migrations()):
            raise DatabaseUnavailable(
                say(
                    "{path} has schema {number}, and this version of CRM+ has {known}. Check it with the "
                    "version that made it, or check a backup of it.",
                    path=str(path),
                    number=number,
                    known=max(known_migrations()),
                )
            )
        yield Database(connection)
    finally:
        connection.close()


def schema_number(connection: Connection) -> int:
    """The newest migration that a database has had; 0 where it is none of CRM+."""
    if "schema_migration" not in {row["table_name"] for row in connection.rows("table_names")}:
        return 0
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM schema_migration")[0][0])


def checkpoint(path: Path) -> None:
    """Bring what lies beside a closed database into it, where that can be done at all.

    Raises: DatabaseUnavailable, where the file is in use or damaged.
    """
    try:
        with duckdb.connect(str(path), config=_SETTINGS) as connection:
            connection.execute("CHECKPOINT")
    except (duckdb.Error, OSError) as error:
        raise DatabaseUnavailable(why_unusable(path, error)) from error


def _unusable() -> DatabaseUnavailable:
    return DatabaseUnavailable(say("The database in this backup is damaged, or is not a CRM+ database."))
