"""Who is looking, in which language, at which database: what every page asks first."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import streamlit as st

from crmplus.domain.actor import LOCAL_ADMIN, Actor, Role
from crmplus.domain.errors import NotPermitted
from crmplus.domain.message import say
from crmplus.domain.person import Person
from crmplus.domain.session import Session
from crmplus.domain.sight import Sight
from crmplus.domain.workspace import LANGUAGES, Workspace
from crmplus.locale.language import Language, time_zones
from crmplus.services.acting import actor_of
from crmplus.services.people import list_people
from crmplus.services.sessions import find_session
from crmplus.services.users import has_users
from crmplus.services.workspace import find_workspace
from crmplus.store.database import Database, the_database
from crmplus.web.asked import SESSION_COOKIE
from crmplus.web.reader import LANGUAGE_COOKIE

P = ParamSpec("P")
R = TypeVar("R")

LANGUAGE = "language"
WORKING_AS = "working_as"
NOBODY_CHOSEN = "local"
"""Under "working as": nobody of the people, so the local administrator."""


def now() -> datetime:
    return datetime.now(UTC)


def database() -> Database:
    """Raises: DatabaseUnavailable."""
    return the_database()


def read(function: Callable[Concatenate[Database, Actor, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What a reading service returns, remembered until somebody commits a change.

    It is shared by all sessions: look at it, never change it.
    """
    source = database()
    return _remembered(function, source, source.data_version, actor(), args, tuple(kwargs.items()))  # type: ignore[return-value]


@lru_cache(maxsize=500)
def _remembered(
    function: Callable[..., object],
    source: Database,
    _data_version: int,
    who: Actor,
    args: tuple[object, ...],
    kwargs: tuple[tuple[str, object], ...],
) -> object:
    return function(source, who, *args, **dict(kwargs))


def workspace() -> Workspace:
    """The workspace; pages run only once there is one."""
    found = find_the_workspace()
    assert found is not None, "a page ran before the first start was done"
    return found


def find_the_workspace() -> Workspace | None:
    """The workspace, or None before the first start is done."""
    return _workspace_at(database(), database().data_version)


def people() -> Mapping[UUID, Person]:
    """Everybody, archived ones too, by id and in order of name."""
    return _people_at(database(), database().data_version)


@lru_cache(maxsize=16)
def _workspace_at(source: Database, _data_version: int) -> Workspace | None:
    return find_workspace(source)


@lru_cache(maxsize=16)
def _people_at(source: Database, _data_version: int) -> Mapping[UUID, Person]:
    everybody = list_people(source, LOCAL_ADMIN, with_archived=True)
    return MappingProxyType({person.id: person for person in everybody})


@lru_cache(maxsize=500)
def _actor_at(source: Database, _data_version: int, person_id: UUID) -> Actor | None:
    return actor_of(source, person_id)


def is_local() -> bool:
    """Whether nobody signs in yet: who sits at the machine administers, and may work as anybody."""
    return not has_users(database())


def own_session() -> Session | None:
    """The session that this browser is signed in with; None for none, or one that ended."""
    token = st.context.cookies.get(SESSION_COOKIE, "")
    return find_session(database(), token, now()) if token else None


def is_let_in() -> bool:
    """Whether there is somebody to draw a page for; the gate lets nobody else come this far."""
    return is_local() or _signed_in() is not None


def actor() -> Actor:
    """Who is signed in; before anybody can, the person chosen under "working as".

    Raises: NotPermitted for nobody.
    """
    if is_local():
        return _working_as()
    found = _signed_in()
    if found is None:
        raise NotPermitted(say("You are signed out."))
    return found


def _signed_in() -> Actor | None:
    found = own_session()
    return _actor_at(database(), database().data_version, found.person_id) if found else None


def _working_as() -> Actor:
    """Somebody archived meanwhile may look on at what is theirs, until another choice is made."""
    chosen = st.session_state.get(WORKING_AS, NOBODY_CHOSEN)
    person = None if chosen == NOBODY_CHOSEN else people().get(chosen)
    if person is None:
        return LOCAL_ADMIN
    found = _actor_at(database(), database().data_version, person.id)
    return found or Actor(person.id, person.name, Role.VIEWER, Sight(frozenset({person.id})))


def browser_zone() -> str:
    """The IANA time zone of the browser, UTC where it is not known."""
    return st.context.timezone if st.context.timezone in time_zones() else "UTC"


def guess_language() -> str:
    """The language chosen in this browser before, else the browser's own; none without a catalogue for it."""
    codes = (st.context.cookies.get(LANGUAGE_COOKIE), (st.context.locale or "").split("-")[0])
    return next((code for code in codes if code in LANGUAGES), "")


def language() -> Language:
    """The language chosen in the sidebar, with the workspace's currency."""
    found = find_the_workspace()
    code = st.session_state.get(LANGUAGE) or guess_language() or (found.language if found else "en")
    return Language(code, ZoneInfo(browser_zone()), found.currency if found else "EUR")


def _(text: str, /, **values: object) -> str:
    """The translation of a sentence."""
    return language().text(text, **values)


def _n(singular: str, plural: str, /, count: int, **values: object) -> str:
    """The translation that goes with a count."""
    return language().count(singular, plural, count, **values)
