"""Workbooks through calamine: their visible sheets, and the rows of one as text."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import say
from crmplus.exchange.extents import damaged
from crmplus.exchange.unpacking import locked

Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
NEUTRAL_MARK = "\u066b"
"""A decimal mark that no text here has: numbers written with it say nothing about how texts write theirs."""
_EXACT = 10**15
"""Excel keeps 15 digits of a number."""


def visible_sheets(path: Path) -> tuple[str, ...]:
    """The names of the sheets that a person sees and that can hold cells, in order. Raises: Unreadable."""
    with _opened(path) as workbook:
        return tuple(
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        )


def first_filled_sheet(path: Path, sheets: tuple[str, ...]) -> str:
    """The first of `sheets` that holds a cell. Raises: Unreadable where none does."""
    with _opened(path) as workbook:
        for name in sheets:
            if any(any(map(_is_filled, row)) for row in workbook.get_sheet_by_name(name).iter_rows()):
                return name
    raise Unreadable(say("All sheets of this workbook are empty."))


def sheet_rows(path: Path, sheet: str, decimal_mark: str, first: int = 1) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet from row `first` on, with their numbers, each from column A. Raises: Unreadable."""
    with _opened(path) as workbook:
        if sheet not in workbook.sheet_names:
            raise Unreadable(say("This workbook has no sheet {sheet}.", sheet=sheet))
        found = workbook.get_sheet_by_name(sheet)
        left = [""] * (found.start[1] if found.start else 0)
        for number, row in enumerate(found.iter_rows(), start=1):
            if number >= first:
                yield number, left + [cell_text(cell, decimal_mark) for cell in row]


def cell_text(cell: Cell, decimal_mark: str) -> str:
    """A cell as text: dates as YYYY-MM-DD, numbers without a thousands mark, TRUE and FALSE."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number_text(cell, decimal_mark)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return cell.isoformat()


def _number_text(number: float, decimal_mark: str) -> str:
    if number == int(number) and abs(number) < _EXACT:
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f").replace(".", decimal_mark)


def _is_filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


@contextmanager
def _opened(path: Path) -> Iterator[CalamineWorkbook]:
    """The workbook, with whatever the reader can't bear turned into a sentence."""
    try:
        with load_workbook(path) as workbook:
            yield workbook
    except PasswordError as error:
        raise Unreadable(locked()) from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise Unreadable(damaged()) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader is written in Rust; its class has no import
            raise
        raise Unreadable(damaged()) from error
