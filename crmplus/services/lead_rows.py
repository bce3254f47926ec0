"""Reading what a move of a lead needs, and storing what comes out of it."""

from dataclasses import replace
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


def current_record(connection: Connection, lead: Lead) -> PhaseRecord:
    """The record of the visit the lead is in, or ended in."""
    record = PHASE_RECORD.get(connection, lead.id, lead.visit_number)
    assert record is not None, "a lead always has the record of its visit"
    return record


def store_step(
    connection: Connection,
    actor: Actor,
    at: datetime,
    action: str,
    before: Lead | None,
    step: Step,
) -> Lead:
    """Store a move with its history; a move that changes nothing stores nothing.

    Raises: Conflict (L6).
    """
    if before is None:
        after = step.lead
        LEAD.insert(connection, after)
        note_before = None
    else:
        old_record = current_record(connection, before)
        if step.lead == before and step.changed == old_record and not step.added:
            return before
        note_before = old_record.note
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
    record_change(connection, actor, at, change, lead=after)
    return after
