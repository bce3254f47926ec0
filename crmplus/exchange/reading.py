"""How a file is read: the settings that are detected, shown, and can be changed."""

from dataclasses import dataclass
from enum import StrEnum


class DateOrder(StrEnum):
    """In which order a date's numbers stand; a year of four digits in front is always read as such."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read one file.

    `encoding` is a codec of Python. An empty `quote` means that nothing is quoted, an empty `escape` that
    a quote within quotes is doubled. `header_row` is the line (in a workbook the row), counted from
    1, that names the columns; 0 where none does: what stands above it is not read. `sheet` is
    empty for text files; encoding, delimiter, quote and escape mean nothing for workbooks.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    sheet: str = ""
    header_row: int = 1
    decimal_mark: str = "."
    date_order: DateOrder = DateOrder.DAY_FIRST
