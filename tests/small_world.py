"""A few customers whose leads stand everywhere a lead can stand, for tests that look at screens."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from crmplus.domain.actor import Role
from crmplus.domain.lead import Lead
from crmplus.services.leads import close_lead, complete_phase, reopen_lead, start_lead
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, VALUES, customer, customer_with_lead, person, phase, reason


def make_small_world(path: Path) -> None:
    """Fill a starter with six customers, by number: 1 with two open leads, 2 won, 3 lost to a
    competitor, 4 reopened, 5 without a funnel, 6 not active; and with Ann, Mia and Vic."""
    database = Database.open(path)
    ann = person(database, "Ann", "AN")
    person(database, "Mia", "MI", Role.MANAGER)
    person(database, "Vic", "VI", Role.VIEWER)

    bakery, lead = customer_with_lead(database, "Bakery", owner_id=ann.id, city="Utrecht")
    _complete(database, lead)
    start_lead(database, ADMIN, bakery.id, NOW, "Oven line")

    _, lead = customer_with_lead(database, "Smithy", owner_id=ann.id)
    for days in range(4):
        lead = _complete(database, lead, days)
    _close(database, lead, "WON")

    _, lead = customer_with_lead(database, "Fishery")
    _close(database, _complete(database, lead), "COMPETITOR")

    _, lead = customer_with_lead(database, "Dairy")
    lead = _close(database, lead, "LOST")
    at, meeting = NOW + timedelta(days=9), phase(database, "LEAD-MEETING").id
    reopen_lead(database, ADMIN, lead.id, lead.version, meeting, at)

    customer(database, "Depot", "CUSTOMER")
    customer(database, "Attic", "CUSTOMER", is_active=False)
    database.close()


def _complete(database: Database, lead: Lead, days: int = 0) -> Lead:
    values = replace(VALUES, score=60, expected_value=Decimal("12000.00"))
    at = NOW + timedelta(days=days, hours=1)
    return complete_phase(database, ADMIN, lead.id, lead.version, values, at)


def _close(database: Database, lead: Lead, code: str) -> Lead:
    closed, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    at = NOW + timedelta(days=5)
    return close_lead(database, ADMIN, lead.id, lead.version, closed, why, VALUES, at)
