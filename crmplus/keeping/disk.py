"""Files that are either whole and on the disk, or not there."""

import os
from contextlib import suppress
from pathlib import Path


def settle(path: Path) -> None:
    """Have a file's content on the disk before anybody relies on it. Raises: OSError."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Have names in a folder on the disk. Raises: OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_in_place(unfinished: Path, path: Path) -> None:
    """Give a finished file its name: after a crash it is there as a whole, or not at all. Raises: OSError."""
    settle(unfinished)
    unfinished.replace(path)
    settle_folder(path.parent)


def write_whole(path: Path, text: str, database: Path | None = None) -> None:
    """Write a small file in the place of the one before it, for its owner's eyes.

    It is handed over to who has `database`, where that is given. Raises: OSError.
    """
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(
        os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        if database:
            _give(file.fileno(), database)
    put_in_place(unfinished, path)


def make_folder(folder: Path, database: Path) -> None:
    """Make a folder, with those above it, for who has the database. Raises: OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        hand_over(each, database)


def hand_over(path: Path, database: Path) -> None:
    """Give a file or folder to who has the database, or the folder that it would lie in. Raises: OSError.

    A command may be run by root, and must leave nothing that the server can't use. Links are not followed:
    they could lead root to files that are nobody else's.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        _give(handle, database)
    finally:
        os.close(handle)


def _give(handle: int, database: Path) -> None:
    owner = (database if database.exists() else database.parent).stat()
    with suppress(OSError):  # only root may and has to, and not every file system knows owners
        os.fchown(handle, owner.st_uid, owner.st_gid)
