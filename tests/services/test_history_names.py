"""What lines of a history are about: the words as they were then, whatever became of them since."""

from collections.abc import Callable
from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.contact_persons import add_contact_person, change_contact_person, remove_contact_person
from crmplus.services.customers import list_changes_of_customer
from crmplus.services.history_names import Subject, list_subjects
from crmplus.services.leads import start_lead
from crmplus.services.next_steps import (
    add_next_step,
    change_next_step,
    finish_next_step,
    remove_next_step,
    reopen_next_step,
)
from crmplus.services.notes import add_note, change_note, remove_note
from crmplus.store.database import Database
from tests.world import ADMIN, NASTY_TEXTS, NOW, customer, customer_with_lead

DAY = date(2026, 3, 5)


def told(database: Database, lead: Lead) -> list[tuple[str, Subject]]:
    """Each line about something beside the lead, oldest first, with what it is about."""
    changes, _total = list_changes_of_customer(database, ADMIN, lead.customer_id, 100)
    subjects = list_subjects(database, ADMIN, lead.customer_id)
    return [
        (change.action, subjects[change.entity_id, change.version])
        for change in reversed(changes)
        if (change.entity_id, change.version) in subjects
    ]


def test_a_step_is_called_in_each_line_as_it_was_called_then(database: Database) -> None:
    _, lead = customer_with_lead(database)
    step = add_next_step(database, ADMIN, lead.id, NextStepDraft("Call", DAY, time(9, 30)), NOW)
    at = [NOW + timedelta(minutes=minutes) for minutes in range(1, 6)]
    step = change_next_step(database, ADMIN, step.id, step.version, NextStepDraft("Call Jan", DAY), at[0])
    step = finish_next_step(database, ADMIN, step.id, step.version, at[1])
    step = reopen_next_step(database, ADMIN, step.id, step.version, at[2])
    remove_next_step(database, ADMIN, step.id, step.version, at[3])
    later = Subject("Call Jan", lead.id, DAY)
    assert told(database, lead) == [
        ("next_step_made", Subject("Call", lead.id, DAY, time(9, 30))),
        ("next_step_changed", later),
        ("next_step_done", later),
        ("next_step_reopened", later),
        ("next_step_deleted", later),
    ]


def test_notes_are_of_their_lead_and_contact_persons_of_the_customer(database: Database) -> None:
    made, lead = customer_with_lead(database)
    other = start_lead(database, ADMIN, made.id, NOW)
    note = add_note(database, ADMIN, other.id, "a", NOW)
    note = change_note(database, ADMIN, note.id, note.version, "b", NOW)
    remove_note(database, ADMIN, note.id, note.version, NOW)
    jan = add_contact_person(database, ADMIN, made.id, ContactPersonDraft("Jan", phone="1"), NOW)
    jan = change_contact_person(database, ADMIN, jan.id, jan.version, ContactPersonDraft("Jo"), NOW)
    remove_contact_person(database, ADMIN, jan.id, jan.version, NOW)
    assert told(database, lead) == [
        ("note_made", Subject("a", other.id)),
        ("note_changed", Subject("b", other.id)),
        ("note_deleted", Subject("b", other.id)),
        ("contact_person_made", Subject("Jan")),
        ("contact_person_changed", Subject("Jo")),
        ("contact_person_deleted", Subject("Jo")),
    ]


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_any_text_is_told_as_it_was_typed(database: Database, text: str) -> None:
    _, lead = customer_with_lead(database)
    note = add_note(database, ADMIN, lead.id, text, NOW)
    assert told(database, lead) == [("note_made", Subject(note.text, lead.id))]


def test_a_customer_has_nothing_of_another_and_the_lines_of_leads_name_themselves(database: Database) -> None:
    _, lead = customer_with_lead(database)
    add_note(database, ADMIN, lead.id, "a", NOW)
    other = customer(database, "Other")
    assert list_subjects(database, ADMIN, other.id) == {}
    assert list_subjects(database, ADMIN, uuid4()) == {}
    assert len(list_subjects(database, ADMIN, lead.customer_id)) == 1


@pytest.mark.parametrize("role", Role)
def test_everybody_may_read_it(database: Database, role: Role) -> None:
    _, lead = customer_with_lead(database)
    look: Callable[..., object] = list_subjects
    assert look(database, Actor(None, "x", role, EVERYTHING), lead.customer_id) == {}
