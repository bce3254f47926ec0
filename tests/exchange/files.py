"""Small files to read, written by the tests."""

import zipfile
from pathlib import Path

from openpyxl import Workbook

from crmplus.exchange.source import Source, open_source


def text_source(folder: Path, text: str, encoding: str = "utf-8") -> Source:
    """A text file as a source; `text` is written as it stands."""
    return bytes_source(folder, text.encode(encoding))


def bytes_source(folder: Path, content: bytes, name: str = "file.csv") -> Source:
    path = folder / name
    path.write_bytes(content)
    return open_source(path, name)


def workbook_file(folder: Path, rows: list[list[object]], top: int = 1, left: int = 1) -> Path:
    """An .xlsx file with one sheet named Data, whose first cell stands at row `top`, column `left`."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Data"
    for y, row in enumerate(rows, start=top):
        for x, value in enumerate(row, start=left):
            sheet.cell(y, x, value)
    path = folder / "book.xlsx"
    book.save(path)
    return path


def rewritten(path: Path, part: str, content: bytes) -> Path:
    """A copy of a workbook with one part of it replaced."""
    copy = path.with_name("rewritten.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return copy
