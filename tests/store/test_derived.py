"""Spans and stays of leads: after any life, what the history says, and nothing else."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given

from crmplus.domain.sight import EVERYTHING
from crmplus.exchange.undo import undo_import
from crmplus.services.leads import (
    close_lead,
    complete_phase,
    describe_lead,
    move_lead,
    reopen_lead,
    save_lead,
)
from crmplus.store import migrate as migrations
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.derived import derive_anew
from crmplus.store.schema import read_schema
from tests.analytics.lives import LIVES, Deed, World, live, lives, many_deeds, new_world, rows_of
from tests.exchange.imported import LATER, leads, load
from tests.recount import derived
from tests.recount.derived import STILL
from tests.recount.history import read_history
from tests.world import ADMIN, NOW, VALUES, customer_with_lead, person, phase, query, reason

DERIVED = ("lead_span", "lead_stay")
HEAD = "lead_id;customer_name;title;phase;status;expected_value;opened_at;closed_at\n"
FIRST = HEAD + "1;Acme;Oven;Meeting;;100;2026-01-05;\n2;Acme;Hob;;won;50;2026-01-05;2026-02-01\n"
SECOND = HEAD + "1;Acme;Oven;Quote;lost;120;2026-01-03;2026-03-01\n2;Acme;Hob;Quote;;55;2026-01-05;\n"


def held(database: Database, table: str) -> list[dict[str, Any]]:
    with database.read(EVERYTHING) as connection:
        return in_order(rows_of(connection, table))


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["lead_id"], row.get("version", 0), row["phase_id"]))


def spans(database: Database, lead_id: object) -> list[dict[str, Any]]:
    return [row for row in held(database, "lead_span") if row["lead_id"] == lead_id]


def stays(database: Database, lead_id: object) -> dict[object, dict[str, Any]]:
    return {row["phase_id"]: row for row in held(database, "lead_stay") if row["lead_id"] == lead_id}


def assert_derived(database: Database) -> None:
    """Both tables say what plain Python derives, and would say it again if derived anew."""
    history = read_history(database)
    found = {table: held(database, table) for table in DERIVED}
    assert found["lead_span"] == in_order(derived.spans(history))
    assert found["lead_stay"] == in_order(derived.stays(history))
    with database.transaction(EVERYTHING) as connection:
        derive_anew(connection)
    assert {table: held(database, table) for table in DERIVED} == found


def assert_spans_are_whole(database: Database) -> None:
    """Those of a lead follow one another without overlap or gap, and the last is the lead as it is."""
    found = held(database, "lead_span")
    newest = {}
    for lead_id, own in groupby(found, key=lambda row: row["lead_id"]):
        in_time = sorted(own, key=lambda row: row["valid_from_utc"])
        assert all(row["valid_from_utc"] < row["valid_to_utc"] for row in in_time)
        assert [row["valid_to_utc"] for row in in_time] == [
            *(row["valid_from_utc"] for row in in_time[1:]),
            STILL,
        ]
        assert [row["was_open"] for row in in_time] == [None, *(row["is_open"] for row in in_time[:-1])]
        newest[lead_id] = in_time[-1]
    now = query(database, "SELECT id, version, phase_id, closed_at_utc IS NULL, expected_value FROM lead")
    assert sorted(now) == sorted(
        (key, row["version"], row["phase_id"], row["is_open"], row["expected_value"])
        for key, row in newest.items()
    )


@LIVES
@given(doing=lives)
def test_after_any_life_spans_and_stays_are_what_the_history_says(
    starter_file: Path, doing: list[Deed]
) -> None:
    with new_world(starter_file) as world:
        live(world, doing)
        assert_spans_are_whole(world.database)
        assert_derived(world.database)


@pytest.fixture(scope="module")
def long_life(starter_file: Path) -> Iterator[World]:
    with new_world(starter_file) as world:
        live(world, many_deeds(5, 130))
        yield world


def test_after_a_long_life_too(long_life: World) -> None:
    assert_spans_are_whole(long_life.database)
    assert_derived(long_life.database)


def test_a_life_holds_all_that_can_happen(long_life: World) -> None:
    """The lives above are worth something."""
    actions = {row[0] for row in query(long_life.database, "SELECT action FROM change_log")}
    assert actions >= {
        *("lead_started", "lead_saved", "phase_completed", "lead_moved", "lead_closed", "lead_reopened"),
        *("lead_described", "lead_transferred", "lead_relocated", "lead_imported", "lead_import_undone"),
    }
    database = long_life.database
    gone = "SELECT count(DISTINCT lead_id) FROM lead_version WHERE lead_id NOT IN (SELECT id FROM lead)"
    never_held = "SELECT count(*) FROM lead_version JOIN lead ON lead.id = lead_id"
    assert query(database, gone) > [(0,)]
    assert query(database, never_held) > query(database, "SELECT count(*) FROM lead_span")
    assert query(database, "SELECT max(visit_count) FROM lead_stay") > [(1,)]


# One by one


def test_a_lead_that_only_began_has_one_span_and_one_stay_that_go_on(database: Database) -> None:
    _, lead = customer_with_lead(database)
    (span,) = spans(database, lead.id)
    assert (span["valid_from_utc"], span["valid_to_utc"], span["was_open"]) == (NOW, STILL, None)
    ((where, stay),) = stays(database, lead.id).items()
    assert where == phase(database, "LEAD-CALL").id
    assert (stay["visit_count"], stay["seconds_spent"], stay["left_at_utc"]) == (1, 0, None)


def test_visits_to_a_phase_are_added_up_and_a_phase_passed_over_has_no_stay(database: Database) -> None:
    _, lead = customer_with_lead(database)
    call, quote = phase(database, "LEAD-CALL").id, phase(database, "LEAD-QUOTE").id
    at = [NOW + timedelta(days=days) for days in (2, 5, 9)]
    lead = move_lead(database, ADMIN, lead.id, lead.version, quote, VALUES, at[0])
    lead = move_lead(database, ADMIN, lead.id, lead.version, call, VALUES, at[1])
    found = stays(database, lead.id)
    assert found.keys() == {call, quote}
    assert (found[call]["visit_count"], found[call]["seconds_spent"]) == (2, 2 * 86_400)
    assert found[call]["left_at_utc"] is None
    move_lead(database, ADMIN, lead.id, lead.version, quote, VALUES, at[2])
    again = stays(database, lead.id)[call]
    assert (again["seconds_spent"], again["left_at_utc"]) == (6 * 86_400, at[2])


def test_the_last_phase_before_closing_is_marked_until_the_lead_is_reopened(database: Database) -> None:
    _, lead = customer_with_lead(database)
    lead = complete_phase(database, ADMIN, lead.id, lead.version, VALUES, NOW + timedelta(days=1))
    end, why, meeting = (
        phase(database, "LEAD-CLOSED").id,
        reason(database, "LOST").id,
        phase(database, "LEAD-MEETING").id,
    )
    lead = close_lead(database, ADMIN, lead.id, lead.version, end, why, VALUES, NOW + timedelta(days=2))
    found = stays(database, lead.id)
    assert [key for key, row in found.items() if row["is_last_before_closing"]] == [meeting]
    assert {row["closing_reason_id"] for row in found.values()} == {why}
    reopen_lead(database, ADMIN, lead.id, lead.version, meeting, NOW + timedelta(days=3))
    found = stays(database, lead.id)
    assert not any(row["is_last_before_closing"] or row["closed_at_utc"] for row in found.values())
    assert [row["is_open"] for row in spans(database, lead.id)] == [True, True, False, True]


def test_of_two_changes_at_one_moment_only_the_later_one_ever_held(database: Database) -> None:
    _, lead = customer_with_lead(database)
    at, ann = NOW + timedelta(days=1), person(database).id
    lead = save_lead(database, ADMIN, lead.id, lead.version, VALUES, at)
    describe_lead(database, ADMIN, lead.id, lead.version, "", ann, at)
    first, second = spans(database, lead.id)
    assert (second["version"], second["owner_id"], second["previous_owner_id"]) == (3, ann, None)
    assert (first["valid_to_utc"], second["valid_from_utc"]) == (at, at)
    assert (second["previous_expected_value"], second["expected_value"]) == (None, VALUES.expected_value)


def test_leads_that_an_undone_import_had_made_have_neither(database: Database, tmp_path: Path) -> None:
    before = {table: held(database, table) for table in DERIVED}
    _, run = load(database, tmp_path, FIRST)
    assert len({row["lead_id"] for row in held(database, "lead_span")}) == 2
    assert_derived(database)
    undo_import(database, ADMIN, run.id, LATER + timedelta(days=1))
    assert {table: held(database, table) for table in DERIVED} == before
    assert query(database, "SELECT count(*) FROM lead_version") > [(0,)]


def test_an_undone_import_never_was_in_the_leads_that_it_changed(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST)
    oven = leads(database)["Oven"].id
    at = [row["valid_from_utc"] for row in spans(database, oven)]
    before = [(row["valid_from_utc"], row["phase_id"], row["is_open"]) for row in spans(database, oven)]
    _, run = load(database, tmp_path, SECOND, at=LATER + timedelta(days=1))
    assert not spans(database, oven)[-1]["is_open"]
    undo_import(database, ADMIN, run.id, LATER + timedelta(days=9))
    after = spans(database, oven)
    assert [
        (row["valid_from_utc"], row["phase_id"], row["is_open"])
        for row in after
        if row["valid_from_utc"] in at
    ] == before
    assert all(row["is_open"] and row["expected_value"] == 100 for row in after)
    assert_derived(database)


class Stopped(BaseException):
    """As a page is that is drawn anew meanwhile."""


def test_of_a_transaction_that_fails_nothing_is_derived(database: Database) -> None:
    _, lead = customer_with_lead(database)
    before = {table: held(database, table) for table in DERIVED}
    at = NOW + timedelta(days=1)
    with pytest.raises(Stopped), database.transaction(EVERYTHING):
        complete_phase(database, ADMIN, lead.id, lead.version, VALUES, at)
        raise Stopped
    assert {table: held(database, table) for table in DERIVED} == before
    complete_phase(database, ADMIN, lead.id, lead.version, VALUES, at)
    assert len(spans(database, lead.id)) == 2
    assert_derived(database)


def test_deriving_anew_takes_away_what_no_history_says(database: Database) -> None:
    customer_with_lead(database)
    before = {table: held(database, table) for table in DERIVED}
    with database.transaction(EVERYTHING) as connection:
        for table in DERIVED:
            connection.execute(
                f"INSERT INTO {table} BY NAME SELECT * REPLACE (uuid() AS lead_id) FROM {table}"
            )
        connection.execute("UPDATE lead_span SET expected_value = 1")
        connection.execute("UPDATE lead_stay SET seconds_spent = 1")
    with database.transaction(EVERYTHING) as connection:
        derive_anew(connection)
    assert {table: held(database, table) for table in DERIVED} == before


def test_a_database_of_before_gets_spans_and_stays_of_all_its_history(
    long_life: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables as the first two migrations make them, its rows as a workspace's are."""
    path = tmp_path / "before.duckdb"
    write_as_before(long_life.database, path, tmp_path / "old", monkeypatch)
    opened = Database.open(path)
    for table in DERIVED:
        assert held(opened, table) == held(long_life.database, table) != []
    assert query(opened, "SELECT count(limit_days), count(*) > 0 FROM phase") == [(0, True)]
    assert query(opened, "SELECT count(*) FROM target") == [(0,)]
    _, lead = customer_with_lead(opened, "Afterwards")
    assert len(spans(opened, lead.id)) == 1
    opened.close()


def test_a_database_of_an_earlier_rule_has_its_stays_derived_anew(starter_file: Path, tmp_path: Path) -> None:
    """The sixth migration: an earlier closing is no phase that a lead was last in before it was closed."""
    path = Path(shutil.copy(starter_file, tmp_path / "earlier.duckdb"))
    opened = Database.open(path)
    _, lead = customer_with_lead(opened)
    end, why = phase(opened, "LEAD-CLOSED").id, reason(opened, "LOST").id
    lead = close_lead(opened, ADMIN, lead.id, lead.version, end, why, VALUES, NOW + timedelta(days=1))
    lead = reopen_lead(opened, ADMIN, lead.id, lead.version, end, NOW + timedelta(days=2))
    close_lead(opened, ADMIN, lead.id, lead.version, end, why, VALUES, NOW + timedelta(days=3))
    wanted = {table: held(opened, table) for table in DERIVED}
    with opened.transaction(EVERYTHING) as connection:
        connection.execute("UPDATE lead_stay SET is_last_before_closing = (phase_id = $end)", {"end": end})
        connection.execute("DELETE FROM schema_migration WHERE number = 6")
    assert {table: held(opened, table) for table in DERIVED} != wanted
    opened.close()
    opened = Database.open(path)
    assert {table: held(opened, table) for table in DERIVED} == wanted
    opened.close()


def write_as_before(database: Database, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file as the program wrote it when it had two migrations."""
    folder.mkdir()
    for number in ("0001", "0002"):
        (source,) = migrations._MIGRATIONS.glob(f"{number}_*.sql")
        shutil.copy(source, folder)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "_MIGRATIONS", folder)
        old = duckdb.connect(str(path))
        connection = Connection(old)
        migrations.migrate(connection)
    with database.read(EVERYTHING) as reading:
        for table in read_schema(connection):
            names = [column.name for column in table.columns]
            rows = reading.execute(f"SELECT {', '.join(names)} FROM {table.name}")
            connection.append(table.name, names, rows)
    connection.flush()
    old.close()


def test_what_is_derived_belongs_to_no_export(database: Database) -> None:
    with database.read(EVERYTHING) as connection:
        assert not {table.name for table in read_schema(connection)} & set(DERIVED)
