"""Commands: `python -m crmplus import FILE`, and a whole workspace out and in.

What happened is one JSON object on the standard output.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.errors import CrmError, NotFound, Refused, Unreadable
from crmplus.domain.message import say
from crmplus.exchange.detect import detect
from crmplus.exchange.differences import differences
from crmplus.exchange.imports import MOST_PROBLEMS, Check, check_file, run_import
from crmplus.exchange.mapping import ImportMapping, from_json, to_json
from crmplus.exchange.mappings import find_mapping
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source, open_source
from crmplus.exchange.workspace_files import export_workspace, import_workspace
from crmplus.services.workspace import find_workspace
from crmplus.store.database import Database, the_database

_LONGEST_VALUE = 200
_DONE, _REFUSED = 0, 1


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add those of this room; each is run by the `run` of its arguments, which returns the exit code."""
    importing = commands.add_parser("import", help="import customers or leads from a CSV file or a workbook")
    importing.add_argument("file", type=Path)
    importing.add_argument("--mapping", help="name of a saved mapping, or a file that holds one as JSON")
    importing.add_argument("--dry-run", action="store_true", help="check only: nothing is written")
    importing.add_argument("--good-rows", action="store_true", help="import although some rows are refused")
    importing.add_argument("--placeholder", default="", help="customer for rows that name none")
    importing.add_argument(
        "--start-leads", action="store_true", help="start a lead for each new customer with a funnel"
    )
    importing.set_defaults(run=partial(_run, _import))
    exporting = commands.add_parser("export-workspace", help="write everything to a ZIP or a new folder")
    exporting.add_argument("target", type=Path)
    exporting.set_defaults(run=partial(_run, _export_workspace))
    restoring = commands.add_parser("import-workspace", help="make the workspace of such an export")
    restoring.add_argument("source", type=Path)
    restoring.set_defaults(run=partial(_run, _import_workspace))


def _run(
    command: Callable[[Database, argparse.Namespace], tuple[dict[str, Any], int]], asked: argparse.Namespace
) -> int:
    """Run a command and write its report."""
    report: dict[str, Any]
    code: int
    try:
        report, code = command(the_database(), asked)
    except CrmError as error:
        report, code = {"refused": str(error.message)}, _REFUSED
    json.dump(report, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")
    return code


def _import(database: Database, asked: argparse.Namespace) -> tuple[dict[str, Any], int]:
    if find_workspace(database) is None:
        raise Refused(say("There is no workspace yet. Start the program in a browser once, and make it."))
    at = datetime.now(UTC)
    source = open_source(asked.file, _printable(asked.file.name))
    mapping, reading = _decisions(database, source, asked)
    if asked.start_leads:
        mapping = replace(mapping, starts_leads=True)
    check = check_file(database, LOCAL_ADMIN, source, reading, mapping, at)
    report = _report(check)
    if check.refused_count and not asked.good_rows:
        reason = "Some rows are refused, so nothing was imported. Mend them, or use --good-rows."
        return report | {"imported": False, "refused": reason}, _REFUSED
    if not asked.dry_run and not check.does_nothing:
        run = run_import(database, LOCAL_ADMIN, check, datetime.now(UTC))
        return report | {"imported": True, "import_id": run.id}, _DONE
    return report | {"imported": False}, _DONE


def _printable(name: str) -> str:
    """A file's name; bytes in it that are no text become question marks."""
    return name.encode("utf-8", "replace").decode()


def _decisions(
    database: Database, source: Source, asked: argparse.Namespace
) -> tuple[ImportMapping, Reading]:
    """What the mapping says; without one, what the file lets guess. Raises: NotFound, Refused."""
    if asked.mapping:
        mapping = _mapping(database, asked.mapping)
        return mapping, mapping.reading or _detected(database, source)
    reading = _detected(database, source)
    return propose_mapping(database, LOCAL_ADMIN, source, reading, asked.placeholder), reading


def _detected(database: Database, source: Source) -> Reading:
    """Where the file leaves it open, amounts are read as the workspace's language writes them."""
    workspace = find_workspace(database)
    return detect(source, prefers_comma=workspace is not None and workspace.language == "nl").reading


def _mapping(database: Database, name: str) -> ImportMapping:
    if _is_file(Path(name)):
        try:
            return from_json(Path(name).read_text(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise Unreadable(say("This file can't be opened.")) from error
    try:
        return from_json(find_mapping(database, LOCAL_ADMIN, name).content_json)
    except NotFound as error:
        raise Refused(say("There is no saved mapping {name}, and no such file.", name=name)) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # longer than a file's name can be: it may be that of a saved mapping
        return False


def _report(check: Check) -> dict[str, Any]:
    return {
        "file": check.source.name,
        "rows": check.row_count,
        "refused_rows": check.refused_count,
        "will": asdict(check.counts) | {"settings_made": len(check.settings.made)},
        "notes": [
            {"note": str(note.message), "rows": note.count, "first_line": note.first_line}
            for note in check.notes
        ],
        "problems": [
            {
                "line": problem.line,
                "column": problem.column,
                "value": _shortened(problem.value),
                "reason": str(problem.reason),
            }
            for problem in check.problems
        ],
        "has_more_problems": len(check.problems) == MOST_PROBLEMS,
        "changes": [asdict(difference) for difference in differences(check)],
        "mapping": json.loads(to_json(check.mapping)),
    }


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"


def _export_workspace(database: Database, asked: argparse.Namespace) -> tuple[dict[str, Any], int]:
    try:
        rows = export_workspace(database, LOCAL_ADMIN, asked.target, datetime.now(UTC))
    except OSError as error:
        raise Refused(
            say(
                "{target} can't be written: {reason}. Choose another place.",
                target=str(asked.target),
                reason=str(error.strerror or error),
            )
        ) from error
    return {"written": asked.target, "rows": rows}, _DONE


def _import_workspace(database: Database, asked: argparse.Namespace) -> tuple[dict[str, Any], int]:
    try:
        return {"rows": import_workspace(database, LOCAL_ADMIN, asked.source)}, _DONE
    except OSError as error:
        raise Unreadable(say("This file can't be opened.")) from error
