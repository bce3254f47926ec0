"""Tables whose rows are dataclasses: what goes in comes out, and versions are looked at."""

import shutil
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from crmplus.domain.customer import Customer
from crmplus.domain.lead import Lead, PhaseRecord, RecordState
from crmplus.domain.person import Person, Role
from crmplus.domain.sight import EVERYTHING
from crmplus.store import tables
from crmplus.store.database import Database
from crmplus.store.erase import _ALL, _WITHOUT_A_CLASS, erase_everything
from crmplus.store.table import Table
from tests.small_world import make_small_world, plan_small_world
from tests.world import NASTY_TEXTS, NOW, TABLES, everything, query

PERSON = Person(UUID(int=1), "Ann", "AN", Role.REP, None, 1)
LEAD = Lead(
    UUID(int=1),
    UUID(int=2),
    UUID(int=3),
    UUID(int=4),
    None,
    "t",
    100,
    Decimal("9999999999999.99"),
    Decimal("0.01"),
    date(2026, 2, 28),
    None,
    datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
    NOW,
    None,
    1,
    1,
)
DERIVED_COLUMNS = {
    "customer": {"search_text", "name_key", "email_key", "phone_key"},
    "lead": {"title_key"},
    "note": {"search_text"},
    "contact_person": {"search_text"},
}
OURS = [table for table in vars(tables).values() if isinstance(table, Table)]


@pytest.mark.parametrize("table", OURS, ids=lambda table: table.name)
def test_a_tables_columns_are_its_dataclass_and_what_derives_from_it(
    table: Table[object], empty_database: Database
) -> None:
    sql = "SELECT column_name FROM duckdb_columns() WHERE table_name = $name"
    columns = {row[0] for row in query(empty_database, sql, name=table.name)}
    own = {field.name for field in fields(table._row_type)}  # type: ignore[arg-type]
    derived = set(columns) - own
    assert own <= columns
    assert derived == DERIVED_COLUMNS.get(table.name, set())


def test_a_lead_version_keeps_every_field_of_a_lead(empty_database: Database) -> None:
    sql = "SELECT column_name FROM duckdb_columns() WHERE table_name = 'lead_version'"
    columns = {row[0] for row in query(empty_database, sql)}
    assert columns == {field.name for field in fields(Lead)} - {"id"} | {"lead_id", "valid_from_utc"}


def test_erasing_and_the_tests_know_every_table(empty_database: Database) -> None:
    found = {row[0] for row in query(empty_database, "SELECT table_name FROM duckdb_tables()")}
    ours = found - {"schema_migration"}
    assert {table.name for table in _ALL} | set(_WITHOUT_A_CLASS) == ours
    assert set(TABLES) == ours


def test_erasing_leaves_no_row_in_any_table(starter_file: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "small.duckdb"))
    make_small_world(path)
    database = Database.open(path)
    plan_small_world(database)
    filled = {name for name, rows in everything(database).items() if rows}
    assert filled >= {"lead", "change_log", "next_step", "note", "contact_person", "saved_view", "lead_span"}
    with database.transaction(EVERYTHING) as connection:
        erase_everything(connection)
    assert not any(everything(database).values())
    database.close()


def test_a_row_comes_back_as_it_went_in_to_the_cent_and_the_microsecond(empty_database: Database) -> None:
    with empty_database.transaction(EVERYTHING) as connection:
        tables.LEAD.insert(connection, LEAD)
        assert tables.LEAD.get(connection, LEAD.id) == LEAD
        assert tables.LEAD.get(connection, UUID(int=9)) is None


@pytest.mark.parametrize("text", [*NASTY_TEXTS, "", "a" * 10_000, "$name", "%s {x}", "a\nb"])
def test_any_text_comes_back_as_it_went_in(empty_database: Database, text: str) -> None:
    with empty_database.transaction(EVERYTHING) as connection:
        tables.PERSON.insert(connection, replace(PERSON, name=text))
        assert tables.PERSON.where(connection, name=text) == [replace(PERSON, name=text)]


def test_an_update_from_an_older_version_writes_nothing(empty_database: Database) -> None:
    with empty_database.transaction(EVERYTHING) as connection:
        tables.PERSON.insert(connection, PERSON)
        newer = replace(PERSON, name="Bea", version=2)
        assert tables.PERSON.update(connection, newer, from_version=1)
        assert not tables.PERSON.update(connection, replace(newer, name="Cas"), from_version=1)
        assert tables.PERSON.where(connection) == [newer]


def test_an_update_touches_one_row_of_a_key_of_two_columns(empty_database: Database) -> None:
    visits = [
        PhaseRecord(
            LEAD.id, n, LEAD.phase_id, RecordState.CURRENT, NOW, None, None, None, None, None, "", None
        )
        for n in (1, 2)
    ]
    with empty_database.transaction(EVERYTHING) as connection:
        tables.PHASE_RECORD.insert(connection, *visits)
        left = replace(visits[1], state=RecordState.LEFT)
        assert tables.PHASE_RECORD.update(connection, left)
        found = tables.PHASE_RECORD.where(connection, lead_id=LEAD.id)
    assert sorted(found, key=lambda r: r.visit_number) == [visits[0], left]


def test_a_deleted_row_is_gone_and_its_neighbour_stays(empty_database: Database) -> None:
    other = replace(PERSON, id=UUID(int=2))
    with empty_database.transaction(EVERYTHING) as connection:
        tables.PERSON.insert(connection, PERSON, other)
        tables.PERSON.delete(connection, PERSON)
        assert tables.PERSON.where(connection) == [other]


def test_a_row_may_change_many_times_in_one_transaction_its_unique_number_too(
    empty_database: Database,
) -> None:
    row = Customer(UUID(int=1), "C-1", "A", UUID(int=3), *[""] * 8, None, True, 1)
    with empty_database.transaction(EVERYTHING) as connection:
        tables.CUSTOMER.insert(connection, row)
        for n in range(5):
            assert tables.CUSTOMER.update(connection, replace(row, number=f"C-{n}", version=n + 2))
        tables.CUSTOMER.insert(connection, replace(row, id=UUID(int=2)))
        assert {found.number for found in tables.CUSTOMER.where(connection)} == {"C-1", "C-4"}
