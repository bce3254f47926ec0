"""A day in a rep's life: each lead is afterwards as the rep meant it, and its history says so."""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page

from crmplus.domain.customer import Customer
from crmplus.services.contact_persons import list_contact_persons
from crmplus.services.customers import CustomerQuery, get_customer, list_changes_of_customer, list_customers
from crmplus.services.leads import LeadCard, get_lead_card, list_leads_of_customer
from crmplus.services.next_steps import list_next_steps
from crmplus.services.notes import list_notes
from crmplus.store.database import Database
from tests.browser.conftest import NewPage
from tests.browser.driver import PHONE, serve
from tests.browser.rep_day import ASKED, CUSTOMERS, DUE, NEW, NOTE, RepDay, make_day
from tests.world import ADMIN, phase, reason

_PLANNED_ON = {"next_step_done", "next_step_made"}
_ADDED = {"lead_started", "lead_saved", "next_step_made"}
DEEDS = {
    "Alder Bakery": _PLANNED_ON,
    "Birch Dairy": _PLANNED_ON | {"contact_person_made"},
    "Cedar Metal": _PLANNED_ON,
    "Dogwood Care": _PLANNED_ON,
    "Elder Textiles": {"next_step_changed"},
    "Fir Logistics": {"note_made", "phase_completed"},
    "Ginkgo Hotel": {"phase_completed"},
    "Hazel Paper": {"phase_completed"},
    "Iris Glass": {"phase_completed"},
    "Juniper Foods": {"lead_moved"},
    "Kapok Print": {"lead_moved"},
    "Larch Timber": {"lead_closed"},
    "Maple Motors": {"lead_closed"},
    "Nettle Tea": {"lead_saved"},
    "Oak Furniture": {"lead_saved"},
    "Pine Tools": {"lead_saved", "next_step_made"},
    "Quince Jams": {"lead_described", "next_step_made"},
    "Rowan Optics": {"lead_described", "next_step_made"},
    ASKED: _ADDED,
    NEW: _ADDED | {"customer_made"},
}
"""What the history of the day says of each customer's lead, in the words of the change log."""


@dataclass(frozen=True, slots=True)
class Left:
    """What the day left of a customer: the lead that was touched last, and the day's history."""

    customer: Customer
    card: LeadCard
    lead_count: int
    steps: tuple[str, ...]
    notes: tuple[str, ...]
    persons: tuple[str, ...]
    deeds: frozenset[str]


def begun(starter_file: Path, tmp_path: Path) -> tuple[Path, datetime]:
    """A workspace before the day, and the moment it begins."""
    path = Path(shutil.copy(starter_file, tmp_path / "day.duckdb"))
    database = Database.open(path)
    make_day(database)
    database.close()
    return path, datetime.now(UTC)


def look(database: Database, since: datetime) -> dict[str, Left]:
    rows, _total = list_customers(database, ADMIN, CustomerQuery(), 50)
    return {row.name: _left(database, get_customer(database, ADMIN, row.number), since) for row in rows}


def _left(database: Database, customer: Customer, since: datetime) -> Left:
    leads = list_leads_of_customer(database, ADMIN, customer.id)
    lead = max(leads, key=lambda lead: lead.opened_at_utc)
    changes, _total = list_changes_of_customer(database, ADMIN, customer.id, 100)
    return Left(
        customer=customer,
        card=get_lead_card(database, ADMIN, lead.id),
        lead_count=len(leads),
        steps=tuple(step.description for step in list_next_steps(database, ADMIN, lead.id)),
        notes=tuple(note.text for note in list_notes(database, ADMIN, lead.id)),
        persons=tuple(each.name for each in list_contact_persons(database, ADMIN, customer.id)),
        deeds=frozenset(change.action for change in changes if change.at_utc >= since),
    )


def test_a_day_of_twenty_leads_leaves_what_the_rep_meant(
    page: Page, starter_file: Path, tmp_path: Path
) -> None:
    path, since = begun(starter_file, tmp_path)
    with serve(path) as address:
        day = RepDay(page, address)
        day.play()
    assert all(taken.clicks + taken.keys for taken in day.hands.taken)
    database = Database.open(path)
    left = look(database, since)
    assert {name: left[name].deeds for name in left} == DEEDS
    assert set(DEEDS) == set(CUSTOMERS)
    assert len(DEEDS) == 20

    def of(code: str) -> set[str]:
        return {name for name in left if left[name].card.phase == phase(database, code)}

    assert of("LEAD-MEETING") == {"Fir Logistics", "Ginkgo Hotel", "Hazel Paper", "Iris Glass"}
    assert of("LEAD-CALC") == {"Juniper Foods"}
    assert of("LEAD-CLOSED") == {"Larch Timber", "Maple Motors"}
    for name, code in (("Larch Timber", "WON"), ("Maple Motors", "COMPETITOR")):
        assert left[name].card.lead.closing_reason_id == reason(database, code).id
    for name in DUE[:4]:
        assert left[name].steps == (f"Visit {name}",)
    assert left["Elder Textiles"].steps == ("Call Elder Textiles",)
    assert left["Fir Logistics"].notes == (NOTE,)
    assert left["Fir Logistics"].card.values.expected_value == Decimal("4200.00")
    assert left["Nettle Tea"].card.values.expected_value == Decimal("7500.00")
    assert left["Oak Furniture"].card.values.score == 65
    assert left["Pine Tools"].card.values.expected_close_date == date(2027, 6, 6)
    for name in ("Pine Tools", "Quince Jams", "Rowan Optics"):
        assert "Send the spring offer" in left[name].steps
    assert {name for name in left if left[name].card.lead.owner_id is None} == {"Quince Jams", "Rowan Optics"}
    for name, value, step in ((NEW, 2500, "Call about the slicer"), (ASKED, 900, "Send a sample")):
        assert (left[name].card.values.expected_value, left[name].steps) == (Decimal(value), (step,))
    assert {name for name in left if left[name].lead_count == 2} == {ASKED}
    assert left["Birch Dairy"].persons == ("Kim Visser",)
    database.close()


def test_a_shorter_day_with_a_thumb_leaves_what_the_rep_meant(
    new_page: NewPage, starter_file: Path, tmp_path: Path
) -> None:
    path, since = begun(starter_file, tmp_path)
    with serve(path) as address:
        page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
        day = RepDay(page, address, is_touch=True)
        day.play_on_the_road()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    database = Database.open(path)
    left = look(database, since)
    touched = {*DUE[:2], "Elder Textiles", "Fir Logistics", "Ginkgo Hotel", "Maple Motors", "Nettle Tea", NEW}
    assert {name: left[name].deeds for name in left if left[name].deeds} == {n: DEEDS[n] for n in touched}
    for name in DUE[:2]:
        assert left[name].steps == (f"Visit {name}",)
    assert left["Fir Logistics"].notes == (NOTE,)
    assert left["Fir Logistics"].card.values.expected_value == Decimal("4200.00")
    meeting = phase(database, "LEAD-MEETING")
    assert {name for name in touched if left[name].card.phase == meeting} == {"Fir Logistics", "Ginkgo Hotel"}
    assert left["Maple Motors"].card.lead.closing_reason_id == reason(database, "COMPETITOR").id
    assert left["Nettle Tea"].card.values.expected_value == Decimal("7500.00")
    assert left[NEW].steps == ("Call about the slicer",)
    assert left["Birch Dairy"].persons == ("Kim Visser",)
    database.close()
