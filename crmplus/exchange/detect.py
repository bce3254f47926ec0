"""How a file wants to be read: each setting guessed from its content, with notes where a guess is open."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import Message, say
from crmplus.exchange.columns import is_known
from crmplus.exchange.dialect import guess_dialect
from crmplus.exchange.encoding import guess_encoding
from crmplus.exchange.header import guess_header
from crmplus.exchange.lines import Line, read_lines, text_lines
from crmplus.exchange.marks import guess_marks
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import FileKind, Source
from crmplus.exchange.unpacking import has_unsaved_formulas
from crmplus.exchange.workbook import NEUTRAL_MARK, first_filled_sheet

_SAMPLE_LINES = 2_000
_SAMPLE_CHARACTERS = 1 << 20
_HEADER_ROWS = 200
_HEADER_ROWS_OF_SHEETS, _SHEETS_LOOKED_AT = 20, 20
_VALUE_ROWS = 10_000
_VALUE_CHARACTERS = 5_000_000
_WHOLE_LINES = re.compile(r'"[^"]*[;,\t|][^"]*"')


@dataclass(frozen=True, slots=True)
class Detected:
    """How the file seems to be read, and what the user should look at before going on."""

    reading: Reading
    notes: tuple[Message, ...]


def detect(
    source: Source,
    day_first: bool = True,
    prefers_comma: bool = False,
    is_known: Callable[[str], bool] = is_known,
) -> Detected:
    """How to read `source`; `is_known` recognises names of columns. Raises: Unreadable."""
    if source.kind is FileKind.WORKBOOK:
        reading, notes = _workbook_reading(source, is_known)
    else:
        reading, notes = _text_reading(source)
    rows = _rows(source, reading)
    reading = replace(reading, header_row=guess_header(rows[:_HEADER_ROWS], is_known))
    marked = _with_marks(source, reading, rows, day_first, prefers_comma)
    return Detected(marked.reading, notes + marked.notes)


def guess_header_row(source: Source, reading: Reading, is_known: Callable[[str], bool] = is_known) -> Reading:
    """`reading` with the header that its sheet or its delimiter gives. Raises: Unreadable."""
    rows = _rows(source, replace(reading, header_row=0))
    return replace(reading, header_row=guess_header(rows[:_HEADER_ROWS], is_known))


def guess_values(source: Source, reading: Reading, day_first: bool, prefers_comma: bool) -> Detected:
    """`reading` with the decimal mark and the order of dates that its rows show. Raises: Unreadable."""
    return _with_marks(source, reading, _rows(source, reading), day_first, prefers_comma)


def _with_marks(
    source: Source, reading: Reading, rows: list[Line], day_first: bool, prefers_comma: bool
) -> Detected:
    speaks_comma = source.kind is FileKind.TEXT and reading.delimiter == ";"
    values = [line.values for line in rows if line.number > reading.header_row]
    marks = guess_marks(values, prefers_comma or speaks_comma, day_first)
    found = replace(reading, decimal_mark=marks.decimal_mark, date_order=marks.date_order)
    return Detected(found, marks.notes)


def _workbook_reading(source: Source, is_known: Callable[[str], bool]) -> tuple[Reading, tuple[Message, ...]]:
    reading = Reading(sheet=_sheet(source, is_known), header_row=0)
    if not has_unsaved_formulas(source.path):
        return reading, ()
    note = say(
        "Some formulas have no saved result and are read as empty. Open the workbook and save it again."
    )
    return reading, (note,)


def _sheet(source: Source, is_known: Callable[[str], bool]) -> str:
    """The sheet with a row that names most columns, the first of equals. Raises: Unreadable."""
    first = first_filled_sheet(source.path, source.sheets)
    if len(source.sheets) == 1:
        return first

    def names(sheet: str) -> int:
        rows = islice(read_lines(source, Reading(sheet=sheet, header_row=0)), _HEADER_ROWS_OF_SHEETS)
        return max((sum(map(is_known, filter(None, row.values))) for row in rows), default=0)

    return max((first, *source.sheets[:_SHEETS_LOOKED_AT]), key=names)


def _text_reading(source: Source) -> tuple[Reading, tuple[Message, ...]]:
    encoding, note = guess_encoding(source.path)
    sample = _sample(source, encoding)
    dialect = guess_dialect(sample)
    reading = Reading(encoding, dialect.delimiter, dialect.quote, dialect.escape, header_row=0)
    notes = [note, _whole_lines_note(sample)]
    return reading, tuple(note for note in notes if note)


def _sample(source: Source, encoding: str) -> str:
    with source.path.open(encoding=encoding, errors="replace", newline="") as file:
        found: list[str] = []
        size = 0
        for line in islice(text_lines(file), _SAMPLE_LINES):
            found.append(line)
            size += len(line)
            if size > _SAMPLE_CHARACTERS:
                break
    return "".join(found)


def _whole_lines_note(sample: str) -> Message | None:
    lines = [line for line in sample.splitlines() if line.strip()]
    if len(lines) < 2 or not all(map(_WHOLE_LINES.fullmatch, lines)):
        return None
    return say(
        "Each line stands in quotes as a whole, which makes a single column. If there should be more, remove "
        "the outer quotes in a text editor."
    )


def _rows(source: Source, reading: Reading) -> list[Line]:
    """The first rows below the header; those before the place that stops the reading, where one does."""
    if source.kind is FileKind.WORKBOOK:
        reading = replace(reading, decimal_mark=NEUTRAL_MARK)
    found: list[Line] = []
    size = 0
    try:
        for line in islice(read_lines(source, reading), _VALUE_ROWS):
            found.append(line)
            size += len(line.values) + sum(map(len, line.values))
            if size > _VALUE_CHARACTERS:
                break
    except Unreadable:
        if not found:
            raise
    return found
