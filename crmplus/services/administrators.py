"""Somebody who can sign in administers: the last one who does is not taken away."""

import os
from collections.abc import Iterable

from crmplus.configuration import Configuration
from crmplus.domain.actor import Role
from crmplus.domain.errors import Refused
from crmplus.domain.message import Message, say
from crmplus.domain.person import Person
from crmplus.store.connection import Connection
from crmplus.store.tables import PERSON


def signs_in_elsewhere() -> bool:
    """Whether a provider or a proxy says who somebody is, by their e-mail address."""
    configuration = Configuration.of(os.environ)
    return configuration.oidc or bool(configuration.proxy_secret)


def has_administrator(connection: Connection) -> bool:
    """Whether somebody who can sign in administers."""
    return _any_administers(connection, PERSON.where(connection))


def why_needed(connection: Connection, person: Person, after: Person | None) -> Message | None:
    """Why a person can't become what they would be, None being deleted; None where they can.

    While nobody who administers can sign in, nobody is needed for it.
    """
    everybody = PERSON.where(connection)
    others = [other for other in everybody if other.id != person.id]
    left = [*others, after] if after else others
    if _any_administers(connection, left) or not _any_administers(connection, everybody):
        return None
    return say(
        "{name} is the only administrator who can sign in: nobody could change people and settings any more. "
        "Make somebody else administrator first, and let them sign in.",
        name=person.name,
    )


def require_administrator_left(connection: Connection, person: Person, after: Person | None) -> None:
    """Raises: Refused where nobody who can sign in would administer any more."""
    if why := why_needed(connection, person, after):
        raise Refused(why)


def _any_administers(connection: Connection, people: Iterable[Person]) -> bool:
    with_password = {row["person_id"] for row in connection.rows("people_with_a_password")}
    elsewhere = signs_in_elsewhere()
    return any(
        person.role is Role.ADMIN
        and person.archived_at_utc is None
        and person.email
        and (elsewhere or person.id in with_password)
        for person in people
    )
