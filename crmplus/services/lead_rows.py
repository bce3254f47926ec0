"""Reading what a move of a lead needs, and storing what comes out of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor
from crmplus.domain.funnel import Funnel
from crmplus.domain.journey import Step
from crmplus.domain.lead import Lead, PhaseRecord
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.history import Change, record_change
from crmplus.store.tables import LEAD, PHASE, PHASE_RECORD


def funnel_of(connection: Connection, account_type_id: UUID) -> Funnel:
    return Funnel.of(account_type_id, PHASE.where(connection, account_type_id=account_type_id))


@dataclass(frozen=True, slots=True)
class Standing:
    """A lead and the record of the visit it is in, or ended in."""

    lead: Lead
    record: PhaseRecord


def load_standing(connection: Connection, lead_id: UUID, version: int | None = None) -> Standing:
    """Raises: NotFound, Conflict (L6) where somebody saved since `version`."""
    lead = rows.load(connection, LEAD, lead_id, version)
    record = PHASE_RECORD.get(connection, lead.id, lead.visit_number)
    assert record is not None, "a lead always has the record of its visit"
    return Standing(lead, record)


def store_step(
    connection: Connection,
    actor: Actor,
    at: datetime,
    action: str,
    standing: Standing | None,
    step: Step,
    valid_from: datetime | None = None,
) -> Lead:
    """Store a move with its history; a move that changes nothing stores nothing.

    `standing` is what the move was made from, None for a new lead; `valid_from` is when it
    happened, where that was not `at`. Raises: Conflict (L6).
    """
    before = standing.lead if standing else None
    note_before = standing.record.note if standing else None
    if before is None:
        after = step.lead
        LEAD.insert(connection, after)
    elif standing and step.lead == before and step.changed == standing.record and not step.added:
        return before
    else:
        after = replace(step.lead, version=before.version + 1)
        if not LEAD.update(connection, after, from_version=before.version):
            raise rows.conflict(connection, before.id, before.version, before.version)
    if step.changed:
        PHASE_RECORD.update(connection, step.changed)
    PHASE_RECORD.insert(connection, *step.added)
    change = Change(
        action=action,
        entity="lead",
        entity_id=after.id,
        version=after.version,
        before={**rows.as_values(before), "note": note_before} if before else None,
        after={
            **rows.as_values(after),
            "note": step.changed.note if step.changed else note_before,
            "skipped": [str(record.phase_id) for record in step.added[:-1]] or None,
        },
        customer_id=after.customer_id,
    )
    record_change(connection, actor, at, change, lead=after, valid_from=valid_from)
    return after
