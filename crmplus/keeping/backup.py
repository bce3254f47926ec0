"""Making a backup while people work."""

import logging
import threading
from datetime import datetime
from pathlib import Path

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import CrmError, Refused
from crmplus.domain.message import say
from crmplus.keeping.archive import manifest_of, pack, unpack
from crmplus.keeping.check import Finding, check
from crmplus.keeping.disk import hand_over, make_folder, put_in_place
from crmplus.keeping.folder import (
    Backup,
    free_name,
    list_backups,
    remove_unfinished,
    rotate,
    unfinished_name,
)
from crmplus.keeping.outcome import Outcome, keep_outcome
from crmplus.keeping.place import Place
from crmplus.keeping.rooms import room_beside
from crmplus.keeping.sealing import is_sealed, seal, unseal
from crmplus.services.audit import record
from crmplus.store.copies import copy_everything
from crmplus.store.database import Database
from crmplus.store.migrate import known_migrations
from crmplus.store.scratch import schema_number, scratch

log = logging.getLogger(__name__)

_one_at_a_time = threading.Lock()


def back_up(database: Database, actor: Actor, place: Place, at: datetime) -> Outcome:
    """Copy the database, prove the copy sound, pack and encrypt it, and delete backups that are outlived.

    How it went is kept in every case. A copy that is not sound is a backup too, and said to be unsound.
    Raises: NotPermitted; Refused, where no backup was made, with what to do.
    """
    actor.require(Permission.ADMINISTER)
    with _one_at_a_time:
        try:
            outcome = _back_up(database, place, at)
        except CrmError as error:
            keep_outcome(place, Outcome(at, problem=error.message))
            _tell(database, actor, AuditAction.BACKUP_FAILED, at, str(place.folder))
            raise
        except OSError as error:
            log.error("no backup in %s: %s", place.folder, error)
            problem = say(
                "No backup was made: {reason}. Look after the folder {folder}, and try again.",
                reason=str(error.strerror or error),
                folder=str(place.folder),
            )
            keep_outcome(place, Outcome(at, problem=problem))
            _tell(database, actor, AuditAction.BACKUP_FAILED, at, str(place.folder))
            raise Refused(problem) from error
        keep_outcome(place, outcome)
        _tell(database, actor, AuditAction.BACKUP_MADE, at, outcome.name)
    return outcome


def _back_up(database: Database, place: Place, at: datetime) -> Outcome:
    """Raises: OSError, Refused."""
    passphrase = place.passphrase
    make_folder(place.folder, place.database)
    path = free_name(place.folder, place.name, at, passphrase is not None)
    unfinished = unfinished_name(path)
    with room_beside(place.database) as room:
        copy, packed = room / "crmplus.duckdb", room / "backup.zip"
        with database.aside() as connection:
            copied = copy_everything(connection, copy)
        manifest = manifest_of(copy, copied.schema_number, copied.rows, at)
        try:
            unfinished.touch(mode=0o600)
            if passphrase is None:
                pack(copy, manifest, unfinished)
            else:
                pack(copy, manifest, packed)
                seal(packed, unfinished, passphrase)
            hand_over(unfinished, place.database)
            put_in_place(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        findings = _findings(copy)  # last: it may bring the copy to a newer schema
    remove_unfinished(place.folder, place.name, at)
    removed = [] if place.is_archive else rotate(place.folder, place.name, at)
    log.info("backup %s made, %s outlived ones deleted", path.name, len(removed))
    if findings:
        log.error("backup %s holds a database with %s findings", path.name, len(findings))
    return Outcome(at, path.name, path.stat().st_size, len(findings))


def _tell(database: Database, actor: Actor, action: AuditAction, at: datetime, subject: str) -> None:
    """Put it into the audit, unless the database is older than that or its disk takes nothing more."""
    try:
        with database.aside() as connection:
            is_current = schema_number(connection) == max(known_migrations())
        if is_current:
            record(database, actor, action, at, subject)
    except Exception:
        log.exception("%s could not be written to the audit", action)


def _findings(path: Path) -> list[Finding]:
    with scratch(path) as copy:
        return check(copy)


def backups(actor: Actor, place: Place) -> list[Backup]:
    """This database's, newest first. Raises: NotPermitted; Refused, where the folder can't be read."""
    actor.require(Permission.ADMINISTER)
    try:
        return list_backups(place.folder, place.name)
    except OSError as error:
        raise Refused(
            say(
                "The folder {folder} can't be read: {reason}.",
                folder=str(place.folder),
                reason=str(error.strerror or error),
            )
        ) from error


def verify(actor: Actor, place: Place, name: str) -> list[Finding]:
    """Decrypt and unpack a backup beside the database, check it, and throw the copy away.

    Raises: NotPermitted; Unreadable, Refused, where it could not be restored.
    """
    actor.require(Permission.ADMINISTER)
    backup = find_backup(actor, place, name)
    with _one_at_a_time, room_beside(place.database) as room:
        try:
            open_backup(backup.path, place, room, room / "crmplus.duckdb")
        except OSError as error:
            raise Refused(
                say("{file} could not be unpacked: {reason}.", file=name, reason=str(error.strerror or error))
            ) from error
        return _findings(room / "crmplus.duckdb")


def find_backup(actor: Actor, place: Place, name: str) -> Backup:
    """By the name of its file. Raises: NotPermitted, Refused."""
    for each in backups(actor, place):
        if each.path.name == name:
            return each
    raise Refused(say("There is no backup {file} any more.", file=name))


def read_backup(database: Database, actor: Actor, place: Place, name: str, at: datetime) -> bytes:
    """A backup to take along, which the audit tells of. Raises: NotPermitted, Refused."""
    content = find_backup(actor, place, name).path.read_bytes()
    record(database, actor, AuditAction.BACKUP_DOWNLOADED, at, name)
    return content


def open_backup(path: Path, place: Place, room: Path, target: Path) -> int:
    """Unpack a backup, decrypting it where needed, into `target`; the number of its schema.

    What lies in between goes into `room`. Raises: Unreadable, Refused, OSError.
    """
    archive = path
    if is_sealed(path):
        passphrase = place.passphrase
        if passphrase is None:
            raise Refused(
                say(
                    "{file} is encrypted. Name the file that holds its passphrase: --key-file, or "
                    "CRMPLUS_BACKUP_KEY_FILE.",
                    file=path.name,
                )
            )
        archive = room / "unsealed.zip"
        unseal(path, archive, passphrase)
    return unpack(archive, target, path.name).schema_number
