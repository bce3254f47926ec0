"""Users: people who can sign in. While there is none, whoever sits at the machine administers."""

from datetime import datetime
from functools import lru_cache

from crmplus.domain.actor import LOCAL_ADMIN, Role
from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.message import say
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.administrators import has_administrator, signs_in_elsewhere
from crmplus.services.audit import record_event
from crmplus.services.passwords import checked_password, set_password
from crmplus.services.people import add_person, change_person
from crmplus.store.database import Database
from crmplus.store.tables import PERSON


def has_users(database: Database) -> bool:
    """Whether somebody can sign in: by a password, or because a provider or a proxy is configured."""
    if signs_in_elsewhere():
        return True
    return _has_password(database, (database.data_version, database.quiet_version))


def awaits_administrator(database: Database) -> bool:
    """Whether nobody has a password, and nobody that a provider or a proxy could name administers: the first
    administrator is still to be made."""
    return _awaits_administrator(
        database, (database.data_version, database.quiet_version), signs_in_elsewhere()
    )


@lru_cache(maxsize=16)
def _awaits_administrator(database: Database, _versions: tuple[int, int], _elsewhere: bool) -> bool:
    with database.read(EVERYTHING) as connection:
        return not connection.value("has_password") and not has_administrator(connection)


@lru_cache(maxsize=16)
def _has_password(database: Database, _versions: tuple[int, int]) -> bool:
    with database.read(EVERYTHING) as connection:
        return bool(connection.value("has_password"))


def find_user(database: Database, email: str) -> Person | None:
    """Who in use has this e-mail address, whatever its case.

    Beyond ASCII, letters that differ count as one whatever their case, and so another's address may: there
    only the very same will do.
    """
    wanted = email.strip(" \t")
    with database.read(EVERYTHING) as connection:
        people = [person for person in PERSON.where(connection) if person.archived_at_utc is None]
    return next((person for person in people if wanted and _is_address(person, wanted)), None)


def _is_address(person: Person, email: str) -> bool:
    if not (email.isascii() and person.email.isascii()):
        return person.email == email
    return person.email.lower() == email.lower()


def set_up_admin(
    database: Database, draft: PersonDraft, password: str, at: datetime, address: str = ""
) -> Person:
    """The first administrator who can sign in; from then on everybody has to.

    Somebody among the people with these initials becomes it. Raises: Invalid, Refused where there is one.
    """
    checked_password(password, (draft.name, draft.email))
    if not draft.email.strip():
        raise Invalid({"email": say("Write the address that you sign in with.")})
    with database.transaction(EVERYTHING) as connection:
        if not awaits_administrator(database):
            raise Refused(say("Sign-in is turned on already. Ask an administrator for an invitation."))
        wanted = PersonDraft(draft.name, draft.initials, Role.ADMIN, draft.email).checked()
        holders = [p for p in PERSON.where(connection, initials=wanted.initials) if not p.archived_at_utc]
        if holders and holders[0].name.casefold() == wanted.name.casefold():
            person = change_person(database, LOCAL_ADMIN, holders[0].id, holders[0].version, wanted, at)
        else:
            person = add_person(database, LOCAL_ADMIN, wanted, at)
        set_password(connection, person.id, password, at)
        record_event(
            connection,
            at,
            AuditAction.SIGN_IN_TURNED_ON,
            person.id,
            person.name,
            person.id,
            person.name,
            address,
        )
        return person
