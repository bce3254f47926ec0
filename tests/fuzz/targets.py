"""What is fed with arbitrary bytes: each target may refuse them with an error that a user can read, and
may do nothing else."""

import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crmplus.domain.errors import CrmError, Invalid
from crmplus.exchange.archive import unpacked
from crmplus.exchange.bad_cell import BadCell
from crmplus.exchange.cells import parse_amount, parse_email, parse_score, parse_yes_no
from crmplus.exchange.detect import detect
from crmplus.exchange.imports import check_file, run_import
from crmplus.exchange.lines import preview, read_lines
from crmplus.exchange.mapping import from_json, to_json
from crmplus.exchange.moments import parse_day, parse_moment
from crmplus.exchange.phones import first_phone
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.reading import DateOrder, Reading
from crmplus.exchange.source import open_source
from crmplus.exchange.workspace_files import export_workspace, import_workspace
from crmplus.locale.language import Language
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from crmplus.ui import board_asked, bulk_dialogs, lead_list_edits, view_filters
from crmplus.ui.sent import NEWEST_POSSIBLE
from crmplus.ui.text import plain, shortened
from tests.fuzz import door
from tests.world import ADMIN, NOW, customer_with_lead

Target = Callable[[bytes], None]
_MOST_ROWS = 2_000
_ZONE = ZoneInfo("Europe/Amsterdam")


def read_file(content: bytes) -> None:
    """A file that was uploaded: told what it is, its settings guessed, its rows read."""
    with _file(content) as path, suppress(CrmError):
        source = open_source(path, "upload")
        reading = detect(source).reading
        names, _rows = preview(source, reading)
        assert len(set(names)) == len(names)
        for line in islice(read_lines(source, reading), _MOST_ROWS):
            assert line.number > 0


def read_sheet(content: bytes) -> None:
    """A workbook that is sound but for its sheet, which the fuzzer writes."""
    read_file(_with_part("xl/worksheets/sheet1.xml", content))


def import_file(content: bytes) -> None:
    """All of an import as a newcomer does it: read as detected, mapped as proposed, checked and run."""
    database = _workspace()
    with _file(content) as path, suppress(CrmError):
        source = open_source(path, "upload.csv")
        reading = detect(source).reading
        mapping = propose_mapping(database, ADMIN, source, reading)
        check = check_file(database, ADMIN, source, reading, mapping, NOW)
        with suppress(_Enough), database.transaction(ADMIN.sight):
            run_import(database, ADMIN, check, NOW)
            raise _Enough  # the next one finds the same workspace


def unpack(content: bytes) -> None:
    """A ZIP that is said to be an export."""
    with _file(content) as path, suppress(CrmError), unpacked(path) as folder:
        assert all(file.parent == folder for file in folder.iterdir())


def restore(content: bytes) -> None:
    """An export of which one file was written by the fuzzer; the first byte says which."""
    files = dict(_export())
    name = sorted(files)[content[0] % len(files)] if content else "manifest.json"
    files[name] = content[1:]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each, text in files.items():
            archive.writestr(each, text)
    database = _nothing()
    with _file(packed.getvalue()) as path, suppress(CrmError, _Enough), database.transaction(ADMIN.sight):
        import_workspace(database, ADMIN, path)
        raise _Enough


def read_cells(content: bytes) -> None:
    """A cell of an import, as every kind of value."""
    text = _text(content)
    for mark, order in (
        (".", DateOrder.DAY_FIRST),
        (",", DateOrder.MONTH_FIRST),
        (",", DateOrder.YEAR_FIRST),
    ):
        reading = Reading(decimal_mark=mark, date_order=order)
        for parse in (
            lambda cell, reading=reading: parse_amount(cell, reading),
            lambda cell, reading=reading: parse_score(cell, reading),
            lambda cell, reading=reading: parse_day(cell, reading),
            lambda cell, reading=reading: parse_moment(cell, reading, _ZONE),
            parse_yes_no,
            parse_email,
            first_phone,
        ):
            with suppress(BadCell):
                parse(text)


def read_mapping(content: bytes) -> None:
    """A mapping that somebody uploads: what is taken for one is written and read as the same."""
    with suppress(CrmError):
        mapping = from_json(_text(content))
        assert from_json(to_json(mapping)) == mapping


def read_form(content: bytes) -> None:
    """What is typed into forms and into cells of the list."""
    text = _text(content)
    for code in Language.LOCALES:
        with suppress(Invalid):
            amount = Language(code, _ZONE).parse_amount("expected_value", text)
            assert amount is None or amount.is_finite()
    for read in (lead_list_edits._score, lead_list_edits._day, lead_list_edits._owner):
        with suppress(Invalid):
            read(text[: lead_list_edits._LONGEST])
    assert "\n" not in plain(text)
    assert len(shortened(text, 60)) <= 60


def read_message(content: bytes) -> None:
    """What board and list send, which anybody can who has a WebSocket."""
    sent = _message(content)
    asked = board_asked.parse(sent)
    if isinstance(asked, board_asked.AskedMove | board_asked.AskedStep):
        assert 0 < asked.version <= NEWEST_POSSIBLE
    for each in sent if isinstance(sent, list) else [sent]:
        if edit := lead_list_edits._read(each):
            assert edit.field in lead_list_edits.FIELDS
    name, choices = bulk_dialogs._read(sent)
    bulk_dialogs._choice(sent[1] if isinstance(sent, list) else sent)
    assert bool(name) or not choices


def read_address(content: bytes) -> None:
    """The query of a saved view, and of an address."""
    kept = view_filters.filters_of(_text(content))
    for page in ("leads", "customers", "win_loss"):
        assert (
            view_filters.filters_of(view_filters.in_order(kept, "leads"))
            == {key: text for key, text in kept.items() if text}
            or not kept
        )
        for understand in view_filters._typed(page).values():
            for text in kept.values():
                understand(text)


TARGETS: dict[str, Target] = {
    "file": read_file,
    "sheet": read_sheet,
    "import": import_file,
    "zip": unpack,
    "restore": restore,
    "cells": read_cells,
    "mapping": read_mapping,
    "forms": read_form,
    "messages": read_message,
    "address": read_address,
    "door": door.ask,
}

_CSV = "Customer;Owner;Expected value;Score;Phase;Opened\nBakery;Ann;1.234,50;40;Call;02-03-2026\n"
_KEY = "0195a5d0-0000-7000-8000-000000000000"
_MESSAGES: tuple[dict[str, Any], ...] = (
    {"what": "move", "lead": _KEY, "version": 3, "phase": _KEY},
    {"what": "done", "lead": _KEY, "step": _KEY, "version": 3},
    {"key": "1", "lead": _KEY, "version": 1, "field": "score", "text": "5"},
    {"action": "close", "leads": [[_KEY, 1]]},
)


def seeds(name: str) -> list[bytes]:
    """Inputs that are as they should be, to begin with."""
    texts: dict[str, list[str]] = {
        "file": [_CSV, _CSV.replace(";", ","), 'sep=\t\n"a""b"\t"c\nd"\n1\t2\n', "\ufeffname\nÉlan\n"],
        "import": [
            _CSV,
            "name,email,phone\nA,a@b.example,+31 20 555\n",
            "Lead;Status;Closed\nx;won;1-1-2026\n",
        ],
        "cells": [
            "1.234,50",
            "€ 12",
            "40%",
            "31-12-2025 23:59",
            "2026-03-02T09:00:00+01:00",
            "yes",
            "a@b.example",
        ],
        "forms": ["1,234.56", "1.234,56", "-5", "2026-03-02", "50", _KEY],
        "messages": [
            f"{chr(place)}\x01{value}" for place in range(4) for value in (1, f'"{_KEY}"', "[]", "-1")
        ],
        "address": [
            "type=LEAD&owner=AN&search=a%20b",
            "from=2026-01-01&to=2026-12-31&period=own",
            "value=10&score=5",
        ],
        "sheet": [_part("xl/worksheets/sheet1.xml").decode()],
    }
    if name == "door":
        return door.seeds()
    if name == "zip":
        return [_zip(dict(_export()))]
    if name == "restore":
        wanted = ("manifest.json", "lead.csv", "change_log.csv", "workspace.csv")
        return [
            bytes([place]) + text for place, (file, text) in enumerate(sorted(_export())) if file in wanted
        ]
    if name == "mapping":
        with _file(_CSV.encode()) as path:
            source = open_source(path, "upload.csv")
            return [to_json(propose_mapping(_workspace(), ADMIN, source, detect(source).reading)).encode()]
    found = [text.encode() for text in texts[name]]
    return [*found, _book()] if name == "file" else found


class _Enough(Exception):
    """What was done is taken back."""


class _file:
    """The bytes as a file, while it is looked at."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory(prefix="crmplus-fuzz-")
        path = Path(self._folder.name) / "upload"
        path.write_bytes(self._content)
        return path

    def __exit__(self, *_error: object) -> None:
        self._folder.cleanup()


def _message(content: bytes) -> object:
    """A message of ours of which one value is another; the first two bytes say which, of which message."""
    if len(content) < 2:
        return None
    try:
        value = json.loads(_text(content[2:]))
    except (ValueError, RecursionError):
        value = _text(content[2:])
    message = _MESSAGES[content[0] % len(_MESSAGES)]
    changed = message | {sorted(message)[content[1] % len(message)]: value}
    return [changed, value] if content[0] & 128 else changed


def _text(content: bytes) -> str:
    """As a browser sends it: whole characters, of any kind."""
    return content.decode("utf-8", "replace")


@cache
def _workspace() -> Database:
    database = Database.open(None)
    create_workspace(database, ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
    customer_with_lead(database, "Bakery")
    return database


@cache
def _nothing() -> Database:
    return Database.open(None)


@cache
def _export() -> tuple[tuple[str, bytes], ...]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "export"
        export_workspace(_workspace(), ADMIN, folder, NOW)
        return tuple((file.name, file.read_bytes()) for file in sorted(folder.iterdir()))


def _zip(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@cache
def _book() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["Customer", "Expected value", "Opened"], ["Bakery", 1234.5, NOW.replace(tzinfo=None)]):
        book.active.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _part(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(_book())) as book:
        return book.read(name)


def _with_part(name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(_book())) as book:
        return _zip({each: content if each == name else book.read(each) for each in book.namelist()})
