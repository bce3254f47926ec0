"""What the engine says when the disk does not do what it should, in words for who works with CRM+."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

import duckdb

from crmplus.domain.errors import StorageFailed
from crmplus.domain.message import Message, say

_OF_THE_DISK = (duckdb.IOException, duckdb.FatalException)
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
)


class Deed(Enum):
    """What was being done: only a commit can end without anybody knowing whether it took place."""

    READING = "reading"
    WRITING = "writing"
    COMMITTING = "committing"


@contextmanager
def disk_failures_are_said(deed: Deed) -> Iterator[None]:
    """Raises: StorageFailed, where the engine meets a disk that fails; any other error as it is."""
    try:
        yield
    except duckdb.Error as error:
        if not _is_of_the_disk(error):
            raise
        raise StorageFailed(_sentence(str(error).lower(), deed, error)) from error


def _is_of_the_disk(error: duckdb.Error) -> bool:
    text = str(error).lower()
    return isinstance(error, _OF_THE_DISK) or any(sign in text for sign in _SIGNS)


def _sentence(text: str, deed: Deed, error: duckdb.Error) -> Message:
    if deed is Deed.COMMITTING and isinstance(error, duckdb.FatalException):
        return say(
            "The disk failed while this was being saved. Look whether it is there before you save it again."
        )
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
