"""Who may read the database on the machine: its owner, and nobody else unless somebody wanted it."""

import os
from contextlib import suppress
from pathlib import Path

from crmplus.store.engine import logs_of

_OTHERS = 0o007
_OWNER = 0o700


def for_the_owner_only() -> None:
    """What this process makes from now on only its owner can read.

    For good, and not while a file is opened: the engine makes the log beside the file anew when it likes.
    """
    os.umask(os.umask(0o077) | 0o077)


def close_to_others(path: Path) -> None:
    """Leave a file that everybody could read, and its logs, to its owner.

    Nobody wants that of a file with password hashes: it comes of what programs make by default. What a group
    alone was given somebody gave it, and it stays.
    """
    for each in (path, *logs_of(path)):
        with suppress(FileNotFoundError, PermissionError):  # not there, or somebody else's to change
            mode = each.stat().st_mode & 0o777
            if mode & _OTHERS:
                each.chmod(mode & _OWNER)
