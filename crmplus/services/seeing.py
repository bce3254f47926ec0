"""What each person sees, or would see if roles reached otherwise: counted before it is decided."""

from dataclasses import dataclass
from uuid import UUID

from crmplus.domain.actor import Actor, Permission, Role
from crmplus.domain.person import Person
from crmplus.domain.sight import EVERYTHING, Reach, Sight
from crmplus.services.acting import sight_of
from crmplus.store.database import Database
from crmplus.store.tables import PERSON


@dataclass(frozen=True, slots=True)
class Seen:
    """How much one person would see."""

    person_id: UUID
    name: str
    role: Role
    reach: Reach
    customer_count: int
    open_lead_count: int


def preview_sight(
    database: Database, actor: Actor, manager_sees: Reach, rep_sees: Reach, viewer_sees: Reach
) -> list[Seen]:
    """What everybody in use would see if roles reached so far, by name; counted by looking with their eyes.

    Raises: NotPermitted.
    """
    actor.require(Permission.ADMINISTER)
    reaches = {
        Role.ADMIN: Reach.ALL,
        Role.MANAGER: manager_sees,
        Role.REP: rep_sees,
        Role.VIEWER: viewer_sees,
    }
    with database.read(EVERYTHING) as connection:
        people = [person for person in PERSON.where(connection) if not person.archived_at_utc]
        sights = {person.id: sight_of(connection, person.id, reaches[person.role]) for person in people}
    counts = {sight: _count(database, sight) for sight in set(sights.values())}
    people.sort(key=lambda person: (person.name.casefold(), person.initials))
    return [_seen(person, reaches[person.role], *counts[sights[person.id]]) for person in people]


def _count(database: Database, sight: Sight) -> tuple[int, int]:
    with database.read(sight) as connection:
        (row,) = connection.rows("seen_counts")
    return row["customer_count"], row["open_lead_count"]


def _seen(person: Person, reach: Reach, customer_count: int, open_lead_count: int) -> Seen:
    return Seen(person.id, person.name, person.role, reach, customer_count, open_lead_count)
