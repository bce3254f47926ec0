"""Contact persons of customers."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.contact_person import ContactPerson, ContactPersonDraft
from crmplus.domain.customer import search_key
from crmplus.services import rows
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import CONTACT_PERSON, CUSTOMER


def list_contact_persons(database: Database, actor: Actor, customer_id: UUID) -> list[ContactPerson]:
    """Those of a customer, by name. Raises: NotPermitted."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = CONTACT_PERSON.where(connection, customer_id=customer_id)
    return sorted(found, key=lambda person: (search_key(person.name), person.id))


def add_contact_person(
    database: Database,
    actor: Actor,
    customer_id: UUID,
    draft: ContactPersonDraft,
    at: datetime,
    new: UUID | None = None,
) -> ContactPerson:
    """`new` is the key the form chose when it opened: adding it twice adds it once.

    Raises: NotPermitted, NotFound, Invalid.
    """
    actor.require(Permission.WORK)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        if made := rows.made_before(connection, CONTACT_PERSON, new):
            return made
        customer = rows.load(connection, CUSTOMER, customer_id)
        person = ContactPerson(new or new_id(), customer.id, **rows.as_values(clean), version=1)
        return rows.make(connection, actor, at, CONTACT_PERSON, person, customer.id)


def change_contact_person(
    database: Database, actor: Actor, person_id: UUID, version: int, draft: ContactPersonDraft, at: datetime
) -> ContactPerson:
    """Raises: NotPermitted, NotFound, Invalid, Conflict (L6)."""
    actor.require(Permission.WORK)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, CONTACT_PERSON, person_id, version)
        after = replace(before, **rows.as_values(clean))
        return rows.change(connection, actor, at, CONTACT_PERSON, before, after, before.customer_id)


def remove_contact_person(
    database: Database, actor: Actor, person_id: UUID, version: int, at: datetime
) -> None:
    """They stay in the history. Raises: NotPermitted, NotFound, Conflict (L6)."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        person = rows.load(connection, CONTACT_PERSON, person_id, version)
        rows.delete(connection, actor, at, CONTACT_PERSON, person, person.customer_id)
