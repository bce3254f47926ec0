"""Which line names the columns: found by what it and the lines below it look like."""

import re
from collections.abc import Callable, Iterable

from crmplus.exchange.lines import Line

_ROWS_TO_LOOK_AT = 50
_FULL = 0.6
"""The share of the table's filled cells from which a row belongs to it and is no title above it."""
_RECURRING = 1 / 3

_DATA = re.compile(
    r"[-+(]?\s*([€$£]|EUR|USD)?\s*"  # numbers
    r"[-+]?\d[\d.,'\u066b \u00a0]*([eE][-+]?\d+)?\s*([%€$£]|EUR|USD)?\)?"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?"  # dates
    r"|\d{1,2}[-/ ][^\W\d]{3,}\.?[-/ ]\d{2,4}"  # 3 Nov 2023
    r"|\d{1,2}:(\d{0,2}(:\d{0,2})?)?(\.\d+)?( ?[AaPp][Mm])?"  # times
    r"|[^@\s]+@[^@\s]+\.[^@\s]+"  # e-mail
    r"|\+?\(?\d[\d\s()/.-]{5,}"  # phones
    r"|(https?://|www\.)\S+"
    r"|true|false",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(19|20)\d\d")
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = re.compile(r"\d+")


def guess_header(lines: list[Line], is_known: Callable[[str], bool]) -> int:
    """The number of the line that names the columns, 0 where none does; `is_known` recognises a name.

    `lines` are the first ones of the file, titles above the table and data below included.
    """
    rows = [line for line in lines if any(map(str.strip, line.values))]
    if not rows:
        return 0
    table = _upper(_filled(row) for row in rows)
    top = rows[:_ROWS_TO_LOOK_AT]
    for row in top:
        if _is_mostly_known(row, table, is_known):
            return row.number
    for place, row in enumerate(top):
        if _filled(row) < _FULL * table:
            continue
        below = rows[place + 1 :]
        if _names_columns(row, below):
            if below and _filled(below[0]) > _filled(row) and _stands_on_data(below[0], below[1:]):
                continue  # a title of several cells
            return row.number
        return _narrow_header(rows[:place], width=_upper(len(row.values) for row in rows))
    return 0


def _is_mostly_known(row: Line, table: int, is_known: Callable[[str], bool]) -> bool:
    """Whether half of the names are known; a single one could as well be a title."""
    known = sum(is_known(cell.strip()) for cell in row.values if cell.strip())
    return 2 * known >= max(_filled(row), 1) and (known >= 2 or table <= 2)


def _narrow_header(above: list[Line], width: int) -> int:
    """The row just above the data, where it is as wide as they are although most names are missing."""
    if not above:
        return 0
    row = above[-1]
    is_table = len(row.values) >= width and (_filled(row) > 1 or len(above) == 1)
    texts = [cell for cell in row.values if cell.strip() and not _YEAR.fullmatch(cell.strip())]
    return row.number if is_table and texts and not any(map(_is_data, texts)) else 0


def _filled(row: Line) -> int:
    return sum(1 for cell in row.values if cell.strip())


def _upper(counts: Iterable[int]) -> int:
    """What a quarter of the rows reach, and two at least: titles can be more than half of them."""
    ordered = sorted(counts, reverse=True)
    return ordered[min(max(1, len(ordered) // 4 - 1), len(ordered) - 1)]


def _names_columns(row: Line, below: list[Line]) -> bool:
    names = {place: cell.strip() for place, cell in enumerate(row.values) if cell.strip()}
    columns = {place: _column(below, place) for place in names}
    years = [name for name in names.values() if _YEAR.fullmatch(name)]
    if len(years) == len(names) or (years and len(set(years)) < len(years)):
        return False
    texts = {place: name for place, name in names.items() if name not in years}
    if not any(character.isalnum() for name in texts.values() for character in name):
        return False
    if any(_is_data(name) or _is_one_of(name, columns[place]) for place, name in texts.items()):
        return False
    if _stands_on_data(row, below):
        return True
    if len({name.casefold() for name in names.values()}) < len(names):
        return False
    recurring = sum(name in columns[place] for place, name in texts.items())
    return recurring < _RECURRING * len(names)


def _stands_on_data(row: Line, below: list[Line]) -> bool:
    """Whether a row of words has numbers, dates or addresses under one of them."""
    names = {place: cell for place, cell in enumerate(row.values) if cell.strip()}
    words = {place for place, cell in names.items() if not _is_data(cell)}
    is_all_words = all(place in words or _YEAR.fullmatch(cell.strip()) for place, cell in names.items())
    return is_all_words and any(_holds_data(_column(below, place)) for place in words)


def _column(rows: list[Line], place: int) -> list[str]:
    cells = (row.values[place].strip() for row in rows if place < len(row.values))
    return [cell for cell in cells if cell]


def _is_data(cell: str) -> bool:
    return bool(_DATA.fullmatch(cell.strip()))


def _holds_data(column: list[str]) -> bool:
    return 2 * sum(map(_is_data, column)) > len(column)


def _is_one_of(cell: str, column: list[str]) -> bool:
    """Whether a cell with digits is built like most of its column: X-1 above X-2 and X-3."""
    if len(column) < 2 or not _DIGITS.search(cell):
        return False
    shape = _shape(cell)
    return 2 * sum(_shape(other) == shape for other in column) > len(column)


def _shape(cell: str) -> str:
    return _DIGITS.sub("9", _LETTER.sub("a", cell))
