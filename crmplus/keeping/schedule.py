"""The thread of the server that makes backups when they are due, and when another process asks for one."""

import logging
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crmplus.configuration import Configuration
from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.errors import CrmError, DatabaseUnavailable, Refused
from crmplus.domain.message import say
from crmplus.keeping.backup import back_up
from crmplus.keeping.folder import list_backups, newest_made
from crmplus.keeping.outcome import Outcome, keep_outcome, last_outcome
from crmplus.keeping.place import Place
from crmplus.keeping.requests import Request, answer_requests
from crmplus.keeping.rooms import sweep
from crmplus.store.copies import copy_everything
from crmplus.store.database import Database, database_path, the_database

log = logging.getLogger(__name__)

_LOOK_EVERY = 1.0
_AFTER_A_FAILURE = timedelta(minutes=15)


def the_place() -> Place:
    """Where this server's backups go. Raises: ValueError for a variable that can't be read."""
    return Place.configured(Configuration.of(os.environ), database_path())


def keep_backups(stop: threading.Event, look_every: float = _LOOK_EVERY) -> None:
    """Run until `stop` is set; nothing that goes wrong ends it, and nothing goes wrong unsaid.

    `look_every` in seconds.
    """
    place = the_place()
    sweep(place.database)
    while not stop.wait(look_every):
        try:
            look(the_database(), place, datetime.now(UTC))
        except DatabaseUnavailable:  # said on every page, and by /healthz
            stop.wait(30 * look_every)
        except Exception:
            log.exception("the backups' thread goes on after an error")
            keep_outcome(
                place, Outcome(datetime.now(UTC), problem=say("The backup failed. The log says why."))
            )
            stop.wait(30 * look_every)


def look(database: Database, place: Place, now: datetime) -> None:
    """Answer what was asked meanwhile, and make a backup if one is due. Raises: OSError."""
    answer_requests(place.requests, place.database, lambda request: _do(database, place, request, now))
    if is_due(place, now):
        try:
            back_up(database, LOCAL_ADMIN, place, now)
        except CrmError as error:
            log.error("the backup that was due was not made: %s", error)


def is_due(place: Place, now: datetime) -> bool:
    """Whether the newest backup is too old; after a failure, not before some time has passed.

    What is dated in the future, by a clock that was ahead, counts for nothing.
    """
    if place.every is None:
        return False
    last = last_outcome(place)
    if last and last.problem and last.at_utc <= now < last.at_utc + min(_AFTER_A_FAILURE, place.every):
        return False
    try:
        newest = newest_made(list_backups(place.folder, place.name), now)
    except OSError:  # the backup itself will say what is wrong with the folder
        return True
    return newest is None or now - newest >= place.every


def _do(database: Database, place: Place, request: Request, now: datetime) -> dict[str, Any]:
    target = Path(request.target)
    if request.kind == "backup":
        wanted = place.archive(target) if request.target else place
        outcome = back_up(database, LOCAL_ADMIN, wanted, now)
        return {
            "path": str(wanted.folder / outcome.name),
            "size": outcome.size,
            "count": outcome.finding_count,
        }
    if request.kind == "copy":
        try:
            with database.aside() as connection:
                copy_everything(connection, target)
        except OSError as error:
            raise Refused(
                say("The database could not be copied: {reason}.", reason=str(error.strerror or error))
            ) from error
        return {}
    raise ValueError("no such request")
