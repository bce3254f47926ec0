"""The open file: cursors on it, its log kept short, and opening it anew after an error that ends the engine.

A commit only writes to the log beside the file. Bringing the log into the file is a step of its own
afterwards: a disk that fails there fails on what is kept already, so a change is either refused or safe.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import duckdb

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.domain.message import say

log = logging.getLogger(__name__)

Opened: TypeAlias = duckdb.DuckDBPyConnection
FATAL = (duckdb.FatalException, duckdb.InternalException)
"""After one of these the engine answers nothing any more until the file is opened anew."""
LONG_LOG = 16_000_000
"""Bytes: how long the log beside the file may become before it is brought into it."""
_PAUSE = 60.0
"""Seconds between two tries where one failed: each ends the engine."""
_PATIENCE = 10.0
"""Seconds that those who still look at the old state have, before it is opened anew."""


def logs_of(path: Path) -> tuple[Path, ...]:
    """What the engine may leave beside a file: its log, and those of a checkpoint that was cut off."""
    return tuple(
        path.with_name(path.name + ending) for ending in (".wal", ".wal.checkpoint", ".wal.recovery")
    )


class Engine:
    """`reopen` opens the same file again; None for a database that lives in memory."""

    def __init__(
        self,
        connection: Opened,
        path: Path | None = None,
        reopen: Callable[[], Opened] | None = None,
        long_log: int = LONG_LOG,
    ) -> None:
        self._connection = connection
        self._log = path.with_name(path.name + ".wal") if path else None
        self._reopen = reopen
        self._long_log = long_log
        self._change = threading.Condition()
        self._in_use = 0
        self._is_dead = False
        self._is_closed = False
        self._not_before = 0.0

    @contextmanager
    def cursor(self, begin: str | None = None) -> Iterator[Opened]:
        """A cursor of one's own, on which `begin` has been run.

        Raises: DatabaseUnavailable, where the file was closed or can't be opened anew.
        """
        cursor = self._begun(begin)
        try:
            yield cursor
        except FATAL:
            self.give_up()
            raise
        finally:
            self._give_back(cursor)

    def give_up(self) -> None:
        """Whoever comes next opens the file anew."""
        self._is_dead = True

    def settle(self) -> None:
        """Bring a long log into the file; where that is not possible now, it goes on growing."""
        if self._is_closed or self._log is None or _size(self._log) < self._long_log:
            return
        if time.monotonic() < self._not_before:
            return
        self.bring_in()

    def bring_in(self) -> None:
        """Bring the log into the file, if nobody reads an older state."""
        try:
            with self.cursor() as cursor:
                cursor.execute("CHECKPOINT")
        except duckdb.TransactionException:
            log.debug("somebody is reading: the log is brought into the file another time")
        except (duckdb.Error, DatabaseUnavailable) as error:
            log.error("the log could not be brought into the file; nothing is lost: %s", error)
            self._not_before = time.monotonic() + _PAUSE

    def refuse_all(self) -> None:
        """No cursor is handed out any more; those that were go on to work."""
        self._is_closed = True

    def close(self) -> None:
        """Bring the log into the file and let it go, once those who read are done or have had their time."""
        self.refuse_all()
        with self._change:
            self._change.wait_for(lambda: not self._in_use, _PATIENCE)
            self._connection.close()

    def _begun(self, begin: str | None) -> Opened:
        """An engine that somebody else's error has ended says so at the first statement."""
        for is_second_try in (False, True):
            cursor = self._take()
            try:
                if begin:
                    cursor.execute(begin)
            except FATAL:
                self.give_up()
                self._give_back(cursor)
                if is_second_try or self._reopen is None:
                    raise
            except BaseException:
                self._give_back(cursor)
                raise
            else:
                break
        return cursor

    def _take(self) -> Opened:
        with self._change:
            if self._is_dead:
                self._open_anew()
            if self._is_closed:
                raise DatabaseUnavailable(say("CRM+ is being stopped. Try again once it runs again."))
            cursor = self._connection.cursor()
            self._in_use += 1
            return cursor

    def _give_back(self, cursor: Opened) -> None:
        with suppress(*FATAL):
            cursor.close()
        with self._change:
            self._in_use -= 1
            self._change.notify_all()

    def _open_anew(self) -> None:
        """The file is let go only when its last cursor is; who comes meanwhile waits."""
        if self._reopen is None or self._is_closed:
            return
        if not self._change.wait_for(lambda: not self._in_use, _PATIENCE):
            raise DatabaseUnavailable(say("The database is being opened anew. Try again in a moment."))
        if self._is_dead:
            with suppress(duckdb.Error):
                self._connection.close()
            self._connection = self._reopen()
            self._is_dead = False
            log.warning("the database was opened anew")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
