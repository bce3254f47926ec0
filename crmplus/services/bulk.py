"""One action on many leads at once: what it would do to each, and doing it, in one transaction.

What can't be done to a lead is decided before anything is written, so a refused lead never stops the
others. Preview and action make the same plan, from the rules of `bulk_plans`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Conflict, CrmError, NotFound, Refused
from crmplus.domain.lead import weighted
from crmplus.domain.message import Message, say
from crmplus.services import rows
from crmplus.services.bulk_leads import Picked, load_picked
from crmplus.services.bulk_plans import AddStep, BulkAction, MoveTo, Plan, Planner, planner
from crmplus.services.lead_rows import store_step
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.history import changes_since
from crmplus.store.identity import new_id
from crmplus.store.sight import sees
from crmplus.store.tables import NEXT_STEP

MOST_LEADS = 500
"""At once: what can still be looked over; moving so many takes seconds in which nobody else can write."""


class Fate(StrEnum):
    """What becomes of a lead: it changes, or is as asked already, or can't be changed so."""

    CHANGES = "changes"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Choice:
    """A lead that was picked, and the version it was picked at (L6); `new` is the key of a next step
    that is added to it, so that adding it twice adds it once."""

    lead_id: UUID
    version: int
    new: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does to one lead, in words.

    `conflict` says who changed it in between, where that is why it is refused. `weighted_leaving` is what
    it no longer adds to the open leads' weighted value.
    """

    lead_id: UUID
    number: str
    customer: str
    title: str
    fate: Fate
    says: Message
    conflict: Conflict | None = None
    weighted_leaving: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of one action, in the order in which the leads were picked."""

    all: tuple[Effect, ...]

    def of(self, fate: Fate) -> tuple[Effect, ...]:
        return tuple(effect for effect in self.all if effect.fate is fate)

    @property
    def weighted_leaving(self) -> Decimal:
        """In the workspace's currency."""
        return sum((effect.weighted_leaving for effect in self.all), Decimal(0))


def account_types_of(database: Database, actor: Actor, choices: Sequence[Choice]) -> frozenset[UUID]:
    """Whose funnels the leads travel through: what can be chosen from to move or close them."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = load_picked(connection, [choice.lead_id for choice in choices[:MOST_LEADS]])
    return frozenset(picked.lead.account_type_id for picked in found.values())


def preview_bulk(
    database: Database, actor: Actor, action: BulkAction, choices: Sequence[Choice], at: datetime
) -> Effects:
    """What `do_bulk` would do at this moment. Raises: as `do_bulk`."""
    actor.require(Permission.WORK)
    with database.read(actor.sight) as connection:
        planned = _planned(connection, actor, action, choices, at)
    return Effects(tuple(effect for effect, _choice, _plan in planned))


def do_bulk(
    database: Database, actor: Actor, action: BulkAction, choices: Sequence[Choice], at: datetime
) -> Effects:
    """Do all that can be done, and say what was refused. Done twice, it is done once.

    Raises: NotPermitted, NotFound, Invalid, and Refused for too many leads, an archived owner or reason:
    then nothing was done to any.
    """
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        planned = _planned(connection, actor, action, choices, at)
        for _effect, choice, plan in planned:
            if plan:
                _store(connection, actor, at, choice, plan)
    return Effects(tuple(effect for effect, _choice, _plan in planned))


_Planned: TypeAlias = tuple[Effect, Choice, Plan | None]


def _planned(
    connection: Connection, actor: Actor, action: BulkAction, choices: Sequence[Choice], at: datetime
) -> list[_Planned]:
    """The effect on each lead, and what is to be stored where it changes; each lead once."""
    once = {choice.lead_id: choice for choice in choices}
    if len(once) > MOST_LEADS:
        raise Refused(
            say("At most {most} leads at once; you chose {count}.", most=MOST_LEADS, count=len(once))
        )
    plan_one = planner(connection, action, at)
    picked_leads = load_picked(connection, once)
    found = {key: picked for key, picked in picked_leads.items() if sees(connection, picked.lead)}
    added = {row["id"] for row in connection.rows("picked_steps", step_ids=[c.new for c in once.values()])}
    planned: list[_Planned] = []
    for choice in once.values():
        picked = found.get(choice.lead_id)
        try:
            plan = (
                None if choice.new in added else _checked(connection, actor, action, choice, picked, plan_one)
            )
            planned.append((_effect(choice, picked, plan), choice, plan))
        except CrmError as error:
            planned.append((_refusal(choice, picked, error), choice, None))
    return planned


def _checked(
    connection: Connection,
    actor: Actor,
    action: BulkAction,
    choice: Choice,
    picked: Picked | None,
    plan_one: Planner,
) -> Plan | None:
    """The plan for a lead; None where it is as asked already, also where somebody else saw to it.

    Raises: CrmError where it can't be done, Conflict before all else where the lead was saved since.
    """
    if picked is None:
        raise NotFound(say("This does not exist any more. Go back to the list."))
    is_newest = isinstance(action, AddStep) or picked.lead.version == choice.version
    if is_newest:
        return plan_one(picked)
    with suppress(CrmError):
        if plan_one(picked) is None:
            return None
    if action == MoveTo(None) and _is_completed_by(connection, actor, choice):
        return None
    raise rows.conflict(connection, choice.lead_id, choice.version, picked.lead.version)


def _is_completed_by(connection: Connection, actor: Actor, choice: Choice) -> bool:
    """Whether all that happened since is that the same person completed the phase: a second click."""
    since = changes_since(connection, choice.lead_id, choice.version)
    return [(change.action, change.actor_id) for change in since] == [("phase_completed", actor.person_id)]


def _effect(choice: Choice, picked: Picked | None, plan: Plan | None) -> Effect:
    assert picked is not None, "a lead that does not exist is refused"
    if plan is None:
        return _about(choice, picked, Fate.SAME, say("is so already"))
    effect = _about(choice, picked, Fate.CHANGES, plan.says)
    if not plan.closes:
        return effect
    return replace(effect, weighted_leaving=weighted(picked.lead.expected_value, picked.lead.score))


def _refusal(choice: Choice, picked: Picked | None, error: CrmError) -> Effect:
    effect = _about(choice, picked, Fate.REFUSED, error.message)
    return replace(effect, conflict=error) if isinstance(error, Conflict) else effect


def _about(choice: Choice, picked: Picked | None, fate: Fate, says: Message) -> Effect:
    if picked is None:
        return Effect(choice.lead_id, "", "", "", fate, says)
    return Effect(choice.lead_id, picked.number, picked.customer, picked.lead.title, fate, says)


def _store(connection: Connection, actor: Actor, at: datetime, choice: Choice, plan: Plan) -> None:
    if plan.step:
        store_step(connection, actor, at, plan.action, plan.picked.standing, plan.step)
    if step := plan.next_step(choice.new):
        rows.make(connection, actor, at, NEXT_STEP, step, plan.picked.lead.customer_id)
