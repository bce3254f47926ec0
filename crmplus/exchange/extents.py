"""How many cells the sheets of a workbook span, counted before a reader makes room for all of them.

The reader holds the whole rectangle round the cells of a sheet, empty ones too, and ends the process where
there is no room for it: two cells in opposite corners are enough, or one that is said to repeat.
"""

import re
from collections.abc import Iterable
from xml.parsers import expat

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import Message, say

MOST_CELLS = 30_000_000
"""Cells of the rectangle round a sheet, each of 32 bytes."""
MOST_REPEATED = 1 << 30
"""Bytes that the repeated cells of a document may unfold to."""

_DEEPEST = 200
_LONGEST_TAG = 8 << 20
_COLUMN = re.compile(r"[A-Za-z]{1,3}")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDE = re.compile(rb"\xff\xfe|\xfe\xff|\x00|.\x00", re.S)
_CELLS = ("table:table-cell", "table:covered-table-cell")
_FILLED = ("value", "value-type", "formula")


def damaged() -> Message:
    """The sentence for a workbook that can't be opened."""
    return say("This workbook is damaged. Open it in Excel or LibreOffice and save it again.")


def check_cells(cells: int) -> None:
    """Let a sheet pass that spans a bearable number of cells. Raises: Unreadable."""
    if cells > MOST_CELLS:
        raise Unreadable(
            say("A sheet of this workbook has cells far apart. Delete the stray ones, or export it as CSV.")
        )


def holds_cells(chunk: bytes) -> bool:
    """Whether cells can be read from a part of a workbook with these bytes, whatever its name."""
    return b"sheetData" in chunk or b"table:table-row" in chunk


def check_extent(chunks: Iterable[bytes]) -> None:
    """Let an XML document, given in pieces, pass if its cells can all be held. Raises: Unreadable."""
    # The reader compares tags byte by byte, whatever encoding the document claims: so must this.
    parser = expat.ParserCreate("iso-8859-1")
    extent = _Extent(parser)
    size = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk if size else _start(chunk))
            size += len(chunk)
            if size - parser.CurrentByteIndex > _LONGEST_TAG:
                raise Unreadable(damaged())
            extent.check()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable(damaged()) from error
    extent.check()


def _start(chunk: bytes) -> bytes:
    """The first bytes without their mark; in an encoding of two bytes, letters here could be tags there."""
    start = chunk.removeprefix(_BYTE_ORDER_MARK)
    if _WIDE.match(start):
        raise Unreadable(damaged())
    return start


class _Extent:
    """Counts while a document is parsed: nothing of it is kept."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.sheet = _Sheet()
        self.tables = _Tables(parser)
        self.depth = 0
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._declare

    def check(self) -> None:
        check_cells(max(self.sheet.cells(), self.tables.cells()))
        if self.tables.repeated > MOST_REPEATED or self.depth > _DEEPEST:
            raise Unreadable(damaged())

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        local = name if ":" not in name else name.rpartition(":")[2]
        if local == "c":
            self.sheet.begin_cell(attributes.get("r"))
        elif local == "row":
            self.sheet.begin_row(attributes.get("r"))
        elif local is not name:
            self.tables.begin(name, attributes)

    def _end(self, name: str) -> None:
        self.depth -= 1
        if ":" in name:
            self.tables.end(name)

    def _declare(self, *_: object) -> None:
        raise Unreadable(damaged())  # no workbook declares entities, and readers differ in where these end


class _Sheet:
    """A sheet of Excel: rows and cells say where they stand, or follow the one before."""

    def __init__(self) -> None:
        self.row = ""
        self.last_row = self.last_column = 0
        self.rows_following = self.cells_following = self.most_following = 0
        self.columns: set[str] = set()

    def cells(self) -> int:
        """At most; those that follow might stand behind the last one that says where it stands."""
        return (self.last_row + self.rows_following) * (self.last_column + self.most_following)

    def begin_row(self, place: str | None) -> None:
        self.cells_following = 0
        if place:
            self._stand_on(place)
        else:
            self.rows_following += 1

    def begin_cell(self, place: str | None) -> None:
        if not place:
            self.cells_following += 1
            self.most_following = max(self.most_following, self.cells_following)
            return
        column = place.rstrip("0123456789")
        if column not in self.columns:
            self.columns.add(column)
            self.last_column = max(self.last_column, _column_number(column))
        if place[len(column) :] != self.row:
            self._stand_on(place[len(column) :])

    def _stand_on(self, row: str) -> None:
        self.row = row
        self.last_row = max(self.last_row, int(row))


class _Tables:
    """The tables of an OpenDocument sheet: rows and cells that repeat, and mostly empty ones at the end."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.earlier = self.repeated = 0
        self.rows = self.columns = self.empty_rows = 0
        self.row_times = self.cell_times = 1
        self.width = self.cell_start = 0
        self.is_filled = self.is_cell_filled = False

    def cells(self) -> int:
        """Those of all tables, since the reader holds all; empty rows and cells at the ends don't count."""
        return self.earlier + self.rows * self.columns

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self._begin_cell(attributes)
        elif name == "table:table-row":
            self.row_times = max(int(attributes.get("table:number-rows-repeated", 1)), 1)
            self.width, self.is_filled = 0, False
        elif name == "table:table":
            self.earlier, self.rows, self.columns, self.empty_rows = self.cells(), 0, 0, 0
        elif name == "text:s":
            self.repeated += int(attributes.get("text:c", 1)) * self.cell_times * self.row_times

    def end(self, name: str) -> None:
        if name in _CELLS:
            if self.is_cell_filled:
                size = self.parser.CurrentByteIndex - self.cell_start
                self.repeated += size * self.cell_times * self.row_times
        elif name == "table:table-row":
            self.empty_rows += self.row_times
            if self.is_filled:
                self.rows, self.empty_rows = self.rows + self.empty_rows, 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.cell_times = max(int(attributes.get("table:number-columns-repeated", 1)), 1)
        self.cell_start = self.parser.CurrentByteIndex
        self.width += self.cell_times
        self.is_cell_filled = any(name.endswith(_FILLED) for name in attributes)
        if self.is_cell_filled:
            self.is_filled = True
            self.columns = max(self.columns, self.width)


def _column_number(letters: str) -> int:
    if not _COLUMN.fullmatch(letters):
        raise Unreadable(damaged())
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
