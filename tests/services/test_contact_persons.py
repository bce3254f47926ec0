"""Contact persons of a customer: kept with their versions and their history."""

from datetime import timedelta

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Conflict, FieldChange, Invalid, NotFound, NotPermitted
from crmplus.domain.sight import EVERYTHING
from crmplus.services.contact_persons import (
    add_contact_person,
    change_contact_person,
    list_contact_persons,
    remove_contact_person,
)
from crmplus.services.customers import list_changes_of_customer
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import ADMIN, NASTY_TEXTS, NOW, customer, everything, logged, orphans, query

LATER = NOW + timedelta(hours=1)
JAN = ContactPersonDraft("Jan de Vries", "buyer", "+31 20 123", "jan@example.com")
VIEWER = Actor(None, "Vic", Role.VIEWER, EVERYTHING)
REP = Actor(None, "Ann", Role.REP, EVERYTHING)


@pytest.fixture
def bakery(database: Database) -> Customer:
    return customer(database, "Bakery")


def test_persons_are_listed_by_name_whatever_its_case_and_of_their_customer_only(
    database: Database, bakery: Customer
) -> None:
    smithy = customer(database, "Smithy")
    for name in ("Zoë", "élise", "Bob"):
        add_contact_person(database, REP, bakery.id, ContactPersonDraft(name), NOW)
    add_contact_person(database, REP, smithy.id, ContactPersonDraft("Anna"), NOW)
    assert [p.name for p in list_contact_persons(database, VIEWER, bakery.id)] == ["Bob", "élise", "Zoë"]
    assert orphans(database) == []


def test_a_person_is_made_changed_and_removed_with_its_history_on_the_customer(
    database: Database, bakery: Customer
) -> None:
    before = len(logged(database))
    made = add_contact_person(database, ADMIN, bakery.id, JAN, NOW)
    changed = change_contact_person(
        database, ADMIN, made.id, 1, ContactPersonDraft("Jan de Vries", "owner"), LATER
    )
    assert (changed.job_title, changed.phone, changed.version) == ("owner", "", 2)
    remove_contact_person(database, ADMIN, made.id, 2, LATER)
    assert list_contact_persons(database, ADMIN, bakery.id) == []
    assert logged(database)[before:] == [
        ("contact_person_made", 1),
        ("contact_person_changed", 2),
        ("contact_person_deleted", 3),
    ]
    changes, _total = list_changes_of_customer(database, ADMIN, bakery.id, 3)
    assert changes[1].before == {"job_title": "buyer", "phone": "+31 20 123", "email": "jan@example.com"}
    assert changes[0].before["name"] == "Jan de Vries"


def test_adding_a_person_twice_adds_it_once(database: Database, bakery: Customer) -> None:
    key = new_id()
    first = add_contact_person(database, ADMIN, bakery.id, JAN, NOW, key)
    assert add_contact_person(database, ADMIN, bakery.id, JAN, LATER, key) == first
    assert len(list_contact_persons(database, ADMIN, bakery.id)) == 1


def test_saving_the_same_again_changes_nothing(database: Database, bakery: Customer) -> None:
    made = add_contact_person(database, ADMIN, bakery.id, JAN, NOW)
    before = everything(database)
    assert change_contact_person(database, ADMIN, made.id, 1, JAN, LATER) == made
    assert everything(database) == before


def test_what_was_saved_in_between_is_never_overwritten(database: Database, bakery: Customer) -> None:
    made = add_contact_person(database, ADMIN, bakery.id, JAN, NOW)
    change_contact_person(database, REP, made.id, 1, ContactPersonDraft("Johan"), LATER)
    before = everything(database)
    with pytest.raises(Conflict) as change:
        change_contact_person(database, ADMIN, made.id, 1, JAN, LATER)
    assert change.value.version == 2
    assert FieldChange("name", "Jan de Vries", "Johan") in change.value.changes
    with pytest.raises(Conflict):
        remove_contact_person(database, ADMIN, made.id, 1, LATER)
    assert everything(database) == before


@pytest.mark.parametrize(
    "draft, field",
    [
        (ContactPersonDraft(" "), "name"),
        (ContactPersonDraft("\u200b"), "name"),
        (ContactPersonDraft("x" * 201), "name"),
        (ContactPersonDraft("Jan", job_title="x" * 101), "job_title"),
        (ContactPersonDraft("Jan", phone="1" * 51), "phone"),
        (ContactPersonDraft("Jan", phone="1\x002"), "phone"),
        (ContactPersonDraft("Jan", email="javascript:alert(1)"), "email"),
        (ContactPersonDraft("Jan", email="jan@example.com, eve@example.com"), "email"),
        (ContactPersonDraft("Jan", email="jan@example.com\nbcc:eve@example.com"), "email"),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_writes_nothing(
    database: Database, bakery: Customer, draft: ContactPersonDraft, field: str
) -> None:
    made = add_contact_person(database, ADMIN, bakery.id, JAN, NOW)
    before = everything(database)
    with pytest.raises(Invalid) as adding:
        add_contact_person(database, ADMIN, bakery.id, draft, NOW)
    with pytest.raises(Invalid) as changing:
        change_contact_person(database, ADMIN, made.id, 1, draft, NOW)
    assert set(adding.value.fields) == set(changing.value.fields) == {field}
    assert everything(database) == before


def test_names_are_kept_as_typed_and_found_without_case_and_accents(
    database: Database, bakery: Customer
) -> None:
    for text in NASTY_TEXTS:
        add_contact_person(database, ADMIN, bakery.id, ContactPersonDraft(f"x {text}"), NOW)
    names = {p.name for p in list_contact_persons(database, ADMIN, bakery.id)}
    assert "x '; DROP TABLE lead --" in names
    assert "x é" in names
    ((found,),) = query(
        database, "SELECT count(*) FROM contact_person WHERE contains(search_text, $key)", key="x e"
    )
    assert found == 1


def test_a_viewer_looks_on(database: Database, bakery: Customer) -> None:
    made = add_contact_person(database, ADMIN, bakery.id, JAN, NOW)
    assert list_contact_persons(database, VIEWER, bakery.id) == [made]
    before = everything(database)
    with pytest.raises(NotPermitted):
        add_contact_person(database, VIEWER, bakery.id, JAN, NOW)
    with pytest.raises(NotPermitted):
        change_contact_person(database, VIEWER, made.id, 1, JAN, NOW)
    with pytest.raises(NotPermitted):
        remove_contact_person(database, VIEWER, made.id, 1, NOW)
    assert everything(database) == before


def test_nobody_is_added_to_a_customer_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound):
        add_contact_person(database, ADMIN, new_id(), JAN, NOW)
    with pytest.raises(NotFound):
        change_contact_person(database, ADMIN, new_id(), 1, JAN, NOW)
    with pytest.raises(NotFound):
        remove_contact_person(database, ADMIN, new_id(), 1, NOW)
