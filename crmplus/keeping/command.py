"""Commands: backup, restore and check. What happened is said in sentences, a line each."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from crmplus.configuration import Configuration
from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.errors import CrmError, NotFound, Refused
from crmplus.domain.message import say
from crmplus.keeping.backup import back_up, open_backup
from crmplus.keeping.check import Checked, examine
from crmplus.keeping.place import Place
from crmplus.keeping.requests import Request, ask, is_in_use
from crmplus.keeping.restoring import restore
from crmplus.keeping.rooms import room_beside, sweep
from crmplus.store.database import Database, database_path
from crmplus.store.scratch import as_it_stands, scratch, unmigrated

_DONE, _REFUSED = 0, 1
_COPY = "crmplus.duckdb"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add those of this room; each is run by the `run` of its arguments, which returns the exit code."""
    backing = commands.add_parser("backup", help="make a backup, also while the server runs")
    backing.add_argument(
        "--to", type=Path, metavar="FOLDER", help="instead of CRMPLUS_BACKUP_FOLDER; there nothing is deleted"
    )
    backing.set_defaults(run=partial(_run, _backup))
    restoring = commands.add_parser("restore", help="put a backup in the place of the database")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--database", type=Path, metavar="PATH", help="instead of CRMPLUS_DATABASE")
    restoring.add_argument("--key-file", type=Path, help="instead of CRMPLUS_BACKUP_KEY_FILE")
    restoring.add_argument(
        "--despite-findings", action="store_true", help="although check finds something in it"
    )
    restoring.set_defaults(run=partial(_run, _restore))
    checking = commands.add_parser("check", help="prove a database, or a backup, sound")
    checking.add_argument("path", type=Path, nargs="?", help="a database or a backup; else CRMPLUS_DATABASE")
    checking.add_argument("--key-file", type=Path, help="instead of CRMPLUS_BACKUP_KEY_FILE")
    checking.set_defaults(run=partial(_run, _check))


def _run(command: Callable[[argparse.Namespace], int], asked: argparse.Namespace) -> int:
    """Run a command; a refusal is a sentence on the standard error."""
    try:
        return command(asked)
    except CrmError as error:
        _say(str(error.message), sys.stderr)
    except (OSError, ValueError) as error:
        _say(str(error), sys.stderr)
    return _REFUSED


def _place(asked: argparse.Namespace, database: Path) -> Place:
    place = Place.configured(Configuration.of(os.environ), database)
    key_file = getattr(asked, "key_file", None)
    return replace(place, key_file=key_file) if key_file else place


def _backup(asked: argparse.Namespace) -> int:
    place = _place(asked, database_path())
    if asked.to:
        place = place.archive(asked.to.expanduser().resolve())
    _require(place.database)
    if is_in_use(place.database):
        request = Request("backup", str(place.folder) if asked.to else "")
        made = ask(place.requests, place.database, request)
        return _say_backup(Path(made["path"]), made["size"], made["count"])
    with unmigrated(place.database) as database:
        outcome = back_up(database, LOCAL_ADMIN, place, datetime.now(UTC))
    return _say_backup(place.folder / outcome.name, outcome.size, outcome.finding_count)


def _say_backup(path: Path, size: int, finding_count: int) -> int:
    _say(f"Backup made: {path}, {size:,} bytes.")
    if not finding_count:
        return _DONE
    _say(f"What it holds is not sound: {finding_count} findings. Run check to read them.", sys.stderr)
    return _REFUSED


def _restore(asked: argparse.Namespace) -> int:
    database = asked.database.expanduser().resolve() if asked.database else database_path()
    _require(asked.file)
    done = restore(asked.file, _place(asked, database), datetime.now(UTC), asked.despite_findings)
    for finding in done.findings:
        _say(str(finding), sys.stderr)
    _say(f"Restored: {done.database} is what {asked.file.name} holds.")
    if done.kept:
        _say(f"The database that was there is kept as {done.kept}. Delete it once you are sure.")
    if done.kept_log:
        _say(f"A log without its database lay there. It is kept as {done.kept_log}.")
    _say("Now start the server. Everybody signs in anew; invitations that were open are to be sent again.")
    return _DONE


def _check(asked: argparse.Namespace) -> int:
    path = asked.path.expanduser().resolve() if asked.path else database_path()
    _require(path)
    with _opened(path, _place(asked, database_path())) as database:
        checked = examine(database)
    for each in checked:
        _say(_line(each))
        for message in each.found:
            _say(f"  - {message}", sys.stderr)
    count = sum(len(each.found) for each in checked)
    _say(f"{path}: " + (f"{count} findings." if count else "sound."))
    return _REFUSED if count else _DONE


def _line(checked: Checked) -> str:
    return f"{'not ok' if checked.found else 'ok':6} {checked.row_count:>10,} rows  {checked.about}"


@contextmanager
def _opened(path: Path, place: Place) -> Iterator[Database]:
    """A database as it stands, a copy of one that the server has open, or what is in a backup."""
    if path.suffix == ".zip":
        with room_beside(_neighbour(place.database)) as room:
            open_backup(path, place, room, room / _COPY)
            with scratch(room / _COPY) as database:
                yield database
    elif is_in_use(path):
        # Beside the database, where the server can write: it may see no other folder of this machine.
        with room_beside(path) as room:
            ask(replace(place, database=path).requests, path, Request("copy", str(room / _COPY)))
            with scratch(room / _COPY) as database:
                yield database
    else:
        sweep(path)
        with as_it_stands(path) as database:
            yield database


def _neighbour(database: Path) -> Path:
    """What a backup is unpacked beside, on a machine that may have no database of its own."""
    return database if database.parent.exists() else Path(tempfile.gettempdir()) / database.name


def _require(path: Path) -> None:
    """Raises: NotFound, Refused."""
    if not path.exists():
        raise NotFound(say("There is no file {path}.", path=str(path)))
    if not path.is_file():
        raise Refused(say("{path} is no file.", path=str(path)))


def _say(sentence: str, where: TextIO | None = None) -> None:
    (where or sys.stdout).write(sentence + "\n")
