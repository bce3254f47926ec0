"""Real files that break importers: each is read as a person would read it, or refused with the cause."""

from pathlib import Path

import pytest

from crmplus.domain.errors import Unreadable
from crmplus.exchange.detect import detect
from crmplus.exchange.lines import headers, read_lines
from crmplus.exchange.source import open_source

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FOLDERS = ("csv_edge_cases", "crm_samples")
FILES = sorted(path for folder in FOLDERS for path in (DATA / folder).rglob("*") if path.is_file())
MISSING = f"the edge case files are not at {DATA}"

JSON = "This is a JSON file."
EXPECTED: dict[str, tuple[int, list[str], int] | str] = {
    "17738_rn.csv": (0, ["A", "B", "C", "D"], 10),
    "auto__backslash_escape.csv": (0, ["A", "B", "C"], 3),
    "auto__duplicate_header_col.csv": (1, ["a", "b", "a (2)"], 2),
    "auto__duplicate_header_collision.csv": (1, ["a", "b", "a (2)", "a_1"], 2),
    "auto__duplicate_header_columns.csv": (1, ["a", "a (2)", "a (3)", "a (4)"], 2),
    "auto__empty_header.csv": (0, ["A", "B", "C"], 2),
    "auto__issue_1254_rn.csv": (1, ["a", "b"], 2),
    "auto__leading_space_numerics.csv": (0, ["A", "B", "C"], 3),
    "auto__missing_header_col.csv": (1, ["a", "B", "c"], 2),
    "auto__missing_many_col.csv": (1, ["a", "B", "C", "D"], 2),
    "auto__multi_column_string_mix.csv": (0, ["A", "B", "C", "D"], 9),
    "auto__multiple_skip_row.csv": (3, ["number", "text", "date"], 1),
    "auto__no_header.csv": (0, ["A", "B", "C"], 2),
    "auto__pipe_delim_quote.csv": (0, ["A", "B", "C"], 3),
    "auto__quote_escape.csv": (0, ["A", "B", "C"], 3),
    "auto__rfc_conform_quote.csv": (0, ["A", "B", "C"], 3),
    "auto__semicolon_delim.csv": (0, ["A", "B", "C"], 3),
    "auto__semicolon_escape.csv": (0, ["A", "B", "C"], 3),
    "auto__semicolon_quote.csv": (0, ["A", "B", "C"], 3),
    "auto__single_quote_backslash.csv": (0, ["A", "B", "C"], 3),
    "auto__skip_row.csv": (2, ["number", "text", "date"], 1),
    "auto__tab_single_quote.csv": (0, ["A", "B", "C"], 3),
    "auto__time_date_timestamp_dd-mm-yyyy.csv": (1, ["a", "b", "t", "d"], 3),
    "auto__time_date_timestamp_mm-dd-yyyy.csv": (1, ["a", "b", "t", "d"], 3),
    "auto__unnamed_columns.csv": (0, ["A", "B", "C", "D"], 2),
    "auto__utf8bom.csv": (1, ["id", "name"], 2),
    "auto__varchar_multi_line.csv": (0, ["A", "B", "C"], 2),
    "auto__various_time_formats.csv": (0, ["A", "B", "C", "D"], 1),
    "bad_escape.csv": (1, ["foo", "bar"], 2),
    "borked_date.csv": (1, ["a"], 2069),
    "comma_decimal_null.csv": (
        1,
        ["COD_LOCALE_PROGETTO", "CUP", "COD_OB_TEMATICO", "OC_COD_SUBARTICOLAZ_PROGRAMMA"],
        8,
    ),
    "csv_quoted_newline_odd.csv": (1, ["content"], 2),
    "decimal_separators__decimal_separators.csv": (1, ["commas", "periods"], 5),
    "decimal_separators__decimal_separators_csv.csv": (1, ["commas", "periods"], 1),
    "decimal_separators__invalid_char.csv": (1, ["foo"], 1),
    "decimal_separators__mixed_format_fail.csv": (1, ["foo"], 3),
    "dirty_line.csv": (2, ["COL1", "COL2", "COL3"], 2),
    "double_quoted_header.csv": (1, ['foo "bar', "name"], 2),
    "empty_first_line.csv": (0, ["A"], 3),
    "encodings__all_latin1.csv": (0, ["A"], 189),
    "encodings__latin1.csv": (1, ["name", "age"], 12),
    "encodings__only_latin1.csv": (0, ["A", "B"], 6),
    "encodings__shift_jis.csv": (1, ["名前", "年齢"], 20),
    "encodings__utf16.csv": (1, ["name", "age"], 20),
    "error__banklist.csv": (1, ["Bank Name", "City", "State", "Cert"], 568),
    "extra_delimiters.csv": (1, ["a", "b", "c"], 4),
    "inconsistencies__inconsistent_columns_3.csv": (1, ["one", "two", "three"], 5),
    "inconsistencies__line_with_spaces.csv": (2, ["a", "b", "c", "d"], 4),
    "inconsistent_cells.csv": (2, ["One", "two", "three"], 4),
    "invalid_utf8.csv": (0, ["A"], 3),
    "leading_zeros.csv": (1, ["CODGEO", "NAISD14", "NAISD15", "NAISD16"], 6),
    "leading_zeros2.csv": (1, ["comune", "codice_regione", "codice_provincia", "codice_comune"], 5),
    "locations_header_trailing_comma.csv": (1, ["id", "name", "lat", "lon"], 1),
    "locations_row_trailing_comma.csv": (1, ["id", "name", "lat", "lon"], 1),
    "mixed_dates.csv": (1, ["A", "B"], 5),
    "mixed_decimal.csv": (1, ["A", "B"], 5),
    "mixed_decimal_delimiter.csv": (1, ["A", "B"], 5),
    "mixed_new_line.csv": (0, ["A", "B", "C"], 3),
    "multi_quote.csv": (1, ["datecol", "textcol"], 7),
    "null_terminator.csv": (1, ["a\x00b"], 0),
    "nullbyte.csv": (1, ["col1", "col2", "col3"], 1),
    "nullbyte_header.csv": (1, ["col1", "col\x002"], 1),
    "phonenumbers.csv": (1, ["phone"], 3),
    "quoted_newline.csv": (1, ["col1"], 1),
    "quoted_values_delimited.csv": (1, ["header1;header2;header3"], 3),
    "real__greek_utf8.csv": (0, ["A", "B", "C"], 8),
    "rejects__dr_who.csv": (1, ["date", "datetime", "time", "timestamp"], 1),
    "rejects__frankstein__nightmare.csv": (1, ["a", "b", "c"], 47),
    "rejects__multiple_errors__multiple_errors.csv": (1, ["name", "age", "current_day", "barks"], 7),
    "repromarket.csv": (0, ["A"], 4),
    "sales_snippet.csv": (0, ["A", "B", "C", "D"], 14),
    "single_quote.csv": (1, ["movie_title"], 1),
    "soccer_kaggle.csv": (1, ["player_id", "player_url", "fifa_version", "fifa_update"], 14),
    "special_date.csv": (1, ["t", "d"], 3),
    "test__force_quote.csv": (0, ["A", "B", "C"], 3),
    "test__invalid_utf_complex.csv": (0, ["A", "B", "C"], 21),
    "test__invalid_utf_header.csv": (0, ["A", "B", "C"], 11),
    "test__mixed_line_endings.csv": (0, ["A", "B", "C"], 3),
    "test__new_line_string_rn_exc.csv": (0, ["A", "B", "C", "D"], 3),
    "any_sheets.xls": (0, ["A", "B"], 4),
    "any_sheets.xlsx": (0, ["A", "B"], 4),
    "excel-numeric-header.xlsx": (1, ["location", "2020", "2021", "2022"], 2),
    "excel-range.xlsx": (1, ["A", "B", "C", "D"], 2),
    "excel-rounding.xlsx": (
        1,
        ["column 1", "large_negative_float", "small_negative_float", "Negative_Int"],
        2,
    ),
    "formula_empty_string_value.xls": "All sheets of this workbook are empty.",
    "iwfg09_Phos_river_200911.csv": (16, ["Location", "1995", "C", "D"], 11),
    "password-protected-password123.xlsx": "This workbook is protected by a password",
    "progetti_sample_10.csv": (
        1,
        ["COD_LOCALE_PROGETTO", "CUP", "OC_TITOLO_PROGETTO", "OC_SINTESI_PROGETTO"],
        10,
    ),
    "spendover25kdownloadSep.csv": (1, ["Department", "Entity", "Date of Payment", "Expense Type"], 189),
    "contacts.csv": (1, ["id", "first_name", "last_name", "gender"], 500),
    "contacts_export.csv": (1, ["first_name", "last_name", "gender", "title"], 2),
    "import-sample-invalid-sale.json": JSON,
    "import-sample.json": JSON,
    "contacts_sample.csv": (1, ["company name", "email", "first name", "last name"], 3),
    "sample_leads.csv": (1, ["id", "title", "description", "lead_value"], 2),
    "sample_persons.csv": (1, ["name", "emails", "contact_numbers", "organization_id"], 2),
    "sample_products.csv": (1, ["sku", "name", "description", "quantity"], 2),
}
"""File name to header row, names of the first four columns and number of rows; or how its refusal begins."""


@pytest.mark.skipif(not FILES, reason=MISSING)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_edge_case_is_read_or_refused_as_a_person_would(path: Path) -> None:
    expected = EXPECTED[path.name]
    if isinstance(expected, str):
        with pytest.raises(Unreadable) as refusal:
            read(path)
        assert str(refusal.value).startswith(expected)
    else:
        header_row, names, rows = read(path)
        assert (header_row, names[:4], len(rows)) == expected


@pytest.mark.skipif(not FILES, reason=MISSING)
@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("auto__backslash_escape.csv", ["345", "TEST7", 'text"2"']),
        ("auto__single_quote_backslash.csv", ["345", "TEST8", "text'2'text"]),
        ("auto__tab_single_quote.csv", ["345", "TEST13", "te\txt2"]),
        ("auto__semicolon_quote.csv", ["567", "TEST10", "te;xt3"]),
        ("bad_escape.csv", ["332", "Surname, Firstname"]),
        ("double_quoted_header.csv", ["1", "rob"]),
        ("decimal_separators__mixed_format_fail.csv", ["12,5"]),
        ("encodings__latin1.csv", ["José Álvarez", "30"]),
        ("encodings__utf16.csv", ["José Álvarez", "30"]),
        ("encodings__shift_jis.csv", ["山田", "30"]),
        ("excel-numeric-header.xlsx", ["Here", "1", "2", "3"]),
        ("excel-rounding.xlsx", ["A", "-100.01", "-0.01", "-1", "0", "0.01", "100.01", "1"]),
        ("leading_zeros.csv", ["09001", "0", "0", "0", "1", "1", "1", "0"]),
        ("nullbyte.csv", ["val1", "val\x002", "val3"]),
        ("quoted_newline.csv", ["cell with\nnewline"]),
        ("single_quote.csv", ["Doc"]),
        ("csv_quoted_newline_odd.csv", ["84,hello world"]),
    ],
)
def test_a_cell_of_an_edge_case_reads_as_it_is_meant(name: str, cells: list[str]) -> None:
    path = next(path for path in FILES if path.name == name)
    assert cells in read(path)[2]


@pytest.mark.skipif(not FILES, reason=MISSING)
def test_a_row_of_another_width_keeps_its_line_and_its_cells() -> None:
    path = next(path for path in FILES if path.name == "rejects__frankstein__nightmare.csv")
    source = open_source(path, path.name)
    reading = detect(source).reading
    odd = [(line.number, line.values) for line in read_lines(source, reading) if len(line.values) != 3]
    assert odd == [(10, ["1", "2"]), (14, ["1", "2", "pedro", "5"])]


def read(path: Path) -> tuple[int, list[str], list[list[str]]]:
    """The header row, the names of the columns, and all rows."""
    source = open_source(path, path.name)
    reading = detect(source).reading
    rows = [line.values for line in read_lines(source, reading)]
    return reading.header_row, headers(source, reading), rows
