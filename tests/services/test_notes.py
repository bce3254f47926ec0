from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Conflict, Invalid, NotFound, NotPermitted
from crmplus.domain.lead import LONGEST_NOTE, Lead
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import close_lead
from crmplus.services.notes import add_note, change_note, list_notes, remove_note
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NASTY_TEXTS,
    NOW,
    VALUES,
    customer_with_lead,
    everything,
    orphans,
    person,
    phase,
    query,
    reason,
)

LATER = NOW + timedelta(hours=1)
NOBODY = UUID(int=0)


@pytest.fixture
def bakery(database: Database) -> tuple[Customer, Lead]:
    return customer_with_lead(database, "Bakery")


@pytest.fixture
def lead(bakery: tuple[Customer, Lead]) -> Lead:
    return bakery[1]


def told(database: Database) -> list[tuple[str, int, UUID]]:
    """What the history says of notes: action, version and whose card it is on."""
    sql = "SELECT action, version, customer_id FROM change_log WHERE entity = 'note' ORDER BY id"
    return query(database, sql)


def test_a_note_says_who_wrote_it_and_when_and_is_on_the_history_of_its_customer(
    database: Database, bakery: tuple[Customer, Lead]
) -> None:
    customer, lead = bakery
    ann = person(database)
    note = add_note(database, ann.seeing(EVERYTHING), lead.id, "  Two ovens\n\n  and a line  ", NOW)
    assert (note.author_id, note.written_at_utc, note.text) == (ann.id, NOW, "Two ovens\n\n  and a line")
    assert add_note(database, ADMIN, lead.id, "seen", LATER).author_id is None
    assert told(database) == [("note_made", 1, customer.id)] * 2
    assert orphans(database) == []


def test_notes_are_listed_newest_first(database: Database, lead: Lead) -> None:
    for minutes, text in ((5, "b"), (9, "a"), (0, "d"), (5, "c")):
        add_note(database, ADMIN, lead.id, text, NOW + timedelta(minutes=minutes))
    listed = [note.text for note in list_notes(database, ADMIN, lead.id)]
    assert listed in (list("abcd"), list("acbd")), "those of one moment in any order"
    assert listed == [note.text for note in list_notes(database, ADMIN, lead.id)]


def test_notes_of_another_lead_are_not_listed(database: Database, lead: Lead) -> None:
    add_note(database, ADMIN, lead.id, "ours", NOW)
    _, other = customer_with_lead(database, "Smithy")
    assert list_notes(database, ADMIN, other.id) == []


def test_the_same_form_sent_twice_writes_one_note(database: Database, lead: Lead) -> None:
    new = new_id()
    first = add_note(database, ADMIN, lead.id, "once", NOW, new)
    assert add_note(database, ADMIN, lead.id, "once", LATER, new) == first
    assert len(told(database)) == 1


def test_a_closed_lead_takes_notes_too(database: Database, lead: Lead) -> None:
    closed, why = phase(database, "LEAD-CLOSED").id, reason(database, "LOST").id
    close_lead(database, ADMIN, lead.id, lead.version, closed, why, VALUES, NOW)
    note = add_note(database, ADMIN, lead.id, "They chose their cousin", LATER)
    changed = change_note(database, ADMIN, note.id, 1, "They chose a cousin", LATER)
    assert list_notes(database, ADMIN, lead.id) == [changed]


def test_a_note_is_changed_and_keeps_its_author_and_moment(
    database: Database, bakery: tuple[Customer, Lead]
) -> None:
    customer, lead = bakery
    ann = person(database)
    note = add_note(database, ann.seeing(EVERYTHING), lead.id, "tow ovens", NOW)
    changed = change_note(database, ADMIN, note.id, 1, "two ovens", LATER)
    assert changed == replace(note, text="two ovens", version=2)
    assert told(database)[1:] == [("note_changed", 2, customer.id)]


def test_what_a_note_is_searched_by_follows_its_text(database: Database, lead: Lead) -> None:
    note = add_note(database, ADMIN, lead.id, "Café ÉÉN", NOW)
    assert query(database, "SELECT search_text FROM note") == [("cafe een",)]
    change_note(database, ADMIN, note.id, 1, "Kroeg", NOW)
    assert query(database, "SELECT search_text FROM note") == [("kroeg",)]


def test_a_note_removed_is_gone_and_the_history_keeps_what_it_said(
    database: Database, bakery: tuple[Customer, Lead]
) -> None:
    customer, lead = bakery
    note = add_note(database, ADMIN, lead.id, "never mind", NOW)
    remove_note(database, ADMIN, note.id, 1, LATER)
    assert list_notes(database, ADMIN, lead.id) == []
    assert told(database)[-1] == ("note_deleted", 2, customer.id)
    kept = query(database, "SELECT before_json FROM change_log WHERE action = 'note_deleted'")
    assert "never mind" in kept[0][0]


@pytest.mark.parametrize("what", ["change", "remove"])
def test_l6_of_two_who_saw_the_same_note_the_second_is_told_who_changed_it(
    database: Database, lead: Lead, what: str
) -> None:
    note = add_note(database, ADMIN, lead.id, "one", NOW)
    change_note(database, person(database).seeing(EVERYTHING), note.id, 1, "two", LATER)
    before = everything(database)
    with pytest.raises(Conflict) as conflict:
        if what == "change":
            change_note(database, ADMIN, note.id, 1, "three", LATER)
        else:
            remove_note(database, ADMIN, note.id, 1, LATER)
    assert conflict.value.actor_name == "Ann"
    assert [(c.field, c.before, c.after) for c in conflict.value.changes] == [("text", "one", "two")]
    assert everything(database) == before


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "x" * (LONGEST_NOTE + 1), "bell\x07"])
def test_a_note_that_says_nothing_or_too_much_is_refused(database: Database, lead: Lead, text: str) -> None:
    before = everything(database)
    with pytest.raises(Invalid) as wrong:
        add_note(database, ADMIN, lead.id, text, NOW)
    assert list(wrong.value.fields) == ["text"]
    assert everything(database) == before


def test_the_longest_note_is_kept_whole(database: Database, lead: Lead) -> None:
    text = ("日本 <b>*x*</b>\n" * LONGEST_NOTE)[:LONGEST_NOTE].strip()
    add_note(database, ADMIN, lead.id, text, NOW)
    assert list_notes(database, ADMIN, lead.id)[0].text == text


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_a_note_keeps_what_was_typed(database: Database, lead: Lead, text: str) -> None:
    note = add_note(database, ADMIN, lead.id, text, NOW)
    assert list_notes(database, ADMIN, lead.id) == [note]


def test_what_does_not_exist_is_said_so(database: Database, lead: Lead) -> None:
    note = add_note(database, ADMIN, lead.id, "gone", NOW)
    remove_note(database, ADMIN, note.id, 1, NOW)
    for gone in (note.id, NOBODY):
        with pytest.raises(NotFound):
            change_note(database, ADMIN, gone, 1, "x", NOW)
        with pytest.raises(NotFound):
            remove_note(database, ADMIN, gone, 1, NOW)
    with pytest.raises(NotFound):
        add_note(database, ADMIN, NOBODY, "x", NOW)


def test_a_viewer_reads_and_writes_nothing(database: Database, lead: Lead) -> None:
    note = add_note(database, ADMIN, lead.id, "to read", NOW)
    viewer = person(database, "Vic", "VI", Role.VIEWER).seeing(EVERYTHING)
    before = everything(database)
    assert list_notes(database, viewer, lead.id) == [note]
    for act in (
        lambda: add_note(database, viewer, lead.id, "x", NOW),
        lambda: change_note(database, viewer, note.id, 1, "x", NOW),
        lambda: remove_note(database, viewer, note.id, 1, NOW),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert everything(database) == before
