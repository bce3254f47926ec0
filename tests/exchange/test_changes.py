"""A newer file: only what differs changes, and what people did in between stays."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crmplus.analytics.bridge import measure_bridge
from crmplus.analytics.bridge_figures import Kind as Booked
from crmplus.analytics.bridge_figures import Measure
from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import measure_closings
from crmplus.analytics.period import Period
from crmplus.analytics.reasons import measure_last_phases
from crmplus.domain.lead import LeadValues
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import CustomerKey
from crmplus.exchange.undo import undo_import
from crmplus.services.closing_reasons import archive_closing_reason
from crmplus.services.customers import change_customer, get_customer
from crmplus.services.leads import move_lead, save_lead
from crmplus.services.phases import archive_phase
from crmplus.store.database import Database
from tests.exchange.imported import (
    LATER,
    as_of,
    assert_sound,
    check,
    journey,
    leads,
    load,
    past,
    reasons,
    standing,
    visits,
)
from tests.world import ADMIN, NOW, account_type, customer, draft_of, logged, person, phase, query, reason

HEAD = (
    "lead_id;customer_name;title;phase;status;score;expected_value;recurring_value;expected_close_date;note;"
    "lead_owner;opened_at;phase_entered_at;closed_at\n"
)
OPEN = HEAD + "1;Acme;Oven;Meeting;open;40;100;5;2026-12-31;met;;2026-01-05;2026-01-10;\n"
WON = HEAD + "1;Acme;Oven;;won;40;100;5;;met;;2026-01-05;;2026-02-01\n"
THEN = LATER + timedelta(days=1)


def newer(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "field", "value"),
    [
        ("Oven", "Hob", "title", "Hob"),
        (";40;", ";41;", "score", 41),
        (";100;", ";100.50;", "expected_value", Decimal("100.50")),
        (";5;", ";0;", "recurring_value", Decimal(0)),
        ("2026-12-31", "2027-01-01", "expected_close_date", date(2027, 1, 1)),
        ("2026-01-05", "2026-01-06", "opened_at_utc", datetime(2026, 1, 5, 23, tzinfo=UTC)),
    ],
)
def test_one_field_changes_and_nothing_else(
    database: Database, tmp_path: Path, old: str, new: str, field: str, value: object
) -> None:
    load(database, tmp_path, OPEN)
    before = leads(database)["Oven"]
    checked, _ = load(database, tmp_path, newer(OPEN, old, new), at=THEN)
    (after,) = leads(database).values()
    assert getattr(after, field) == value
    changed = {name for name in before.__slots__ if getattr(before, name) != getattr(after, name)}
    assert changed == {field, "version"}
    assert_sound(database)
    assert (checked.counts.leads_changed, checked.counts.leads_made) == (1, 0)
    assert load(database, tmp_path, newer(OPEN, old, new), at=THEN)[0].does_nothing


def test_another_note_and_owner(database: Database, tmp_path: Path) -> None:
    ann = person(database)
    load(database, tmp_path, OPEN)
    load(database, tmp_path, newer(OPEN, "met;;", "signed;Ann;"))
    lead = leads(database)["Oven"]
    assert lead.owner_id == ann.id
    assert visits(database, lead)[-1].note == "signed"


def test_a_phase_ahead_and_back_are_moves_at_their_date(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, OPEN)
    ahead = newer(newer(OPEN, "Meeting", "Quote"), "2026-01-10", "2026-01-20")
    load(database, tmp_path, ahead)
    lead = leads(database)["Oven"]
    assert lead.phase_entered_at_utc == datetime(2026, 1, 19, 23, tzinfo=UTC)
    assert visits(database, lead)[-1].note == "", "a note stays in the visit it was written in"
    back = newer(newer(OPEN, "Meeting", "Call"), "2026-01-10", "2026-01-25")
    load(database, tmp_path, back)
    assert journey(database, lead) == [
        ("CALL", "left"),
        ("MEETING", "left"),
        ("CALC", "skipped"),
        ("QUOTE", "left"),
        ("CALL", "current"),
    ]


def test_open_is_closed_and_closed_is_reopened(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, OPEN)
    load(database, tmp_path, WON)
    lead = leads(database)["Oven"]
    assert lead.closed_at_utc == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert journey(database, lead)[-1] == ("CLOSED", "closed")
    load(database, tmp_path, newer(OPEN, "Meeting", "Quote"), at=THEN)
    assert leads(database)["Oven"].is_open
    assert journey(database, lead)[-2:] == [("CLOSED", "closed"), ("QUOTE", "current")]


def test_a_closed_lead_is_corrected_where_it_ended(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, WON)
    steps = journey(database, leads(database)["Oven"])
    checked, _ = load(database, tmp_path, newer(WON, ";100;", ";120;"), at=THEN)
    lead = leads(database)["Oven"]
    assert (lead.expected_value, lead.closed_at_utc) == (
        Decimal(120),
        datetime(2026, 1, 31, 23, tzinfo=UTC),
    )
    assert journey(database, lead) == [*steps, ("CLOSED", "closed")]
    assert [move.action for move in checked.plan.leads[0].steps] == ["lead_reopened", "lead_closed"]


def test_m8_a_corrected_lead_was_closed_from_the_phase_it_was_in_before(
    database: Database, tmp_path: Path
) -> None:
    first = newer(WON, "Oven;;won", "Oven;Meeting;won")
    for text in (first, newer(first, ";100;", ";120;")):
        load(database, tmp_path, text, at=THEN)
        (last,) = (each for each in measure_last_phases(database, ADMIN, Choice()) if each.phase_id)
        assert (last.phase_id, last.lead_count) == (phase(database, "LEAD-MEETING").id, 1)


@pytest.mark.parametrize(("old", "new"), [("won", "lost"), ("2026-02-01", "2026-02-11")])
def test_a_closed_lead_gets_another_reason_or_date(
    database: Database, tmp_path: Path, old: str, new: str
) -> None:
    load(database, tmp_path, WON)
    load(database, tmp_path, newer(WON, old, new), at=THEN)
    lead = leads(database)["Oven"]
    assert lead.closing_reason_id == reason(database, "LOST" if new == "lost" else "WON").id
    assert lead.closed_at_utc == datetime(2026, 2, 10 if "11" in new else 1, 23, tzinfo=UTC) - (
        timedelta(0) if "11" in new else timedelta(days=1)
    )


def won_by_month(database: Database) -> list[tuple[Decimal, Decimal]]:
    """What was won in January to April: by Changes, and by Win and loss."""
    found = []
    for month in (1, 2, 3, 4):
        days = Period(date(2026, month, 1), date(2026, month + 1, 1) - timedelta(days=1))
        steps = measure_bridge(database, ADMIN, Choice(period=days), THEN.date()).steps
        closed = measure_closings(database, ADMIN, Choice(period=days))
        found.append((-steps.step(Measure.EXPECTED, Booked.WON).amount, closed.total.won.value))
    return found


TWENTIETH = newer(newer(WON, "Oven;;won", "Oven;Meeting;won"), "2026-02-01", "2026-02-20")
FEBRUARY, MARCH = [(0, 0), (100, 100), (0, 0), (0, 0)], [(0, 0), (0, 0), (100, 100), (0, 0)]


def test_m10_a_closing_that_was_later_leaves_the_lead_open_until_then(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, TWENTIETH)
    before = standing(database), past(database)
    oven, end_of_february = leads(database)["Oven"], datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert (won_by_month(database), as_of(database, oven, end_of_february)) == (
        FEBRUARY,
        ("CLOSED", Decimal(100), False),
    )
    _, run = load(database, tmp_path, newer(TWENTIETH, "2026-02-20", "2026-03-10"), at=THEN)
    assert (won_by_month(database), as_of(database, oven, end_of_february)) == (
        MARCH,
        ("MEETING", Decimal(100), True),
    )
    assert journey(database, oven)[-5:] == [
        ("CLOSED", "closed"),
        ("MEETING", "completed"),
        ("CALC", "skipped"),
        ("QUOTE", "skipped"),
        ("CLOSED", "closed"),
    ]
    undo_import(database, ADMIN, run.id, THEN)
    assert (standing(database), past(database)) == before


def test_m3_and_m8_the_days_until_a_later_closing_are_of_the_phase_it_came_from(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, TWENTIETH)
    load(database, tmp_path, newer(TWENTIETH, "2026-02-20", "2026-03-10"), at=THEN)
    spent = dict(query(database, "SELECT phase_id, seconds_spent FROM lead_stay"))
    days = (date(2026, 3, 10) - date(2026, 1, 5)).days
    meeting, closed = (phase(database, code).id for code in ("LEAD-MEETING", "LEAD-CLOSED"))
    assert (spent[meeting], spent[closed]) == (days * 86_400, 0)
    (last,) = (each for each in measure_last_phases(database, ADMIN, Choice()) if each.phase_id)
    assert (last.phase_id, last.lead_count) == (meeting, 1)


def test_m10_a_closing_that_was_earlier_is_followed_and_so_is_one_after_another(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, newer(TWENTIETH, "2026-02-20", "2026-03-20"))
    for number, (day, won) in enumerate((("02-20", FEBRUARY), ("03-10", MARCH), ("02-10", FEBRUARY))):
        text = newer(TWENTIETH, "2026-02-20", f"2026-{day}")
        load(database, tmp_path, text, at=THEN + timedelta(days=number))
        assert won_by_month(database) == won


def test_a_later_closing_of_a_lead_whose_phase_is_archived_by_now_leaves_it_where_it_ended(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, TWENTIETH)
    meeting = phase(database, "LEAD-MEETING")
    archive_phase(database, ADMIN, meeting.id, meeting.version, LATER)
    text = newer(newer(TWENTIETH, ";Meeting;", ";;"), "2026-02-20", "2026-03-10")
    load(database, tmp_path, text, at=THEN)
    assert journey(database, leads(database)["Oven"])[-2:] == [("CLOSED", "closed")] * 2
    assert won_by_month(database) == MARCH


def test_what_a_rep_did_stays_while_the_file_says_the_same(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, OPEN)
    lead = leads(database)["Oven"]
    values = LeadValues(score=90, expected_value=Decimal(5000), note="signed soon")
    quote = phase(database, "LEAD-QUOTE").id
    move_lead(database, ADMIN, lead.id, lead.version, quote, values, LATER + timedelta(hours=1))
    before = standing(database)
    checked, _ = load(database, tmp_path, OPEN, at=THEN)
    assert checked.does_nothing
    assert standing(database) == before


def test_only_what_is_new_in_the_file_is_held_against_what_a_rep_did(
    database: Database, tmp_path: Path
) -> None:
    """Another file of the same leads, that says nothing else, does not come back on the rep's work."""
    load(database, tmp_path, OPEN)
    fewer = "lead_id;customer_name;expected_value\n1;Acme;100\n"
    checked, _ = load(database, tmp_path, fewer)
    assert checked.counts.leads_kept == 1
    lead = leads(database)["Oven"]
    values = LeadValues(score=90, expected_value=Decimal(5000))
    save_lead(database, ADMIN, lead.id, lead.version, values, LATER)
    assert load(database, tmp_path, fewer, at=THEN)[0].does_nothing
    assert leads(database)["Oven"].expected_value == 5000


@pytest.mark.parametrize("text", [OPEN, WON])
def test_a_file_with_fewer_columns_or_empty_cells_changes_nothing(
    database: Database, tmp_path: Path, text: str
) -> None:
    load(database, tmp_path, text)
    before = standing(database)
    for fewer in ("lead_id;customer_name\n1;Acme\n", HEAD + "1;Acme" + 12 * ";" + "\n"):
        checked, _ = load(database, tmp_path, fewer, at=THEN)
        assert checked.counts.leads_kept == 1
        assert standing(database) == before


def test_a_closed_lead_is_corrected_by_a_file_that_does_not_say_it_is_closed(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, WON)
    load(database, tmp_path, "lead_id;customer_name;expected_value\n1;Acme;7\n", at=THEN)
    lead = leads(database)["Oven"]
    assert (lead.expected_value, lead.is_open) == (Decimal(7), False)


def test_also_where_its_reason_is_archived_by_now(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, WON)
    won = reason(database)
    archive_closing_reason(database, ADMIN, won.id, won.version, LATER)
    load(database, tmp_path, "lead_id;customer_name;expected_value\n1;Acme;7\n", at=THEN)
    assert leads(database)["Oven"].expected_value == 7


def test_a_stage_and_a_reason_that_the_file_brings_are_made_for_leads_that_we_have(
    database: Database, tmp_path: Path
) -> None:
    head = "lead_id;customer_name;title;phase;closing_reason;lead_owner\n"
    load(database, tmp_path, head + "1;Acme;Oven;Call;;\n2;Acme;Hob;Call;;\n")
    text = head + "1;Acme;Oven;Demo;;Bo\n2;Acme;Hob;;Price;\n"
    checked, _ = load(database, tmp_path, text, at=THEN)
    assert reasons(checked) == []
    assert (checked.counts.leads_changed, len(checked.settings.made)) == (2, 3)
    assert journey(database, leads(database)["Oven"])[-1] == ("DEMO", "current")
    assert leads(database)["Hob"].closing_reason_id == reason(database, "PRICE").id


def test_a_lead_that_moved_to_another_customer_is_refused(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, OPEN)
    checked, _ = load(database, tmp_path, newer(OPEN, "Acme", "Bakery"), at=THEN)
    assert reasons(checked) == [
        (2, "", "This lead belongs to another customer here, and a lead stays with its customer.")
    ]
    assert query(database, "SELECT name FROM customer") == [("Acme",)], "nobody is made for it"
    again = check(database, tmp_path, newer(OPEN, "Acme", "Bakery"), at=THEN)
    assert again.refused_count == 1, "and it is said again the next time"


def test_u5_a_lead_of_an_inactive_customer_is_not_reopened(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, WON)
    (customer_id,) = query(database, "SELECT id FROM customer")[0]
    acme = get_customer(database, ADMIN, "C-00001")
    assert acme.id == customer_id
    change_customer(database, ADMIN, acme.id, acme.version, draft_of(acme, is_active=False), LATER)
    checked, _ = load(database, tmp_path, OPEN, at=THEN)
    assert [why for _, _, why in reasons(checked)] == [
        "This customer is not active, so it can't have an open lead."
    ]


def test_u4_a_lead_of_a_customer_of_another_type_by_now_is_not_reopened(
    database: Database, tmp_path: Path
) -> None:
    load(database, tmp_path, WON)
    acme = get_customer(database, ADMIN, "C-00001")
    draft = draft_of(acme, account_type_id=account_type(database, "CUSTOMER").id)
    change_customer(database, ADMIN, acme.id, acme.version, draft, LATER)
    checked, _ = load(database, tmp_path, OPEN, at=THEN)
    assert [why for _, _, why in reasons(checked)] == [
        "This customer has another account type than the lead's funnel."
    ]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "1;Acme;Oven;Meeting;open;;;;;;;2026-02-05;;\n",
        HEAD + "1;Acme;Oven;;won;;;;;;;;;2026-01-07\n",
    ],
    ids=["opened after the phase was entered", "closed before"],
)
def test_m5_a_date_before_an_earlier_step_of_ours_is_refused(
    database: Database, tmp_path: Path, text: str
) -> None:
    load(database, tmp_path, OPEN)
    checked, _ = load(database, tmp_path, text, at=THEN)
    assert [why for _, _, why in reasons(checked)] == [
        "This date lies before an earlier step of the same lead."
    ]


def test_an_opening_that_becomes_known_is_that_of_the_first_visit_too(
    database: Database, tmp_path: Path
) -> None:
    head = "lead_id;customer_name;title;status;opened_at;closed_at\n"
    load(database, tmp_path, head + "1;Acme;Oven;open;;\n")
    checked, _ = load(database, tmp_path, head + "1;Acme;Oven;won;2025-11-01;2025-12-01\n", at=THEN)
    assert reasons(checked) == []
    lead = leads(database)["Oven"]
    assert visits(database, lead)[0].entered_at_utc == lead.opened_at_utc


def test_each_move_is_a_line_of_the_change_log(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, OPEN)
    count = len(logged(database))
    text = newer(newer(OPEN, "Meeting", "Quote"), ";100;", ";120;")
    load(database, tmp_path, newer(text, "Oven", "Hob"), at=THEN)
    assert [action for action, _ in logged(database)[count:]] == [
        "lead_described",
        "lead_moved",
        "lead_saved",
    ]


def test_a_check_long_ago_changes_nothing_by_itself(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, OPEN)
    before = standing(database)
    check(database, tmp_path, newer(OPEN, ";100;", ";120;"), at=NOW + timedelta(days=400))
    assert standing(database) == before


# Which customer of ours a file means


def edited(database: Database, number: str, /, **changes: str) -> None:
    ours = get_customer(database, ADMIN, number)
    change_customer(database, ADMIN, ours.id, ours.version, draft_of(ours, **changes), LATER)


@pytest.mark.parametrize("key", [CustomerKey.NAME, CustomerKey.NUMBER, CustomerKey.EXTERNAL_ID])
def test_each_kind_of_file_remembers_what_it_said_of_a_customer(
    database: Database, tmp_path: Path, key: CustomerKey
) -> None:
    text = "customer_id;customer_number;customer_name;email\n7;C-00001;Acme;old@acme.nl\n"
    deals = "customer_id;customer_number;customer_name;city;title\n7;C-00001;Acme;Delft;Oven\n"
    for said, kind in ((text, Kind.CUSTOMERS), (deals, Kind.LEADS)):
        load(database, tmp_path, said, kind, source="", customer_key=key)
    edited(database, "C-00001", email="new@acme.nl", city="Ede")
    for said, kind in ((text, Kind.CUSTOMERS), (deals, Kind.LEADS)):
        assert check(database, tmp_path, said, kind, source="", customer_key=key).does_nothing
    assert query(database, "SELECT count(*) FROM customer") == [(1,)]


def test_a_key_of_another_system_holds_for_every_kind_of_file_of_it(
    database: Database, tmp_path: Path
) -> None:
    by_id = CustomerKey.EXTERNAL_ID
    load(database, tmp_path, "customer_id;customer_name\n7;Acme\n", Kind.CUSTOMERS, customer_key=by_id)
    deals = "customer_id;customer_name;title\n7;Acme Ovens;Oven\n"
    load(database, tmp_path, deals, customer_key=by_id)
    assert query(database, "SELECT number, name FROM customer") == [("C-00001", "Acme Ovens")]
    load(database, tmp_path, deals.replace("Acme Ovens", "Other"), customer_key=by_id, source="elsewhere")
    assert query(database, "SELECT count(*) FROM customer") == [(2,)]


def test_a_new_key_means_the_only_customer_of_its_name(database: Database, tmp_path: Path) -> None:
    """Deals name their customers, the list of companies that follows has keys."""
    by_id = CustomerKey.EXTERNAL_ID
    load(database, tmp_path, "customer_name;title\nAcme;Oven\nBakery;Hob\n")
    companies = "customer_id;customer_name;city\n7;ACME B.V.;Ede\n8;Bakery;Delft\n9;Bakery;Breda\n"
    load(database, tmp_path, companies, Kind.CUSTOMERS, customer_key=by_id)
    assert query(database, "SELECT name, city FROM customer ORDER BY number") == [
        ("ACME B.V.", "Ede"),
        ("Bakery", "Delft"),
        ("Bakery", "Breda"),
    ]
    before = standing(database)
    load(database, tmp_path, companies, Kind.CUSTOMERS, customer_key=by_id)
    assert standing(database) == before


def test_who_has_the_number_now_is_meant(database: Database, tmp_path: Path) -> None:
    def file(row: str) -> None:
        text = f"customer_number;customer_name;city\n{row}\n"
        load(database, tmp_path, text, Kind.CUSTOMERS, customer_key=CustomerKey.NUMBER)

    file("K-1;Acme;Delft")
    edited(database, "K-1", number="K-9")
    before = standing(database)
    file("K-1;Acme;Delft")
    assert standing(database) == before, "the same file again"
    file("K-1;Bakery;Breda")
    file("K-1;Bakery;Ede")
    assert query(database, "SELECT number, name, city FROM customer ORDER BY number") == [
        ("K-1", "Bakery", "Ede"),
        ("K-9", "Acme", "Delft"),
    ]


def test_who_has_the_name_now_is_meant(database: Database, tmp_path: Path) -> None:
    head = "customer_name;phone\n"
    load(database, tmp_path, head + "Acme;\n", Kind.CUSTOMERS)
    edited(database, "C-00001", name="Beta")
    before = standing(database)
    load(database, tmp_path, head + "Acme;\n", Kind.CUSTOMERS)
    assert standing(database) == before, "the same file again"
    customer(database, "Acme")
    for phone in ("0612345678", "0687654321"):
        load(database, tmp_path, head + f"Acme;{phone}\n", Kind.CUSTOMERS)
        assert query(database, "SELECT name, phone FROM customer ORDER BY name") == [
            ("Acme", phone),
            ("Beta", ""),
        ]


def test_a_renamed_customer_is_known_by_the_name_it_had(database: Database, tmp_path: Path) -> None:
    head = "lead_id;customer_name;phone;title\n"
    load(database, tmp_path, head + "1;Acme;;Oven\n")
    edited(database, "C-00001", name="Acme Nederland")
    load(database, tmp_path, head + "1;Acme;0612345678;Stove\n")
    assert leads(database).keys() == {"Stove"}
    assert query(database, "SELECT name, phone FROM customer") == [("Acme Nederland", "0612345678")]


def test_a_customer_is_told_from_a_later_namesake_by_what_the_file_made(
    database: Database, tmp_path: Path
) -> None:
    head = "customer_name;phone\n"
    load(database, tmp_path, head + "Acme;\n", Kind.CUSTOMERS)
    customer(database, "Acme")
    load(database, tmp_path, head + "Acme;0612345678\n", Kind.CUSTOMERS)
    assert query(database, "SELECT number, phone FROM customer ORDER BY number") == [
        ("C-00001", "0612345678"),
        ("C-00002", ""),
    ]
