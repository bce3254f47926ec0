"""Proving a database sound: nothing is found in what the program made, and every fault is."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings

from crmplus.domain.team import TeamDraft
from crmplus.keeping.check import check, examine
from crmplus.keeping.rules import RULES
from crmplus.services.people import list_people
from crmplus.services.teams import add_team
from crmplus.store.database import Database
from crmplus.store.restore import RULES as RESTORED
from tests.analytics.lives import LIVES, Deed, live, lives, new_world
from tests.world import ADMIN, NOW, everything

FAULTS = {
    # rules
    "no workspace": ("DELETE FROM workspace", "workspaces where one belongs"),
    "a code": ("UPDATE account_type SET code = 'lead x' WHERE code = 'LEAD'", "lead x has a code"),
    "a description": (
        "UPDATE phase SET description = ' ' WHERE code = 'LEAD-CALL'",
        "LEAD-CALL has a code, a description",
    ),
    "an order number": (
        "UPDATE closing_reason SET order_number = -1 WHERE code = 'WON'",
        "an order number that can't be",
    ),
    "the same number": (
        "UPDATE customer SET number = 'c-00002' WHERE number = 'C-00001'",
        "stands in two rows",
    ),
    "two defaults": ("UPDATE account_type SET is_default = true", "is a default beside another"),
    "two qualification phases": (
        "UPDATE phase SET phase_type = 'qualification' WHERE code = 'LEAD-MEETING'",
        "is a second qualification phase",
    ),
    "an e-mail address twice": (
        "UPDATE person SET email = 'A@b.nl'",
        "The e-mail address a@b.nl belongs to two",
    ),
    "a name": ("UPDATE customer SET name = '' WHERE number = 'C-00001'", "lacks a number or a name"),
    "idle": (
        "UPDATE customer SET is_active = false WHERE number = 'C-00001'",
        "Customer C-00001 is not active",
    ),
    "another type": (
        "UPDATE customer SET account_type_id = (SELECT id FROM account_type WHERE code = 'CUSTOMER')",
        "in a funnel that its customer does not go through",
    ),
    "a funnel switched off": (
        "UPDATE account_type SET uses_phases = false WHERE code = 'LEAD'",
        "in a funnel that its customer does not go through",
    ),
    "another funnel": (
        "UPDATE lead SET account_type_id = (SELECT id FROM account_type WHERE code = 'PROSPECT')",
        "stands in a phase of another account type",
    ),
    "a score": ("UPDATE phase_record SET score = 0 WHERE visit_number = 1", "a score outside 1 to 100"),
    "an amount": ("UPDATE lead_version SET expected_value = -1 WHERE version = 1", "an amount below 0"),
    "a visit too few": (
        "DELETE FROM phase_record WHERE visit_number = 1",
        "to phases do not follow one another",
    ),
    "a visit still going on": (
        "UPDATE phase_record SET state = 'current' WHERE visit_number = 1",
        "to phases do not follow one another",
    ),
    "closed too early": (
        "UPDATE lead SET closed_at_utc = opened_at_utc - INTERVAL 1 DAY WHERE closed_at_utc IS NOT NULL",
        "before that began",
    ),
    "left too early": (
        "UPDATE phase_record SET left_at_utc = TIMESTAMP '2001-01-01' WHERE left_at_utc IS NOT NULL",
        "before that began",
    ),
    "another record": ("UPDATE phase_record SET score = 77", "is not what its newest phase record says"),
    "closed without a reason": (
        "UPDATE lead SET closing_reason_id = NULL",
        "is closed without a closing phase and a reason",
    ),
    "closed outside": (
        "UPDATE lead SET closed_at_utc = opened_at_utc, "
        "closing_reason_id = (SELECT id FROM closing_reason WHERE code = 'WON')",
        "is closed without a closing phase and a reason",
    ),
    "a target below 0": (
        "INSERT INTO target SELECT uuid(), id, DATE '2026-01-01', -1, 1 FROM person",
        "is below 0",
    ),
    "half a month": (
        "INSERT INTO target SELECT uuid(), id, DATE '2026-01-02', 1, 1 FROM person",
        "of no whole month",
    ),
    "a month twice": (
        "INSERT INTO target SELECT uuid(), id, DATE '2026-01-01', 1, 1 FROM person, range(2)",
        "beside another of its owner and month",
    ),
    "a word": ("UPDATE person SET role = 'king' WHERE name = 'Ann'", "person.role holds “king”"),
    # references
    "an orphan": ("DELETE FROM customer WHERE number = 'C-00001'", "which is not in customer"),
    "an owner": ("DELETE FROM person WHERE name = 'Ann'", "customer.owner_id names"),
    "a session of nobody": (
        "INSERT INTO sign_in_session VALUES "
        "(uuid(), 'x', uuid(), 'password', '', '', now()::TIMESTAMP, now()::TIMESTAMP, now()::TIMESTAMP)",
        "sign_in_session.person_id names",
    ),
    # history
    "a version of a lead too few": ("DELETE FROM lead_version WHERE version = 1", "lacks a version"),
    "a version of a lead too many": (
        "INSERT INTO lead_version SELECT * REPLACE (version + 50 AS version) FROM lead_version "
        "WHERE version = 1",
        "has one too many",
    ),
    "another lead": ("UPDATE lead SET title = 'other'", "is not what its newest version in the history says"),
    "a change of a lead": (
        "DELETE FROM change_log WHERE entity = 'lead' AND version = 1",
        "has a state that the change log does not tell of",
    ),
    "a change of a customer": (
        "DELETE FROM change_log WHERE entity = 'customer' AND version = 1",
        "has versions that the change log does not tell of",
    ),
    "a change unmade": (
        "UPDATE customer SET version = 2 WHERE number = 'C-00001'",
        "has versions that the change log does not tell of",
    ),
    "a change twice": (
        "INSERT INTO change_log SELECT * REPLACE (uuid() AS id) FROM change_log WHERE entity = 'person'",
        "tells twice of a version of",
    ),
    "a change that can't be read": (
        "UPDATE change_log SET after_json = '{' WHERE entity = 'person'",
        "can't be read",
    ),
    # the change log, folded
    "a note gone": ("DELETE FROM note", "is missing, and the change log does not say why"),
    "a next step gone": ("DELETE FROM next_step", "is missing, and the change log does not say why"),
    "a contact person gone": (
        "DELETE FROM contact_person",
        "is missing, and the change log does not say why",
    ),
    "a customer without leads gone": (
        "DELETE FROM customer WHERE id NOT IN (SELECT customer_id FROM lead)",
        "is missing, and the change log does not say why",
    ),
    "a member gone": ("DELETE FROM team_member", "than the change log says: members"),
    "another name": (
        "UPDATE customer SET name = 'Mill' WHERE number = 'C-00001'",
        "than the change log says: name",
    ),
    "another owner": (
        "UPDATE customer SET owner_id = (SELECT id FROM person WHERE name = 'Mia') WHERE number = 'C-00003'",
        "than the change log says: owner_id",
    ),
    "another role": ("UPDATE person SET role = 'admin' WHERE name = 'Vic'", "than the change log says: role"),
    "a day": ("UPDATE next_step SET due_date = due_date + 1", "than the change log says: due_date"),
    "a moment": (
        "UPDATE note SET written_at_utc = written_at_utc + INTERVAL 1 HOUR",
        "than the change log says: written_at_utc",
    ),
    "a name to search by": ("UPDATE customer SET name_key = ''", "is found by other words than it holds"),
    "a title to search by": ("UPDATE lead SET title_key = 'x'", "is found by other words than it holds"),
    "a text to search by": ("UPDATE note SET search_text = ''", "is found by other words than it holds"),
    "a change emptied": (
        "UPDATE change_log SET after_json = '{}' WHERE entity = 'contact_person'",
        "is there, but not by the change log",
    ),
    "a beginning emptied": (
        "UPDATE change_log SET before_json = '{}' WHERE entity = 'next_step' AND version = 2",
        "does not begin where the one before it ended",
    ),
    "another past": (
        "UPDATE change_log SET after_json = replace(after_json, 'Bakery', 'Mill') WHERE entity = 'customer'",
        "than the change log says: name",
    ),
    "another value in between": (
        "UPDATE change_log SET after_json = json_merge_patch(after_json, '{\"score\": 1}') "
        "WHERE action = 'phase_completed'",
        "does not begin where the one before it ended",
    ),
    "an earlier title": (
        "UPDATE lead_version SET title = 'Other' WHERE version = 1",
        "holds something else than the change log says: title",
    ),
    "an earlier value": (
        "UPDATE lead_version SET expected_value = 7 WHERE version = 2",
        "than the change log says: expected_value",
    ),
    # figures
    "a span": ("UPDATE lead_span SET expected_value = 1", "lead_span of lead"),
    "a span too few": ("DELETE FROM lead_span WHERE is_open", "does not end at what stood open"),
    "a stay": ("UPDATE lead_stay SET seconds_spent = seconds_spent + 1", "lead_stay of lead"),
    "a stay too many": ("INSERT INTO lead_stay FROM lead_stay", "lead_stay of lead"),
    "a value": ("UPDATE lead SET expected_value = 1 WHERE closed_at_utc IS NULL", "open leads worth"),
}


@pytest.fixture(scope="module")
def faultless(small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = Path(shutil.copy(small_file, tmp_path_factory.mktemp("checked")))
    database = Database.open(path)
    people = [found.id for found in list_people(database, ADMIN)]
    add_team(database, ADMIN, TeamDraft("North", tuple(people[:2])), NOW)
    database.close()
    database = Database.open(path)
    yield database
    database.close()


def sentences(database: Database) -> list[str]:
    return [str(finding) for finding in check(database)]


def test_nothing_is_found_in_a_sound_database_and_nothing_is_written(faultless: Database) -> None:
    before = everything(faultless)
    assert sentences(faultless) == []
    assert everything(faultless) == before
    assert faultless.data_version == 0


def test_every_check_says_how_many_rows_it_looked_at(faultless: Database) -> None:
    checked = examine(faultless)
    assert len({str(each.about) for each in checked}) == len(checked) > 15
    assert {str(each.about) for each in checked if not each.row_count} == {
        "Targets are 0 or more, of whole months, one an owner and month."
    }


def test_nothing_is_found_before_the_first_start(empty_database: Database) -> None:
    assert sentences(empty_database) == []


def test_nothing_is_found_in_a_real_file_that_was_imported(maven_file: Path, tmp_path: Path) -> None:
    database = Database.open(Path(shutil.copy(maven_file, tmp_path)))
    assert sentences(database) == []
    database.close()


@settings(LIVES, max_examples=3)
@given(doing=lives)
def test_nothing_is_found_after_any_life(starter_file: Path, doing: list[Deed]) -> None:
    """But that its targets and limits were put there by hand, past the services and their history."""
    with new_world(starter_file) as world:
        live(world, doing)
        found = sentences(world.database)
        assert [each for each in found if not each.startswith("target ") and "limit_days" not in each] == []


class Undone(Exception):
    """So that the fault goes away again."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(faultless: Database, fault: str) -> None:
    sql, words = FAULTS[fault]
    with pytest.raises(Undone), faultless.quiet_transaction() as connection:
        for statement in sql.split(";"):
            connection.execute(statement)
        found = sentences(faultless)
        assert any(words in each for each in found), found
        raise Undone
    assert sentences(faultless) == []


def test_every_rule_has_a_fault_that_breaks_it() -> None:
    faults = [words for _sql, words in FAULTS.values()]
    for rule in RULES:
        for statement, sentence in rule.sentences.items():
            parts = [part for part in str(sentence("|")).split("|") if len(part) > 8]
            assert any(part in words or words in part for part in parts for words in faults), statement


def test_what_an_export_is_held_against_is_checked_too() -> None:
    assert {statement for rule in RULES for statement in rule.sentences} >= RESTORED.keys()


def test_a_finding_names_the_rows(faultless: Database) -> None:
    with pytest.raises(Undone), faultless.quiet_transaction() as connection:
        keys = [str(row[0]) for row in connection.execute("SELECT id FROM lead WHERE score IS NOT NULL")]
        connection.execute("UPDATE lead SET score = 101 WHERE score IS NOT NULL")
        found = [each for each in sentences(faultless) if "a score outside" in each]
        assert len(keys) > 1 and all(any(key in each for each in found) for key in keys)
        raise Undone


def test_a_row_that_somebody_took_out_or_changed_by_hand_is_named_without_what_it_holds(
    faultless: Database,
) -> None:
    with pytest.raises(Undone), faultless.quiet_transaction() as connection:
        ((person_id, name),) = connection.execute("SELECT id, name FROM contact_person")
        ((customer_id,),) = connection.execute("SELECT id FROM customer WHERE number = 'C-00001'")
        connection.execute("DELETE FROM contact_person")
        connection.execute("UPDATE customer SET name = 'Mill', city = 'Ede' WHERE number = 'C-00001'")
        found = sentences(faultless)
        assert f"contact_person {person_id} is missing, and the change log does not say why." in found
        columns = f"customer {customer_id} holds something else than the change log says: name, city."
        assert columns in found
        assert not [each for each in found if str(name) in each or "Mill" in each or "Bakery" in each]
        raise Undone


def test_a_block_that_was_changed_on_the_disk_is_found(small_file: Path, tmp_path: Path) -> None:
    """The engine keeps a checksum of every block; reading everything is what makes it look."""
    found = 0
    for seed in range(6):
        path = Path(shutil.copy(small_file, tmp_path / f"{seed}.duckdb"))
        content = bytearray(path.read_bytes())
        place = random.Random(seed).randrange(3 * 4096 + 1000, len(content))
        content[place] ^= 0xFF
        path.write_bytes(content)
        try:
            with duckdb.connect(str(path), read_only=True) as opened:
                said = sentences(Database(opened))
        except duckdb.Error:  # it can't even be opened
            found += 1
            continue
        assert all("The file is damaged" in each for each in said)
        found += bool(said)
    assert found > 0
