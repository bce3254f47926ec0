"""Sight on the screen: on no page is a word of what somebody does not see."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crmplus.domain.actor import PERMISSIONS, Role
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.sight import Reach
from crmplus.services.contact_persons import add_contact_person
from crmplus.services.customers import CustomerQuery, list_customers
from crmplus.services.leads import close_lead, describe_lead, save_lead, start_lead
from crmplus.services.next_steps import add_next_step
from crmplus.services.notes import add_note
from crmplus.services.people import list_people
from crmplus.services.setup import default_workspace
from crmplus.services.workspace import change_workspace, find_workspace
from crmplus.store.database import the_database
from docs.make_roles import page_permissions
from tests.pages.visit import Visit, seen
from tests.world import ADMIN, NOW, VALUES, customer, customer_with_lead, person, phase, reason

MARK = "Zebrafish"
PAGES = dict(page_permissions())
NAMES = {Role.REP: "Ann", Role.MANAGER: "Mia", Role.VIEWER: "Vic"}


@pytest.fixture
def narrow(small: Visit) -> Visit:
    """The small world, in which everybody sees their own, and a customer of Bob, full of marks."""
    small("customers")
    database = the_database()
    workspace = find_workspace(database)
    assert workspace
    own = {f"{role}_sees": Reach.OWN for role in NAMES}
    draft = replace(default_workspace("en", "Europe/Amsterdam"), **own)  # type: ignore[arg-type]
    change_workspace(database, ADMIN, workspace.version, draft, NOW)
    bob = person(database, "Bob", "BO")
    bobs, lead = customer_with_lead(database, f"{MARK} Ltd", owner_id=bob.id, city=MARK)
    lead = describe_lead(database, ADMIN, lead.id, lead.version, MARK, bob.id, NOW)
    save_lead(database, ADMIN, lead.id, lead.version, VALUES, NOW)
    add_next_step(database, ADMIN, lead.id, NextStepDraft(MARK, NOW.date()), NOW)
    add_note(database, ADMIN, lead.id, MARK, NOW)
    add_contact_person(database, ADMIN, bobs.id, ContactPersonDraft(MARK), NOW)
    lost = start_lead(database, ADMIN, bobs.id, NOW, MARK)
    ids = phase(database, "LEAD-CLOSED").id, reason(database, "LOST").id
    close_lead(database, ADMIN, lost.id, lost.version, *ids, VALUES, NOW + timedelta(days=1))
    return small


@pytest.mark.parametrize(
    ("role", "page"),
    [(role, page) for role in NAMES for page, asks in PAGES.items() if asks in PERMISSIONS[role]],
)
def test_no_page_has_a_word_of_what_lies_out_of_sight(narrow: Visit, role: Role, page: str) -> None:
    number = next(
        row.number
        for row in list_customers(the_database(), ADMIN, CustomerQuery(), 50)[0]
        if MARK in row.name
    )
    at = narrow(page, working_as=NAMES[role], customer=number, view="list")
    assert not at.exception
    assert MARK not in everything_sent(at)


@pytest.mark.parametrize("page", ["customers", "leads", "customer"])
@pytest.mark.parametrize("view", ["board", "list"])
def test_the_mark_is_there_for_who_sees_everything(narrow: Visit, page: str, view: str) -> None:
    assert MARK in everything_sent(narrow(page, customer="C-00007", view=view))


def everything_sent(at: Any) -> str:
    """All that the run sent to the browser, as the protocol writes it."""
    return "\n".join(str(element.proto) for element in walked(at._tree))


def walked(block: Any) -> Any:
    for element in block.children.values():
        if hasattr(element, "proto"):
            yield element
        if hasattr(element, "children"):
            yield from walked(element)


def test_targets_list_only_owners_in_sight(narrow: Visit) -> None:
    words = seen(narrow("targets", working_as="Mia"))
    assert "Mia" in words
    assert "Bob" not in words
    assert "Bob" in seen(narrow("targets"))


def test_a_manager_who_sees_a_part_is_told_who_can_archive_a_phase(narrow: Visit) -> None:
    row = phase(the_database(), "LEAD-QUOTE")
    at = narrow("lead_phases", working_as="Mia")
    at.menu_button(key=f"menu-phase-{row.id}").click("archive").run()
    assert not at.exception
    assert "Ask somebody who sees everything" in " ".join(box.value for box in at.warning)
    assert "phase-archive-now" not in {button.key for button in at.button}


def test_a_lead_at_a_customer_of_somebody_out_of_sight_is_proposed_as_ones_own(narrow: Visit) -> None:
    database = the_database()
    ann = next(p for p in list_people(database, ADMIN) if p.name == "Ann")
    bobs = next(row for row in list_customers(database, ADMIN, CustomerQuery(), 50)[0] if MARK in row.name)
    lead = start_lead(database, ADMIN, bobs.id, NOW)
    describe_lead(database, ADMIN, lead.id, lead.version, "Hers", ann.id, NOW)
    at = narrow("customer", working_as="Ann", customer=bobs.number)
    next(button for button in at.button if "New lead" in button.label).click().run()
    assert not at.exception
    assert at.selectbox(key=f"new-lead-{bobs.id}-owner").value == ann.id


@pytest.mark.parametrize("owner", ["nobody", "Bob"])
def test_a_card_whose_customer_went_out_of_sight_is_left_and_that_is_said(narrow: Visit, owner: str) -> None:
    database = the_database()
    ann = next(p for p in list_people(database, ADMIN) if p.name == "Ann")
    made = customer(database, "Mill", "CUSTOMER", owner_id=ann.id)
    at = narrow("customer", working_as="Ann", customer=made.number)
    at.selectbox(key=f"customer-{made.id}-owner_id").select(owner).run()
    at.button(key=f"customer-{made.id}-save").click().run()
    assert not at.exception and not at.error
    assert (at.title[0].value, at.toast[0].value) == ("Customers", "Saved, and out of your sight now")


def test_a_manager_who_sees_a_part_is_told_that_other_leads_follow_an_outcome_too(narrow: Visit) -> None:
    row = reason(the_database(), "LOST")
    at = narrow("closing_reasons", working_as="Mia")
    at.menu_button(key=f"menu-closing-reason-{row.id}").click("edit").run()
    assert not at.exception
    assert any("see follow its outcome too" in caption.value for caption in at.caption)
