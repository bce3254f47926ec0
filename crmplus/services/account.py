"""One's own account: what somebody who is signed in changes about themselves."""

from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.message import say
from crmplus.domain.sight import EVERYTHING
from crmplus.services import rows
from crmplus.services.passwords import check_password, checked_password, set_password
from crmplus.services.sessions import end_sessions_of
from crmplus.store.database import Database
from crmplus.store.tables import PERSON


def change_own_password(
    database: Database, actor: Actor, old: str, new: str, session_id: UUID | None, at: datetime
) -> None:
    """Another password, and the end of all one's sessions but that which asks for it.

    Raises: NotPermitted, Refused for who is nobody of the people, Invalid naming `old` or `new`.
    """
    actor.require(Permission.VIEW)
    if actor.person_id is None:
        raise Refused(say("The local administrator has no password."))
    with database.read(EVERYTHING) as connection:
        person = rows.load(connection, PERSON, actor.person_id)
    if check_password(database, person.email, old, at) is None:
        raise Invalid({"old": say("This is not your password. Type the one you sign in with now.")})
    checked_password(new, (person.name, person.email), "new")
    with database.transaction(EVERYTHING) as connection:
        set_password(connection, person.id, new, at)
        end_sessions_of(database, actor, person.id, at, but=session_id)
