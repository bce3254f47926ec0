"""Migrations: numbered SQL files, each applied once; all that are due in one transaction."""

import logging
from contextlib import suppress
from pathlib import Path

import duckdb

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.domain.message import Message, say
from crmplus.store.connection import Connection
from crmplus.store.copies import copy_everything, remove_copy
from crmplus.store.derived import derive_anew, derive_title_keys

log = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).parent / "migrations"
_AFTERWARDS = {3: derive_anew, 4: derive_title_keys, 6: derive_anew, 7: derive_anew}
"""What SQL alone can't do, by the number of the migration whose transaction it belongs to."""
_SCHEMA_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL)
"""


def migrate(connection: Connection, path: Path | None = None) -> None:
    """Bring the database to this program's schema, or leave it as it was.

    Where there is something to lose, the file at `path` is copied first, and the copy stays beside it.
    Raises: DatabaseUnavailable, where the database is newer than the program or another one's, where it can't
    be copied, and where a migration fails.
    """
    applied = _applied(connection)
    known = known_migrations()
    if applied - known.keys():
        raise DatabaseUnavailable(
            say(
                "This database was made by a newer version of CRM+. "
                "Update the program, or open another database."
            )
        )
    due = {number: known[number] for number in sorted(known.keys() - applied)}
    if not due:
        return
    copy = _copy_first(connection, path, min(due)) if applied and path else None
    try:
        _apply(connection, due)
    except (duckdb.Error, OSError) as error:
        log.error("database %s can't be brought to schema %s: %s", path, max(due), error)
        raise DatabaseUnavailable(_failed(connection, applied, copy)) from error


def known_migrations() -> dict[int, Path]:
    """The files of this program's migrations by number."""
    return {int(path.name[:4]): path for path in sorted(_MIGRATIONS.glob("*.sql"))}


def _applied(connection: Connection) -> set[int]:
    tables = {row[0] for row in connection.execute("SELECT table_name FROM information_schema.tables")}
    if tables and "schema_migration" not in tables:
        raise another_programs()
    if not tables:
        return set()
    return {row[0] for row in connection.execute("SELECT number FROM schema_migration")}


def another_programs() -> DatabaseUnavailable:
    return DatabaseUnavailable(
        say("This file is the database of another program. Choose another file for CRM+.")
    )


def _copy_first(connection: Connection, path: Path, number: int) -> Path:
    """The copy, in the place of one that an earlier try made: who is killed again and again fills no disk."""
    copy = path.with_name(f"{path.stem}.before-{number:04d}{path.suffix}")
    unfinished = copy.with_name(f"{copy.name}.part")
    try:
        remove_copy(unfinished)  # of one who was killed over it
        copy_everything(connection, unfinished)
        unfinished.replace(copy)
    except OSError as error:
        log.error("database %s can't be copied to %s: %s", path, copy, error)
        raise DatabaseUnavailable(
            say(
                "The database has to be changed for this version of CRM+, and could not be copied first: "
                "{reason}. Nothing was changed. Make room or choose another folder, and start again.",
                reason=str(error.strerror or error),
            )
        ) from error
    log.info("database %s was copied to %s before it is changed", path, copy)
    return copy


def _apply(connection: Connection, due: dict[int, Path]) -> None:
    connection.execute("BEGIN")
    try:
        connection.execute(_SCHEMA_TABLE)
        for number, path in due.items():
            connection.execute(path.read_text(encoding="utf-8"))
            if number in _AFTERWARDS:
                _AFTERWARDS[number](connection)
            connection.count(
                "INSERT INTO schema_migration VALUES ($number, $name)", {"number": number, "name": path.stem}
            )
        connection.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.Error):  # a commit that failed has ended it already
            connection.execute("ROLLBACK")
        raise


def _failed(connection: Connection, applied: set[int], copy: Path | None) -> Message:
    """What to say, once it is known how the database is left. A copy of what is unchanged is not kept:
    a server that is started again and again would fill the disk with them."""
    with suppress(duckdb.Error):
        if _applied(connection) == applied:
            if copy:
                copy.unlink()
            return say(
                "The database could not be changed for this version of CRM+, and is as it was. Start the "
                "version that you had before; the reason is in the log."
            )
    return say(
        "The database could not be changed for this version of CRM+, and can't be read any more. A copy from "
        "just before is {copy}; the reason is in the log.",
        copy=str(copy),
    )
