"""Reading rows: exactly what stands in the file, with the lines they start on."""

import csv
import io
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmplus.domain.errors import Unreadable
from crmplus.exchange.lines import LONGEST_CELL, Line, headers, letters, preview, read_lines
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import FileKind, Source
from tests.exchange.files import text_source

NO_HEADER = Reading(header_row=0)


def rows(folder: Path, text: str, reading: Reading) -> list[tuple[int, list[str]]]:
    return [(line.number, line.values) for line in read_lines(text_source(folder, text), reading)]


def names(folder: Path, text: str, reading: Reading | None = None) -> list[str]:
    return headers(text_source(folder, text), reading or Reading())


def test_a_row_has_the_line_it_starts_on(tmp_path: Path) -> None:
    text = 'name,remark\nBakker,"one\ntwo"\n\nVisser,three\n'
    assert rows(tmp_path, text, Reading()) == [(2, ["Bakker", "one\ntwo"]), (5, ["Visser", "three"])]


def test_rows_of_another_width_come_as_they_are(tmp_path: Path) -> None:
    assert rows(tmp_path, "a,b\n1\n1,2,3\n", Reading()) == [(2, ["1"]), (3, ["1", "2", "3"])]


def test_what_stands_above_the_header_is_not_read(tmp_path: Path) -> None:
    text = 'Report of "March\n\nname,city\nBakker,Ede\n'
    assert names(tmp_path, text, Reading(header_row=3)) == ["name", "city"]
    assert rows(tmp_path, text, Reading(header_row=3)) == [(4, ["Bakker", "Ede"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_known(tmp_path: Path, end: str) -> None:
    assert rows(tmp_path, f"a,b{end}1,2{end}{end}3,4", Reading()) == [(2, ["1", "2"]), (4, ["3", "4"])]


def test_blank_rows_are_left_out(tmp_path: Path) -> None:
    assert rows(tmp_path, "a,b\n,\n , \n\n ,1\n", Reading()) == [(5, [" ", "1"])]


def test_the_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    reading = Reading(delimiter=";", header_row=0)
    assert rows(tmp_path, "sep=;\n1;2\n", reading) == [(2, ["1", "2"])]
    assert names(tmp_path, "sep=;\n1;2\n", reading) == ["A", "B"]


def test_names_are_trimmed_and_made_unique(tmp_path: Path) -> None:
    assert names(tmp_path, " a ,a,,a,a (2)\n1,2,3,4,5\n") == ["a", "a (3)", "C", "a (4)", "a (2)"]


def test_an_unnamed_column_at_the_end_is_dropped_where_it_is_empty(tmp_path: Path) -> None:
    assert names(tmp_path, "a,b,,\n1,2,,\n") == ["a", "b"]
    assert names(tmp_path, "a,b,,\n1,2,,x\n") == ["a", "b", "C", "D"]


def test_without_a_header_the_widest_row_counts(tmp_path: Path) -> None:
    assert names(tmp_path, "1\n1,2,3\n1,2\n", NO_HEADER) == ["A", "B", "C"]


def test_letters_go_on_as_in_a_spreadsheet() -> None:
    assert [letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_preview_is_the_names_and_the_first_rows(tmp_path: Path) -> None:
    source = text_source(tmp_path, "a\n" + "\n".join("12345"))
    assert preview(source, Reading(), limit=2) == (["a"], [Line(2, ["1"]), Line(3, ["2"])])


def test_a_header_behind_the_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="ends before line 9"):
        names(tmp_path, "a,b\n", Reading(header_row=9))


@pytest.mark.parametrize("tail", ["\nmore,2\n", "\n" + "more,2\n" * 200_000])
def test_a_quote_that_never_closes_is_named_with_its_line(tmp_path: Path, tail: str) -> None:
    with pytest.raises(Unreadable, match="opens in line 3 is never closed"):
        rows(tmp_path, f'a,b\n1,2\n3,"open{tail}', Reading())


def test_a_cell_that_is_too_long_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Line 2 has a cell of more than"):
        rows(tmp_path, "a,b\n1," + "x" * (LONGEST_CELL + 1) + "\n", Reading())


def test_a_line_that_never_ends_is_refused_and_not_cut_in_rows(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Line 2 has more than 2000000 characters"):
        rows(tmp_path, "a,b\n" + "aa," * 700_000 + "\n1,2\n", Reading())


def test_a_line_of_very_many_cells_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="20001 columns; at most 500"):
        rows(tmp_path, "a,b\n1,2\n" + "aa," * 20_000 + "\n", Reading())


def test_blank_cells_behind_the_last_column_are_no_columns(tmp_path: Path) -> None:
    wide = "," * 16_381
    assert names(tmp_path, f"a,b,{wide}\n1,2,{wide}\n") == ["a", "b"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_that_is_no_text_is_named(tmp_path: Path, end: str) -> None:
    source = text_source(tmp_path, end.join(["a,b"] + ["1,2"] * 300_000))
    with source.path.open("ab") as file:
        file.write(end.encode() + b"caf\xe9,2" + end.encode())
    with pytest.raises(Unreadable, match="Line 300002 holds bytes that are no text in the encoding UTF-8"):
        list(read_lines(source, Reading()))


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (",A,B", ["A (2)", "A", "B"]),
        ("x,,B", ["x", "B (2)", "B"]),
        (",,A,A (2)", ["A (3)", "B", "A", "A (2)"]),
        ("A,,A", ["A", "B", "A (2)"]),
    ],
)
def test_a_column_without_a_name_takes_none_of_another(tmp_path: Path, head: str, names: list[str]) -> None:
    assert headers(text_source(tmp_path, f"{head}\n1,2,3,4\n"), Reading()) == names


@pytest.mark.parametrize(
    ("reading", "sentence"),
    [
        (Reading(encoding="klingon"), "no encoding klingon"),
        (Reading(encoding="base64"), "no encoding base64"),
        (Reading(delimiter=""), "one character each"),
        (Reading(delimiter=";;"), "one character each"),
        (Reading(delimiter='"'), "different ones"),
    ],
)
def test_a_reading_that_makes_no_sense_is_refused(tmp_path: Path, reading: Reading, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        rows(tmp_path, "a,b\n1,2\n", reading)


def test_rows_come_one_after_the_other(tmp_path: Path) -> None:
    """The first row is there although the file breaks later: nothing is read ahead of need."""
    source = text_source(tmp_path, "a,b\n" + "1,2\n" * 100_000 + '3,"open')
    assert [line.number for line in islice(read_lines(source, Reading()), 2)] == [2, 3]


CELLS = st.text(alphabet=st.sampled_from("ab1 ,;|\t\"'\\\n\ré€"), max_size=8)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=TABLES,
    delimiter=st.sampled_from(",;|\t"),
    quote=st.sampled_from("\"'"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_a_table_was_written_from_is_read_back(
    tmp_path: Path, table: list[list[str]], delimiter: str, quote: str, encoding: str, end: str
) -> None:
    text = io.StringIO()
    csv.writer(
        text, delimiter=delimiter, quotechar=quote, quoting=csv.QUOTE_ALL, lineterminator=end
    ).writerows(table)
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    reading = Reading(encoding=encoding, delimiter=delimiter, quote=quote, header_row=0)
    source = Source(path, "table.csv", FileKind.TEXT)
    filled = [row for row in table if any(map(str.strip, row))]
    assert [line.values for line in read_lines(source, reading)] == filled
