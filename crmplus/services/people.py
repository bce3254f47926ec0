"""People: those who own leads and customers, and whom one can work as."""

from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.message import Message, say
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services import rows
from crmplus.services.administrators import require_administrator_left
from crmplus.services.invitations import withdraw_links
from crmplus.services.sessions import end_sessions_of
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
    """With another e-mail address, links that were sent to the earlier one lead nowhere.

    Raises: NotPermitted, Invalid, Conflict, Refused for the last administrator who can sign in.
    """
    actor.require(Permission.ADMINISTER)
    with database.transaction(EVERYTHING) as connection:
        before = PERSON.get(connection, person_id)
        after = _KIND.change(database, actor, person_id, version, draft, at)
        if before and before.email != after.email:
            withdraw_links(connection, actor, after, at)
        return after


def archive_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> Person:
    """What they own stays theirs; their password and sessions end, and links they were given lead nowhere.

    Raises: NotPermitted, Conflict, Refused for the last administrator who can sign in.
    """
    with database.transaction(EVERYTHING) as connection:
        archived = _KIND.archive(database, actor, person_id, version, at)
        connection.rows("delete_credential", person_id=person_id)
        end_sessions_of(database, actor, person_id, at)
        withdraw_links(connection, actor, archived, at)
        return archived


def restore_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> Person:
    """To sign in they are invited again. Raises: NotPermitted, Conflict, Invalid where somebody has their
    initials or their address by now."""
    return _KIND.restore(database, actor, person_id, version, at)


def delete_person(database: Database, actor: Actor, person_id: UUID, version: int, at: datetime) -> None:
    """Raises: NotPermitted, Conflict, Refused where they ever owned or changed anything, or signed in (A5),
    and for the last administrator who can sign in."""
    actor.require(Permission.ADMINISTER)
    with database.transaction(EVERYTHING) as connection:
        person = rows.load(connection, PERSON, person_id, version)
        require_administrator_left(connection, person, None)
        if connection.value("acted_at_the_door", person_id=person_id):
            raise Refused(say("This has been used, so the history needs it. Archive it instead."))
        connection.rows("delete_invitations", person_id=person_id)
        _KIND.delete(database, actor, person_id, version, at)


def _require_allowed(connection: Connection, before: Person | None, after: Person) -> None:
    """Raises: Invalid, Refused."""
    if before:
        require_administrator_left(connection, before, after)
    _require_alone(connection, after)


def _require_alone(connection: Connection, after: Person) -> None:
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


_KIND = Kind(PERSON, Person, Permission.ADMINISTER, _require_allowed)
