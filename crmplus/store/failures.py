"""What the engine says when the disk does not do what it should, in words for who works with CRM+."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

import duckdb

from crmplus.domain.errors import StorageFailed
from crmplus.domain.message import Message, say

log = logging.getLogger(__name__)

_PERHAPS = (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException)
"""Of the disk, where their text says so: a commit that found no room, or a sort that found none."""
_FULL = ("no space left", "disk quota exceeded", "max_temp_directory_size")
_UNWRITABLE = ("read-only", "permission denied", "operation not permitted")
_SIGNS = (
    *_FULL,
    *_UNWRITABLE,
    "could not write",
    "could not sync",
    "fsync",
    "file too large",
    "input/output",
    ".wal",
)


class Deed(Enum):
    """What was being done: only a commit can end without anybody knowing whether it took place."""

    READING = "reading"
    WRITING = "writing"
    COMMITTING = "committing"


@contextmanager
def disk_failures_are_said(deed: Deed) -> Iterator[None]:
    """Raises: StorageFailed, where the disk fails, or the engine ends; any other error as it is."""
    try:
        yield
    except duckdb.Error as error:
        if not _is_of_the_disk(error):
            raise
        # What the engine says may hold keys and values of rows: of its words only those known here are kept.
        signs = [sign for sign in _SIGNS if sign in str(error).lower()]
        log.error("the storage failed while %s: %s (%s)", deed.value, type(error).__name__, ", ".join(signs))
        raise StorageFailed(_sentence(str(error).lower(), deed, error)) from error


def _is_of_the_disk(error: duckdb.Error) -> bool:
    return isinstance(error, duckdb.FatalException) or (
        isinstance(error, _PERHAPS) and _says_so(str(error).lower())
    )


def _says_so(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)


def _sentence(text: str, deed: Deed, error: duckdb.Error) -> Message:
    if deed is Deed.COMMITTING and isinstance(error, duckdb.FatalException):
        return say(
            "The storage failed while this was being saved. "
            "Look whether it is there before you save it again."
        )
    if not _says_so(text):
        return _not_of_the_disk(deed)
    is_full = any(sign in text for sign in _FULL)
    if deed is Deed.READING:
        if is_full:
            return say(
                "The disk of the server is full, and this needs room on it. Make room, then try again."
            )
        return say(
            "The database can't be read now. Try again; if it stays, the disk of the server needs a look."
        )
    if is_full:
        return say("The disk of the server is full, so nothing was saved. Make room on it, then save again.")
    if any(sign in text for sign in _UNWRITABLE):
        return say(
            "The database can't be written to, so nothing was saved. "
            "Have its folder made writable, then save again."
        )
    return say(
        "The disk of the server failed, so nothing was saved. Try again; if it stays, the disk needs a look."
    )


def _not_of_the_disk(deed: Deed) -> Message:
    if deed is Deed.READING:
        return say("The database had to be opened anew. Try again.")
    return say("The database had to be opened anew, so nothing was saved. Save again.")
