"""Opening a file: what it is shows in its content, and what can't be imported is named."""

import gzip
import sqlite3
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmplus.domain.errors import Unreadable
from crmplus.exchange import source as room
from crmplus.exchange.detect import detect
from crmplus.exchange.lines import headers, read_lines
from crmplus.exchange.source import FileKind, open_source
from tests.exchange.files import bytes_source, rewritten, text_source, workbook_file

SHEET = "xl/worksheets/sheet1.xml"
SHEET_START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_END = b"</sheetData></worksheet>"


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        bytes_source(folder, content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\n \r\n\t\n", "This file holds nothing but blank lines."),
        ("\n\n".encode("utf-16"), "This file holds nothing but blank lines."),
        (b'[{"name": "Bakker"}]', "This is a JSON file."),
        (b'\n {"name": "Bakker"}', "This is a JSON file."),
        ('{"name": "Bakker"}'.encode("utf-16"), "This is a JSON file."),
        (b"<!DOCTYPE html><html><table></table></html>", "This is a web page"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "This is a web page"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "This is an XML file"),
        (b"BEGIN:VCARD\nFN:Jan\nEND:VCARD\n", "This is a file of address cards"),
        (b"%PDF-1.7 ...", "This is a PDF."),
        (b"\x89PNG\r\n\x1a\n", "This is an image."),
        (b"PAR1\x15\x04", "This is a database file."),
        (b"{\\rtf1 text}", "This is a text document."),
        (gzip.compress(b"a,b", mtime=0), "This is a compressed archive."),
        (bytes(range(256)) * 8, "This is neither text nor a workbook."),
        (b"PK\x03\x04 and no archive", "This workbook is damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no workbook", "This workbook is damaged."),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(tmp_path: Path, content: bytes, sentence: str) -> None:
    assert refusal(tmp_path, content).startswith(sentence)


def test_a_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE customer (name TEXT)")
    connection.close()
    with pytest.raises(Unreadable, match="database file"):
        open_source(path, "data.csv")


@pytest.mark.parametrize(
    ("part", "sentence"),
    [("word/document.xml", "text document"), ("Index/Tables.iwa", "Numbers"), ("a.csv", "Unpack it")],
)
def test_an_archive_without_a_workbook_is_named(tmp_path: Path, part: str, sentence: str) -> None:
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(part, "a,b\n1,2\n")
    with pytest.raises(Unreadable, match=sentence):
        open_source(path, "file.xlsx")


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    assert bytes_source(tmp_path, b"name,city\nBakker,Ede\n", "list.xlsx").kind is FileKind.TEXT
    book = workbook_file(tmp_path, [["name"], ["Bakker"]])
    source = open_source(book.rename(tmp_path / "list.csv"), "list.csv")
    assert (source.kind, source.sheets) == (FileKind.WORKBOOK, ("Data",))


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LARGEST_FILE", 1 << 20)
    assert "2 MB; at most 1 MB" in refusal(tmp_path, b"a" * ((1 << 20) + 1))


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="can't be opened"):
        open_source(tmp_path / "gone.csv", "gone.csv")


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    source = text_source(tmp_path, ",".join(f"c{i}x" for i in range(501)) + "\n")
    with pytest.raises(Unreadable, match="501 columns; at most 500"):
        headers(source, detect(source).reading)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    swollen = SHEET_START + b" " * (50 << 20) + SHEET_END
    bomb = rewritten(workbook_file(tmp_path, [["a"]]), SHEET, swollen)
    with pytest.raises(Unreadable, match="unpacks to far more"):
        open_source(bomb, "bomb.xlsx")


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    honest = rewritten(workbook_file(tmp_path, [["a"]]), SHEET, SHEET_START + b" " * 500_000 + SHEET_END)
    size = len(SHEET_START) + 500_000 + len(SHEET_END)
    content = honest.read_bytes().replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert "unpacks to far more" in refusal(tmp_path, content)


def test_cells_in_opposite_corners_are_refused_before_they_fill_the_memory(tmp_path: Path) -> None:
    book = workbook_file(tmp_path, [["a"]])
    corners = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(Unreadable, match="far apart"):
        open_source(rewritten(book, SHEET, SHEET_START + corners + SHEET_END), "far.xlsx")


def outcome(folder: Path, content: bytes) -> None:
    source = bytes_source(folder, content)
    reading = detect(source).reading
    headers(source, reading)
    list(read_lines(source, reading))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text(alphabet="ab1,;\"'\n\r\té\\|=", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    try:
        outcome(tmp_path, content)
    except Unreadable as refused:
        assert str(refused)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 6_000), value=st.integers(0, 255), length=st.integers(1, 40))
def test_any_damage_to_a_workbook_is_borne_or_refused(
    tmp_path: Path, place: int, value: int, length: int
) -> None:
    content = bytearray(workbook_file(tmp_path, [["name", "value"], ["Bakker", 12.5]]).read_bytes())
    place %= len(content)
    content[place : place + length] = bytes([value]) * length
    try:
        outcome(tmp_path, bytes(content))
    except Unreadable as refused:
        assert str(refused)
