"""Lists as files for a spreadsheet: CSV as text, XLSX with typed cells."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import chain, islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Row = Mapping[str, Any] | object
"""Values by a column's key: a mapping, or a dataclass with fields of those names."""


class Kind(StrEnum):
    """What the cells of a column hold; any of them may be None, which is an empty cell."""

    TEXT = "text"
    NUMBER = "number"
    """A whole number."""
    MONEY = "money"
    """A Decimal, in the workspace's currency."""
    DECIMAL = "decimal"
    """A Decimal that is no amount: a mean, or a number of days. Two decimals in a file."""
    RATIO = "ratio"
    """A Decimal around 0 to 1 that is no share: three decimals."""
    SHARE = "share"
    """A Decimal from 0 to 1; in percent with two decimals in a CSV, whose head says so."""
    SCORE = "score"
    """A whole number, in percent."""
    DATE = "date"
    MOMENT = "moment"
    """A time with its zone."""
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its values, the head that people read, and what it holds.

    `decimals` is how many a screen shows, None for as many as is usual; a file has its own.
    """

    key: str
    head: str
    kind: Kind = Kind.TEXT
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written for its reader. Moments are shown in `zone`, to the minute.

    Delimiter, byte order mark (which Excel wants), decimal mark and the words for true and false
    are those of a CSV; in a workbook the reader's own program shows numbers, dates and booleans.
    """

    zone: ZoneInfo
    delimiter: str = ","
    with_bom: bool = False
    decimal_mark: str = "."
    yes_no: tuple[str, str] = ("yes", "no")


_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_CELL = 32_767
_HUNDREDTH = Decimal("0.01")
_THOUSANDTH = Decimal("0.001")
_DECIMALS_OF_MONEY = 6
"""An amount has two, a weighted one four: one that has more is a mean."""
_ROWS_A_SHEET = 1_048_576
_ROWS_MEASURED = 500
_NARROWEST, _WIDEST = 8, 60
_FORMATS = {  # 14 and 22 of the built-in formats: shown as the reader's system writes dates
    Kind.NUMBER: "#,##0",
    Kind.MONEY: "#,##0.00",
    Kind.DECIMAL: "#,##0.00",
    Kind.RATIO: "0.000",
    Kind.SHARE: "0.00%",
    Kind.SCORE: "0",
    Kind.DATE: "mm-dd-yy",
    Kind.MOMENT: "m/d/yy h:mm",
}
_FIRST_DAY_OF_EXCEL = "1900-03-01"
"""Its calendar has a 29 February 1900: days before are written as text."""


def to_csv(columns: Sequence[Column], rows: Iterable[Row], style: Style) -> bytes:
    """The rows as CSV in UTF-8; see `write_csv`."""
    file = io.BytesIO()
    write_csv(file, columns, rows, style)
    return file.getvalue()


def write_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row], style: Style) -> None:
    """Write the rows as CSV, one at a time. Numbers are plain digits, dates ISO 8601.

    Text that a spreadsheet could take for a formula gets an apostrophe in front.
    """
    text = io.TextIOWrapper(file, "utf-8-sig" if style.with_bom else "utf-8", newline="")
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerow([guarded(_head(column)) for column in columns])
    for values in _values(columns, rows):
        writer.writerow(
            [_words(column.kind, value, style) for column, value in zip(columns, values, strict=True)]
        )
    text.detach()


def to_xlsx(columns: Sequence[Column], rows: Iterable[Row], style: Style, sheet: str) -> bytes:
    """The rows as a workbook; see `write_xlsx`."""
    file = io.BytesIO()
    write_xlsx(file, columns, rows, style, sheet)
    return file.getvalue()


def write_xlsx(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row], style: Style, sheet: str
) -> None:
    """Write the rows as a workbook, one at a time: typed cells, the heads bold and frozen.

    Text is never a formula. What XLSX can't hold is replaced: control characters by a sign, the end of
    texts beyond 32,767 characters by an ellipsis. Rows beyond those of one sheet go on in the next.
    """
    book = Workbook(write_only=True)
    found = _values(columns, rows)
    ahead = list(islice(found, _ROWS_MEASURED))
    widths = [_width(column, [values[i] for values in ahead], style) for i, column in enumerate(columns)]
    left = chain(ahead, found)
    name = re.sub(r"[\[\]:*?/\\]", " ", _xml_text(sheet)).strip("' ")[:27] or "CRM+"
    for number in range(1, 1_000):
        page = book.create_sheet(name if number == 1 else f"{name} {number}")
        page.freeze_panes = "A2"
        for place, width in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(place)].width = width
        page.append([_head_cell(page, column.head) for column in columns])
        cells = [(_blank(page, column.kind), column.kind) for column in columns]
        for values in islice(left, _ROWS_A_SHEET - 1):
            page.append([_filled(*cell, value, style) for cell, value in zip(cells, values, strict=True)])
        first = next(left, None)
        if first is None:
            break
        left = chain([first], left)
    book.save(file)


def guarded(text: str) -> str:
    """`text` with an apostrophe in front where a spreadsheet could take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _head(column: Column) -> str:
    return f"{column.head}, %" if column.kind is Kind.SHARE else column.head


def _values(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[list[Any]]:
    keys = [column.key for column in columns]
    for row in rows:
        if isinstance(row, Mapping):
            yield [row[key] for key in keys]
        else:
            yield [getattr(row, key) for key in keys]


def _words(kind: Kind, value: Any, style: Style) -> str:
    """A cell of a CSV."""
    if value is None:
        return ""
    match kind:
        case Kind.TEXT:
            return guarded(str(value))
        case Kind.MONEY:
            return f"{_money(value):f}".replace(".", style.decimal_mark)
        case Kind.DECIMAL | Kind.SHARE | Kind.RATIO:
            exact = value * 100 if kind is Kind.SHARE else value
            place = _THOUSANDTH if kind is Kind.RATIO else _HUNDREDTH
            return f"{exact.quantize(place, ROUND_HALF_UP):f}".replace(".", style.decimal_mark)
        case Kind.DATE:
            return str(value.isoformat())
        case Kind.MOMENT:
            return f"{_local(value, style):%Y-%m-%d %H:%M}"
        case Kind.YES_NO:
            return style.yes_no[0 if value else 1]
    return str(int(value))


def _money(amount: Decimal) -> Decimal:
    """As it is, but for a mean, which may have no last decimal: that in cents."""
    is_exact = amount == round(amount, _DECIMALS_OF_MONEY)
    return amount if is_exact else amount.quantize(_HUNDREDTH, ROUND_HALF_UP)


def _blank(page: Any, kind: Kind) -> Any:
    """A cell to write the values of a column with, one after another."""
    cell = WriteOnlyCell(page)
    cell.number_format = _FORMATS.get(kind, "General")
    return cell


def _filled(cell: Any, kind: Kind, value: Any, style: Style) -> Any:
    """The cell with this value; None for an empty one."""
    if value is None or value == "":
        return None
    if kind is Kind.TEXT:
        return _as_text(cell, str(value))
    if kind is Kind.MOMENT:
        value = _local(value, style)
    if kind in (Kind.DATE, Kind.MOMENT) and value.strftime("%Y-%m-%d") < _FIRST_DAY_OF_EXCEL:
        return value.isoformat(" ", "minutes") if kind is Kind.MOMENT else value.isoformat()
    cell.value = bool(value) if kind is Kind.YES_NO else value
    return cell


def _as_text(cell: Any, text: str) -> Any:
    """Text as text: openpyxl makes formulas of what begins with = and errors of #N/A and the like."""
    cell.value = _xml_text(text)
    cell.data_type = "s"
    return cell


def _xml_text(text: str) -> str:
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", clean))
    return clean if len(clean) <= _LONGEST_CELL else clean[: _LONGEST_CELL - 1] + "…"


def _head_cell(page: Any, head: str) -> Any:
    cell = _as_text(WriteOnlyCell(page), head)
    cell.font = Font(bold=True)
    return cell


def _local(moment: datetime, style: Style) -> datetime:
    """A moment in the reader's zone, to the minute; spreadsheets know no zones."""
    return moment.astimezone(style.zone).replace(tzinfo=None, second=0, microsecond=0)


def _width(column: Column, values: Sequence[Any], style: Style) -> float:
    """A width in characters that the head and the first rows fit in, within bounds."""
    shown = chain([f"{column.head}  "], *(_words(column.kind, value, style).splitlines() for value in values))
    longest = max(len(line) for line in shown)
    separators = longest // 3 if column.kind in (Kind.MONEY, Kind.NUMBER) else 0
    return min(max(longest + separators + 2, _NARROWEST), _WIDEST)
