"""Who acts: a person with the role they have and the sight that the workspace gives it, at this moment."""

from uuid import UUID

from crmplus.domain.actor import Actor
from crmplus.domain.sight import EVERYTHING, NOTHING, Reach, Sight
from crmplus.domain.workspace import WORKSPACE_ID
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PERSON, WORKSPACE


def actor_of(database: Database, person_id: UUID) -> Actor | None:
    """The person as an actor; None for one that is not known, or not in use any more."""
    with database.read(EVERYTHING) as connection:
        person = PERSON.get(connection, person_id)
        if person is None or person.archived_at_utc:
            return None
        workspace = WORKSPACE.get(connection, WORKSPACE_ID)
        reach = workspace.reach_of(person.role) if workspace else None
        return person.seeing(sight_of(connection, person.id, reach) if reach else NOTHING)


def sight_of(connection: Connection, person_id: UUID, reach: Reach) -> Sight:
    """What a person sees whose role reaches so far."""
    match reach:
        case Reach.ALL:
            return EVERYTHING
        case Reach.TEAM:
            teammates = connection.rows("teammates", person_id=person_id)
            return Sight(frozenset({person_id, *(row["person_id"] for row in teammates)}))
        case Reach.OWN:
            return Sight(frozenset({person_id}))
