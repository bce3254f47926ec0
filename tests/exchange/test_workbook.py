"""Workbooks: the visible sheets, and every cell as a person sees it."""

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from crmplus.domain.errors import Unreadable
from crmplus.exchange.detect import detect
from crmplus.exchange.lines import headers, read_lines
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source, open_source
from crmplus.exchange.workbook import Cell, cell_text
from tests.exchange.files import rewritten, workbook_file


def opened(path: Path) -> Source:
    return open_source(path, path.name)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  as it is ", "  as it is "),
        (12.0, "12"),
        (31612345678.0, "31612345678"),
        (0.1 + 0.2, "0,3"),
        (1234.5, "1234,5"),
        (-0.01, "-0,01"),
        (1e-7, "0,0000001"),
        (1.5e20, "150000000000000000000"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4, 5), "2024-01-02 03:04:05"),
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30, seconds=5), "30:00:05"),
    ],
)
def test_a_cell_becomes_text(cell: Cell, text: str) -> None:
    assert cell_text(cell, ",") == text


def test_a_sheet_is_read_with_the_rows_it_has(tmp_path: Path) -> None:
    rows: list[list[object]] = [["name", "closed"], ["Bakker", date(2024, 1, 2)], [], ["Visser", 1.5]]
    source = opened(workbook_file(tmp_path, rows, top=3, left=2))
    reading = detect(source).reading
    assert (reading.sheet, reading.header_row) == ("Data", 3)
    assert headers(source, reading) == ["A", "name", "closed"]
    found = [(line.number, line.values) for line in read_lines(source, reading)]
    assert found == [(4, ["", "Bakker", "2024-01-02"]), (6, ["", "Visser", "1.5"])]


def test_titles_above_the_table_are_skipped(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Customers"],
        [],
        ["name", "city", "score"],
        ["Bakker", "Ede", 5],
        ["V", "Urk", 6],
    ]
    assert detect(opened(workbook_file(tmp_path, rows))).reading.header_row == 3


def test_hidden_sheets_are_not_offered_and_empty_ones_not_chosen(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Empty"
    book.create_sheet("Hidden").append(["name"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("Full").append(["name"])
    book.save(tmp_path / "book.xlsx")
    source = opened(tmp_path / "book.xlsx")
    assert source.sheets == ("Empty", "Full")
    assert detect(source).reading.sheet == "Full"


def test_a_workbook_of_empty_sheets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="All sheets of this workbook are empty"):
        detect(opened(workbook_file(tmp_path, [])))


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    source = opened(workbook_file(tmp_path, [["name"]]))
    with pytest.raises(Unreadable, match="no sheet Other"):
        headers(source, Reading(sheet="Other"))


def test_a_workbook_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = workbook_file(tmp_path, [["name"], ["Bakker"]])
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(Unreadable, match="damaged"):
        opened(path)


def test_a_sheet_with_broken_markup_is_refused(tmp_path: Path) -> None:
    path = rewritten(
        workbook_file(tmp_path, [["name"]]), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"
    )
    with pytest.raises(Unreadable):
        detect(opened(path))


def test_formulas_without_a_result_are_pointed_at(tmp_path: Path) -> None:
    found = detect(opened(workbook_file(tmp_path, [["name", "value"], ["Bakker", "=1+1"]])))
    assert "Some formulas have no saved result" in str(found.notes[0])
    plain = detect(opened(workbook_file(tmp_path, [["name", "value"], ["Bakker", 2]])))
    assert plain.notes == ()


def test_a_password_is_asked_for_in_a_sentence(tmp_path: Path) -> None:
    path = (
        Path(__file__).resolve().parents[3]
        / "shared/data/csv_edge_cases/qsv/password-protected-password123.xlsx"
    )
    if not path.exists():
        pytest.skip(f"the protected workbook is not at {path}")
    with pytest.raises(Unreadable, match="protected by a password"):
        opened(path)


def test_numbers_do_not_say_how_texts_write_theirs(tmp_path: Path) -> None:
    rows: list[list[object]] = [["name", "value", "noted"], ["Bakker", 1.5, "12,50"], ["Visser", 2.5, ""]]
    source = opened(workbook_file(tmp_path, rows))
    found = detect(source)
    assert (found.reading.decimal_mark, found.notes) == (",", ())
    assert next(read_lines(source, found.reading)).values == ["Bakker", "1,5", "12,50"]


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cells = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="1.5"/>'
    table = (
        f"<table:table-row>{cells.format('name')}{cells.format('value')}</table:table-row>"
        f"<table:table-row>{cells.format('Bakker')}{number}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
        f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Data">'
        f"{table}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "book.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{office}:manifest:1.0"/>')
    source = opened(path)
    reading = detect(source).reading
    assert headers(source, reading) == ["name", "value"]
    assert [line.values for line in read_lines(source, reading)] == [["Bakker", "1.5"]]
