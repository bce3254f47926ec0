"""How a file is found to be read: encoding, delimiter, quotes, header, decimal mark, dates."""

from pathlib import Path

import pytest

from crmplus.domain.errors import Unreadable
from crmplus.exchange.detect import Detected, detect, guess_header_row, guess_values
from crmplus.exchange.lines import headers, read_lines
from crmplus.exchange.reading import DateOrder, Reading
from tests.exchange.files import bytes_source, text_source

DUTCH = (
    "Naam;Plaats;Verwachte waarde;Datum\r\n"
    "Café De Groote;'s-Hertogenbosch;1.234,50;13-02-2025\r\n"
    "Coöperatie Zuid;'t Harde;€ 12,5;01-03-2025\r\n"
)


def detected(folder: Path, text: str, encoding: str = "utf-8", **preferences: bool) -> Detected:
    return detect(text_source(folder, text, encoding), **preferences)


def notes(found: Detected) -> str:
    return " ".join(map(str, found.notes))


def test_a_dutch_sheet_is_read_as_excel_wrote_it(tmp_path: Path) -> None:
    found = detected(tmp_path, DUTCH, "cp1252")
    assert found.reading == Reading("cp1252", ";", decimal_mark=",", date_order=DateOrder.DAY_FIRST)
    assert "as in line 2: Café De Groote" in notes(found)
    source = text_source(tmp_path, DUTCH, "cp1252")
    assert next(read_lines(source, found.reading)).values[:2] == ["Café De Groote", "'s-Hertogenbosch"]


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
        ("mac_roman", "mac_roman"),
        ("cp850", "cp850"),
    ],
)
def test_the_same_sheet_is_read_in_every_encoding(tmp_path: Path, encoding: str, codec: str) -> None:
    text = DUTCH.replace("€ ", "")
    found = detected(tmp_path, text, encoding)
    assert found.reading.encoding == codec
    assert headers(text_source(tmp_path, text, encoding), found.reading)[0] == "Naam"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("名前,年齢\n佐藤,25\n鈴木一郎,30\n株式会社,11\n", "cp932"),
        ("姓名,城市\n张伟,北京\n有限公司,上海\n", "gb18030"),
        ("Имя;Город\nИван Петров;Москва\nРомашка;Санкт-Петербург\n", "cp1251"),
        ("Όνομα;Πόλη\nΓιώργος;Αθήνα\nΕταιρεία;Θεσσαλονίκη\n", "cp1253"),
        ("Name;Ort\nMüller GmbH;Köln\nGroß & Söhne;Düsseldorf\n", "cp1252"),
        ("Nome;Cidade\nJoão;São Paulo\nAção;Brasília\n", "cp1252"),
        ("naam;bedrag\nJansen;€ 12,50\nPieters;€ 13,50\n", "cp1252"),
    ],
)
def test_other_scripts_are_told_from_western_ones(tmp_path: Path, text: str, encoding: str) -> None:
    assert detected(tmp_path, text, encoding).reading.encoding == encoding


def test_a_broken_line_does_not_make_a_file_another_encoding(tmp_path: Path) -> None:
    good = "naam\n" + "Café\nReünie\n" * 2_000
    found = detect(bytes_source(tmp_path, good.encode() + b"Caf\xe9\n"))
    assert found.reading.encoding == "utf-8"
    assert "Line 4002 holds bytes that are no text" in notes(found)


def test_bytes_that_windows_does_not_know_are_read_all_the_same(tmp_path: Path) -> None:
    source = bytes_source(tmp_path, b"naam;plaats\nCaf\xe9;Ede\n\x81\x8d;Urk\n")
    assert detect(source).reading.encoding == "latin-1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_told_from_commas_in_the_text(tmp_path: Path, delimiter: str) -> None:
    rows = [["name", "remark", "amount"], ["Bakker", "first; then, well", "1,5"], ["Visser", "a|b, c", "2,5"]]
    quoted = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    reading = detected(tmp_path, quoted).reading
    assert (reading.delimiter, reading.quote) == (delimiter, '"')


def test_the_line_that_names_the_separator_is_obeyed(tmp_path: Path) -> None:
    found = detected(tmp_path, "sep=;\r\nname;city, country\r\nBakker;Ede, NL\r\n")
    assert (found.reading.delimiter, found.reading.header_row) == (";", 2)


def test_a_single_column_is_not_divided(tmp_path: Path) -> None:
    text = "name\nBakker\nVisser, Jan\nMulder\n"
    source = text_source(tmp_path, text)
    assert [line.values for line in read_lines(source, detect(source).reading)] == [
        ["Bakker"],
        ["Visser, Jan"],
        ["Mulder"],
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("name,city\nBakker,Ede\nVisser,Urk\n", 1),
        ("Customers of 2025\n\nname,city,score\nBakker,Ede,10\nVisser,Urk,20\n", 3),
        ("Report,,\nMade by,Jan,\nname,city,score\nBakker,Ede,10\nVisser,Urk,20\nMulder,,1\n", 3),
        ("location,2020,2021\nHere,1,2\nThere,3,4\n", 1),
        ("a,b,a\n1,x,2\n3,y,4\n", 1),
        ("#,Naam\n1,Bakker\n2,Visser\n", 1),
        ("Phone 1,Address 1\n0318 123456,Dorpsstraat 1\n0318 654321,Kerkplein 2\n", 1),
        ("1,Bakker\n2,Visser\n", 0),
        ("Bakker,jan@bakker.example\nVisser,piet@visser.example\n", 0),
        ("X-1,Bakker\nX-2,Visser\nX-3,Mulder\n", 0),
        ("Bakker,Lead\nVisser,Lead\nMulder,Lead\n", 0),
        ("name,city\n", 1),
    ],
)
def test_the_line_that_names_the_columns_is_found_by_what_stands_below(
    tmp_path: Path, text: str, row: int
) -> None:
    """Also where no name of a column is known."""
    found = detect(text_source(tmp_path, text), is_known=lambda name: False)
    assert found.reading.header_row == row


def test_names_of_columns_are_known_unless_said_otherwise(tmp_path: Path) -> None:
    source = text_source(tmp_path, "1,2\nNaam,Bedrag\n3,4\n")
    assert detect(source).reading.header_row == 2
    assert guess_header_row(source, Reading()).header_row == 2


def test_known_names_make_a_header_whatever_it_looks_like(tmp_path: Path) -> None:
    source = text_source(tmp_path, "Title,Title\nName,Phase\nPhase,Phase\nBakker,Phase\n")
    assert detect(source, is_known={"Name", "Phase"}.__contains__).reading.header_row == 2


@pytest.mark.parametrize(
    ("cells", "prefers_comma", "mark"),
    [
        (["1.234,50"], False, ","),
        (["1,234.50"], True, "."),
        (["12,5"], False, ","),
        (["€ 12.50"], True, "."),
        (["1.234.567"], False, ","),
        (["1,234,567"], True, "."),
        (["1 234,50"], False, ","),
        (["1.234"], True, ","),
        (["1.234"], False, "."),
        (["12.10.2024", "10:30", "text"], True, ","),
    ],
)
def test_amounts_show_their_decimal_mark(
    tmp_path: Path, cells: list[str], prefers_comma: bool, mark: str
) -> None:
    text = "\t".join(["name", "amount"]) + "\n" + "".join(f"Bakker\t{cell}\n" for cell in cells)
    assert detected(tmp_path, text, prefers_comma=prefers_comma).reading.decimal_mark == mark


@pytest.mark.parametrize(
    ("cell", "mark"), [("€ 1.250,-", ","), ("50,-", ","), ("1,250.-", "."), ("7.--", ".")]
)
def test_a_dash_for_the_cents_shows_the_decimal_mark(tmp_path: Path, cell: str, mark: str) -> None:
    for prefers_comma in (False, True):
        found = detected(tmp_path, f"name\tamount\nBakker\t{cell}\n", prefers_comma=prefers_comma)
        assert (found.reading.decimal_mark, found.notes) == (mark, ())


@pytest.mark.parametrize(("prefers_comma", "mark"), [(True, ","), (False, ".")])
@pytest.mark.parametrize("cell", ["1.250", "$12,000"])
def test_amounts_that_show_no_mark_are_asked_about(
    tmp_path: Path, cell: str, prefers_comma: bool, mark: str
) -> None:
    text = f"name\tamount\nBakker\t{cell}\nVisser\t100\n"
    found = detected(tmp_path, text, prefers_comma=prefers_comma)
    assert found.reading.decimal_mark == mark
    assert f"{cell} can be read in two ways" in notes(found)
    assert detected(tmp_path, text + "Mulder\t1.5\n", prefers_comma=prefers_comma).notes == ()


def test_amounts_written_in_two_ways_are_shown(tmp_path: Path) -> None:
    found = detected(tmp_path, "name;amount\nBakker;1,5\nVisser;2,5\nMulder;3.5\n")
    assert found.reading.decimal_mark == ","
    assert "such as 1,5 and 3.5" in notes(found)


@pytest.mark.parametrize(
    ("dates", "day_first", "order"),
    [
        (["01-02-2024", "13-02-2024"], False, DateOrder.DAY_FIRST),
        (["1/2/2024", "2/13/2024 10:00"], True, DateOrder.MONTH_FIRST),
        (["2024-02-13", "2024-01-02T10:00:00Z"], True, DateOrder.YEAR_FIRST),
        (["01.02.24"], False, DateOrder.DAY_FIRST),
        (["99-12-31"], True, DateOrder.YEAR_FIRST),
        (["2024-02-13", "13-02-2024"], False, DateOrder.DAY_FIRST),
        (["06-12345678", "text"], False, DateOrder.MONTH_FIRST),
    ],
)
def test_dates_show_their_order(tmp_path: Path, dates: list[str], day_first: bool, order: DateOrder) -> None:
    text = "name,closed\n" + "".join(f"Bakker,{date}\n" for date in dates)
    found = detected(tmp_path, text, day_first=day_first)
    assert (found.reading.date_order, found.notes) == (order, ())


@pytest.mark.parametrize(
    ("day_first", "order"), [(True, DateOrder.DAY_FIRST), (False, DateOrder.MONTH_FIRST)]
)
def test_dates_that_show_no_order_are_asked_about(tmp_path: Path, day_first: bool, order: DateOrder) -> None:
    found = detected(tmp_path, "name,closed\nBakker,03/04/2024\n", day_first=day_first)
    assert found.reading.date_order == order
    assert "03/04/2024 can be read in two ways" in notes(found)


def test_dates_written_in_two_ways_are_shown(tmp_path: Path) -> None:
    found = detected(tmp_path, "name,closed\nBakker,13/04/2024\nVisser,04/14/2024\n")
    assert "such as 13/04/2024 and 04/14/2024" in notes(found)


def test_lines_quoted_as_a_whole_are_pointed_at(tmp_path: Path) -> None:
    assert "outer quotes" in notes(detected(tmp_path, '"name;city"\n"Bakker;Ede"\n"Visser;Urk"\n'))


def test_the_rest_is_guessed_anew_after_a_change_of_the_delimiter(tmp_path: Path) -> None:
    source = text_source(tmp_path, "Report\nname;amount\nBakker;1,5\nVisser;2,5\n")
    changed = guess_header_row(source, Reading(delimiter=";"))
    assert changed.header_row == 2
    assert guess_values(source, changed, day_first=True, prefers_comma=False).reading.decimal_mark == ","


def test_a_file_of_one_endless_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="Line 1 has more than 2000000 characters"):
        detected(tmp_path, "aa," * 3_000_000)


def test_a_guess_is_made_of_the_first_megabytes(tmp_path: Path) -> None:
    long = f"{'x' * 900_000},01-02-2024\n"
    assert detected(tmp_path, "name,closed\n" + long * 2 + "Bakker,12-31-2024\n").reading == Reading(
        date_order=DateOrder.MONTH_FIRST
    )
    found = detected(tmp_path, "name,closed\n" + long * 8 + "Bakker,12-31-2024\n")
    assert found.reading.date_order == DateOrder.DAY_FIRST
    assert "01-02-2024 can be read in two ways" in notes(found)
