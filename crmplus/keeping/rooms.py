"""Rooms: folders beside a database for what is not encrypted, which are gone with whoever made them.

A room is held by a lock that ends with its process: so what a killed one left is told from what is in use.
"""

import fcntl
import glob
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crmplus.keeping.disk import hand_over

log = logging.getLogger(__name__)


@contextmanager
def room_beside(database: Path) -> Iterator[Path]:
    """A folder for its owner's eyes only; what killed programs left is taken away first. Raises: OSError."""
    sweep(database)
    room = Path(tempfile.mkdtemp(prefix=_prefix(database), dir=database.parent))
    handle = os.open(room, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # a file system without such locks: there nothing can be swept either
            fcntl.flock(handle, fcntl.LOCK_EX)
        hand_over(room, database)
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
        os.close(handle)


def sweep(database: Path) -> None:
    """Take away the rooms beside a database that nobody holds any more; what can't be is logged."""
    for room in database.parent.glob(glob.escape(_prefix(database)) + "*"):
        try:
            with suppress(FileNotFoundError):  # another process is sweeping too
                _take_away(room)
        except OSError as error:
            log.error("the room %s of a killed program can't be taken away: %s", room, error)


def _take_away(room: Path) -> None:
    handle = os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        log.debug("somebody works in %s", room)
    else:
        shutil.rmtree(room)
    finally:
        os.close(handle)


def _prefix(database: Path) -> str:
    return f".{database.name}.room-"
