"""Closing reasons (M8): by outcome, owner and phase last in before; and the leads behind each figure."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import OutcomeFigures, measure_closings
from crmplus.analytics.period import Period
from crmplus.analytics.reasons import (
    ClosedLeads,
    Ended,
    LastPhase,
    list_closed_leads,
    measure_last_phases,
)
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import close_lead, complete_phase, move_lead, reopen_lead
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, account_type, customer_with_lead, person, phase, query, reason

D = Decimal
ALL = Choice()


def closed(
    database: Database,
    why: str,
    last: str = "LEAD-CALL",
    value: int | None = None,
    day: int = 9,
    **of: object,
) -> Lead:
    """A lead that was closed with the reason of this code out of the phase of this code."""
    _customer, lead = customer_with_lead(database, **of)
    if last != "LEAD-CALL":
        lead = move_lead(database, ADMIN, lead.id, lead.version, phase(database, last).id, LeadValues(), NOW)
    return close(database, lead, why, value, day)


def close(database: Database, lead: Lead, why: str, value: int | None = None, day: int = 9) -> Lead:
    end, because = phase(database, "LEAD-CLOSED").id, reason(database, why).id
    values = LeadValues(50, None if value is None else D(value), None if value is None else D(value) / 100)
    return close_lead(database, ADMIN, lead.id, lead.version, end, because, values, NOW + timedelta(days=day))


def change(database: Database, sql: str, **values: object) -> None:
    with database.transaction(EVERYTHING) as connection:
        connection.execute(sql, values)


def reasons(database: Database, chosen: Choice = ALL) -> dict[str, tuple[Outcome, int, Decimal, Decimal]]:
    codes = dict(query(database, "SELECT id, code FROM closing_reason"))
    return {
        codes[r.reason_id]: (r.outcome, r.total.lead_count, r.total.value, r.total.recurring_value)
        for r in measure_closings(database, ADMIN, chosen).by_reason
    }


def last_phases(database: Database, chosen: Choice = ALL) -> dict[tuple[str | None, str], int]:
    """By the codes of phase and reason."""
    codes: dict[UUID | None, str | None] = {
        **dict(query(database, "SELECT id, code FROM phase UNION ALL SELECT id, code FROM closing_reason")),
        None: None,
    }
    return {
        (codes[each.phase_id], str(codes[each.reason_id])): each.lead_count
        for each in measure_last_phases(database, ADMIN, chosen)
    }


def listed(database: Database, chosen: Choice = ALL, **which: object) -> list[tuple[UUID, Decimal | None]]:
    leads, total = list_closed_leads(database, ADMIN, chosen, ClosedLeads(**which), 100)  # type: ignore[arg-type]
    assert total == len(leads)
    return [(lead.lead_id, lead.amount) for lead in leads]


def test_the_worked_example_of_m8(database: Database) -> None:
    closed(database, "WON", "LEAD-QUOTE", 10_000)
    closed(database, "LOST", "LEAD-MEETING", 8_000)
    closed(database, "COMPETITOR", "LEAD-MEETING", 3_000)
    closed(database, "COMPETITOR", "LEAD-CALL")
    assert list(reasons(database).items()) == [
        ("WON", (Outcome.WON, 1, D(10_000), D(100))),
        ("COMPETITOR", (Outcome.LOST, 2, D(3_000), D(30))),
        ("LOST", (Outcome.LOST, 1, D(8_000), D(80))),
    ]
    assert last_phases(database) == {
        ("LEAD-QUOTE", "WON"): 1,
        ("LEAD-MEETING", "LOST"): 1,
        ("LEAD-MEETING", "COMPETITOR"): 1,
        ("LEAD-CALL", "COMPETITOR"): 1,
    }
    assert measure_closings(database, ADMIN, ALL).of_outcome(Outcome.LOST).value == D(11_000)


def test_without_closed_leads_there_is_no_reason_and_no_phase(database: Database) -> None:
    customer_with_lead(database)
    assert reasons(database) == {}
    assert measure_last_phases(database, ADMIN, ALL) == ()
    assert listed(database) == []


def test_reasons_stand_by_outcome_and_the_most_used_first(database: Database) -> None:
    for code in ("LOST", "COMPETITOR", "COMPETITOR", "WON"):
        closed(database, code)
    assert list(reasons(database)) == ["WON", "COMPETITOR", "LOST"]
    change(database, "UPDATE closing_reason SET outcome = 'neither' WHERE code = 'WON'")
    assert list(reasons(database)) == ["COMPETITOR", "LOST", "WON"]


def test_reasons_are_split_by_the_owner_that_leads_have_now(database: Database) -> None:
    ann = person(database)
    closed(database, "LOST", value=5, owner_id=ann.id)
    closed(database, "LOST", value=7)
    (lost,) = measure_closings(database, ADMIN, ALL).by_reason
    assert lost.by_owner == {
        ann.id: OutcomeFigures(1, D(5), 0, D("0.05"), 9),
        None: OutcomeFigures(1, D(7), 0, D("0.07"), 9),
    }
    assert lost.total == sum(lost.by_owner.values(), OutcomeFigures())


def test_a_phase_that_was_skipped_is_never_the_last(database: Database) -> None:
    closed(database, "LOST", "LEAD-CALL")  # closing skips all between
    assert last_phases(database) == {("LEAD-CALL", "LOST"): 1}


def test_the_last_visit_counts_and_not_the_farthest_phase(database: Database) -> None:
    _customer, lead = customer_with_lead(database)
    for code in ("LEAD-QUOTE", "LEAD-MEETING"):
        lead = move_lead(database, ADMIN, lead.id, lead.version, phase(database, code).id, LeadValues(), NOW)
    close(database, lead, "LOST")
    assert last_phases(database) == {("LEAD-MEETING", "LOST"): 1}


def test_a_lead_that_stood_open_in_the_closing_phase_was_closed_from_the_one_before(
    database: Database,
) -> None:
    _customer, lead = customer_with_lead(database)
    for step in range(4):
        at = NOW + timedelta(hours=1 + step)
        lead = complete_phase(database, ADMIN, lead.id, lead.version, LeadValues(50), at)
    assert lead.phase_id == phase(database, "LEAD-CLOSED").id
    close(database, lead, "WON")
    assert last_phases(database) == {("LEAD-QUOTE", "WON"): 1}


def test_a_reopened_lead_counts_where_it_was_closed_again(database: Database) -> None:
    lead = closed(database, "LOST", "LEAD-MEETING", 5)
    quote, at = phase(database, "LEAD-QUOTE").id, NOW + timedelta(days=10)
    again = reopen_lead(database, ADMIN, lead.id, lead.version, quote, at)
    assert (reasons(database), last_phases(database)) == ({}, {})
    close(database, again, "WON", 6, day=11)
    assert list(reasons(database)) == ["WON"]
    assert last_phases(database) == {("LEAD-QUOTE", "WON"): 1}


def test_a_lead_reopened_in_the_closing_phase_was_closed_from_where_it_came_first(database: Database) -> None:
    """Each earlier closing is a visit to the closing phase, and none of them is where the lead came from."""
    lead = closed(database, "LOST", "LEAD-MEETING", 5)
    for day in (10, 20):
        end, at = phase(database, "LEAD-CLOSED").id, NOW + timedelta(days=day)
        lead = reopen_lead(database, ADMIN, lead.id, lead.version, end, at)
        lead = close(database, lead, "WON", 6, day=day + 1)
    assert last_phases(database) == {("LEAD-MEETING", "WON"): 1}
    meeting = phase(database, "LEAD-MEETING").id
    assert listed(database, phase_id=meeting) == [(lead.id, D(6))]
    assert listed(database, phase_id=phase(database, "LEAD-CLOSED").id) == []


def test_a_lead_that_was_in_no_other_phase_was_closed_straight_away(database: Database) -> None:
    closed(database, "LOST")
    away = closed(database, "LOST")
    change(database, "DELETE FROM lead_stay WHERE lead_id = $id AND is_last_before_closing", id=away.id)
    assert last_phases(database) == {("LEAD-CALL", "LOST"): 1, (None, "LOST"): 1}
    assert [lead for lead, _ in listed(database, is_straight_away=True)] == [away.id]


def test_the_period_of_closing_the_owner_and_the_account_type_narrow_all(database: Database) -> None:
    ann = person(database)
    closed(database, "LOST", day=1, owner_id=ann.id)
    closed(database, "WON", day=3)
    day = (NOW + timedelta(days=3)).date()
    for chosen, code in (
        (Choice(period=Period(day, day)), "WON"),
        (Choice(period=Period(end=day - timedelta(days=1))), "LOST"),
        (Choice(owner_id=ann.id), "LOST"),
    ):
        assert list(reasons(database, chosen)) == [code]
        assert last_phases(database, chosen) == {("LEAD-CALL", code): 1}
        assert len(listed(database, chosen)) == 1
    prospects = Choice(account_type(database, "PROSPECT").id)
    assert (reasons(database, prospects), last_phases(database, prospects)) == ({}, {})


# The leads behind


def test_the_leads_behind_stand_with_the_highest_value_first_and_none_last(database: Database) -> None:
    made = {value: closed(database, "LOST", value=value).id for value in (5, None, 90)}
    assert listed(database) == [(made[90], D(90)), (made[5], D(5)), (made[None], None)]
    leads, total = list_closed_leads(database, ADMIN, ALL, ClosedLeads(), 1, 1)
    assert ([lead.lead_id for lead in leads], total) == ([made[5]], 3)
    assert leads[0].moment == NOW + timedelta(days=9)
    assert list_closed_leads(database, ADMIN, ALL, ClosedLeads(), 1, 9) == ([], 3)


@pytest.fixture
def many(database: Database) -> Database:
    """60 leads closed from any phase with any reason, one of which is neither won nor lost."""
    change(database, "UPDATE closing_reason SET outcome = 'neither' WHERE code = 'COMPETITOR'")
    rng, ann = random.Random(4), person(database)
    for _number in range(60):
        of = {"owner_id": ann.id} if rng.random() < 0.5 else {}
        value = rng.choice([None, 0, 100, 2_000])
        last = rng.choice(["LEAD-CALL", "LEAD-MEETING", "LEAD-QUOTE"])
        closed(database, rng.choice(["WON", "LOST", "COMPETITOR"]), last, value, rng.randrange(60), **of)
    return database


def test_every_figure_lists_exactly_the_leads_that_it_counts(many: Database) -> None:
    closings = measure_closings(many, ADMIN, ALL)
    total = closings.total
    assert len(listed(many)) == closings.closed_count == 60
    for ended, figures in (
        (Ended.WON, total.won),
        (Ended.LOST, total.lost),
        (Ended.NEITHER, total.neither),
        (Ended.DECIDED, total.decided),
    ):
        found = listed(many, outcome=ended)
        assert len(found) == figures.lead_count > 0
        assert sum((amount or D(0) for _, amount in found), D(0)) == figures.value
    with_value = listed(many, outcome=Ended.WON, has_value=True)
    assert len(with_value) == total.won.lead_count - total.won.value_missing
    for reason_figures in closings.by_reason:
        for owner_id, figures in reason_figures.by_owner.items():
            owner = {"of_owner_id": owner_id} if owner_id else {"is_of_nobody": True}
            found = listed(many, reason_id=reason_figures.reason_id, **owner)
            assert len(found) == figures.lead_count
    for each in measure_last_phases(many, ADMIN, ALL):
        assert isinstance(each, LastPhase)
        assert len(listed(many, reason_id=each.reason_id, phase_id=each.phase_id)) == each.lead_count
    march = Choice(period=Period(date(2026, 3, 1), date(2026, 3, 31)))
    assert len(listed(many, march)) == measure_closings(many, ADMIN, march).closed_count


def test_reasons_and_phases_recount_from_the_records(many: Database) -> None:
    rows = query(
        many,
        "SELECT lead.id, lead.closing_reason_id, phase_record.phase_id, phase_record.visit_number "
        "FROM lead JOIN phase_record ON lead_id = lead.id WHERE closed_at_utc IS NOT NULL "
        "AND state <> 'skipped' AND phase_record.visit_number < lead.visit_number ORDER BY 4",
    )
    last = {lead_id: (phase_id, reason_id) for lead_id, reason_id, phase_id, _number in rows}
    found = {
        (each.phase_id, each.reason_id): each.lead_count for each in measure_last_phases(many, ADMIN, ALL)
    }
    assert found == Counter(last.values())
    assert sum(found.values()) == 60
