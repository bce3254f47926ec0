"""Next steps of leads: planned, put off, done, and the next one after that."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.lead import Lead
from crmplus.domain.message import say
from crmplus.domain.next_step import NextStep, NextStepDraft
from crmplus.services import rows
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import LEAD, NEXT_STEP


def list_next_steps(database: Database, actor: Actor, lead_id: UUID) -> list[NextStep]:
    """Those of a lead that are open, the one due first at the front."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = NEXT_STEP.where(connection, lead_id=lead_id)
    return sorted((step for step in found if step.is_open), key=_due_first)


def add_next_step(
    database: Database,
    actor: Actor,
    lead_id: UUID,
    draft: NextStepDraft,
    at: datetime,
    new: UUID | None = None,
) -> NextStep:
    """`new` is the key the form chose when it opened: adding it twice adds it once.

    Raises: NotPermitted, NotFound, Invalid, Refused on a closed lead.
    """
    actor.require(Permission.WORK)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        if made := rows.made_before(connection, NEXT_STEP, new):
            return made
        lead = _open_lead(connection, lead_id)
        step = NextStep(new or new_id(), lead_id, **rows.as_values(clean), done_at_utc=None, version=1)
        return rows.make(connection, actor, at, NEXT_STEP, step, customer_id=lead.customer_id)


def change_next_step(
    database: Database, actor: Actor, step_id: UUID, version: int, draft: NextStepDraft, at: datetime
) -> NextStep:
    """Say it otherwise, or put it off to another day.

    Raises: NotPermitted, NotFound, Invalid, Conflict, Refused where it is done or its lead closed.
    """
    actor.require(Permission.WORK)
    clean = draft.checked()
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, NEXT_STEP, step_id, version)
        lead = _open_lead(connection, before.lead_id)
        if not before.is_open:
            raise Refused(say("This next step is done already."))
        after = replace(before, **rows.as_values(clean))
        return rows.change(connection, actor, at, NEXT_STEP, before, after, lead.customer_id)


def finish_next_step(database: Database, actor: Actor, step_id: UUID, version: int, at: datetime) -> NextStep:
    """Done. Done twice, it is done once.

    Raises: NotPermitted, NotFound, Conflict, Refused where its lead is closed.
    """
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, NEXT_STEP, step_id)
        lead = _open_lead(connection, before.lead_id)
        if not before.is_open:
            return before
        before = rows.load(connection, NEXT_STEP, step_id, version)
        after = replace(before, done_at_utc=at)
        return rows.change(
            connection, actor, at, NEXT_STEP, before, after, lead.customer_id, action="next_step_done"
        )


def reopen_next_step(database: Database, actor: Actor, step_id: UUID, version: int, at: datetime) -> NextStep:
    """Not done after all. Raises: NotPermitted, NotFound, Conflict, Refused where its lead is closed."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, NEXT_STEP, step_id, version)
        lead = _open_lead(connection, before.lead_id)
        after = replace(before, done_at_utc=None)
        return rows.change(
            connection, actor, at, NEXT_STEP, before, after, lead.customer_id, action="next_step_reopened"
        )


def remove_next_step(database: Database, actor: Actor, step_id: UUID, version: int, at: datetime) -> None:
    """Dropped: it need not be done. Raises: NotPermitted, NotFound, Conflict, Refused on a closed lead."""
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        step = rows.load(connection, NEXT_STEP, step_id, version)
        lead = _open_lead(connection, step.lead_id)
        rows.delete(connection, actor, at, NEXT_STEP, step, lead.customer_id)


def _open_lead(connection: Connection, lead_id: UUID) -> Lead:
    lead = rows.load(connection, LEAD, lead_id)
    if not lead.is_open:
        raise Refused(say("This lead is closed. Reopen it to change it."))
    return lead


def _due_first(step: NextStep) -> tuple[object, ...]:
    """A step without a time comes after those of its day that have one."""
    return (step.due_date, step.due_time is None, step.due_time or datetime.min.time(), step.id)
