"""Undoing an import: everything as before, except what somebody worked on since."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from crmplus.analytics.bridge import measure_bridge
from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import measure_closings
from crmplus.analytics.period import Period
from crmplus.analytics.pipeline import PipelineFilter, measure_pipeline
from crmplus.domain.actor import Actor, Role
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.errors import NotFound, Refused
from crmplus.domain.lead import LeadValues
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.person import PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.team import TeamDraft
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import CustomerKey
from crmplus.exchange.undo import UndoPreview, list_imports, preview_undo, undo_import, undoable_imports
from crmplus.keeping.check import check
from crmplus.services.contact_persons import add_contact_person, remove_contact_person
from crmplus.services.customers import change_customer, get_customer
from crmplus.services.leads import close_lead, save_lead, start_lead
from crmplus.services.next_steps import add_next_step, finish_next_step, remove_next_step
from crmplus.services.notes import add_note, remove_note
from crmplus.services.people import change_person
from crmplus.services.phases import archive_phase
from crmplus.services.teams import add_team
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.derived import DERIVED
from crmplus.store.identity import new_id
from crmplus.store.restore import HISTORY, NO_REFERENCE
from tests.exchange.imported import LATER, as_of, assert_sound, leads, load, past, standing
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    account_type,
    customer,
    customer_with_lead,
    draft_of,
    everything,
    logged,
    phase,
    query,
    reason,
)

HEAD = "lead_id;customer_name;city;title;phase;status;expected_value;note;opened_at;closed_at\n"
FIRST = (
    HEAD
    + "1;Acme;Delft;Oven;Meeting;;100;met;2026-01-05;\n"
    + "2;Acme;Delft;Hob;;won;50;sold;2026-01-05;2026-02-01\n"
    + "3;Bakery;;Pan;Demo;;10;;;\n"
)
SECOND = (
    HEAD
    + "1;Acme;Breda;Oven;Quote;lost;120;gone;2026-01-03;2026-03-01\n"
    + "2;Acme;Breda;Hob;Quote;;55;again;2026-01-05;\n"
    + "3;Bakery;;Pots;Call;;10;;;\n"
    + "4;Dairy;;Churn;;;;;;\n"
)
WITH_OWNER = "customer_name;title;lead_owner\nAcme;Oven;Bo\n"
IN_USE = "Something that stays uses it, so it stays too."
THEN = LATER + timedelta(days=1)
LAST = LATER + timedelta(days=9)


def undo(database: Database, import_id: object) -> UndoPreview:
    """What was promised is what is done, and what comes of it is sound."""
    promised = preview_undo(database, ADMIN, import_id)  # type: ignore[arg-type]
    done = undo_import(database, ADMIN, import_id, LAST)  # type: ignore[arg-type]
    assert (done.removed, done.restored) == (promised.removed, promised.restored)
    assert done.kept[: len(promised.kept)] == promised.kept
    assert_sound(database)
    return done


def kept(done: UndoPreview) -> list[tuple[str, str, str, str]]:
    return [(row.entity, row.name, row.customer_number, str(row.reason)) for row in done.kept]


def test_what_an_import_made_goes_and_the_rest_is_as_before(database: Database, tmp_path: Path) -> None:
    customer_with_lead(database, "Ours")
    before = standing(database)
    _, run = load(database, tmp_path, FIRST)
    done = undo(database, run.id)
    assert (done.removed, done.restored, done.kept) == (5, 0, ())
    assert standing(database) == before
    assert query(database, "SELECT count(*) FROM import_key") == [(0,)]


def test_what_an_import_changed_is_as_before_open_and_closed_customers_and_leads(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, FIRST)
    before = standing(database)
    _, run = load(database, tmp_path, SECOND, at=THEN)
    assert standing(database) != before
    done = undo(database, run.id)
    assert (done.removed, done.restored, done.kept) == (2, 4, ())
    assert standing(database) == before
    assert check(database) == []


def test_as_of_figures_are_as_before_too(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST)
    oven = leads(database)["Oven"]
    days = [NOW - timedelta(days=n) for n in (90, 50, 1)] + [LATER, THEN, LAST]
    before = [as_of(database, oven, day) for day in days]
    _, run = load(database, tmp_path, SECOND, at=THEN)
    assert [as_of(database, oven, day) for day in days] != before
    undo(database, run.id)
    assert [as_of(database, oven, day) for day in days] == before


def figures(database: Database, day: date) -> tuple[object, ...]:
    """What stood open as of a day, and for each month up to April its changes and what was won and lost."""
    kind = account_type(database, "LEAD").id
    stood = measure_pipeline(database, ADMIN, PipelineFilter(kind, as_of=day)).total
    months = [
        Choice(period=Period(date(2026, month, 1), date(2026, month + 1, 1) - timedelta(days=1)))
        for month in (1, 2, 3, 4)
    ]
    bridges = [measure_bridge(database, ADMIN, month, date(2026, 4, 30)) for month in months]
    closed = [measure_closings(database, ADMIN, month).total for month in months]
    return stood, [(bridge.opening, bridge.steps, bridge.closing) for bridge in bridges], closed


def worth(value: int) -> LeadValues:
    return LeadValues(score=50, expected_value=Decimal(value))


def at(month: int, day: int) -> datetime:
    """Nine o'clock in UTC."""
    return datetime(2026, month, day, 9, tzinfo=UTC)


@pytest.mark.parametrize("what", ["won", "raised", "raised twice"])
def test_m10_a_closing_that_a_file_dated_back_never_was(
    database: Database, tmp_path: Path, what: str
) -> None:
    """What was done since then holds again from when it was done."""
    head = "lead_id;customer_name;title;status;expected_value;opened_at;closed_at\n"
    load(database, tmp_path, head + "1;Acme;Oven;open;10000;2026-01-05;\n", at=at(1, 5))
    oven = leads(database)["Oven"]
    call = (database, ADMIN, oven.id, oven.version)
    if what == "won":
        close_lead(*call, phase(database, "LEAD-CLOSED").id, reason(database).id, worth(10_000), at(3, 10))
    elif what == "raised":
        save_lead(*call, worth(50_000), at(3, 10))
    else:
        oven = save_lead(*call, worth(20_000), at(2, 25))
        save_lead(database, ADMIN, oven.id, oven.version, worth(50_000), at(3, 10))
    days = [date(2026, 1, 4), *(date(2026, month, 28) for month in (1, 2, 3)), date(2026, 2, 20)]
    before = [figures(database, day) for day in days], past(database)
    _, run = load(database, tmp_path, head + "1;Acme;Oven;won;;;2026-02-20\n", at=THEN)
    assert leads(database)["Oven"].closed_at_utc == datetime(2026, 2, 19, 23, tzinfo=UTC)
    assert figures(database, days[2]) != before[0][2]
    undo(database, run.id)
    assert ([figures(database, day) for day in days], past(database)) == before
    assert check(database) == [], "the change log tells of it in one line"


def test_m10_what_a_file_told_of_a_time_before_a_lead_of_ours_never_was(
    database: Database, tmp_path: Path
) -> None:
    head = "lead_id;customer_name;title;phase;status;opened_at;phase_entered_at;closed_at\n"
    load(database, tmp_path, head + "1;Acme;Oven;Call;open;;;\n")
    before = past(database)
    told = head + "1;Acme;Oven;Meeting;won;2025-11-01;2025-11-20;2025-12-01\n"
    _, run = load(database, tmp_path, told, at=THEN)
    assert past(database) != before
    undo(database, run.id)
    assert past(database) == before
    assert check(database) == []


def test_each_undone_row_is_a_line_of_the_change_log(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST)
    _, run = load(database, tmp_path, SECOND, at=THEN)
    count = len(logged(database))
    undo(database, run.id)
    actions = sorted(action for action, _ in logged(database)[count:])
    assert actions == ["customer_import_undone"] * 2 + ["lead_import_undone"] * 4


def test_rows_changed_since_stay_and_are_listed(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, FIRST)
    oven = leads(database)["Oven"]
    save_lead(database, ADMIN, oven.id, oven.version, LeadValues(score=3), THEN)
    bakery = get_customer(database, ADMIN, "C-00002")
    change_customer(database, ADMIN, bakery.id, bakery.version, draft_of(bakery, city="Ede"), THEN)
    done = undo(database, run.id)
    assert leads(database).keys() == {"Oven"}
    changed = "It was changed after the import, so it stays as it is."
    assert kept(done) == [
        ("lead", "Oven", "C-00001", changed),
        ("customer", "Bakery", "C-00002", changed),
        ("customer", "Acme", "C-00001", "It has leads that stay, so it stays too."),
    ]


def test_a_customer_with_a_lead_of_later_stays(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, FIRST)
    start_lead(database, ADMIN, get_customer(database, ADMIN, "C-00002").id, THEN, "Later")
    done = undo(database, run.id)
    assert leads(database).keys() == {"Later"}
    assert [row.name for row in done.kept] == ["Bakery"]


def test_imports_are_undone_in_any_order(database: Database, tmp_path: Path) -> None:
    before = standing(database)
    _, first = load(database, tmp_path, FIRST)
    _, second = load(database, tmp_path, SECOND, at=THEN)
    assert [row.name for row in undo(database, first.id).kept] == [
        "Acme",
        "Hob",
        "Oven",
        "Pots",
        "Bakery",
        "Demo",
    ]
    assert undoable_imports(database, ADMIN) == {second.id}
    undo(database, second.id)
    assert "Churn" not in leads(database)
    assert standing(database) != before, "what the first one made was kept then"
    assert undoable_imports(database, ADMIN) == {first.id}
    assert undo(database, first.id).kept == ()
    assert standing(database) == before
    assert undoable_imports(database, ADMIN) == frozenset()
    for run in (first, second):
        with pytest.raises(Refused, match="undone already"):
            undo_import(database, ADMIN, run.id, LAST)


def test_what_an_undo_restored_is_not_restored_over_what_somebody_did_since(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Ours")
    text = "customer_name;city\nOurs;Delft\n"
    _, run = load(database, tmp_path, text, Kind.CUSTOMERS)
    undo(database, run.id)
    ours = get_customer(database, ADMIN, "C-00001")
    change_customer(database, ADMIN, ours.id, ours.version, draft_of(ours, city="Ede"), LAST)
    assert undoable_imports(database, ADMIN) == frozenset()
    with pytest.raises(Refused, match="undone already"):
        undo_import(database, ADMIN, run.id, LAST)


def test_a_customer_that_stays_for_its_leads_is_no_reason_to_undo_again(
    database: Database, tmp_path: Path
) -> None:
    _, run = load(database, tmp_path, FIRST)
    assert undoable_imports(database, ADMIN) == {run.id}
    start_lead(database, ADMIN, get_customer(database, ADMIN, "C-00002").id, THEN, "Later")
    undo(database, run.id)
    assert undoable_imports(database, ADMIN) == frozenset()


def test_the_last_import_first_and_then_the_one_before(database: Database, tmp_path: Path) -> None:
    before = standing(database)
    _, first = load(database, tmp_path, FIRST)
    _, second = load(database, tmp_path, SECOND, at=THEN)
    undo(database, second.id)
    undo(database, first.id)
    assert standing(database) == before


def test_an_import_is_undone_once(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, FIRST)
    undo(database, run.id)
    before = everything(database)
    with pytest.raises(Refused, match="undone already"):
        undo_import(database, ADMIN, run.id, LAST)
    assert everything(database) == before
    with pytest.raises(NotFound):
        preview_undo(database, ADMIN, uuid4())


def test_what_was_undone_can_be_imported_again(database: Database, tmp_path: Path) -> None:
    checked, run = load(database, tmp_path, FIRST)
    undo(database, run.id)
    again, _ = load(database, tmp_path, FIRST, at=LAST)
    assert again.counts == checked.counts
    assert [run.undone_at_utc is None for run in list_imports(database, ADMIN)] == [True, False]


def test_a_newer_file_is_imported_again_after_its_undo(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST)
    checked, run = load(database, tmp_path, SECOND, at=THEN)
    after = standing(database)
    undo(database, run.id)
    again, _ = load(database, tmp_path, SECOND, at=LAST)
    assert again.counts == checked.counts
    assert again.counts.leads_changed == 3
    assert len(standing(database)["phase_record"]) == len(after["phase_record"])


def test_settings_that_it_made_go_unless_something_uses_them(database: Database, tmp_path: Path) -> None:
    text = "customer_name;title;phase;lead_owner\nAcme;Oven;Demo;Bo\n"
    _, run = load(database, tmp_path, text)
    oven = leads(database)["Oven"]
    save_lead(database, ADMIN, oven.id, oven.version, LeadValues(score=3), THEN)
    done = undo(database, run.id)
    assert sorted(row.entity for row in done.kept) == ["customer", "lead", "person", "phase"]
    _, other = load(database, tmp_path, text.replace("Demo", "Demo").replace("Bo", "Bo"), at=LAST)
    assert other.settings_made == 0
    text = "customer_name;title;closing_reason\nAcme;Hob;Price\n"
    _, third = load(database, tmp_path, text)
    undo(database, third.id)
    assert query(database, "SELECT code FROM closing_reason WHERE code = 'PRICE'") == []
    _, fourth = load(database, tmp_path, text)
    assert fourth.settings_made == 1, "and come again with the next import, under the same code"
    assert query(database, "SELECT count(*) FROM closing_reason WHERE code = 'PRICE'") == [(1,)]


def test_a_manager_undoes_all_but_the_people(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, WITH_OWNER)
    done = undo_import(database, Actor(None, "Mia", Role.MANAGER, EVERYTHING), run.id, LAST)
    assert (done.removed, kept(done)) == (
        2,
        [("person", "Bo", "", "Only an administrator can remove people, so they stay.")],
    )


def test_a_person_changed_since_stays(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, WITH_OWNER)
    ((bo, version),) = query(database, "SELECT id, version FROM person")
    change_person(database, ADMIN, bo, version, PersonDraft("Bo Bos", "BB", Role.MANAGER), THEN)
    assert kept(undo(database, run.id)) == [
        ("person", "Bo Bos", "", "It was changed after the import, so it stays as it is.")
    ]


# What a rule would not have as it was before


def test_a_number_that_somebody_has_by_now_is_not_given_back(database: Database, tmp_path: Path) -> None:
    by_id = CustomerKey.EXTERNAL_ID
    head = "customer_id;customer_name;customer_number\n"
    load(database, tmp_path, head + "1;Acme;N1\n", Kind.CUSTOMERS, customer_key=by_id)
    _, run = load(database, tmp_path, head + "1;Acme;N2\n", Kind.CUSTOMERS, customer_key=by_id)
    customer(database, "New", number="n1")
    assert kept(undo(database, run.id)) == [
        ("customer", "Acme", "N2", "Another customer has its earlier number by now, so it stays as it is.")
    ]


def test_u5_a_customer_with_an_open_lead_by_now_stays_active(database: Database, tmp_path: Path) -> None:
    ours = customer(database, "Ours", is_active=False)
    _, run = load(database, tmp_path, "customer_name;is_active\nOurs;yes\n", Kind.CUSTOMERS)
    start_lead(database, ADMIN, ours.id, THEN)
    assert [row[3] for row in kept(undo(database, run.id))] == [
        "It has open leads, so it stays active and of its account type."
    ]


def test_u5_a_customer_whose_open_lead_goes_along_is_inactive_again(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Ours", is_active=False)
    before = standing(database)
    _, run = load(database, tmp_path, "customer_name;is_active;title\nOurs;yes;Oven\n")
    assert kept(undo(database, run.id)) == []
    assert standing(database) == before


def test_u5_a_lead_of_a_customer_that_is_inactive_by_now_stays_closed(
    database: Database, tmp_path: Path
) -> None:
    head = "lead_id;customer_name;title;status\n"
    load(database, tmp_path, head + "1;Acme;Oven;open\n")
    _, run = load(database, tmp_path, head + "1;Acme;Oven;won\n", at=THEN)
    acme = get_customer(database, ADMIN, "C-00001")
    change_customer(database, ADMIN, acme.id, acme.version, draft_of(acme, is_active=False), THEN)
    assert [row[3] for row in kept(undo(database, run.id))] == [
        "Its customer can't have an open lead any more, so it stays closed."
    ]


def test_p4_a_lead_does_not_go_back_to_a_phase_that_is_archived_by_now(
    database: Database, tmp_path: Path
) -> None:
    head = "lead_id;customer_name;title;phase\n"
    load(database, tmp_path, head + "1;Acme;Oven;Meeting\n")
    _, run = load(database, tmp_path, head + "1;Acme;Oven;Quote\n", at=THEN)
    meeting = phase(database, "LEAD-MEETING")
    archive_phase(database, ADMIN, meeting.id, meeting.version, THEN)
    assert [row[3] for row in kept(undo(database, run.id))] == [
        "The phase it stood in is archived by now, so it stays as it is."
    ]


def test_a_lead_that_somebody_closed_since_stays(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, "customer_name;title\nAcme;Oven\n")
    oven = leads(database)["Oven"]
    ending, why = phase(database, "LEAD-CLOSED").id, reason(database).id
    close_lead(database, ADMIN, oven.id, oven.version, ending, why, VALUES, THEN)
    assert undo(database, run.id).removed == 0


# What somebody planned, noted, or whom they got to know since

CHANGED = "It was changed after the import, so it stays as it is."
ONE = "customer_name;title\nAcme;Oven\n"


@pytest.mark.parametrize("what", ["step", "done step", "note"])
def test_a_lead_that_somebody_planned_or_noted_something_about_stays_with_its_customer(
    database: Database, tmp_path: Path, what: str
) -> None:
    _, run = load(database, tmp_path, ONE + "Bakery;Pan\n")
    oven = leads(database)["Oven"]
    if what == "note":
        add_note(database, ADMIN, oven.id, "They bake at night.", THEN)
    else:
        step = add_next_step(database, ADMIN, oven.id, NextStepDraft("Call", THEN.date()), THEN)
        if what == "done step":
            finish_next_step(database, ADMIN, step.id, step.version, THEN)
    before = query(database, "FROM next_step"), query(database, "FROM note")
    done = undo(database, run.id)
    assert kept(done) == [
        ("lead", "Oven", "C-00001", CHANGED),
        ("customer", "Acme", "C-00001", "It has leads that stay, so it stays too."),
    ]
    assert leads(database).keys() == {"Oven"}
    assert (query(database, "FROM next_step"), query(database, "FROM note")) == before


def test_a_customer_with_a_contact_person_stays_and_its_imported_lead_goes(
    database: Database, tmp_path: Path
) -> None:
    _, run = load(database, tmp_path, ONE)
    acme = get_customer(database, ADMIN, "C-00001")
    jan = add_contact_person(database, ADMIN, acme.id, ContactPersonDraft("Jan"), THEN)
    assert kept(undo(database, run.id)) == [("customer", "Acme", "C-00001", CHANGED)]
    assert leads(database) == {}
    assert query(database, "SELECT customer_id FROM contact_person") == [(acme.id,)]
    remove_contact_person(database, ADMIN, jan.id, jan.version, THEN)
    assert run.id in undoable_imports(database, ADMIN)
    assert undo(database, run.id).removed == 1, "with nobody left to talk to, it goes"


def test_what_was_planned_or_noted_and_removed_again_keeps_nothing(
    database: Database, tmp_path: Path
) -> None:
    _, run = load(database, tmp_path, ONE)
    oven = leads(database)["Oven"]
    step = add_next_step(database, ADMIN, oven.id, NextStepDraft("Call", THEN.date()), THEN)
    note = add_note(database, ADMIN, oven.id, "They bake at night.", THEN)
    remove_next_step(database, ADMIN, step.id, step.version, THEN)
    remove_note(database, ADMIN, note.id, note.version, THEN)
    done = undo(database, run.id)
    assert (done.removed, done.kept) == (2, ())


def test_a_lead_that_an_import_only_changed_is_as_before_and_keeps_its_step_and_note(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, FIRST)
    oven = leads(database)["Oven"]
    step = add_next_step(database, ADMIN, oven.id, NextStepDraft("Call", THEN.date()), LATER)
    add_note(database, ADMIN, oven.id, "They bake at night.", LATER)
    acme = get_customer(database, ADMIN, "C-00001")
    add_contact_person(database, ADMIN, acme.id, ContactPersonDraft("Jan"), LATER)
    before = standing(database)
    _, run = load(database, tmp_path, SECOND, at=THEN)
    assert undo(database, run.id).kept == ()
    assert standing(database) == before
    assert query(database, "SELECT id, lead_id FROM next_step") == [(step.id, oven.id)]


def test_an_author_that_the_import_made_stays_for_the_note(database: Database, tmp_path: Path) -> None:
    _, ours = customer_with_lead(database, "Ours")
    _, run = load(database, tmp_path, WITH_OWNER)
    ((bo,),) = query(database, "SELECT id FROM person")
    ((ours,),) = query(
        database, "SELECT lead.id FROM lead JOIN customer ON customer.id = customer_id WHERE name = 'Ours'"
    )
    add_note(database, Actor(bo, "Bo", Role.REP, EVERYTHING), ours, "Seen at the fair.", THEN)
    assert kept(undo(database, run.id)) == [("person", "Bo", "", IN_USE)]


# What still uses a setting or a person that the import made


def test_a_person_who_is_in_a_team_by_now_stays_in_it(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, WITH_OWNER)
    ((bo,),) = query(database, "SELECT id FROM person")
    add_team(database, ADMIN, TeamDraft("North", (bo,)), THEN)
    assert kept(undo(database, run.id)) == [("person", "Bo", "", IN_USE)]
    assert check(database) == []


def test_a_person_who_did_something_by_now_stays(database: Database, tmp_path: Path) -> None:
    ours = customer(database, "Ours")
    _, run = load(database, tmp_path, WITH_OWNER)
    ((bo,),) = query(database, "SELECT id FROM person")
    themselves = Actor(bo, "Bo", Role.REP, EVERYTHING)
    change_customer(database, themselves, ours.id, ours.version, draft_of(ours, city="Ede"), THEN)
    assert kept(undo(database, run.id)) == [("person", "Bo", "", IN_USE)]


GOES_ALONG = DERIVED | {"phase_record"}
"""Tables of rows that go with their lead."""
FILLERS: dict[str, object] = {"BOOLEAN": True, "DATE": NOW.date(), "TIMESTAMP": NOW, "TIME": time(9)}


def naming(connection: Connection) -> list[tuple[str, str]]:
    """Every column of the schema that names a row of another table, whatever it is called: table, column."""
    found = connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() SEMI JOIN duckdb_tables() USING (table_name) "
        "WHERE data_type = 'UUID' ORDER BY ALL"
    )
    return [(table, column) for table, column in found if column not in NO_REFERENCE]


def insert_naming(connection: Connection, table: str, column: str, key: UUID) -> None:
    """A row that names `key` in that column alone, and holds anything where it has to hold something."""
    row: dict[str, object] = {column: key}
    for name, kind in connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $table AND NOT is_nullable",
        {"table": table},
    ):
        any_key = new_id()
        row.setdefault(name, FILLERS.get(kind, any_key if kind == "UUID" else "1"))
        if kind == "VARCHAR":
            row[name] = str(any_key)
    connection.append(table, row, [tuple(row.values())])
    connection.flush()


class PutBackError(Exception):
    """Ends a transaction of which nothing is to stay."""


def test_whatever_names_a_setting_or_a_person_keeps_it(database: Database) -> None:
    """Asked of the schema, so that a table to come is not forgotten. lead_version tells what was."""
    others = ("customer_id", "lead_id", "team_id", "import_id")
    forgotten = []
    with database.transaction(EVERYTHING) as connection:
        for table, column in naming(connection):
            if table in DERIVED | {"lead_version"} or column in others:
                continue
            key = new_id()
            assert not connection.value("uses_now", id=key)
            insert_naming(connection, table, column, key)
            if not connection.value("uses_now", id=key):
                forgotten.append((table, column))
    assert forgotten == []


def test_whatever_names_a_lead_or_a_customer_keeps_it(database: Database, tmp_path: Path) -> None:
    _, run = load(database, tmp_path, ONE)
    oven = leads(database)["Oven"]
    named = {"customer_id": ("customer", oven.customer_id), "lead_id": ("lead", oven.id)}
    forgotten = []
    with database.read(EVERYTHING) as connection:
        columns = naming(connection)
    for table, column in columns:
        if table in GOES_ALONG | HISTORY or column not in named:
            continue
        entity, key = named[column]
        with suppress(PutBackError), database.transaction(EVERYTHING) as connection:
            insert_naming(connection, table, column, key)
            connection.rows("plan_undo", import_id=run.id)
            if entity not in {row["entity"] for row in connection.rows("undo_kept")}:
                forgotten.append((table, column))
            raise PutBackError
    assert forgotten == []
    assert undo(database, run.id).kept == ()
