"""Copies of the whole database to another file, while people work.

The engine makes them. The database's own file is never opened beside the engine: closing it again would
take away the lock that keeps other programs out.
"""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from crmplus.domain.errors import Unreadable
from crmplus.store.connection import Connection
from crmplus.store.sound import read_every_row

_COPY = "copy_of_all"
_one_at_a_time = threading.Lock()
"""The name under which the engine knows the copy holds for the whole process."""
_AS_WE_READ: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: the number of its newest migration, and how many rows each table has."""

    schema_number: int
    rows: dict[str, int]


def copy_everything(connection: Connection, path: Path) -> Copied:
    """Copy one state of the database to a new file, with its keys and views, and compare every row.

    Nobody waits for it and it waits for nobody. `connection` is in no transaction. Raises: OSError, where the
    file can't be written; it is taken away again.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, "there is a file of this name", str(path))
    try:
        with _one_at_a_time, _attached(connection, path):
            number, marks = _copy(connection)
        with duckdb.connect(str(path), read_only=True, config=_AS_WE_READ) as opened:
            if read_every_row(Connection(opened)) != marks:
                raise OSError(errno.EIO, "the copy differs from the database", str(path))
    except (duckdb.Error, Unreadable) as error:
        remove_copy(path)
        raise OSError(errno.EIO, _reason(error), str(path)) from error
    except BaseException:
        remove_copy(path)
        raise
    return Copied(number, {name: count for name, (count, _) in marks.items()})


@contextmanager
def _attached(connection: Connection, path: Path) -> Iterator[None]:
    connection.execute("ATTACH '" + str(path).replace("'", "''") + f"' AS {_COPY}")
    try:
        path.chmod(0o600)
        yield
        connection.execute(f"CHECKPOINT {_COPY}")
    finally:
        with suppress(duckdb.Error):  # after an error of its disk it is gone already
            connection.execute(f"DETACH {_COPY}")


def _copy(connection: Connection) -> tuple[int, dict[str, tuple[int, str]]]:
    """The number of the newest migration, and the marks of all tables, of the state that was copied."""
    (source,) = connection.execute("SELECT current_database()")[0]
    connection.execute("BEGIN")
    try:
        connection.execute('COPY FROM DATABASE "' + source.replace('"', '""') + f'" TO {_COPY}')
        marks = read_every_row(connection)
        number = int(connection.execute("SELECT max(number) FROM schema_migration")[0][0])
        connection.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has ended it already
            connection.execute("ROLLBACK")
        raise
    return number, marks


def _reason(error: Exception) -> str:
    """What the disk said, behind what the engine says."""
    return str(error).splitlines()[0].rpartition(": ")[2]


def remove_copy(path: Path) -> None:
    """Take away a copy, or what there is of it; a disk that refuses is not what matters then."""
    for each in (path, path.with_name(path.name + ".wal")):
        with suppress(OSError):
            each.unlink(missing_ok=True)


def file_of(connection: Connection) -> Path | None:
    """The database's file; None for one in memory."""
    found = connection.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()")
    return Path(found[0][0]) if found and found[0][0] else None
