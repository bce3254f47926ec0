"""Targets: what owners are to win, month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Conflict, FieldChange, Invalid, NotFound
from crmplus.domain.message import Message, say
from crmplus.domain.target import Target, TargetChange, target_id
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.history import LoggedChange, changes_since
from crmplus.store.tables import PERSON, TARGET


def list_targets(database: Database, actor: Actor, year: int) -> list[Target]:
    """Those of a calendar year, by owner and month. Raises: NotPermitted."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        return _between(connection, date(year, 1, 1), date(year, 12, 1))


def set_targets(database: Database, actor: Actor, changes: Sequence[TargetChange], at: datetime) -> None:
    """Make, change and remove targets, all of them or none; what is so already stays as it is.

    Raises: NotPermitted, Invalid with every wrong owner's month, NotFound for an owner who is unknown or
    out of sight, Conflict (L6) with every month that somebody else saved in between.
    """
    actor.require(Permission.CONFIGURE)
    clean = _checked(changes)
    if not clean:
        return
    with database.transaction(actor.sight) as connection:
        _require_seen(actor, {change.owner_id for change in clean})
        months = [change.month for change in clean]
        stored = {(t.owner_id, t.month): t for t in _between(connection, min(months), max(months))}
        differing = [change for change in clean if _amount(stored.get(_place(change))) != change.amount]
        _require_owners(connection, {change.owner_id for change in differing})
        _require_unchanged(connection, differing, stored)
        newest = {row["id"]: row["version"] for row in connection.rows("target_versions")}
        for change in differing:
            _write(connection, actor, at, change, stored.get(_place(change)), newest)


def _between(connection: Connection, first: date, last: date) -> list[Target]:
    found = connection.rows("targets_between", first_month=first, last_month=last)
    return [Target(**row) for row in found]


def _checked(changes: Iterable[TargetChange]) -> list[TargetChange]:
    """The changes, cleaned; of several for one month the last. Raises: Invalid."""
    wrong: dict[str, Message] = {}
    clean: dict[str, TargetChange] = {}
    for change in changes:
        try:
            clean[change.field] = change.checked()
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    return list(clean.values())


def _place(change: TargetChange) -> tuple[UUID, date]:
    return change.owner_id, change.month


def _amount(target: Target | None) -> object:
    return target.amount if target else None


def _require_seen(actor: Actor, owner_ids: set[UUID]) -> None:
    """Before anything stored is looked at: a conflict would tell of it. Raises: NotFound."""
    if not all(actor.sight.takes_in(owner_id) for owner_id in owner_ids):
        raise NotFound(_no_such_owner())


def _require_owners(connection: Connection, owner_ids: set[UUID]) -> None:
    known = {person.id for person in PERSON.where(connection)}
    if owner_ids - known:
        raise NotFound(_no_such_owner())


def _no_such_owner() -> Message:
    return say("This owner does not exist any more. Open the page again.")


def _require_unchanged(
    connection: Connection, changes: Iterable[TargetChange], stored: dict[tuple[UUID, date], Target]
) -> None:
    """Raises: Conflict with all that was saved in between, by whoever saved last."""
    found: list[tuple[FieldChange, LoggedChange]] = []
    for change in changes:
        current = stored.get(_place(change))
        if (current.version if current else None) == change.version:
            continue
        key = current.id if current else target_id(*_place(change))
        logged = changes_since(connection, key, change.version or 0)
        if not logged:
            raise NotFound(say("This form belongs to a version that never was. Open it again."))
        before = logged[0].before.get("amount")
        found.append((FieldChange(change.field, before, _amount(current)), logged[-1]))
    if found:
        last = max((logged for _field, logged in found), key=lambda logged: (logged.at_utc, logged.id))
        name = last.actor_name if last.actor_id else None
        raise Conflict(name, last.at_utc, tuple(field for field, _logged in found), last.version)


def _write(
    connection: Connection,
    actor: Actor,
    at: datetime,
    change: TargetChange,
    current: Target | None,
    newest: dict[UUID, int],
) -> None:
    """A target made again goes on counting its versions, so that none is taken for an earlier one."""
    if current is None and change.amount is not None:
        key = target_id(*_place(change))
        made = Target(key, change.owner_id, change.month, change.amount, newest.get(key, 0) + 1)
        rows.make(connection, actor, at, TARGET, made)
    elif current and change.amount is None:
        rows.delete(connection, actor, at, TARGET, current)
    elif current and change.amount is not None:
        rows.change(connection, actor, at, TARGET, current, replace(current, amount=change.amount))
