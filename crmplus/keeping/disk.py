"""Files that are either whole and on the disk, or not there."""

import os
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


def write_whole(path: Path, text: str) -> None:
    """Write a small file in the place of the one before it, for its owner's eyes. Raises: OSError."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(
        os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    put_in_place(unfinished, path)
