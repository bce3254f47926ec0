"""People: those who own leads and customers, and whom one can work as."""

from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Invalid
from crmplus.domain.message import Message, say
from crmplus.domain.person import Person, PersonDraft
from crmplus.services.settings import Kind
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PERSON


def list_people(database: Database, actor: Actor, *, with_archived: bool = False) -> list[Person]:
    """By name."""
    found = _KIND.listed(database, actor, with_archived=with_archived)
    return sorted(found, key=lambda p: (p.name.casefold(), p.initials))


def add_person(
    database: Database, actor: Actor, draft: PersonDraft, at: datetime, new: UUID | None = None
) -> Person:
    """Raises: NotPermitted, Invalid."""
    return _KIND.add(database, actor, draft, at, new)


def change_person(
    database: Database, actor: Actor, person_id: UUID, version: int, draft: PersonDraft, at: datetime
) -> Person:
    """Raises: NotPermitted, Invalid, Conflict."""
    return _KIND.change(database, actor, person_id, version, draft, at)


def archive_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> Person:
    """What they own stays theirs. Raises: NotPermitted, Conflict."""
    return _KIND.archive(database, actor, person_id, version, at)


def restore_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> Person:
    """Raises: NotPermitted, Conflict, Invalid where somebody has their initials by now."""
    return _KIND.restore(database, actor, person_id, version, at)


def delete_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> None:
    """Raises: NotPermitted, Conflict, Refused where they ever owned or changed anything (A5)."""
    _KIND.delete(database, actor, person_id, version, at)


def _require_alone(connection: Connection, before: Person | None, after: Person) -> None:
    """Raises: Invalid where somebody else in use has these initials, which a board tells owners by, or
    this e-mail address, which one signs in with."""
    if after.archived_at_utc:
        return
    wrong: dict[str, Message] = {}
    for other in PERSON.where(connection):
        if other.id == after.id or other.archived_at_utc:
            continue
        if other.initials == after.initials:
            wrong["initials"] = say("{name} has these initials already. Use others.", name=other.name)
        if after.email and other.email.casefold() == after.email.casefold():
            wrong["email"] = say(
                "{name} has this address already. Each signs in with their own.", name=other.name
            )
    if wrong:
        raise Invalid(wrong)


_KIND = Kind(PERSON, Person, Permission.ADMINISTER, _require_alone)
