"""Teams: who sees whose customers and leads, where a role sees those of its team."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Invalid
from crmplus.domain.message import say
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.team import Team, TeamDraft
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.history import Change, record_change
from crmplus.store.identity import new_id
from crmplus.store.tables import PERSON, TEAM


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team and who is in it; the members are in the order of their keys."""

    id: UUID
    name: str
    members: tuple[UUID, ...]
    version: int


def list_teams(database: Database, actor: Actor) -> list[TeamCard]:
    """By name. Raises: NotPermitted."""
    actor.require(Permission.ADMINISTER)
    with database.read(EVERYTHING) as connection:
        found = [_card(connection, team) for team in TEAM.where(connection)]
    return sorted(found, key=lambda team: (team.name.casefold(), team.id))


def add_team(
    database: Database, actor: Actor, draft: TeamDraft, at: datetime, new: UUID | None = None
) -> TeamCard:
    """A new team; `new` is the key its form chose, so that adding it twice adds it once.

    Raises: NotPermitted, Invalid, NotFound for a member who does not exist.
    """
    actor.require(Permission.ADMINISTER)
    clean = draft.checked()
    with database.transaction(EVERYTHING) as connection:
        card = TeamCard(new or new_id(), clean.name, clean.members, version=1)
        if made := TEAM.get(connection, card.id):
            return _card(connection, made)
        _require_sound(connection, None, card)
        TEAM.insert(connection, Team(card.id, card.name, card.version))
        _store_members(connection, card.id, set(), set(card.members))
        _log(connection, actor, at, "team_made", None, card)
        return card


def change_team(
    database: Database, actor: Actor, team_id: UUID, version: int, draft: TeamDraft, at: datetime
) -> TeamCard:
    """Another name, other members. Raises: NotPermitted, Invalid, NotFound, Conflict (L6)."""
    actor.require(Permission.ADMINISTER)
    clean = draft.checked()
    with database.transaction(EVERYTHING) as connection:
        team = rows.load(connection, TEAM, team_id, version)
        before = _card(connection, team)
        after = replace(before, name=clean.name, members=clean.members)
        if after == before:
            return before
        after = replace(after, version=version + 1)
        _require_sound(connection, before, after)
        TEAM.update(connection, Team(team_id, after.name, after.version), from_version=version)
        _store_members(connection, team_id, set(before.members), set(after.members))
        _log(connection, actor, at, "team_changed", before, after)
        return after


def delete_team(database: Database, actor: Actor, team_id: UUID, version: int, at: datetime) -> None:
    """Its members stay, and see each other's no longer. Raises: NotPermitted, NotFound, Conflict (L6)."""
    actor.require(Permission.ADMINISTER)
    with database.transaction(EVERYTHING) as connection:
        team = rows.load(connection, TEAM, team_id, version)
        before = _card(connection, team)
        _store_members(connection, team_id, set(before.members), set())
        TEAM.delete(connection, team)
        _log(connection, actor, at, "team_deleted", before, None)


def _card(connection: Connection, team: Team) -> TeamCard:
    members = connection.rows("team_members", team_id=team.id)
    return TeamCard(team.id, team.name, tuple(row["person_id"] for row in members), team.version)


def _require_sound(connection: Connection, before: TeamCard | None, after: TeamCard) -> None:
    """Raises: Invalid where another team has the name, or somebody archived comes in; NotFound."""
    for other in TEAM.where(connection):
        if other.id != after.id and other.name.casefold() == after.name.casefold():
            raise Invalid({"name": say("There is a team of this name already. Choose another name.")})
    for person_id in set(after.members) - set(before.members if before else ()):
        person = rows.load(connection, PERSON, person_id)
        if person.archived_at_utc:
            raise Invalid({"members": say("{name} is archived. Take them out again.", name=person.name)})


def _store_members(connection: Connection, team_id: UUID, before: set[UUID], after: set[UUID]) -> None:
    """Only the difference is written: a row that is deleted can't come back in the same transaction."""
    if gone := before - after:
        connection.rows("delete_members", team_id=team_id, person_ids=sorted(gone))
    connection.append("team_member", ("team_id", "person_id"), [(team_id, new) for new in after - before])


def _log(
    connection: Connection,
    actor: Actor,
    at: datetime,
    action: str,
    before: TeamCard | None,
    after: TeamCard | None,
) -> None:
    row = after or before
    assert row is not None, "a change has a state before or after it"
    version = after.version if after else row.version + 1
    change = Change(action, "team", row.id, version, _values(before), _values(after))
    record_change(connection, actor, at, change)


def _values(card: TeamCard | None) -> dict[str, object] | None:
    return {"name": card.name, "members": [str(each) for each in card.members]} if card else None
