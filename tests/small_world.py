"""A few customers whose leads stand everywhere a lead can stand, for tests that look at screens."""

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

from crmplus.domain.actor import Role
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.saved_view import SavedViewDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.contact_persons import add_contact_person
from crmplus.services.customers import get_customer
from crmplus.services.leads import close_lead, complete_phase, list_leads_of_customer, reopen_lead, start_lead
from crmplus.services.next_steps import add_next_step, change_next_step, finish_next_step
from crmplus.services.notes import add_note, change_note
from crmplus.services.people import list_people
from crmplus.services.saved_views import save_view
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


def plan_small_world(database: Database) -> None:
    """Work on the small world for a day: the Bakery's first lead has a step that is done, one that was due
    yesterday and one due today at 14:00, and a note; the Smithy's won lead a note, and the Bakery a
    contact person; Ann shares a view of the overdue ones. Days are those of `NOW`."""
    ann = next(found for found in list_people(database, ADMIN) if found.name == "Ann").seeing(EVERYTHING)
    today = NOW.date()
    bakery = get_customer(database, ADMIN, "C-00001")
    lead = next(each for each in list_leads_of_customer(database, ADMIN, bakery.id) if not each.title)
    plans = [
        NextStepDraft("Send the brochure", today - timedelta(days=3)),
        NextStepDraft("Call about the oven", today - timedelta(days=2)),
        NextStepDraft("Visit", today, time(14, 0)),
    ]
    sent, called, _ = [add_next_step(database, ann, lead.id, plan, NOW) for plan in plans]
    later = replace(plans[1], due_date=today - timedelta(days=1))
    finish_next_step(database, ann, sent.id, sent.version, NOW + timedelta(minutes=1))
    change_next_step(database, ADMIN, called.id, called.version, later, NOW + timedelta(minutes=2))

    note = add_note(database, ann, lead.id, "They bake at night.", NOW + timedelta(minutes=3))
    text = "They bake at night.\nCall after ten."
    change_note(database, ann, note.id, note.version, text, NOW + timedelta(minutes=4))
    (won,) = list_leads_of_customer(database, ADMIN, get_customer(database, ADMIN, "C-00002").id)
    add_note(database, ADMIN, won.id, "Paid at once.", NOW + timedelta(days=6))

    baker = ContactPersonDraft("Jan Bakker", "Head baker", "+31 00 555 1234", "jan@bakery.example")
    add_contact_person(database, ann, bakery.id, baker, NOW + timedelta(minutes=5))
    view = SavedViewDraft("Overdue", "leads", "attention=overdue&owner=all", is_shared=True)
    save_view(database, ann, view, NOW)


def _complete(database: Database, lead: Lead, days: int = 0) -> Lead:
    values = replace(VALUES, score=60, expected_value=Decimal("12000.00"))
    at = NOW + timedelta(days=days, hours=1)
    return complete_phase(database, ADMIN, lead.id, lead.version, values, at)


def _close(database: Database, lead: Lead, code: str) -> Lead:
    closed, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    at = NOW + timedelta(days=5)
    return close_lead(database, ADMIN, lead.id, lead.version, closed, why, VALUES, at)
