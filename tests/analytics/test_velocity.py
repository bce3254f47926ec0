"""Velocity (M6): what open leads can be expected to bring in a day."""

from decimal import Decimal

import pytest

from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import ClosingFigures, OutcomeFigures, measure_closings
from crmplus.analytics.velocity import Velocity, list_open_leads, measure_velocity
from crmplus.store.database import Database
from tests.analytics.test_reasons import close, closed
from tests.world import ADMIN, account_type, customer_with_lead, person

D = Decimal
ALL = Choice()


def measure(database: Database, chosen: Choice = ALL) -> Velocity:
    return measure_velocity(database, ADMIN, chosen, measure_closings(database, ADMIN, chosen).total)


def test_the_worked_example_of_m6(database: Database) -> None:
    closed(database, "WON", value=6_000, day=10)
    closed(database, "WON", value=2_000, day=30)
    closed(database, "WON", day=20)
    closed(database, "LOST", value=9_000)
    for _number in range(8):
        customer_with_lead(database)
    velocity = measure(database)
    assert velocity == Velocity(8, D("0.75"), D(4_000), D(20))
    assert velocity.per_day == D(1_200)


@pytest.mark.parametrize(
    "won",
    [
        OutcomeFigures(),
        OutcomeFigures(2, D(0), 2, D(0), 60),
        OutcomeFigures(2, D(100), 0, D(0), 0),
    ],
    ids=["nothing was won", "no lead won has a value", "won on the day of opening"],
)
def test_there_is_no_velocity_where_a_part_is_missing(database: Database, won: OutcomeFigures) -> None:
    assert measure_velocity(database, ADMIN, ALL, ClosingFigures(won)).per_day is None


def test_without_open_leads_nothing_comes_in(database: Database) -> None:
    closed(database, "WON", value=100)
    assert measure(database).per_day == D(0)
    assert list_open_leads(database, ADMIN, ALL, 9) == ([], 0)


def test_open_leads_are_those_of_the_owner_and_account_type_whatever_the_period(database: Database) -> None:
    ann = person(database)
    _customer, hers = customer_with_lead(database, owner_id=ann.id)
    _customer, other = customer_with_lead(database)
    ended = close(database, customer_with_lead(database)[1], "WON", 5)
    assert measure(database).open_count == 2
    assert measure(database, Choice(owner_id=ann.id)).open_count == 1
    assert measure(database, Choice(account_type(database, "PROSPECT").id)).open_count == 0
    leads, total = list_open_leads(database, ADMIN, Choice(owner_id=ann.id), 9)
    assert ([lead.lead_id for lead in leads], total) == ([hers.id], 1)
    leads, total = list_open_leads(database, ADMIN, ALL, 1)
    assert len(leads) == 1 and total == 2
    assert {lead.lead_id for lead in list_open_leads(database, ADMIN, ALL, 9)[0]} == {hers.id, other.id}
    assert ended.id not in {hers.id, other.id}
