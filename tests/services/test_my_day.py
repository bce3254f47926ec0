from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.person import Person
from crmplus.services.leads import close_lead, save_lead
from crmplus.services.my_day import COMING_DAYS, LISTED_LEADS, DueStep, MyDay, get_my_day
from crmplus.services.next_steps import add_next_step, finish_next_step
from crmplus.services.phases import change_phase
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, VALUES, customer_with_lead, person, phase, phase_draft, reason

TODAY = NOW.date()
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def ann(database: Database) -> Person:
    return person(database)


def my_day(database: Database, owner_id: UUID | None = None, today: date = TODAY, limit: int = 15) -> MyDay:
    return get_my_day(database, ADMIN, owner_id, today, ZONE, limit)


def plan(database: Database, lead: Lead, days: int, text: str = "Call", at: time | None = None) -> UUID:
    draft = NextStepDraft(text, TODAY + timedelta(days=days), at)
    return add_next_step(database, ADMIN, lead.id, draft, NOW).id


def close(database: Database, lead: Lead) -> None:
    closed, why = phase(database, "LEAD-CLOSED").id, reason(database, "WON").id
    close_lead(database, ADMIN, lead.id, lead.version, closed, why, VALUES, NOW)


def texts(steps: tuple[DueStep, ...]) -> list[str]:
    return [step.description for step in steps]


def test_a_workspace_without_leads_has_an_empty_day(database: Database) -> None:
    day = my_day(database)
    assert (day.overdue, day.today, day.coming, day.without_step, day.ageing) == ((),) * 5
    assert (day.lead_count, day.ever_had_leads) == (0, False)


def test_steps_are_overdue_due_today_coming_or_counted_as_later(database: Database) -> None:
    _, lead = customer_with_lead(database)
    for days in (-300, -1, 0, 1, COMING_DAYS, COMING_DAYS + 1, 400):
        plan(database, lead, days, str(days))
    day = my_day(database)
    assert (texts(day.overdue), texts(day.today), texts(day.coming)) == (
        ["-300", "-1"],
        ["0"],
        ["1", str(COMING_DAYS)],
    )
    assert (day.overdue_count, day.today_count, day.coming_count, day.later_count) == (2, 1, 2, 2)


def test_on_one_day_those_with_a_time_come_first_in_its_order(database: Database) -> None:
    _, lead = customer_with_lead(database)
    for text, at in (("c", None), ("b", time(14, 0)), ("a", time(0, 0))):
        plan(database, lead, 0, text, at)
    assert texts(my_day(database).today) == ["a", "b", "c"]


def test_a_step_carries_what_one_needs_to_do_it(database: Database, ann: Person) -> None:
    bakery, lead = customer_with_lead(database, "Bakery", phone="030 123 45 67", owner_id=ann.id)
    worth = LeadValues(expected_value=Decimal("1234.50"))
    save_lead(database, ADMIN, lead.id, lead.version, worth, NOW)
    step_id = plan(database, lead, 0, at=time(9, 30))
    assert my_day(database).today == (
        DueStep(
            id=step_id,
            version=1,
            lead_id=lead.id,
            description="Call",
            due_date=TODAY,
            due_time=time(9, 30),
            customer_id=bakery.id,
            number=bakery.number,
            customer="Bakery",
            phone="030 123 45 67",
            title="",
            phase_id=lead.phase_id,
            owner_id=ann.id,
            expected_value=Decimal("1234.50"),
        ),
    )


def test_steps_done_and_those_of_closed_leads_are_not_of_the_day(database: Database) -> None:
    _, lead = customer_with_lead(database)
    _, sold = customer_with_lead(database, "Smithy")
    finish_next_step(database, ADMIN, plan(database, lead, 0), 1, NOW)
    for days in (-1, 0, 1, 99):
        plan(database, sold, days)
    close(database, sold)
    day = my_day(database)
    assert (day.overdue_count, day.today_count, day.coming_count, day.later_count) == (0, 0, 0, 0)
    assert (day.overdue, day.today, day.coming) == ((), (), ())
    assert [lead.customer for lead in day.without_step] == ["Acme"], "its only step is done"


def test_of_each_kind_as_many_are_listed_as_asked_for_and_all_are_counted(database: Database) -> None:
    _, lead = customer_with_lead(database)
    for days in (-3, -2, -1, 0, 0, 0, 1, 2, 3):
        plan(database, lead, days, str(days))
    day = my_day(database, limit=2)
    assert (texts(day.overdue), texts(day.today), texts(day.coming)) == (
        ["-3", "-2"],
        ["0", "0"],
        ["1", "2"],
    )
    assert (day.overdue_count, day.today_count, day.coming_count) == (3, 3, 3)


def test_an_owner_sees_the_own_day_and_nobodys_is_with_everybody(database: Database, ann: Person) -> None:
    bob = person(database, "Bob", "BO")
    for name, owner_id in (("Hers", ann.id), ("His", bob.id), ("Nobody's", None)):
        _, lead = customer_with_lead(database, name, owner_id=owner_id)
        plan(database, lead, 0, name)
        customer_with_lead(database, f"{name}, not planned", owner_id=owner_id)
    day = my_day(database, ann.id)
    assert texts(day.today) == ["Hers"]
    assert [lead.customer for lead in day.without_step] == ["Hers, not planned"]
    assert (day.today_count, day.without_step_count, day.lead_count) == (1, 1, 2)
    everybody = my_day(database)
    assert sorted(texts(everybody.today)) == ["Hers", "His", "Nobody's"]
    assert (everybody.without_step_count, everybody.lead_count) == (3, 6)


def test_leads_without_a_step_come_by_value_and_beyond_ten_are_counted(database: Database) -> None:
    for number in range(LISTED_LEADS + 2):
        _, lead = customer_with_lead(database, f"Customer {number}")
        worth = LeadValues(expected_value=Decimal(number)) if number else LeadValues()
        save_lead(database, ADMIN, lead.id, lead.version, worth, NOW)
    day = my_day(database)
    assert [lead.expected_value for lead in day.without_step] == [
        Decimal(number) for number in range(LISTED_LEADS + 1, 1, -1)
    ]
    assert day.without_step_count == LISTED_LEADS + 2


def test_a_lead_is_ageing_from_the_day_after_its_limit(database: Database) -> None:
    call = phase(database, "LEAD-CALL")
    change_phase(database, ADMIN, call.id, call.version, phase_draft(call, limit_days=5), NOW)
    customer_with_lead(database)
    assert my_day(database, today=TODAY + timedelta(days=5)).ageing == ()
    day = my_day(database, today=TODAY + timedelta(days=6))
    assert [(lead.customer, lead.days_in_phase) for lead in day.ageing] == [("Acme", 6)]
    assert all(lead.is_ageing for lead in day.ageing)
    assert day.ageing_count == 1


def test_days_are_those_of_the_zone_that_is_asked_for(database: Database) -> None:
    """At 23:30 in London it is the next day in Amsterdam, and a step due then is due today there."""
    _, lead = customer_with_lead(database)
    plan(database, lead, 1, "tomorrow")
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert late.astimezone(ZONE).date() == TODAY + timedelta(days=1)
    assert texts(my_day(database, today=late.astimezone(ZONE).date()).today) == ["tomorrow"]
    assert texts(my_day(database, today=late.date()).coming) == ["tomorrow"]
