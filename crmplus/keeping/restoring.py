"""Bringing a backup back: verified before it replaces anything, and what was there is kept."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import DatabaseUnavailable, Refused
from crmplus.domain.message import say
from crmplus.keeping.backup import open_backup
from crmplus.keeping.check import Finding, check
from crmplus.keeping.disk import hand_over, settle, settle_folder
from crmplus.keeping.place import Place
from crmplus.keeping.requests import is_in_use
from crmplus.keeping.rooms import room_beside
from crmplus.services.audit import record
from crmplus.store.door import close_the_door
from crmplus.store.engine import logs_of
from crmplus.store.scratch import checkpoint, scratch


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept` is what the database that was there is called now, `kept_log` a log without its database.

    Each is None where there was none.
    """

    database: Path
    kept: Path | None
    kept_log: Path | None
    findings: list[Finding]


def restore(source: Path, place: Place, at: datetime, despite_findings: bool = False) -> Restored:
    """Put a backup in the place of the database, once all about it is known to be right.

    Everybody has to sign in anew: sessions and open invitations of then are ended. Raises: Unreadable,
    Refused, DatabaseUnavailable; the database is then as it was.
    """
    place.database.parent.mkdir(parents=True, exist_ok=True)
    try:
        with room_beside(place.database) as room:
            fresh = room / "crmplus.duckdb"
            open_backup(source, place, room, fresh)
            with scratch(fresh) as database:
                findings = check(database)
                close_the_door(database, at)
                record(database, LOCAL_ADMIN, AuditAction.BACKUP_RESTORED, at, source.name)
            if findings and not despite_findings:
                raise Refused(
                    say(
                        "The backup is whole, but what it holds is not sound: {first} Take another one, or "
                        "restore it all the same with --despite-findings.",
                        first=findings[0].message,
                    )
                )
            with _nobody_has_it(place.database):
                return Restored(place.database, *_exchange(place.database, fresh, at), findings)
    except OSError as error:
        raise Refused(say("Nothing was restored: {reason}.", reason=str(error.strerror or error))) from error


@contextmanager
def _nobody_has_it(database: Path) -> Iterator[None]:
    """Hold the lock by which the engine keeps others out, so that no server starts meanwhile.

    What a killed server left beside the file is brought into it first, if that is possible.
    Raises: Refused, where another program has it open.
    """
    if not database.exists():
        yield
        return
    with suppress(DatabaseUnavailable):  # what is damaged is put aside as it is
        if not is_in_use(database):
            checkpoint(database)
    with database.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused(
                say(
                    "The database {path} is in use. Stop the program, then restore.",
                    path=str(database),
                )
            ) from error
        yield


def _exchange(database: Path, fresh: Path, at: datetime) -> tuple[Path | None, Path | None]:
    """There is a whole database at every moment: the one before, or the one restored.

    What the one before is called now, and a log that lay there without a database.
    """
    _belong_to_the_same(fresh, database)
    settle(fresh)
    kept = _free_name(database, at)
    had_one = database.exists()
    if had_one:
        _keep(database, kept)
    logs = _put_logs_aside(database, kept)
    settle_folder(database.parent)
    fresh.replace(database)
    settle_folder(database.parent)
    return (kept, None) if had_one else (None, logs[0] if logs else None)


def _belong_to_the_same(fresh: Path, database: Path) -> None:
    """Who restores may be root; who runs the server has to be able to write."""
    fresh.chmod(0o600)
    if database.exists():
        fresh.chmod(database.stat().st_mode & 0o777)
    hand_over(fresh, database)


def _free_name(database: Path, at: datetime) -> Path:
    """What the database before is called from now on; neither it nor a log beside it is there yet."""
    stamp = at.astimezone(UTC)
    while True:
        kept = database.with_name(f"{database.stem}.until-{stamp:%Y%m%dT%H%M%SZ}{database.suffix}")
        if not any(each.exists() for each in (kept, *logs_of(kept))):
            return kept
        stamp += timedelta(seconds=1)


def _keep(database: Path, kept: Path) -> None:
    """Give the database a second name."""
    try:
        os.link(database, kept)
    except OSError:  # a file system that knows no second names
        shutil.copy2(database, kept)
        settle(kept)


def _put_logs_aside(database: Path, kept: Path) -> list[Path]:
    """Give what the engine could not bring into the database another name; what it is called now.

    A log that stayed would be played into the restored file when that is opened, whoever's it was.
    """
    moved = []
    for left, aside in zip(logs_of(database), logs_of(kept), strict=True):
        if left.exists():
            left.replace(aside)
            moved.append(aside)
    return moved
