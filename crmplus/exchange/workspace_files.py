"""The whole workspace as files, and back: a CSV for each table, a README, and a manifest."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import Refused, Unreadable
from crmplus.domain.message import say
from crmplus.domain.sight import EVERYTHING
from crmplus.exchange.archive import pack, unpacked
from crmplus.exchange.workspace_readme import readme
from crmplus.services.audit import record
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.derived import derive_anew
from crmplus.store.dump import load_table, write_table
from crmplus.store.restore import check_restored
from crmplus.store.schema import TableShape, migrations, read_schema, row_count

MANIFEST = "manifest.json"
README = "README.md"
_FORMAT = "CRM+ workspace"
_LONGEST_MANIFEST = 1_000_000


def export_workspace(database: Database, actor: Actor, target: Path, at: datetime) -> dict[str, int]:
    """Write everything to `target`: a ZIP where its name ends in .zip, else a folder.

    All of it is one state of what is committed; where it can't be written whole, nothing is left of it.
    Returns the number of rows of each table.
    Raises: NotPermitted, Refused where the folder holds something already, OSError.
    """
    actor.require(Permission.ADMINISTER)
    actor.require_whole_sight()
    if target.suffix.lower() == ".zip":
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="crmplus-") as made:
            counts = _write(database, Path(made), at)
            pack(Path(made), target)
        record(database, actor, AuditAction.WORKSPACE_EXPORTED, at, target.name)
        return counts
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Refused(say("{target} holds something already. Choose a new folder.", target=str(target)))
    with _new_folder(target), tempfile.TemporaryDirectory(dir=target, prefix=".draft-") as made:
        counts = _write(database, Path(made), at)
        for path in sorted(Path(made).iterdir(), key=lambda path: path.name == MANIFEST):
            path.replace(target / path.name)  # the manifest last: without it a folder is no export
    record(database, actor, AuditAction.WORKSPACE_EXPORTED, at, target.name)
    return counts


def import_workspace(database: Database, actor: Actor, source: Path) -> dict[str, int]:
    """Make the workspace of an export, a ZIP or a folder, in an empty database: all of it, or nothing.

    Returns the number of rows of each table.
    Raises: NotPermitted, Refused where something is there already or the export contradicts
    itself, Unreadable with the file, and the line and column where there is one.
    """
    actor.require(Permission.ADMINISTER)
    actor.require_whole_sight()
    with database.read(actor.sight) as connection:
        _refuse_unless_empty(connection)
    with unpacked(source) as folder, database.transaction(actor.sight) as connection:
        _refuse_unless_empty(connection)
        tables = read_schema(connection)
        promised = _read_manifest(folder, tables, migrations(connection))
        counts = {table.name: _load(connection, table, folder, promised[table.name]) for table in tables}
        check_restored(connection, tables)
        derive_anew(connection)
        return counts


@contextmanager
def _new_folder(target: Path) -> Iterator[None]:
    """Make a folder, unless it is there; one that was made goes again where the work in it fails."""
    is_new = not target.exists()
    target.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        if is_new:
            shutil.rmtree(target, ignore_errors=True)
        raise


def _write(database: Database, folder: Path, at: datetime) -> dict[str, int]:
    with database.read(EVERYTHING) as connection:
        tables, applied = read_schema(connection), migrations(connection)
        counts = {
            table.name: write_table(connection, table, folder / _file_of(table.name)) for table in tables
        }
    manifest = {"format": _FORMAT, "exported_at_utc": at.isoformat(), "migrations": applied, "rows": counts}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    (folder / README).write_text(readme(tables, counts), encoding="utf-8")
    return counts


def _refuse_unless_empty(connection: Connection) -> None:
    if any(row_count(connection, table) for table in read_schema(connection)):
        raise Refused(
            say("There is a workspace here already. An export is brought back into an empty database only.")
        )


def _load(connection: Connection, table: TableShape, folder: Path, promised: int) -> int:
    file = _file_of(table.name)
    found = load_table(connection, table, folder / file)
    if found != promised:
        raise Unreadable(
            say(
                "{file} holds {found} rows, and the manifest says {promised}.",
                file=file,
                found=found,
                promised=promised,
            )
        )
    return found


def _read_manifest(folder: Path, tables: list[TableShape], applied: list[str]) -> dict[str, int]:
    """How many rows each table has, once the manifest fits this program and all files are there."""
    manifest = _manifest(folder)
    if manifest["migrations"] != applied:
        newer = len(manifest["migrations"]) > len(applied)
        raise Unreadable(
            say("This export was made by a newer version of CRM+. Update the program first.")
            if newer
            else say(
                "This export was made by an older version of CRM+. Bring it back with that version, "
                "open the database with this one, and export again."
            )
        )
    for table in tables:
        if not (folder / _file_of(table.name)).is_file() or table.name not in manifest["rows"]:
            raise Unreadable(say("The export lacks the file {file}.", file=_file_of(table.name)))
    known = {MANIFEST, README, *(_file_of(table.name) for table in tables)}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            raise Unreadable(say("The export has a file that does not belong there: {file}.", file=path.name))
    rows: dict[str, int] = manifest["rows"]
    return rows


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    no_export = Unreadable(say("This is no export of a CRM+ workspace: its manifest is missing or damaged."))
    try:
        if path.stat().st_size > _LONGEST_MANIFEST:
            raise no_export
        manifest = json.loads(path.read_text(encoding="utf-8"))
        is_ours = manifest["format"] == _FORMAT and all(
            isinstance(name, str) for name in manifest["migrations"]
        )
        is_whole = all(isinstance(count, int) for count in manifest["rows"].values())
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise no_export from error
    if not (is_ours and is_whole):
        raise no_export
    return manifest  # type: ignore[no-any-return]


def _file_of(table: str) -> str:
    return f"{table}.csv"
