"""Leads: what a rep does with them (rules L1 to L7)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Literal
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.journey import Step
from crmplus.domain.lead import Lead, LeadValues, PhaseRecord, checked_title
from crmplus.domain.message import say
from crmplus.domain.phase import Phase
from crmplus.services import rows
from crmplus.services.lead_edits import require_owner
from crmplus.services.lead_rows import funnel_of, load_standing, store_step
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import ACCOUNT_TYPE, CLOSING_REASON, CUSTOMER, LEAD, PHASE, PHASE_RECORD


class OwnerOf(Enum):
    """Whose owner a new lead gets where nobody is named; None means that nobody owns it."""

    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class LeadCard:
    """A lead with all that its Overview shows.

    `records` are its phase records, oldest first; `phases` the phases of its funnel with those
    archived ones that it visited, in funnel order.
    """

    lead: Lead
    records: tuple[PhaseRecord, ...]
    funnel: Funnel
    phases: tuple[Phase, ...]

    @property
    def current(self) -> PhaseRecord:
        return self.records[-1]

    @property
    def phase(self) -> Phase:
        return next(phase for phase in self.phases if phase.id == self.lead.phase_id)

    @property
    def values(self) -> LeadValues:
        """What is recorded in the visit the lead is in."""
        record = self.current
        return LeadValues(
            record.score,
            record.expected_value,
            record.recurring_value,
            record.expected_close_date,
            record.note,
        )


def list_leads_of_customer(database: Database, actor: Actor, customer_id: UUID) -> list[Lead]:
    """Newest open first, then the closed ones."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = {lead.id: lead for lead in LEAD.where(connection, customer_id=customer_id)}
        order = connection.rows("leads_of_customer", customer_id=customer_id)
    return [found[row["id"]] for row in order if row["id"] in found]  # one may start in between


def get_lead_card(database: Database, actor: Actor, lead_id: UUID) -> LeadCard:
    """Raises: NotPermitted, NotFound."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        lead = rows.load(connection, LEAD, lead_id)
        records = sorted(PHASE_RECORD.where(connection, lead_id=lead_id), key=lambda r: r.visit_number)
        all_phases = PHASE.where(connection)
    funnel = Funnel.of(lead.account_type_id, all_phases)
    visited = {record.phase_id for record in records}
    own = [p for p in all_phases if p.account_type_id == lead.account_type_id]
    shown = [p for p in own if p.archived_at_utc is None or p.id in visited]
    return LeadCard(lead, tuple(records), funnel, tuple(sorted(shown, key=lambda p: p.sort_key)))


def start_lead(
    database: Database,
    actor: Actor,
    customer_id: UUID,
    at: datetime,
    title: str = "",
    owner_id: UUID | Literal[OwnerOf.CUSTOMER] | None = OwnerOf.CUSTOMER,
    new: UUID | None = None,
) -> Lead:
    """A further lead in the qualification phase of the customer's funnel (U3).

    Unless said otherwise its owner is the customer's, or the actor where that one is out of sight; one of
    nobody is the actor's where they would not see it.
    Raises: NotPermitted, NotFound, Invalid, Refused where the funnel is not ready (P3) or the customer is
    not active.
    """
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        customer = rows.load(connection, CUSTOMER, customer_id)
        if made := rows.made_before(connection, LEAD, new):
            return made
        if not customer.is_active:
            raise Refused(say("This customer is not active. Make it active first, under Details."))
        funnel = _open_funnel(connection, customer.account_type_id)
        if owner_id is OwnerOf.CUSTOMER:
            owner = actor.owner_in_sight(customer.owner_id)
        else:
            owner = actor.owner_of_new(owner_id)
            if owner != customer.owner_id:
                require_owner(connection, owner)
        step = journey.start(new or new_id(), customer_id, owner, checked_title(title), funnel.first, at)
        return store_step(connection, actor, at, "lead_started", None, step)


def save_lead(
    database: Database, actor: Actor, lead_id: UUID, version: int, values: LeadValues, at: datetime
) -> Lead:
    """Record values in the current phase (L1). Raises: NotPermitted, Invalid, Refused, Conflict."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        standing = load_standing(connection, lead_id, version)
        step = journey.save(standing.lead, standing.record, values)
        return store_step(connection, actor, at, "lead_saved", standing, step)


def complete_phase(
    database: Database, actor: Actor, lead_id: UUID, version: int, values: LeadValues, at: datetime
) -> Lead:
    """Record values and go to the next phase (L2). Raises: as `save_lead`."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        standing = load_standing(connection, lead_id, version)
        lead = standing.lead
        funnel = funnel_of(connection, lead.account_type_id)
        step = journey.complete(lead, standing.record, funnel, values, at)
        return store_step(connection, actor, at, "phase_completed", standing, step)


def move_lead(
    database: Database,
    actor: Actor,
    lead_id: UUID,
    version: int,
    phase_id: UUID,
    values: LeadValues,
    at: datetime,
) -> Lead:
    """Record values and go back or ahead to any phase (L3). Raises: as `save_lead`, NotFound."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        standing = load_standing(connection, lead_id, version)
        lead = standing.lead
        funnel = funnel_of(connection, lead.account_type_id)
        target = funnel.phase(phase_id)
        step = journey.move(lead, standing.record, funnel, target, values, at)
        return store_step(connection, actor, at, "lead_moved", standing, step)


def close_lead(
    database: Database,
    actor: Actor,
    lead_id: UUID,
    version: int,
    closing_phase_id: UUID,
    reason_id: UUID | None,
    values: LeadValues,
    at: datetime,
) -> Lead:
    """Record values and close with a reason, from any phase (L4, C2).

    Raises: as `save_lead`, NotFound, Refused without a reason or with an archived one.
    """
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        standing = load_standing(connection, lead_id, version)
        lead = standing.lead
        if reason_id is None:
            raise Refused(say("Choose a closing reason: a lead can't be closed without one."))
        reason = rows.load(connection, CLOSING_REASON, reason_id)
        if reason.archived_at_utc:
            raise Refused(say("This closing reason is archived. Choose another."))
        funnel = funnel_of(connection, lead.account_type_id)
        phase = funnel.phase(closing_phase_id)
        step = journey.close(lead, standing.record, funnel, phase, reason, values, at)
        return store_step(connection, actor, at, "lead_closed", standing, step)


def reopen_lead(
    database: Database, actor: Actor, lead_id: UUID, version: int, phase_id: UUID, at: datetime
) -> Lead:
    """A closed lead goes on in a phase of its customer's funnel (L5).

    Raises: NotPermitted, Conflict, NotFound, Refused where it is open, or the customer is not
    active or has an account type without a funnel.
    """
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        standing = load_standing(connection, lead_id, version)
        lead = standing.lead
        customer = rows.load(connection, CUSTOMER, lead.customer_id)
        if not customer.is_active:
            raise Refused(say("This customer is not active. Make it active first, under Details."))
        funnel = _open_funnel(connection, customer.account_type_id)
        return store_step(
            connection,
            actor,
            at,
            "lead_reopened",
            standing,
            journey.reopen(lead, funnel, funnel.phase(phase_id), at),
        )


def describe_lead(
    database: Database,
    actor: Actor,
    lead_id: UUID,
    version: int,
    title: str,
    owner_id: UUID | None,
    at: datetime,
) -> Lead:
    """Give a lead another title or owner. Raises: NotPermitted, Invalid, Conflict, NotFound, Refused."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        standing = load_standing(connection, lead_id, version)
        lead = standing.lead
        if not lead.is_open:
            raise Refused(say("This lead is closed. Reopen it to change it."))
        if owner_id != lead.owner_id:
            require_owner(connection, owner_id)
        after = replace(lead, title=checked_title(title), owner_id=owner_id)
        step = Step(after, standing.record)
        return store_step(connection, actor, at, "lead_described", standing, step)


def _open_funnel(connection: Connection, account_type_id: UUID) -> Funnel:
    """The funnel a lead can start in. Raises: Refused, in the words of P3."""
    account_type = rows.load(connection, ACCOUNT_TYPE, account_type_id)
    if not account_type.uses_phases or account_type.archived_at_utc:
        raise Refused(
            say(
                "{account_type} has no funnel. Choose another account type under Details first.",
                account_type=account_type.description,
            )
        )
    funnel = funnel_of(connection, account_type_id)
    funnel.require_ready()
    return funnel
