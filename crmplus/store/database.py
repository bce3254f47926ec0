"""The database file: opened once a process, read by cursors, written one transaction at a time."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

import duckdb

from crmplus.domain.errors import DatabaseUnavailable, StorageFailed
from crmplus.domain.message import Message, say
from crmplus.domain.sight import EVERYTHING, Sight
from crmplus.store.connection import Connection
from crmplus.store.derived import derive_touched
from crmplus.store.engine import FATAL, LONG_LOG, Engine
from crmplus.store.failures import Deed, disk_failures_are_said
from crmplus.store.migrate import migrate
from crmplus.store.modes import close_to_others, for_the_owner_only
from crmplus.store.sight import narrow
from crmplus.store.watching import watched

log = logging.getLogger(__name__)

_SHARE_OF_MEMORY = 0.4
"""Of the machine's; the engine would take 80 %, and the program itself needs some too."""
_MEMORY = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * _SHARE_OF_MEMORY)
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": f"{_MEMORY}B",
    # Nothing is fetched at run time.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # engine.py does that, after the commit.
    "wal_autocheckpoint": "1TB",
}


class Database:
    """One DuckDB file, or one in memory for `path` None.

    `data_version` grows with each commit: what was read at one value still holds while the
    value is the same.
    """

    def __init__(self, engine: Engine | duckdb.DuckDBPyConnection) -> None:
        self._engine = engine if isinstance(engine, Engine) else Engine(engine)
        self._write_lock = threading.RLock()
        self._local = threading.local()
        self.data_version = 0
        self.quiet_version = 0

    @classmethod
    def open(cls, path: Path | None, long_log: int = LONG_LOG) -> Self:
        """Open or make the database and bring it to this program's schema.

        `long_log` in bytes: so long may the log beside the file become before it is brought into it.

        Raises: DatabaseUnavailable, with the reason in words.
        """
        connection = _connect(path)
        try:
            migrate(Connection(connection), path)
        except duckdb.Error as error:
            connection.close()
            raise DatabaseUnavailable(why_unusable(path, error)) from error
        except DatabaseUnavailable:
            connection.close()
            raise
        return cls(Engine(connection, path, partial(_connect, path) if path else None, long_log))

    @contextmanager
    def read(self, sight: Sight) -> Iterator[Connection]:
        """One state of what is committed, of which only what `sight` takes in is there.

        Inside a transaction of this thread it is that transaction, which sees everything.
        """
        current: Connection | None = getattr(self._local, "transaction", None)
        if current:
            yield current
            return
        with self.read_committed(sight) as connection:
            yield connection

    @contextmanager
    def read_committed(self, sight: Sight) -> Iterator[Connection]:
        """As `read`, also inside a transaction, whose own changes are not there."""
        with (
            watched("read"),
            disk_failures_are_said(Deed.READING),
            self._cursor(sight, "BEGIN TRANSACTION READ ONLY") as connection,
        ):
            try:
                narrow(connection)
                yield connection
            finally:
                _end(connection, "ROLLBACK")

    @contextmanager
    def transaction(self, sight: Sight) -> Iterator[Connection]:
        """All that is written inside is kept, or nothing; a transaction within one joins it.

        Rules look at everything; `rows.load` refuses what `sight` does not take in. Writers wait for one
        another, so that none meets a conflict of the storage.
        """
        with self.quiet_transaction(sight) as connection:
            yield connection
        self.data_version += 1

    @contextmanager
    def quiet_transaction(self, sight: Sight = EVERYTHING) -> Iterator[Connection]:
        """A transaction whose changes no page shows: what was read before goes on to hold."""
        if getattr(self._local, "transaction", None):
            yield self._local.transaction
            return
        with watched("write"), self._write_lock:
            with disk_failures_are_said(Deed.WRITING), self._cursor(sight, "BEGIN") as connection:
                self._local.transaction = connection
                try:
                    yield connection
                    connection.flush()
                    derive_touched(connection)
                    self._commit(connection)
                except BaseException:  # a rerun of the page is a BaseException too
                    _end(connection, "ROLLBACK")
                    raise
                finally:
                    self._local.transaction = None
            self.quiet_version += 1
            self._engine.settle()

    def _commit(self, connection: Connection) -> None:
        try:
            with disk_failures_are_said(Deed.COMMITTING):
                connection.execute("COMMIT")
        except StorageFailed as error:
            if isinstance(error.__cause__, FATAL):  # nobody knows yet whether it is there
                self._engine.give_up()
                self.data_version += 1
            raise

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """In no transaction, behind no lock: for what copies the database while people work."""
        with self._cursor(EVERYTHING) as connection:
            yield connection

    @contextmanager
    def _cursor(self, sight: Sight, begin: str | None = None) -> Iterator[Connection]:
        with self._engine.cursor(begin) as cursor:
            yield Connection(cursor, sight)

    def close(self) -> None:
        """Once the writer whose turn it is has finished; nobody else begins. Raises: duckdb.Error."""
        self._engine.refuse_all()
        with self._write_lock:
            self._engine.close()


def _connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    """Raises: DatabaseUnavailable, with the reason in words."""
    try:
        if path:
            for_the_owner_only()
            path.parent.mkdir(parents=True, exist_ok=True)
            close_to_others(path)
        return duckdb.connect(str(path) if path else ":memory:", config=_SETTINGS)
    except (duckdb.Error, OSError) as error:
        raise DatabaseUnavailable(why_unusable(path, error)) from error


def _end(connection: Connection, how: str) -> None:
    """End a transaction; one that its own error ended already must not hide that error."""
    with suppress(duckdb.TransactionException, duckdb.ConnectionException, *FATAL):
        connection.execute(how)


def why_unusable(path: Path | None, error: Exception) -> Message:
    """Why the file can't be used, for its user; the error itself goes into the log."""
    log.error("database %s can't be opened: %s", path, error)
    text = str(error).replace(str(path), "").lower()  # a folder may be called anything
    if "lock" in text and "conflict" in text:
        return say("The database {path} is in use by another program. Close that one first.", path=str(path))
    if "no space left" in text:
        return say("The disk that the database {path} is on is full. Make room on it.", path=str(path))
    if isinstance(error, OSError) or "permission" in text or "read-only" in text or "cannot open" in text:
        return say(
            "The database {path} can't be opened for writing. "
            "Check that the folder exists and that you may write to it.",
            path=str(path),
        )
    if "newer" in text or "version number" in text:
        return say(
            "The database {path} was written by another version of the storage engine. "
            "Open it with the program that made it.",
            path=str(path),
        )
    return say(
        "The database {path} is damaged, or is not a CRM+ database. "
        "Put a backup in its place, or choose another file.",
        path=str(path),
    )


_opened: dict[Path, Database] = {}
_opening = threading.Lock()


def database_path() -> Path:
    """The file named by CRMPLUS_DATABASE, or data/crmplus.duckdb beside the program."""
    return _path_of(os.environ.get("CRMPLUS_DATABASE"))


@lru_cache(maxsize=16)
def _path_of(configured: str | None) -> Path:
    if configured:
        return Path(configured).expanduser().resolve()
    return Path(__file__).resolve().parents[2] / "data" / "crmplus.duckdb"


def the_database() -> Database:
    """The process-wide database of `database_path()`. Raises: DatabaseUnavailable."""
    path = database_path()
    with _opening:
        if path not in _opened:
            _opened[path] = Database.open(path)
        return _opened[path]


def close_all() -> None:
    """The end of the process: whoever writes now finishes, nobody begins, and the files are closed whole."""
    with _opening:
        for path, database in _opened.items():
            try:
                database.close()
            except duckdb.Error as error:  # what was saved lies in the log beside it, and is read next time
                log.error("database %s could not be closed: %s", path, error)
