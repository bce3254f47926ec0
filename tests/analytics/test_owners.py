"""Owners side by side: known leads, exact numbers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crmplus.analytics.choice import Choice
from crmplus.analytics.owners import OpenFigures, OwnerLeads, Owners, list_owner_leads, measure_owners
from crmplus.analytics.period import Period
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.person import Person
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import close_lead, save_lead
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, account_type, customer_with_lead, person, phase, query, reason

TODAY = date(2026, 3, 2)
NO_CHOICE = Choice()


@pytest.fixture
def ann(database: Database) -> Person:
    return person(database, "Ann", "AN")


def a_lead(database: Database, owner: Person | None, value: str, score: int = 50) -> Lead:
    _customer, lead = customer_with_lead(database, value, owner_id=owner.id if owner else None)
    values = LeadValues(score, Decimal(value), Decimal("10.00"))
    return save_lead(database, ADMIN, lead.id, lead.version, values, NOW)


def closed(database: Database, lead: Lead, code: str) -> Lead:
    values = LeadValues(lead.score, lead.expected_value, lead.recurring_value)
    ending, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    at = NOW + timedelta(days=3)
    return close_lead(database, ADMIN, lead.id, lead.version, ending, why, values, at)


def measured(database: Database, chosen: Choice = NO_CHOICE, today: date = TODAY) -> Owners:
    return measure_owners(database, ADMIN, chosen, today)


def set_limit(database: Database, code: str, days: int) -> None:
    """And to no other phase."""
    with database.transaction(EVERYTHING) as connection:
        connection.count("UPDATE phase SET limit_days = NULL WHERE $always", {"always": True})
        connection.count(
            "UPDATE phase SET limit_days = $days WHERE code = $code", {"days": days, "code": code}
        )


def set_target(database: Database, owner: Person, month: date, amount: str) -> None:
    values = {"owner": owner.id, "month": month, "amount": Decimal(amount)}
    with database.transaction(EVERYTHING) as connection:
        connection.count("INSERT INTO target VALUES (uuidv7(), $owner, $month, $amount, 1)", values)


def test_an_owner_has_what_is_open_and_what_was_won(database: Database, ann: Person) -> None:
    a_lead(database, ann, "1000.00", 40)
    a_lead(database, ann, "500.00", 20)
    closed(database, a_lead(database, ann, "800.00"), "WON")
    closed(database, a_lead(database, ann, "100.00"), "LOST")
    a_lead(database, None, "70.00", 10)
    found = measured(database)
    figures = dict(found.by_owner)
    opened = OpenFigures(2, Decimal("1500.00"), Decimal("500.00"), Decimal("6.00"), 0)
    assert figures[ann.id].open == opened
    assert figures[ann.id].closed.won.value == Decimal("800.00")
    assert figures[ann.id].closed.win_rate == Decimal("0.5")
    assert figures[None].open == OpenFigures(1, Decimal("70.00"), Decimal("7.00"), Decimal("1.00"), 0)
    assert found.total.open.open_count == 3
    assert [owner_id for owner_id, _figures in found.by_owner] == [ann.id, None]


def test_without_leads_there_are_no_owners(database: Database, ann: Person) -> None:
    found = measured(database)
    assert found.by_owner == ()
    assert found.total.target is None
    assert found.total.share_of_target is None


@pytest.mark.parametrize(("days", "ageing"), [(0, 0), (7, 0), (8, 1), (400, 1)])
def test_a_lead_is_ageing_once_it_is_older_than_the_limit(
    database: Database, ann: Person, days: int, ageing: int
) -> None:
    a_lead(database, ann, "100.00")
    set_limit(database, "LEAD-CALL", 7)
    today = TODAY + timedelta(days=days)
    assert measured(database, today=today).total.open.ageing_count == ageing
    leads, total = list_owner_leads(database, ADMIN, Choice(), OwnerLeads.AGEING, False, today, 50)
    assert (len(leads), total) == (ageing, ageing)


def test_without_a_limit_nothing_is_ageing(database: Database, ann: Person) -> None:
    a_lead(database, ann, "100.00")
    set_limit(database, "LEAD-MEETING", 1)
    assert measured(database, today=TODAY + timedelta(days=900)).total.open.ageing_count == 0


MARCH_5 = date(2026, 3, 5)


def with_targets(database: Database, ann: Person) -> None:
    """100, 200, 400 and 800 for January to April 2026, and 300 won on 5 March."""
    for month, amount in ((1, "100.00"), (2, "200.00"), (3, "400.00"), (4, "800.00")):
        set_target(database, ann, date(2026, month, 1), amount)
    closed(database, a_lead(database, ann, "300.00"), "WON")


def test_the_worked_example_of_owners(database: Database, ann: Person) -> None:
    with_targets(database, ann)
    chosen = Choice(period=Period(date(2026, 2, 1), MARCH_5))
    figures = dict(measured(database, chosen, today=MARCH_5).by_owner)[ann.id]
    assert figures.target == Decimal("600.00")
    assert figures.share_of_target == Decimal("0.5")


@pytest.mark.parametrize(
    ("start", "end", "target"),
    [
        (None, None, "700.00"),
        (date(2026, 1, 1), date(2026, 2, 28), "300.00"),
        (date(2026, 3, 1), date(2026, 12, 31), "400.00"),
        (date(2026, 3, 2), MARCH_5, None),
        (date(2026, 2, 1), date(2026, 3, 4), None),
        (date(2026, 2, 10), MARCH_5, None),
    ],
)
def test_only_months_have_targets_and_none_that_is_to_come(
    database: Database, ann: Person, start: date | None, end: date | None, target: str | None
) -> None:
    with_targets(database, ann)
    found = measured(database, Choice(period=Period(start, end)), today=MARCH_5).total.target
    assert found == (target and Decimal(target))


def test_a_target_is_for_all_account_types_so_with_one_chosen_there_is_none(
    database: Database, ann: Person
) -> None:
    set_target(database, ann, date(2026, 3, 1), "100.00")
    assert measured(database, Choice(account_type(database).id)).by_owner == ()


def test_an_owner_with_a_target_and_no_lead_is_there(database: Database, ann: Person) -> None:
    set_target(database, ann, date(2026, 3, 1), "100.00")
    figures = dict(measured(database).by_owner)[ann.id]
    assert figures.open == OpenFigures()
    assert figures.share_of_target == 0


def test_filters_choose_whose_and_which_leads(database: Database, ann: Person) -> None:
    a_lead(database, ann, "100.00")
    a_lead(database, None, "200.00")
    assert measured(database, Choice(owner_id=ann.id)).total.open.open_count == 1
    assert measured(database, Choice(account_type(database, "PROSPECT").id)).total.open.open_count == 0


def test_the_list_is_what_is_counted_heaviest_first(database: Database, ann: Person) -> None:
    light, heavy = a_lead(database, ann, "100.00", 10), a_lead(database, ann, "100.00", 90)
    a_lead(database, None, "100.00", 50)
    of_ann = Choice(owner_id=ann.id)
    leads, total = list_owner_leads(database, ADMIN, of_ann, OwnerLeads.OPEN, False, TODAY, 1)
    assert (leads[0].lead_id, leads[0].amount, total) == (heavy.id, Decimal("90.00"), 2)
    leads, total = list_owner_leads(database, ADMIN, of_ann, OwnerLeads.OPEN, False, TODAY, 1, 1)
    assert (leads[0].lead_id, total) == (light.id, 2)
    nobodys, total = list_owner_leads(database, ADMIN, NO_CHOICE, OwnerLeads.OPEN, True, TODAY, 50)
    assert ([lead.owner for lead in nobodys], total) == ([""], 1)
    assert query(database, "SELECT count(*) FROM lead") == [(3,)]
