"""Sessions: opened where somebody proved who they are, found by their token, ended by time or by people.

The token is random, long, and told to the browser alone; what is kept is its hash, so a copy of the database
lets nobody in.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from crmplus.configuration import Configuration
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import NotFound, NotPermitted, StorageFailed
from crmplus.domain.message import say
from crmplus.domain.person import Person
from crmplus.domain.session import Session, Way
from crmplus.domain.sight import EVERYTHING
from crmplus.services.audit import record_event
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import PERSON, SESSION

SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was last heard from: writing it each time would cost a commit."""
_TOKEN_BYTES = 32
_LONGEST_DEVICE = 200


def open_session(
    database: Database, person: Person, way: Way, address: str, device: str, at: datetime
) -> str:
    """The token of a new session of somebody who proved who they are."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    ends_at = at + timedelta(days=_configuration().session_days)
    session = Session(
        new_id(), _hashed(token), person.id, way, address, device[:_LONGEST_DEVICE], at, at, ends_at
    )
    with database.quiet_transaction() as connection:
        connection.rows("forget_ended_sessions", at=at, idle_since=at - _longest_silence())
        SESSION.insert(connection, session)
        _note(connection, at, AuditAction.SIGNED_IN, person, address=address, way=way)
    return token


def find_session(database: Database, token: str, at: datetime) -> Session | None:
    """The session of a token; None for one that is not known or over, and for somebody archived."""
    versions = database.data_version, database.quiet_version
    found = _remembered(database, _hashed(token), versions)
    if found is None or at >= found.ends_at_utc or at - found.seen_at_utc > _longest_silence():
        return None
    return found


def see_session(database: Database, session: Session, at: datetime) -> None:
    """Note that it was heard from, where the last note is old."""
    if at - session.seen_at_utc < SEEN_EVERY:
        return
    with suppress(StorageFailed), database.quiet_transaction() as connection:  # a full disk keeps nobody out
        connection.rows("see_session", id=session.id, at=at)


def list_sessions(database: Database, actor: Actor, person_id: UUID | None = None) -> list[Session]:
    """Where a person is signed in, everybody without one; one's own for anybody.

    Raises: NotPermitted.
    """
    _require_own(actor, person_id)
    wanted = {"person_id": person_id} if person_id else {}
    with database.read(EVERYTHING) as connection:
        found = SESSION.where(connection, **wanted)
    return [replace(session, token_hash="") for session in found]


def sign_out(database: Database, session: Session, at: datetime) -> None:
    """End a session from the browser it is of."""
    with database.quiet_transaction() as connection:
        person = PERSON.get(connection, session.person_id)
        SESSION.delete(connection, session)
        if person:
            _note(connection, at, AuditAction.SIGNED_OUT, person, address=session.address)


def end_session(database: Database, actor: Actor, session_id: UUID, at: datetime) -> None:
    """End one, from elsewhere. Raises: NotPermitted, NotFound."""
    with database.quiet_transaction() as connection:
        session = SESSION.get(connection, session_id)
        _require_own(actor, session.person_id if session else None)
        if session is None:
            raise NotFound(say("This session has ended already."))
        SESSION.delete(connection, session)
        _note_end(connection, actor, session.person_id, at)


def end_sessions_of(
    database: Database, actor: Actor, person_id: UUID, at: datetime, but: UUID | None = None
) -> None:
    """End all of a person's, but one where it is named. Raises: NotPermitted."""
    _require_own(actor, person_id)
    with database.quiet_transaction() as connection:
        (ended,) = connection.rows("end_sessions", person_id=person_id, but=but)[0].values()
        if ended:
            _note_end(connection, actor, person_id, at)


@lru_cache(maxsize=2000)
def _remembered(database: Database, token_hash: str, _versions: tuple[int, int]) -> Session | None:
    """What a token is found to be, until anything is committed: a page asks many times a second."""
    with database.read(EVERYTHING) as connection:
        found = connection.rows("session_of_token", token_hash=token_hash)
    return Session(**found[0] | {"way": Way(found[0]["way"])}) if found else None


def _require_own(actor: Actor, person_id: UUID | None) -> None:
    """Raises: NotPermitted, unless it is one's own or one administers."""
    if person_id is None or person_id != actor.person_id:
        actor.require(Permission.ADMINISTER)
    elif not actor.may(Permission.VIEW):
        raise NotPermitted(say("Your role does not allow this."))


def _note_end(connection: Connection, actor: Actor, person_id: UUID, at: datetime) -> None:
    whose = PERSON.get(connection, person_id)
    record_event(
        connection,
        at,
        AuditAction.SESSION_ENDED,
        actor.person_id,
        actor.name,
        person_id,
        whose.name if whose else "",
    )


def _note(
    connection: Connection, at: datetime, action: AuditAction, person: Person, address: str, **detail: object
) -> None:
    record_event(connection, at, action, person.id, person.name, person.id, person.name, address, **detail)


def _longest_silence() -> timedelta:
    return timedelta(hours=_configuration().session_hours)


def _configuration() -> Configuration:
    return Configuration.of(os.environ)


def _hashed(token: str) -> str:
    """A token is random and long enough that its plain hash can't be turned back."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
