"""How far the cells of a workbook may reach, however its markup says where they are."""

import zipfile
from pathlib import Path

import pytest

from crmplus.domain.errors import Unreadable
from crmplus.exchange.detect import detect
from crmplus.exchange.extents import check_extent
from crmplus.exchange.source import Source, open_source
from tests.exchange.files import rewritten, workbook_file

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
EMPTY_END = (
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:style-name="a" table:number-columns-repeated="16384"/></table:table-row>'
)


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def cell(text: str, times: int = 1) -> str:
    return (
        f'<table:table-cell table:number-columns-repeated="{times}" office:value-type="string">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def document(*tables: str) -> bytes:
    spaces = " ".join(f'xmlns:{name}="{OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    found = "".join(
        f'<table:table table:name="T{number}">{rows}</table:table>' for number, rows in enumerate(tables)
    )
    return (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{found}"
        "</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def opened_document(folder: Path, *tables: str) -> Source:
    path = folder / "book.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", document(*tables))
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0"/>')
    return open_source(path, "book.ods")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row\n  spans="1:1"\tr = "1048576"><c s="1" r\n=\n"XFD1048576"><v>1</v></c></row>',
        '<x:row r="1048576" xmlns:x="x"><x:c r="XFD1048576"/></x:row>',
        '<row><c r="xfd1048576"><v>1</v></c></row>',
        f'<row {" " * 5_000} r="1048576"><c {" " * 5_000} r="XFD1"><v>1</v></c></row>',
        "<row/>" * 10_000 + "<row>" + "<c><v>1</v></c>" * 4_000 + "</row>",
        '<row r="9999"><c r="A9999"/></row>' + '<row><c r="ALM9999"/>' + "<c/>" * 4_000 + "</row>",
    ],
)
def test_a_sheet_with_cells_far_apart_is_refused_however_it_is_written(tmp_path: Path, rows: str) -> None:
    book = rewritten(workbook_file(tmp_path, [["a"]]), SHEET, sheet(rows))
    with pytest.raises(Unreadable, match="far apart"):
        open_source(book, "far.xlsx")


@pytest.mark.parametrize("name", ["xl/data/s.xml", "xl/media/image1.png", "xl/worksheets/deep/er.xml"])
def test_a_sheet_is_found_under_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "far.xlsx"
    with zipfile.ZipFile(workbook_file(tmp_path, [["a"]])) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            content = old.read(part).replace(f"/{SHEET}".encode(), f"/{name}".encode())
            far = sheet('<row r="1048576"><c r="XFD1048576"/></row>')
            new.writestr(name if part == SHEET else part, far if part == SHEET else content)
    with pytest.raises(Unreadable, match="far apart"):
        open_source(path, "far.xlsx")


@pytest.mark.parametrize(
    "content",
    [
        b"junk" + sheet("<row/>"),
        sheet("<row/>").replace(b"<sheetData>", b"<sheetData><c>"),
        b'<!DOCTYPE a [<!ENTITY b "1">]>' + sheet("<row/>"),
        b'<!DOCTYPE a SYSTEM "><sheetData>">' + sheet("<row/>"),
        sheet('<row r="many"/>'),
        sheet('<row r="1"><c r="$A$1"/></row>'),
        sheet("<row/>").decode().encode("utf-16"),
    ],
)
def test_markup_that_two_readers_could_read_differently_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        check_extent([content])


def test_markup_in_markup_without_an_end_is_refused() -> None:
    with pytest.raises(Unreadable, match="damaged"):
        check_extent([sheet("")[:-24], *[b"<a>" * 100] * 3])


def test_a_sheet_that_comes_in_pieces_is_counted_whole() -> None:
    content = b"\xef\xbb\xbf" + sheet('<row r="1048576"><c r="XFD1048576"/></row>')
    with pytest.raises(Unreadable, match="far apart"):
        check_extent(content[place : place + 7] for place in range(0, len(content), 7))


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ([row(cell("a", 16_000), 1_000_000)], "far apart"),
        ([row(cell("a")) + EMPTY_END + row(cell("a", 100))], "far apart"),
        ([row(cell("a", 1_000), 20_000)] * 2, "far apart"),
        ([row(cell("a" * 10_000), 200_000)], "damaged"),
        ([row(cell('<text:s text:c="4000000000"/>'))], "damaged"),
        ([row(cell("a"), 0).replace('"0"', '"many"')], "damaged"),
    ],
)
def test_a_document_whose_cells_repeat_too_often_is_refused(
    tmp_path: Path, tables: list[str], sentence: str
) -> None:
    with pytest.raises(Unreadable, match=sentence):
        opened_document(tmp_path, *tables)


def test_empty_rows_and_columns_at_the_end_of_a_document_are_no_matter(tmp_path: Path) -> None:
    end = '<table:table-cell table:number-columns-repeated="16380"/>'
    table = row(cell("name") + cell("city") + end) + row(cell("Bakker") + cell("Ede") + end) + EMPTY_END
    assert detect(opened_document(tmp_path, table, table, table)).reading.sheet == "T0"
