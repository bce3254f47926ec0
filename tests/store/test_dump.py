"""Tables to CSV and back: every value survives, whatever a table to come may hold."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmplus.domain.errors import Unreadable
from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import Database
from crmplus.store.derived import DERIVED
from crmplus.store.dump import load_table, pattern_of, write_table
from crmplus.store.schema import DOOR, TableShape, read_schema

MADE = """
CREATE TABLE {name} (
    id UUID PRIMARY KEY,
    always VARCHAR NOT NULL,
    maybe VARCHAR,
    amount DECIMAL(15, 2),
    score SMALLINT,
    big BIGINT,
    day DATE,
    hour TIME,
    at_utc TIMESTAMP,
    is_on BOOLEAN,
    facts_json VARCHAR NOT NULL
)
"""
HEADS = "id,always,maybe,amount,score,big,day,hour,at_utc,is_on,facts_json\n"
KEY = "00000000-0000-0000-0000-00000000000"
TEXTS = [
    "plain",
    "",
    "'",
    "''",
    "'=1",
    "=1+1",
    "+31 6",
    "-",
    "@x",
    "\ttab",
    "\rcr",
    "＝1",
    "  =1",
    'quo"te',
    '"',
    "a,b",
    "two\nlines",
    "two\r\nlines",
    "NULL",
    "\\N",
    "\\",
    "#x",
    "\ufeffbom",
    "  spaces ",
    "日本 e\u0301",
    "\u202eright\u200f",
    "\u2028",
    "x\x01y",
]


@pytest.fixture
def odd() -> Iterator[tuple[Database, TableShape, TableShape]]:
    """A database with a table of every type, and an empty twin of it."""
    database = Database.open(None)
    with database.transaction(EVERYTHING) as connection:
        for name in ("odd", "twin"):
            connection.execute(MADE.format(name=name))
    with database.read(EVERYTHING) as connection:
        shapes = {table.name: table for table in read_schema(connection)}
    yield database, shapes["odd"], shapes["twin"]
    database.close()


def rows(database: Database, name: str) -> list[tuple[object, ...]]:
    with database.read(EVERYTHING) as connection:
        return connection.execute(f"SELECT * FROM {name} ORDER BY id")


def insert(database: Database, values: str) -> None:
    with database.transaction(EVERYTHING) as connection:
        connection.execute(f"INSERT INTO odd VALUES {values}")


def load(odd: tuple[Database, TableShape, TableShape], path: Path) -> int:
    with odd[0].transaction(EVERYTHING) as connection:
        return load_table(connection, odd[2], path)


def through_a_file(odd: tuple[Database, TableShape, TableShape], path: Path) -> None:
    database, table, _twin = odd
    with database.read(EVERYTHING) as connection:
        written = write_table(connection, table, path)
    assert load(odd, path) == written
    assert rows(database, "twin") == rows(database, "odd")


def test_a_file_that_cannot_be_written_says_why(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path
) -> None:
    with odd[0].read(EVERYTHING) as connection, pytest.raises(OSError) as raised:
        write_table(connection, odd[1], tmp_path / "none" / "odd.csv")
    assert raised.value.strerror == "No such file or directory"


def test_every_type_with_a_value_and_without(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path
) -> None:
    insert(odd[0], f"('{KEY}1', '', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '')")
    insert(
        odd[0],
        f"""('{KEY}2', 'a', '', -0.01, -5, -9223372036854775808, '1990-01-02', '00:00:00',
        '2026-01-02 03:04:05.000006', false, '[]')""",
    )
    insert(
        odd[0],
        f"""('{KEY}3', 'a', 'b', 9999999999999.99, 32767, 9223372036854775807, '2100-12-31', '23:59:59',
        '1970-01-01 00:00:00', true, '{{"a": "=1"}}')""",
    )
    through_a_file(odd, tmp_path / "odd.csv")


def test_every_odd_text_survives_where_it_may_be_missing_and_where_it_may_not(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path
) -> None:
    with odd[0].transaction(EVERYTHING) as connection:
        for text in TEXTS:
            connection.execute(
                "INSERT INTO odd (id, always, maybe, facts_json) VALUES (uuid(), $text, $text, '{}')",
                {"text": text},
            )
    through_a_file(odd, tmp_path / "odd.csv")
    with (tmp_path / "odd.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for line in list(csv.reader(file))[1:] for cell in line]
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "@", "＝") and cell]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=8))
def test_any_text_survives(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path, texts: list[str]
) -> None:
    with odd[0].transaction(EVERYTHING) as connection:
        connection.execute("DELETE FROM odd")
        connection.execute("DELETE FROM twin")
        for text in texts:
            connection.execute(
                "INSERT INTO odd (id, always, maybe, facts_json) VALUES (uuid(), $text, $text, '{}')",
                {"text": text},
            )
    through_a_file(odd, tmp_path / "odd.csv")


GOOD = f"{KEY}1,a,,1.00,5,6,2026-01-02,09:30:00,2026-01-02T03:04:05Z,true,{{}}\n"


def test_the_good_line_that_the_bad_ones_are_made_of_is_good(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path
) -> None:
    (tmp_path / "x.csv").write_text(HEADS + GOOD)
    assert load(odd, tmp_path / "x.csv") == 1


@pytest.mark.parametrize(
    ("good", "bad", "column"),
    [
        (f"{KEY}1", "1", "id"),
        (f"{KEY}1", "", "id"),
        ("1.00", "1.005", "amount"),
        ("1.00", "1e3", "amount"),
        ("1.00", "NaN", "amount"),
        ("1.00", '"1,00"', "amount"),
        ("1.00", "12345678901234.00", "amount"),
        (",5,", ",1.5,", "score"),
        (",5,", ",99999,", "score"),
        (",6,", ",six,", "big"),
        ("2026-01-02,", "2026-02-30,", "day"),
        ("2026-01-02,", "infinity,", "day"),
        ("2026-01-02,", "02-01-2026,", "day"),
        ("09:30:00", "9:30", "hour"),
        ("09:30:00", "09:60:00", "hour"),
        ("09:30:00", "24:00:00", "hour"),
        ("09:30:00", "noon", "hour"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "at_utc"),
        ("2026-01-02T03:04:05Z", "2026-01-02T25:04:05Z", "at_utc"),
        ("2026-01-02T03:04:05Z", "infinity", "at_utc"),
        ("true", "yes", "is_on"),
        ("{}", "{", "facts_json"),
    ],
)
def test_a_malformed_cell_is_refused_with_its_line_and_column(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path, good: str, bad: str, column: str
) -> None:
    first = GOOD.replace(f"{KEY}1", f"{KEY}0").replace(",a,", ',"two\nlines",')
    (tmp_path / "x.csv").write_text(HEADS + first + GOOD.replace(good, bad, 1))
    with pytest.raises(Unreadable, match=rf"x\.csv, line 4, column {column}: “.*” is not what belongs there"):
        load(odd, tmp_path / "x.csv")
    assert rows(odd[0], "twin") == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HEADS + GOOD + GOOD, "x.csv, line 3: another row has the same id."),
        (HEADS.replace(",big", "") + GOOD, "x.csv lacks the column big."),
        (HEADS.replace("\n", ",more\n") + GOOD, "x.csv has a column that does not belong there: more."),
        (HEADS.replace("big", "day") + GOOD, "x.csv lacks the column big."),
        (HEADS + GOOD + f"{KEY}2,a\n", "x.csv, line 3: 2 cells stand where 11 belong."),
        (HEADS + GOOD + "\n", "x.csv, line 3, column id: “” is not what belongs there."),
        (HEADS + GOOD.replace(",a,", ',"a'), "x.csv, line 2: the quotes are not in order."),
        ("", "x.csv lacks the column id."),
        (HEADS.replace(",", ";"), "x.csv lacks the column id."),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_reason(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "x.csv").write_text(content)
    with pytest.raises(Unreadable) as refused:
        load(odd, tmp_path / "x.csv")
    assert str(refused.value) == sentence
    assert rows(odd[0], "twin") == []


def test_text_that_is_not_utf_8_is_refused(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path
) -> None:
    (tmp_path / "x.csv").write_bytes((HEADS + GOOD.replace(",a,", ",é,")).encode("cp1252"))
    with pytest.raises(Unreadable, match=r"x\.csv is not UTF-8 text\."):
        load(odd, tmp_path / "x.csv")


def test_columns_may_stand_in_another_order(
    odd: tuple[Database, TableShape, TableShape], tmp_path: Path
) -> None:
    (tmp_path / "x.csv").write_text(
        f"facts_json,{HEADS.replace(',facts_json', '')}{{}},{GOOD.replace(',{}', '')}"
    )
    assert load(odd, tmp_path / "x.csv") == 1


def test_every_type_of_the_schema_has_a_pattern(empty_database: Database) -> None:
    with empty_database.read(EVERYTHING) as connection:
        columns = [column for table in read_schema(connection) for column in table.columns]
    assert len(columns) > 100
    for column in columns:
        assert column.is_text or pattern_of(column), column


def test_the_schema_has_every_table_with_its_keys(empty_database: Database) -> None:
    with empty_database.read(EVERYTHING) as connection:
        tables = {table.name: table for table in read_schema(connection)}
        known = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()")}
    assert tables.keys() == known - {"schema_migration"} - DERIVED - DOOR
    assert tables["phase_record"].order == ("lead_id", "visit_number")
    assert tables["person"].keys == (("id",),)
    assert set(tables["customer"].keys) == {("id",), ("number",)}
    assert tables["customer"].order == ("id",)
