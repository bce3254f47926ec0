"""The folder of backups: what is in it by name, and which of them are kept for how long.

A backup's name begins with that of its database, so that several can share a folder. Only files whose names
are exactly those of backups of one's own database are ever listed or deleted.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

_REST = r"-(\d{8}T\d{6}Z)\.(zip|encrypted\.zip)"
_STAMP = "%Y%m%dT%H%M%SZ"

ALL_FOR = timedelta(days=2)
DAILY_FOR = timedelta(days=14)
MONTHLY_FOR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Backup:
    """One finished backup; `size` in bytes."""

    path: Path
    made_at_utc: datetime
    size: int
    is_encrypted: bool


def list_backups(folder: Path, name: str) -> list[Backup]:
    """Those of the database `name` in a folder, newest first.

    Raises: OSError, where there is a folder that can't be read.
    """
    if not folder.exists():
        return []
    own = re.compile(re.escape(name) + _REST)
    found = [_backup(path, match) for path in folder.iterdir() if (match := own.fullmatch(path.name))]
    return sorted((each for each in found if each), key=lambda backup: backup.made_at_utc, reverse=True)


def _backup(path: Path, match: re.Match[str]) -> Backup | None:
    try:
        made = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
        return Backup(path, made, path.stat().st_size, match[2] != "zip")
    except (ValueError, FileNotFoundError):  # no such day, or taken away meanwhile
        return None


def newest_made(backups: Iterable[Backup], now: datetime) -> datetime | None:
    """When the newest was made. One of the future, from a clock that was ahead, says nothing of now."""
    return max((each.made_at_utc for each in backups if each.made_at_utc <= now), default=None)


def free_name(folder: Path, name: str, at: datetime, is_encrypted: bool) -> Path:
    """The name of a backup made now; a second later where that one is taken."""
    ending = "encrypted.zip" if is_encrypted else "zip"
    while (path := folder / f"{name}-{at.astimezone(UTC):{_STAMP}}.{ending}").exists():
        at += timedelta(seconds=1)
    return path


def unfinished_name(path: Path) -> Path:
    """What a backup is called until it is whole and on the disk."""
    return path.with_name(f".{path.name}.part")


def remove_unfinished(folder: Path, name: str, now: datetime) -> None:
    """Take away what a program that was killed left behind, once it is a day old."""
    own = re.compile(r"\." + re.escape(name) + _REST + r"\.part")
    for path in folder.iterdir():
        if own.fullmatch(path.name):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < (now - timedelta(days=1)).timestamp():
                    path.unlink()


def outlived(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """Those that need not be kept any longer, oldest first.

    Kept are all of the last two days, the last one of each day for two weeks and the last one of each month
    for a year, days being those of UTC; and the newest, however old. Those of the future are left alone, and
    take nobody's place.
    """
    past = [each for each in backups if each.made_at_utc <= now]
    newest_first = sorted(past, key=lambda backup: backup.made_at_utc, reverse=True)
    days: dict[str, Backup] = {}
    months: dict[str, Backup] = {}
    for each in newest_first:
        days.setdefault(f"{each.made_at_utc:%Y-%m-%d}", each)
        months.setdefault(f"{each.made_at_utc:%Y-%m}", each)
    kept = [each for each in newest_first if now - each.made_at_utc <= ALL_FOR]
    kept += [each for each in days.values() if now - each.made_at_utc <= DAILY_FOR]
    kept += [each for each in months.values() if now - each.made_at_utc <= MONTHLY_FOR]
    kept += newest_first[:1]
    return [each for each in reversed(newest_first) if each not in kept]


def rotate(folder: Path, name: str, now: datetime) -> list[Path]:
    """Delete what `outlived` says; the files deleted. Raises: OSError."""
    gone = [backup.path for backup in outlived(list_backups(folder, name), now)]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
