"""Files in which every row is a visit to a phase, or a change of a lead."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from crmplus.exchange.fields import Kind
from crmplus.exchange.undo import undo_import
from crmplus.services.customers import change_customer, get_customer
from crmplus.services.leads import save_lead
from crmplus.store.database import Database
from tests.exchange.imported import (
    LATER,
    as_of,
    assert_sound,
    check,
    journey,
    leads,
    load,
    reasons,
    standing,
    visits,
)
from tests.world import ADMIN, VALUES, customer, draft_of, query

HEAD = (
    "lead_id;customer_name;title;phase;phase_entered_at;expected_value;score;note;closing_reason;closed_at\n"
)
ROWS = (
    "1;Acme;Oven;Call;2026-01-05;100;10;called;;\n",
    "1;Acme;Oven;Meeting;2026-01-10;150;40;;;\n",
    "1;Acme;Oven;Meeting;2026-01-12;160;45;met;;\n",
    "1;Acme;Oven;Call;2026-01-15;;;again;;\n",
    "1;Acme;Oven;Gained;2026-02-01;200;;;;\n",
)
WENT = [
    ("CALL", "left"),
    ("MEETING", "left"),
    ("CALL", "completed"),
    ("MEETING", "skipped"),
    ("CALC", "skipped"),
    ("QUOTE", "skipped"),
    ("CLOSED", "closed"),
]
THEN = LATER + timedelta(days=1)


def day(month: int, number: int) -> datetime:
    """Noon in UTC."""
    return datetime(2026, month, number, 12, tzinfo=UTC)


@pytest.mark.parametrize("order", list(permutations(range(5)))[::17])
def test_rows_in_any_order_make_one_history(
    database: Database, tmp_path: Path, order: tuple[int, ...]
) -> None:
    checked, _ = load(database, tmp_path, HEAD + "".join(ROWS[n] for n in order), Kind.HISTORY)
    assert (checked.counts.leads_made, checked.counts.customers_made) == (1, 1)
    lead = leads(database)["Oven"]
    assert journey(database, lead) == WENT
    assert (lead.expected_value, lead.score) == (Decimal(200), 45)
    assert lead.opened_at_utc == datetime(2026, 1, 4, 23, tzinfo=UTC)
    assert lead.closed_at_utc == datetime(2026, 1, 31, 23, tzinfo=UTC)
    own = visits(database, lead)
    assert [(v.expected_value, v.score, v.note) for v in own if v.state != "skipped"] == [
        (Decimal(100), 10, "called"),
        (Decimal(160), 45, "met"),
        (Decimal(160), 45, "again"),
        (Decimal(200), 45, ""),
    ]


def test_values_are_those_of_the_time(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY)
    lead = leads(database)["Oven"]
    assert [
        as_of(database, lead, day(*at)) for at in ((1, 1), (1, 6), (1, 11), (1, 13), (1, 20), (2, 2))
    ] == [
        None,
        ("CALL", Decimal(100), True),
        ("MEETING", Decimal(150), True),
        ("MEETING", Decimal(160), True),
        ("CALL", Decimal(160), True),
        ("CLOSED", Decimal(200), False),
    ]


def test_closed_and_reopened(database: Database, tmp_path: Path) -> None:
    rows = ROWS[0] + "1;Acme;Oven;Gone;2026-01-10;;;;;\n1;Acme;Oven;Quote;2026-01-20;;;;;\n"
    load(database, tmp_path, HEAD + rows, Kind.HISTORY)
    lead = leads(database)["Oven"]
    assert lead.is_open
    assert journey(database, lead)[-2:] == [("CLOSED", "closed"), ("QUOTE", "current")]


def test_a_file_that_says_on_every_row_how_it_ended(database: Database, tmp_path: Path) -> None:
    ended = ";Competitor;2026-02-01\n"
    rows = "".join(row[: -len(";;\n")] + ended for row in ROWS[:3])
    load(database, tmp_path, HEAD + rows, Kind.HISTORY)
    lead = leads(database)["Oven"]
    assert [code for code, _ in journey(database, lead)] == ["CALL", "MEETING", "CALC", "QUOTE", "CLOSED"]
    assert lead.closed_at_utc == datetime(2026, 1, 31, 23, tzinfo=UTC)


def test_a_closing_that_is_said_again_keeps_its_date(database: Database, tmp_path: Path) -> None:
    rows = "".join(ROWS) + "1;Acme;Oven;Gained;2026-02-09;;;;;\n"
    load(database, tmp_path, HEAD + rows, Kind.HISTORY)
    lead = leads(database)["Oven"]
    assert journey(database, lead) == WENT
    assert lead.closed_at_utc == datetime(2026, 1, 31, 23, tzinfo=UTC)


def test_a_row_without_a_phase_is_a_change_where_the_lead_stands(database: Database, tmp_path: Path) -> None:
    rows = ROWS[0] + ROWS[1] + "1;Acme;Oven;;2026-01-20;175;;;;\n"
    load(database, tmp_path, HEAD + rows, Kind.HISTORY)
    lead = leads(database)["Oven"]
    assert journey(database, lead) == [("CALL", "left"), ("MEETING", "current")]
    assert lead.expected_value == 175


def test_one_bad_row_refuses_the_history_it_belongs_to_and_no_other(
    database: Database, tmp_path: Path
) -> None:
    rows = ROWS[0] + "1;Acme;Oven;Meeting;2026-01-10;x;;;;\n" + ROWS[4]
    other = "2;Bakery;Hob;Quote;2026-01-05;;;;;\n"
    checked, _ = load(database, tmp_path, HEAD + rows + other, Kind.HISTORY)
    assert [(line, column) for line, column, _ in reasons(checked)] == [
        (2, ""),
        (3, "expected_value"),
        (4, ""),
    ]
    assert checked.refused_count == 3
    assert leads(database).keys() == {"Hob"}
    assert query(database, "SELECT name FROM customer") == [("Bakery",)]
    load(database, tmp_path, HEAD + rows.replace(";x;", ";150;") + other, Kind.HISTORY, at=THEN)
    assert leads(database).keys() == {"Hob", "Oven"}


def test_a_row_that_a_rule_of_the_whole_refuses_leaves_no_gap_either(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Twin")
    customer(database, "Twin")
    text = HEAD + ROWS[0] + ROWS[1].replace("Acme", "Twin") + ROWS[2].replace("1;Acme", "2;Bakery")
    checked, run = load(database, tmp_path, text, Kind.HISTORY)
    assert [(line, why) for line, _, why in reasons(checked)] == [
        (2, "Another row of this lead is refused, and a history can't have a gap."),
        (3, "More than one customer has this name. Tell them apart by number, or by another key."),
    ]
    assert (checked.refused_count, run.customers_made, run.leads_made) == (2, 1, 1)


def test_rows_without_a_key_are_refused(database: Database, tmp_path: Path) -> None:
    checked = check(database, tmp_path, HEAD + ROWS[0] + " ;Acme;Oven;Call;;;;;;\n", Kind.HISTORY)
    assert [(line, column) for line, column, _ in reasons(checked)] == [(3, "lead_id")]
    assert checked.counts.leads_made == 1


def test_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY)
    before = standing(database)
    checked, _ = load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY, at=THEN)
    assert checked.does_nothing
    assert (checked.counts.leads_kept, standing(database)) == (1, before)


def test_further_rows_later_go_on_from_there(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEAD + "".join(ROWS[:3]), Kind.HISTORY)
    checked, run = load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY, at=THEN)
    assert (checked.counts.leads_changed, checked.counts.leads_made) == (1, 0)
    lead = leads(database)["Oven"]
    assert journey(database, lead) == WENT
    assert as_of(database, lead, day(1, 20)) == ("CALL", Decimal(160), True)
    assert load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY, at=THEN)[0].does_nothing
    undo_import(database, ADMIN, run.id, THEN)
    assert_sound(database)
    assert journey(database, lead) == [*WENT[:1], ("MEETING", "current")]
    assert leads(database)["Oven"].expected_value == 160


def test_what_a_rep_did_since_is_not_overwritten_by_older_rows(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEAD + "".join(ROWS[:3]), Kind.HISTORY)
    lead = leads(database)["Oven"]
    save_lead(database, ADMIN, lead.id, lead.version, VALUES, LATER)
    before = standing(database)
    checked, _ = load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY, at=THEN)
    assert (checked.counts.leads_kept, standing(database)) == (1, before)


def test_u5_it_is_where_a_history_ends_that_counts(database: Database, tmp_path: Path) -> None:
    ours = customer(database, "Acme", "LEAD", is_active=False)
    checked, _ = load(database, tmp_path, HEAD + "".join(ROWS[:2]), Kind.HISTORY)
    assert [why for _, _, why in reasons(checked)] == [
        "This customer is not active, so it can't have an open lead."
    ] * 2
    checked, _ = load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY)
    assert reasons(checked) == []
    assert not leads(database)["Oven"].is_open
    assert not get_customer(database, ADMIN, ours.number).is_active


def test_u5_further_rows_do_not_reopen_a_lead_of_an_inactive_customer(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY)
    acme = get_customer(database, ADMIN, "C-00001")
    change_customer(database, ADMIN, acme.id, acme.version, draft_of(acme, is_active=False), LATER)
    rows = "".join(ROWS) + "1;Acme;Oven;Quote;2026-02-20;;;;;\n"
    checked, _ = load(database, tmp_path, HEAD + rows, Kind.HISTORY, at=THEN)
    assert {why for _, _, why in reasons(checked)} == {
        "This customer is not active, so it can't have an open lead."
    }


def test_rows_of_one_lead_that_name_two_customers_are_refused(database: Database, tmp_path: Path) -> None:
    rows = ROWS[0] + ROWS[1].replace("Acme", "Bakery")
    checked, _ = load(database, tmp_path, HEAD + rows, Kind.HISTORY)
    assert {why for _, _, why in reasons(checked)} == {"The rows of this lead name more than one customer."}
    assert query(database, "SELECT count(*) FROM customer") == [(0,)]


def test_a_stage_that_is_made_is_visited(database: Database, tmp_path: Path) -> None:
    rows = ROWS[0] + "1;Acme;Oven;Demo;2026-01-10;;;;Price;2026-01-20\n"
    load(database, tmp_path, HEAD + rows, Kind.HISTORY)
    assert journey(database, leads(database)["Oven"])[-2:] == [("DEMO", "completed"), ("CLOSED", "closed")]


def test_an_import_of_histories_is_undone(database: Database, tmp_path: Path) -> None:
    before = standing(database)
    _, run = load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY)
    done = undo_import(database, ADMIN, run.id, THEN)
    assert (done.removed, done.kept, standing(database)) == (2, (), before)


def test_each_lead_is_one_line_of_the_change_log(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, HEAD + "".join(ROWS), Kind.HISTORY)
    assert query(database, "SELECT action, version FROM change_log WHERE entity = 'lead'") == [
        ("lead_imported", leads(database)["Oven"].version)
    ]
