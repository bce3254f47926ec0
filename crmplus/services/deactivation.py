"""Somebody leaves: what is theirs is handed over or left, and nobody comes in as them any more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Refused
from crmplus.domain.journey import Step
from crmplus.domain.lead import Lead, weighted
from crmplus.domain.message import Message, say
from crmplus.domain.person import Person
from crmplus.domain.sight import EVERYTHING
from crmplus.services import rows
from crmplus.services.administrators import why_needed
from crmplus.services.bulk_leads import load_picked
from crmplus.services.lead_edits import require_owner
from crmplus.services.lead_rows import store_step
from crmplus.services.people import archive_person
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import CUSTOMER, LEAD, PERSON


@dataclass(frozen=True, slots=True)
class Leaving:
    """What somebody has in hand, values of open leads in the workspace's currency; `refusal` says why they
    can't leave, where they can't."""

    customer_count: int
    open_lead_count: int
    next_step_count: int
    expected_value: Decimal
    weighted_value: Decimal
    recurring_value: Decimal
    refusal: Message | None


def preview_deactivation(database: Database, actor: Actor, person_id: UUID) -> Leaving:
    """What `deactivate_person` would hand over. Raises: NotPermitted, NotFound."""
    actor.require(Permission.ADMINISTER)
    with database.read(EVERYTHING) as connection:
        person = rows.load(connection, PERSON, person_id)
        leads, customers = _in_hand(connection, person_id)
        steps = connection.value("open_steps_of", owner_id=person_id)
        return Leaving(
            len(customers),
            len(leads),
            steps,
            _sum(lead.expected_value for lead in leads),
            _sum(weighted(lead.expected_value, lead.score) for lead in leads),
            _sum(lead.recurring_value for lead in leads),
            why_needed(connection, person, None),
        )


def deactivate_person(
    database: Database, actor: Actor, person_id: UUID, version: int, hand_over_to: UUID | None, at: datetime
) -> Person:
    """Archive somebody, once their customers and open leads are another's; None leaves them theirs.

    Next steps go along with their leads; closed leads stay whose they were. All of it happens, or nothing.
    Raises: NotPermitted, NotFound, Conflict, Refused for the last administrator who can sign in, and for an
    heir who is archived or the same person.
    """
    actor.require(Permission.ADMINISTER)
    with database.transaction(EVERYTHING) as connection:
        rows.load(connection, PERSON, person_id, version)
        if hand_over_to == person_id:
            raise Refused(say("Choose somebody else: this person leaves."))
        if hand_over_to:
            require_owner(connection, hand_over_to)
            _hand_over(connection, actor, at, person_id, hand_over_to)
        return archive_person(database, actor, person_id, version, at)


def _hand_over(connection: Connection, actor: Actor, at: datetime, owner_id: UUID, heir_id: UUID) -> None:
    leads, customers = _in_hand(connection, owner_id)
    for customer in customers:
        theirs = replace(customer, owner_id=heir_id)
        rows.change(connection, actor, at, CUSTOMER, customer, theirs, customer_id=customer.id)
    for picked in load_picked(connection, [lead.id for lead in leads]).values():
        step = Step(replace(picked.lead, owner_id=heir_id), picked.standing.record)
        store_step(connection, actor, at, "lead_described", picked.standing, step)


def _in_hand(connection: Connection, owner_id: UUID) -> tuple[list[Lead], list[Customer]]:
    leads = [lead for lead in LEAD.where(connection, owner_id=owner_id) if lead.is_open]
    return leads, CUSTOMER.where(connection, owner_id=owner_id)


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value or Decimal(0) for value in values), Decimal(0))
