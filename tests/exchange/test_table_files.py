"""Lists as CSV and XLSX: typed, as they were, and no formula unless we wrote one (we never do)."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from crmplus.exchange import table_files
from crmplus.exchange.table_files import Column, Kind, Style, guarded, to_csv, to_xlsx

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ENGLISH = Style(AMSTERDAM)
DUTCH = Style(AMSTERDAM, ";", with_bom=True, decimal_mark=",", yes_no=("ja", "nee"))
COLUMNS = [
    Column("name", "Name"),
    Column("count", "Leads", Kind.NUMBER),
    Column("value", "Expected", Kind.MONEY),
    Column("score", "Score", Kind.SCORE),
    Column("day", "Expected close", Kind.DATE),
    Column("at", "Opened", Kind.MOMENT),
    Column("is_active", "Active", Kind.YES_NO),
]
FORMULAS = [
    "=1+1",
    "+31 6 1234",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\rx",
    "  =cmd|' /C calc'!A0",
    "＝1+1",
    "\u3000＋1",
    "－1",
    "＠x",
    "\n=1",
]
TEXTS = ["Café", "日本", "a;b", "a,b", 'say "hi"', "two\nlines", "'quoted", "  spaces ", "100%", "a=b"]


@dataclass(frozen=True, slots=True)
class Line:
    name: str | None
    count: int | None = 1_234_567
    value: Decimal | None = Decimal("1234567.50")
    score: int | None = 60
    day: date | None = date(2026, 5, 4)
    at: datetime | None = datetime(2026, 7, 1, 22, 30, 59, 5, tzinfo=UTC)
    is_active: bool | None = True


NOTHING = Line(None, None, None, None, None, None, None)


def sheet(rows: list[Any], columns: list[Column] = COLUMNS, name: str = "Customers") -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(to_xlsx(columns, rows, ENGLISH, name))).active
    assert isinstance(found, Worksheet)
    return found


def text_cell(text: str) -> Any:
    return sheet([{"name": text}], [Column("name", "Name")])["A2"]


def read_csv(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


# CSV


def test_a_csv_has_plain_digits_and_iso_dates_in_the_readers_zone() -> None:
    assert to_csv(COLUMNS, [Line("Acme")], ENGLISH).decode() == (
        "Name,Leads,Expected,Score,Expected close,Opened,Active\r\n"
        "Acme,1234567,1234567.50,60,2026-05-04,2026-07-02 00:30,yes\r\n"
    )


def test_a_dutch_csv_has_semicolons_decimal_commas_and_a_byte_order_mark() -> None:
    content = to_csv(COLUMNS, [Line("Acme", is_active=False)], DUTCH)
    assert content.startswith(b"\xef\xbb\xbfName;")
    assert read_csv(content, ";")[1] == [
        "Acme",
        "1234567",
        "1234567,50",
        "60",
        "2026-05-04",
        "2026-07-02 00:30",
        "nee",
    ]


def test_without_a_mark_asked_for_there_is_none() -> None:
    assert to_csv(COLUMNS, [], ENGLISH).startswith(b"Name,")


def test_a_decimal_comma_in_a_file_with_commas_is_quoted() -> None:
    content = to_csv(COLUMNS[2:3], [Line("x")], Style(AMSTERDAM, ",", decimal_mark=","))
    assert content == b'Expected\r\n"1234567,50"\r\n'


def test_tabs_can_part_the_cells() -> None:
    assert read_csv(to_csv(COLUMNS[:2], [Line("a\tb")], Style(AMSTERDAM, "\t")), "\t")[1] == [
        "a\tb",
        "1234567",
    ]


def test_what_is_not_there_is_an_empty_cell() -> None:
    assert read_csv(to_csv(COLUMNS, [NOTHING], ENGLISH))[1] == [""] * 7


@pytest.mark.parametrize("amount", ["-5.00", "0.10", "1E+5", "0.000001", "12345678901234567.89"])
def test_real_numbers_are_never_guarded_nor_rounded(amount: str) -> None:
    cell = read_csv(to_csv(COLUMNS[2:3], [Line("x", value=Decimal(amount))], ENGLISH))[1][0]
    assert Decimal(cell) == Decimal(amount)
    assert "E" not in cell


def test_a_mean_amount_without_a_last_decimal_is_written_in_cents() -> None:
    mean = Decimal(43_000) / 3
    assert read_csv(to_csv(COLUMNS[2:3], [Line("x", value=mean)], ENGLISH))[1] == ["14333.33"]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert read_csv(to_csv(COLUMNS[:1], [Line(text)], ENGLISH))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_other_text_stays_as_it_is(text: str, delimiter: str) -> None:
    content = to_csv(COLUMNS[:1], [Line(text)], Style(AMSTERDAM, delimiter))
    assert read_csv(content, delimiter)[1] == [text]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_but_for_the_apostrophe(text: str) -> None:
    cells = [line[0] for line in read_csv(to_csv(COLUMNS[:2], [Line(text)], ENGLISH))]
    assert cells[1] == guarded(text)
    assert cells[1].removeprefix("'") == text.removeprefix("'")


def test_heads_are_guarded_too() -> None:
    assert to_csv([Column("name", "=1+1")], [], ENGLISH) == b"'=1+1\r\n"


# XLSX


def test_cells_of_a_workbook_are_typed() -> None:
    found = [(cell.value, cell.number_format) for cell in sheet([Line("Acme")])[2]]
    assert found == [
        ("Acme", "General"),
        (1_234_567, "#,##0"),
        (1_234_567.5, "#,##0.00"),
        (60, "0"),
        (datetime(2026, 5, 4), "mm-dd-yy"),
        (datetime(2026, 7, 2, 0, 30), "m/d/yy h:mm"),
        (True, "General"),
    ]


def test_an_amount_stands_in_the_file_digit_by_digit() -> None:
    content = to_xlsx(COLUMNS[2:3], [Line("x", value=Decimal("9999999999999.99"))], ENGLISH, "x")
    book = openpyxl.load_workbook(io.BytesIO(content)).active
    assert isinstance(book, Worksheet)
    assert Decimal(str(book["A2"].value)) == Decimal("9999999999999.99")


def test_the_heads_are_bold_and_stay_in_view() -> None:
    page = sheet([Line("Acme")])
    assert page.freeze_panes == "A2"
    assert [cell.value for cell in page[1]] == [column.head for column in COLUMNS]
    assert all(cell.font.b for cell in page[1])
    assert not page["A2"].font.b


def test_columns_are_as_wide_as_what_they_hold_within_bounds() -> None:
    widths = {text: sheet([Line(text)]).column_dimensions["A"].width for text in ("x", "x" * 30, "x" * 500)}
    assert widths["x"] < widths["x" * 30] < widths["x" * 500] == 60
    assert 30 < widths["x" * 30] < 36


def test_what_is_not_there_is_an_empty_cell_in_a_workbook_too() -> None:
    assert [cell.value for cell in sheet([NOTHING, Line("last")])[2]] == [None] * 7


@pytest.mark.parametrize("text", [*FORMULAS, *TEXTS, "#N/A", "#REF!", "=HYPERLINK(1)", "TRUE", "007"])
def test_text_in_a_workbook_is_text_as_it_was_typed(text: str) -> None:
    cell = text_cell(text)
    assert (cell.value, cell.data_type) == (text.replace("\r", "\n"), "s")


def test_a_cell_after_a_formula_like_one_is_as_it_should_be() -> None:
    page = sheet([Line("=1"), Line("plain", count=2), Line("#N/A"), Line("")])
    assert [page.cell(row, 1).value for row in (2, 3, 4, 5)] == ["=1", "plain", "#N/A", None]
    assert [page.cell(row, 1).data_type for row in (2, 3, 4)] == ["s", "s", "s"]


def test_signs_that_xml_forbids_are_replaced() -> None:
    assert text_cell("a\x00b\x0bc\x1f\ufffe\ud800").value == "a\ufffdb\ufffdc\ufffd\ufffd\ufffd"


def test_text_that_looks_like_an_escape_of_xlsx_stays_text() -> None:
    assert text_cell("_x0041_").value == "_x005F_x0041_"  # what a spreadsheet shows as _x0041_


def test_text_longer_than_a_cell_ends_in_an_ellipsis() -> None:
    found = text_cell("x" * 40_000).value
    assert len(found) == 32_767
    assert found.endswith("x…")


def test_dates_that_spreadsheets_do_not_know_are_text() -> None:
    old = Line("x", day=date(1899, 12, 31), at=datetime(1850, 1, 1, 12, tzinfo=UTC))
    page = sheet([old])
    assert page["E2"].value == "1899-12-31"
    assert str(page["F2"].value).startswith("1850-01-01 12:")


@pytest.mark.parametrize("name", ["A/b: [x]*?", "'", "", "x" * 60, "日本"])
def test_any_name_makes_a_sheet(name: str) -> None:
    assert 0 < len(sheet([], name=name).title) <= 31


def test_rows_beyond_one_sheet_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "_ROWS_A_SHEET", 4)
    lines = (Line(f"c{number}") for number in range(7))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(COLUMNS, lines, ENGLISH, "Customers")))
    assert book.sheetnames == ["Customers", "Customers 2", "Customers 3"]
    names = [row[0].value for page in book.worksheets for row in page.iter_rows(min_row=2)]
    assert names == [f"c{number}" for number in range(7)]
    assert all(page["A1"].value == "Name" for page in book.worksheets)


def test_exactly_one_full_sheet_has_no_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "_ROWS_A_SHEET", 4)
    content = to_xlsx(COLUMNS, [Line("x")] * 3, ENGLISH, "Customers")
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Customers"]


def test_rows_are_taken_one_at_a_time() -> None:
    """A long list never stands in memory twice: when the first is asked for, no other is made."""
    made: list[int] = []

    class Watched(io.BytesIO):
        def write(self, content: Any) -> int:
            if b"c0," in bytes(content):
                made.append(count)
            return super().write(content)

    count = 0

    def lines() -> Any:
        nonlocal count
        for number in range(20_000):
            count = number
            yield Line(f"c{number}")

    table_files.write_csv(Watched(), COLUMNS, lines(), ENGLISH)
    assert made[0] < 1_000
