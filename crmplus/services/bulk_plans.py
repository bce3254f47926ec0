"""What each bulk action means for one lead: decided by the rules of the journey, not stored yet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.errors import Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.journey import Step
from crmplus.domain.message import Message, say
from crmplus.domain.next_step import NextStep, NextStepDraft
from crmplus.domain.phase import Phase, PhaseType
from crmplus.services import rows
from crmplus.services.bulk_leads import Picked
from crmplus.services.lead_edits import LeadEdit, edited, require_owner, values_of
from crmplus.store.connection import Connection
from crmplus.store.tables import ACCOUNT_TYPE, CLOSING_REASON, PERSON, PHASE


@dataclass(frozen=True, slots=True)
class GiveTo:
    """Another owner for the leads; None is nobody."""

    owner_id: UUID | None


@dataclass(frozen=True, slots=True)
class AddStep:
    """A next step for each lead; it is no change of the lead, so no version matters to it."""

    draft: NextStepDraft


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Each lead goes to a phase of its funnel; None is the next one, which completes its phase (L2)."""

    phase_id: UUID | None


@dataclass(frozen=True, slots=True)
class CloseAs:
    """Each lead is closed with a reason, in that one of the closing phases which is of its funnel (L4)."""

    reason_id: UUID | None
    phase_ids: tuple[UUID, ...]


BulkAction: TypeAlias = GiveTo | AddStep | MoveTo | CloseAs


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be stored for a lead, as which `action` of the change log; either a step of its
    journey, or a next step whose key is still to be given."""

    picked: Picked
    says: Message
    action: str
    step: Step | None = None
    draft: NextStepDraft | None = None

    @property
    def closes(self) -> bool:
        return self.step is not None and not self.step.lead.is_open

    def next_step(self, new: UUID) -> NextStep | None:
        if self.draft is None:
            return None
        return NextStep(new, self.picked.lead.id, **rows.as_values(self.draft), done_at_utc=None, version=1)


Planner: TypeAlias = Callable[[Picked], Plan | None]
"""What an action means for a lead; None where it is as asked already. Raises: CrmError where it can't be."""


def planner(connection: Connection, action: BulkAction, at: datetime) -> Planner:
    """Raises: NotFound, Invalid, Refused where the action can't be done to any lead."""
    match action:
        case GiveTo(owner_id):
            require_owner(connection, owner_id)
            names: dict[UUID | None, str] = {person.id: person.name for person in PERSON.where(connection)}
            return partial(_give, names, owner_id)
        case AddStep(draft):
            return partial(_add_step, draft.checked())
        case MoveTo(phase_id):
            return partial(_move, _Funnels.of(connection), phase_id, at)
        case CloseAs(reason_id, phase_ids):
            reason = _reason(connection, reason_id)
            return partial(_close, _Funnels.of(connection), reason, phase_ids, at)


def _give(names: dict[UUID | None, str], owner_id: UUID | None, picked: Picked) -> Plan | None:
    if picked.lead.owner_id == owner_id:
        return None
    step = edited(picked.standing, LeadEdit(owner_id=owner_id))
    nobody = say("nobody")
    before, after = (names.get(each, nobody) for each in (picked.lead.owner_id, owner_id))
    return Plan(picked, say("{before} → {after}", before=before, after=after), "lead_described", step)


def _add_step(draft: NextStepDraft, picked: Picked) -> Plan:
    if not picked.lead.is_open:
        raise Refused(say("This lead is closed. Reopen it to change it."))
    return Plan(
        picked,
        say("“{step}”, due {date}", step=draft.description, date=draft.due_date),
        "next_step_made",
        draft=draft,
    )


@dataclass(frozen=True, slots=True)
class _Funnels:
    """All phases and account types, as names and as funnels."""

    phases: dict[UUID, Phase]
    funnels: dict[UUID, Funnel]
    names: dict[UUID, str]

    @classmethod
    def of(cls, connection: Connection) -> "_Funnels":
        phases, types = PHASE.where(connection), ACCOUNT_TYPE.where(connection)
        return cls(
            {phase.id: phase for phase in phases},
            {kind.id: Funnel.of(kind.id, phases) for kind in types},
            {kind.id: kind.description for kind in types},
        )

    def target(self, picked: Picked, phase_id: UUID) -> Phase:
        """The phase, where it is one of the lead's funnel. Raises: NotFound, Refused."""
        lead, phase = picked.lead, self.phases.get(phase_id)
        if phase and phase.account_type_id != lead.account_type_id:
            other = self.names[lead.account_type_id]
            raise Refused(say("It is in another funnel: {account_type}.", account_type=other))
        return self.funnels[lead.account_type_id].phase(phase_id)

    def way(self, picked: Picked, target: Phase) -> Message:
        """From which phase to which, and what is skipped."""
        start = self.phases[picked.lead.phase_id]
        before, after = start.description, target.description
        if target.sort_key < start.sort_key:
            return say("back: {before} → {after}", before=before, after=after)
        jumped = self.funnels[picked.lead.account_type_id].between(start, target)
        if not jumped:
            return say("{before} → {after}", before=before, after=after)
        skipped = ", ".join(phase.description for phase in jumped)
        return say("{before} → {after}, skips {phases}", before=before, after=after, phases=skipped)


def _move(funnels: _Funnels, phase_id: UUID | None, at: datetime, picked: Picked) -> Plan | None:
    """To the next phase as completing does, which asks for a score; any other way as going back or ahead."""
    lead, record = picked.lead, picked.standing.record
    if lead.is_open and lead.phase_id == phase_id:
        return None
    funnel, values = funnels.funnels[lead.account_type_id], values_of(record)
    following = funnel.next_after(funnels.phases[lead.phase_id])
    target = following if phase_id is None else funnels.target(picked, phase_id)
    if target and target.phase_type is PhaseType.CLOSING and lead.is_open:
        raise Refused(
            say("{phase} is a closing phase: close the lead with a reason instead.", phase=target.description)
        )
    if target is None or (following and target.id == following.id):
        step = journey.complete(lead, record, funnel, values, at)
        return Plan(picked, funnels.way(picked, funnels.phases[step.lead.phase_id]), "phase_completed", step)
    step = journey.move(lead, record, funnel, target, values, at)
    return Plan(picked, funnels.way(picked, target), "lead_moved", step)


def _close(
    funnels: _Funnels, reason: ClosingReason, phase_ids: tuple[UUID, ...], at: datetime, picked: Picked
) -> Plan | None:
    lead, record = picked.lead, picked.standing.record
    if lead.closing_reason_id == reason.id and lead.phase_id in phase_ids:
        return None
    funnel = funnels.funnels[lead.account_type_id]
    target = next((phase for phase in funnel.phases if phase.id in phase_ids), None)
    if target is None:
        raise Refused(say("No closing phase of its funnel was chosen."))
    step = journey.close(lead, record, funnel, target, reason, values_of(record), at)
    way = funnels.way(picked, target)
    if lead.phase_id == target.id:
        says = say("closed as {reason}", reason=reason.description)
    else:
        says = say("{way}, closed as {reason}", way=way, reason=reason.description)
    return Plan(picked, says, "lead_closed", step)


def _reason(connection: Connection, reason_id: UUID | None) -> ClosingReason:
    """Raises: NotFound, Refused without one, or for an archived one (C2)."""
    if reason_id is None:
        raise Refused(say("Choose a closing reason: a lead can't be closed without one."))
    reason = rows.load(connection, CLOSING_REASON, reason_id)
    if reason.archived_at_utc:
        raise Refused(say("This closing reason is archived. Choose another."))
    return reason
