"""People: those who own leads and customers, and whom one can work as."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Invalid
from crmplus.domain.message import say
from crmplus.domain.person import Person, PersonDraft
from crmplus.services import rows, settings
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import PERSON


def list_people(database: Database, actor: Actor, *, with_archived: bool = False) -> list[Person]:
    """By name."""
    found = settings.listed(database, actor, PERSON, with_archived=with_archived)
    return sorted(found, key=lambda p: (p.name.casefold(), p.initials))


def add_person(
    database: Database, actor: Actor, draft: PersonDraft, at: datetime, new: UUID | None = None
) -> Person:
    """Raises: NotPermitted, Invalid."""
    actor.require(Permission.ADMINISTER)
    clean = draft.checked()
    with database.transaction() as connection:
        row = Person(new or new_id(), **rows.as_values(clean), archived_at_utc=None, version=1)
        if made := PERSON.get(connection, row.id):
            return made
        _require_free_initials(connection, row)
        return rows.make(connection, actor, at, PERSON, row)


def change_person(
    database: Database, actor: Actor, person_id: UUID, version: int, draft: PersonDraft, at: datetime
) -> Person:
    """Raises: NotPermitted, Invalid, Conflict."""
    actor.require(Permission.ADMINISTER)
    clean = draft.checked()
    with database.transaction() as connection:
        before = rows.load(connection, PERSON, person_id, version)
        after = replace(before, **rows.as_values(clean))
        _require_free_initials(connection, after)
        return rows.change(connection, actor, at, PERSON, before, after)


def archive_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> Person:
    """What they own stays theirs. Raises: NotPermitted, Conflict."""
    actor.require(Permission.ADMINISTER)
    with database.transaction() as connection:
        row = rows.load(connection, PERSON, person_id, version)
        return settings.archive(connection, actor, at, PERSON, row)


def restore_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> Person:
    """Raises: NotPermitted, Conflict."""
    actor.require(Permission.ADMINISTER)
    with database.transaction() as connection:
        row = rows.load(connection, PERSON, person_id, version)
        _require_free_initials(connection, row)
        return settings.restore(connection, actor, at, PERSON, row)


def delete_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> None:
    """Raises: NotPermitted, Conflict, Refused where they ever owned or changed anything (A5)."""
    actor.require(Permission.ADMINISTER)
    with database.transaction() as connection:
        row = rows.load(connection, PERSON, person_id, version)
        settings.require_never_used(connection, PERSON, row)
        rows.delete(connection, actor, at, PERSON, row)


def _require_free_initials(connection: Connection, row: Person) -> None:
    """Raises: Invalid where somebody else in use has these initials: a board tells owners by them."""
    for other in PERSON.where(connection, initials=row.initials):
        if other.id != row.id and other.archived_at_utc is None:
            raise Invalid(
                {"initials": say("{name} has these initials already. Use others.", name=other.name)}
            )
