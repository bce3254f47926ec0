"""Links that let somebody choose a password, once: to come in for the first time, or after losing it.

A link is told only to who makes it; of its token a hash is kept, and nothing tells a wrong one from one that
never was.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import LOCAL_ADMIN, Actor, Permission, Role
from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import NotFound, Refused
from crmplus.domain.invitation import Invitation, Purpose
from crmplus.domain.message import say
from crmplus.domain.person import Person
from crmplus.domain.sight import EVERYTHING
from crmplus.services import rows
from crmplus.services.administrators import has_administrator
from crmplus.services.audit import record_event
from crmplus.services.passwords import checked_password, set_password
from crmplus.services.sessions import end_sessions_of
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import INVITATION, PERSON

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """A link that can be used: whose it is, what for, and until when."""

    person: Person
    purpose: Purpose
    ends_at_utc: datetime


def invite(database: Database, actor: Actor, person_id: UUID, at: datetime) -> str:
    """The token of a link by which somebody chooses their first password; earlier links end.

    Raises: NotPermitted, NotFound, Refused for somebody archived, without an e-mail address or with a
    password, and while nobody who can sign in administers.
    """
    actor.require(Permission.ADMINISTER)
    with database.transaction(EVERYTHING) as connection:
        person = _somebody_with_an_address(connection, person_id)
        if _has_password(connection, person_id):
            raise Refused(
                say("{name} signs in already. To give them another password, reset it.", name=person.name)
            )
        if not has_administrator(connection):
            raise Refused(
                say("Turn on sign-in first: an administrator who can sign in comes before everybody else.")
            )
        return _make(connection, actor, person, Purpose.INVITE, at)


def reset_link(database: Database, actor: Actor, person_id: UUID, at: datetime) -> str:
    """The token of a link by which somebody chooses another password; until then the old one holds.

    Raises: NotPermitted, NotFound, Refused for somebody archived, or without a password to reset.
    """
    actor.require(Permission.ADMINISTER)
    with database.transaction(EVERYTHING) as connection:
        person = _somebody_with_an_address(connection, person_id)
        if not _has_password(connection, person_id):
            raise Refused(say("{name} has no password yet: invite them instead.", name=person.name))
        return _make(connection, actor, person, Purpose.RESET, at)


def rescue_link(database: Database, email: str, at: datetime) -> tuple[str, OpenInvitation]:
    """The token of a link for an administrator who is locked out, asked for beside the stopped server.

    Raises: NotFound, Refused for who is no administrator.
    """
    with database.transaction(EVERYTHING) as connection:
        found = [p for p in _in_use(connection) if p.email and p.email.casefold() == email.strip().casefold()]
        if not found:
            raise NotFound(say("Nobody in use has the address {email}.", email=email))
        (person,) = found
        if person.role is not Role.ADMIN:
            raise Refused(
                say(
                    "{name} is no administrator. An administrator makes a link for them, on the page People.",
                    name=person.name,
                )
            )
        purpose = Purpose.RESET if _has_password(connection, person.id) else Purpose.INVITE
        token = _make(connection, LOCAL_ADMIN, person, purpose, at)
        return token, OpenInvitation(person, purpose, at + purpose.lifetime)


def find_invitation(database: Database, token: str, at: datetime) -> OpenInvitation | None:
    """What a token is good for; None for one that is not known, or good for nothing any more."""
    with database.read(EVERYTHING) as connection:
        found = _find(connection, token, at)
    return OpenInvitation(found[1], found[0].purpose, found[0].ends_at_utc) if found else None


def accept_invitation(
    database: Database, token: str, password: str, at: datetime, address: str = ""
) -> Person:
    """Give its person the password they chose, once; after a reset all their sessions end.

    Raises: Refused where the link is good for nothing any more, Invalid for a password that is none.
    """
    with database.transaction(EVERYTHING) as connection:
        found = _find(connection, token, at)
        if found is None:
            raise Refused(
                say(
                    "This link is used, has ended or was withdrawn. If you chose your password by it, "
                    "sign in; else ask your administrator for another."
                )
            )
        invitation, person = found
        checked_password(password, (person.name, person.email))
        connection.rows("use_invitation", id=invitation.id, at=at)
        set_password(connection, person.id, password, at)
        themselves = Actor(person.id, person.name, person.role, EVERYTHING)
        if invitation.purpose is Purpose.RESET:
            end_sessions_of(database, themselves, person.id, at)
        record_event(
            connection,
            at,
            AuditAction.INVITATION_ACCEPTED,
            person.id,
            person.name,
            person.id,
            person.name,
            address,
            purpose=invitation.purpose,
        )
        return person


def withdraw_invitation(database: Database, actor: Actor, person_id: UUID, at: datetime) -> None:
    """Links that somebody was given lead nowhere from now on. Raises: NotPermitted, NotFound."""
    actor.require(Permission.ADMINISTER)
    with database.transaction(EVERYTHING) as connection:
        person = rows.load(connection, PERSON, person_id)
        withdraw_links(connection, actor, person, at)


def withdraw_links(connection: Connection, actor: Actor, person: Person, at: datetime) -> None:
    """The same within a transaction, for who may; an event where there was a link."""
    (count,) = connection.rows("withdraw_invitations", person_id=person.id, at=at)[0].values()
    if count:
        record_event(
            connection,
            at,
            AuditAction.INVITATION_WITHDRAWN,
            actor.person_id,
            actor.name,
            person.id,
            person.name,
        )


def _make(connection: Connection, actor: Actor, person: Person, purpose: Purpose, at: datetime) -> str:
    connection.rows("withdraw_invitations", person_id=person.id, at=at)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    ends_at = at + purpose.lifetime
    made = Invitation(new_id(), person.id, purpose, _hashed(token), actor.person_id, at, ends_at)
    INVITATION.insert(connection, made)
    action = AuditAction.INVITED if purpose is Purpose.INVITE else AuditAction.RESET_LINK_MADE
    record_event(
        connection,
        at,
        action,
        actor.person_id,
        actor.name,
        person.id,
        person.name,
        ends_at_utc=ends_at.isoformat(),
    )
    return token


def _find(connection: Connection, token: str, at: datetime) -> tuple[Invitation, Person] | None:
    for invitation in INVITATION.where(connection, token_hash=_hashed(token)):
        person = PERSON.get(connection, invitation.person_id)
        if invitation.is_open(at) and person and person.archived_at_utc is None:
            return invitation, person
    return None


def _hashed(token: str) -> str:
    """A token is random and long enough that its plain hash can't be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _somebody_with_an_address(connection: Connection, person_id: UUID) -> Person:
    """Raises: NotFound, Refused."""
    person = rows.load(connection, PERSON, person_id)
    if person.archived_at_utc:
        raise Refused(say("{name} is archived. Bring them back first.", name=person.name))
    if not person.email:
        raise Refused(
            say("{name} has no e-mail address yet, which one signs in with. Add it first.", name=person.name)
        )
    return person


def _in_use(connection: Connection) -> list[Person]:
    return [person for person in PERSON.where(connection) if person.archived_at_utc is None]


def _has_password(connection: Connection, person_id: UUID) -> bool:
    return person_id in {row["person_id"] for row in connection.rows("people_with_a_password")}
