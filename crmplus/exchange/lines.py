"""The rows of a file, one after the other, as the reading says: never more of them in memory than one."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any, TextIO

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import Message, say
from crmplus.exchange.encoding import first_undecodable_line, undecodable
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import MOST_COLUMNS, FileKind, Source
from crmplus.exchange.workbook import sheet_rows

LONGEST_CELL = 1_000_000
"""Characters; what is longer was mostly opened by a quote that nothing closes."""
_LONGEST_LINE = 2_000_000
"""Characters, of which every other one could end a cell."""
_MOST_CELLS = 16_384
"""Cells of a row, mostly blank ones behind the last column: a spreadsheet has no more."""
_LONGEST_SEPARATOR_LINE = 20
_ROWS_THAT_SHOW_A_COLUMN = 1_000
_ROWS_THAT_SHOW_THE_WIDTH = 100
SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?\s*', re.I)
"""The first line by which Excel is told the delimiter."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line of the file it starts on (in a workbook its row), from 1, and its cells as text."""

    number: int
    values: list[str]


def headers(source: Source, reading: Reading) -> list[str]:
    """The names of the columns, each once; letters as in a spreadsheet for those without one.

    Raises: Unreadable.
    """
    rows = _rows(source, reading)
    if reading.header_row:
        names = _header(rows, reading.header_row)
        width = max((_width(line) for line in islice(rows, _ROWS_THAT_SHOW_A_COLUMN)), default=0)
        while len(names) > width and not names[-1]:
            names.pop()
    else:
        names = [""] * max((len(line.values) for line in islice(rows, _ROWS_THAT_SHOW_THE_WIDTH)), default=0)
    if len(names) > MOST_COLUMNS:
        raise Unreadable(_too_wide(len(names)))
    return _unique(names)


def read_lines(source: Source, reading: Reading) -> Iterator[Line]:
    """The rows below the header, in order, without the blank ones. Raises: Unreadable, naming the line."""
    rows = _rows(source, reading)
    if reading.header_row:
        _header(rows, reading.header_row)
    for line in rows:
        values = line.values
        if values and ((values[0] and not values[0].isspace()) or any(map(str.strip, values))):
            yield line


def preview(source: Source, reading: Reading, limit: int = 20) -> tuple[list[str], list[Line]]:
    """The names of the columns and the first `limit` rows. Raises: Unreadable."""
    return headers(source, reading), list(islice(read_lines(source, reading), limit))


def letters(place: int) -> str:
    """What a spreadsheet calls the column at `place`, from 0: A, B, ... Z, AA."""
    name = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(65 + letter) + name
    return name


def records(lines: Iterable[str], reading: Reading, first: int = 1) -> Iterator[Line]:
    """What stands in `lines`, the first of which has the number `first`. Raises: Unreadable, UnicodeError."""
    is_exhausted = False

    def end() -> Iterator[str]:
        nonlocal is_exhausted
        is_exhausted = True
        yield from ()

    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(chain(lines, end()), **_options(reading))
    number = first
    try:
        for values in reader:
            if is_exhausted:  # the row asked for more lines than there are: it is still inside a quote
                raise Unreadable(_never_closed(number))
            yield Line(number, values)
            number = first + reader.line_num
    except csv.Error as error:
        is_one_line = first + reader.line_num <= number + 1
        raise Unreadable(_too_long(number) if is_one_line else _never_closed(number)) from error


def text_lines(file: TextIO) -> Iterator[str]:
    """The lines of a text file, each with its end; one without an end in sight comes in pieces."""
    return iter(partial(file.readline, _LONGEST_LINE), "")


def _options(reading: Reading) -> dict[str, Any]:
    """What csv.reader wants to know. Raises: Unreadable where the marks can't divide anything."""
    marks = [mark for mark in (reading.delimiter, reading.quote, reading.escape) if mark]
    is_single = all(len(mark) == 1 and mark not in "\r\n" for mark in marks)
    if not reading.delimiter or not is_single or len(set(marks)) < len(marks):
        raise Unreadable(
            say("Choose one character each for delimiter, quote and escape, and different ones.")
        )
    return {
        "delimiter": reading.delimiter,
        "quotechar": reading.quote or None,
        "quoting": csv.QUOTE_MINIMAL if reading.quote else csv.QUOTE_NONE,
        "escapechar": reading.escape or None,
    }


def _rows(source: Source, reading: Reading) -> Iterator[Line]:
    """All rows from the header on, blank ones too."""
    first = max(reading.header_row, 1)
    if source.kind is FileKind.TEXT:
        return _text_rows(source, reading, first)
    return _sheet_rows(source, reading, first)


def _sheet_rows(source: Source, reading: Reading, first: int) -> Iterator[Line]:
    for number, values in sheet_rows(source.path, reading.sheet, reading.decimal_mark, first):
        yield Line(number, values)


def _text_rows(source: Source, reading: Reading, first: int) -> Iterator[Line]:
    try:
        with source.path.open(encoding=reading.encoding, newline="") as file:
            if first == 1 and SEPARATOR_LINE.fullmatch(file.readline(_LONGEST_SEPARATOR_LINE)):
                first = 2
            file.seek(0)
            for line in records(islice(_whole_lines(file), first - 1, None), reading, first):
                if len(line.values) > _MOST_CELLS:
                    raise Unreadable(_too_wide(len(line.values)))
                yield line
    except UnicodeError as error:
        raise Unreadable(_undecodable(source, reading)) from error
    except LookupError as error:
        raise Unreadable(say("There is no encoding {encoding}.", encoding=reading.encoding)) from error
    except OSError as error:
        raise Unreadable(say("This file can't be opened.")) from error


def _whole_lines(file: TextIO) -> Iterator[str]:
    for number, line in enumerate(text_lines(file), start=1):
        if len(line) == _LONGEST_LINE and not line.endswith(("\r", "\n")):
            raise Unreadable(
                say(
                    "Line {line} has more than {most} characters. Break it in lines, one for each row.",
                    line=number,
                    most=_LONGEST_LINE,
                )
            )
        yield line


def _undecodable(source: Source, reading: Reading) -> Message:
    line = first_undecodable_line(source.path, reading.encoding)
    return undecodable(line or 1, reading.encoding)


def _too_wide(count: int) -> Message:
    return say(
        "This file has {count} columns; at most {most} can be imported. Delete those you don't need.",
        count=count,
        most=MOST_COLUMNS,
    )


def _never_closed(line: int) -> Message:
    return say(
        "A quote that opens in line {line} is never closed. Close it, or choose another quote character.",
        line=line,
    )


def _too_long(line: int) -> Message:
    return say(
        "Line {line} has a cell of more than {most} characters. Shorten it, or choose another delimiter.",
        line=line,
        most=LONGEST_CELL,
    )


def _header(rows: Iterator[Line], number: int) -> list[str]:
    line = next(rows, None)
    if line is None:
        raise Unreadable(say("The file ends before line {line}, which should name the columns.", line=number))
    return [name.strip().strip("\ufeff") for name in line.values]


def _width(line: Line) -> int:
    """The cells of a row up to the last that isn't blank."""
    width = len(line.values)
    while width and not line.values[width - 1].strip():
        width -= 1
    return width


def _unique(names: list[str]) -> list[str]:
    """Each name once: the second of the same gets a 2, unless the file has that name too.

    A column without a name gets its letters, which are no other column's name either.
    """
    found: dict[str, None] = {}
    for place, name in enumerate(names):
        first = candidate = name or letters(place)
        count = 1
        while candidate in found or (candidate in names and (count > 1 or not name)):
            count += 1
            candidate = f"{first} ({count})"
        found[candidate] = None
    return list(found)
