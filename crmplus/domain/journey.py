"""The moves of a lead through its funnel (rules L2 to L5).

Every move takes the lead and the record of its current visit, and returns a `Step`: the lead
as it is then, and the phase records to change and to add. Nothing here reads or writes; the
services store what comes out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.lead import Lead, LeadValues, PhaseRecord, RecordState
from crmplus.domain.message import say
from crmplus.domain.phase import Phase, PhaseType


@dataclass(frozen=True, slots=True)
class Step:
    """The result of a move; `changed` is the record of the visit it was made from."""

    lead: Lead
    changed: PhaseRecord | None
    added: tuple[PhaseRecord, ...] = ()


def start(
    lead_id: UUID, customer_id: UUID, owner_id: UUID | None, title: str, phase: Phase, at: datetime
) -> Step:
    """A new lead, standing in `phase` with nothing recorded yet."""
    lead = Lead(
        id=lead_id,
        customer_id=customer_id,
        account_type_id=phase.account_type_id,
        phase_id=phase.id,
        owner_id=owner_id,
        title=title,
        score=None,
        expected_value=None,
        recurring_value=None,
        expected_close_date=None,
        closing_reason_id=None,
        opened_at_utc=at,
        phase_entered_at_utc=at,
        closed_at_utc=None,
        visit_number=1,
        version=1,
    )
    return Step(lead, None, (_visit(lead, at),))


def save(lead: Lead, current: PhaseRecord, values: LeadValues) -> Step:
    """Record `values` in the current visit (L1). Raises: Refused on a closed lead, Invalid."""
    _require_open(lead)
    values = values.checked()
    lead = replace(
        lead,
        score=values.score,
        expected_value=values.expected_value,
        recurring_value=values.recurring_value,
        expected_close_date=values.expected_close_date,
    )
    current = replace(
        current,
        score=values.score,
        expected_value=values.expected_value,
        recurring_value=values.recurring_value,
        expected_close_date=values.expected_close_date,
        note=values.note,
    )
    return Step(lead, current)


def scored(values: LeadValues) -> LeadValues:
    """Checked values with which a phase can be completed (L2). Raises: Invalid, without a score too."""
    if values.score is None:
        raise Invalid(
            {"score": say("Record a score before you complete the phase: it is the lead's weight.")}
        )
    return values.checked()


def complete(lead: Lead, current: PhaseRecord, funnel: Funnel, values: LeadValues, at: datetime) -> Step:
    """Record `values`, then go to the next phase (L2).

    Raises: Refused in a closing phase or where no phase follows (P3), Invalid without a score.
    """
    _require_open(lead)
    values = scored(values)
    standing = _standing(lead, funnel)
    target = funnel.next_after(standing)
    if target is None and standing.phase_type is not PhaseType.CLOSING:
        raise Refused(funnel.missing[-1])  # behind a regular phase only closing ones can be missing
    if target is None:
        raise Refused(say("This is a closing phase: close the lead with a closing reason instead."))
    return _moved(save(lead, current, values), funnel, target, RecordState.COMPLETED, at)


def move(
    lead: Lead, current: PhaseRecord, funnel: Funnel, target: Phase, values: LeadValues, at: datetime
) -> Step:
    """Record `values`, then go back or ahead to any phase (L3). Raises: Refused, Invalid."""
    _require_open(lead)
    if target.id == lead.phase_id:
        raise Refused(say("The lead is in this phase already. Choose another."))
    return _moved(save(lead, current, values), funnel, target, RecordState.LEFT, at)


def close(
    lead: Lead,
    current: PhaseRecord,
    funnel: Funnel,
    closing_phase: Phase,
    reason: ClosingReason,
    values: LeadValues,
    at: datetime,
) -> Step:
    """Record `values`, go to the closing phase and end there with `reason` (L4).

    Raises: Refused on a closed lead, or where the phase is no closing phase (C2), Invalid.
    """
    if closing_phase.phase_type is not PhaseType.CLOSING:
        raise Refused(say("A closing reason can be chosen in a closing phase only."))
    step = save(lead, current, values)
    if closing_phase.id != lead.phase_id:
        step = _moved(step, funnel, closing_phase, RecordState.COMPLETED, at)
    lead = replace(step.lead, closing_reason_id=reason.id, closed_at_utc=at)
    if step.added:
        *skipped, visit = step.added
        return Step(lead, step.changed, (*skipped, _ended(visit, reason, at)))
    return Step(lead, _ended(step.changed, reason, at) if step.changed else None)


def reopen(lead: Lead, funnel: Funnel, phase: Phase, at: datetime) -> Step:
    """A closed lead goes on in `phase`, its values as a proposal (L5). Raises: Refused if open.

    In another funnel than it was closed in, the phases ahead of `phase` are recorded as skipped,
    as for any lead that enters there.
    """
    if lead.is_open:
        raise Refused(say("This lead is open already."))
    jumped = () if lead.account_type_id == funnel.account_type_id else funnel.before(phase)
    opened = replace(lead, account_type_id=funnel.account_type_id, closing_reason_id=None, closed_at_utc=None)
    return _enter(Step(opened, None), jumped, phase, at)


def transfer(lead: Lead, current: PhaseRecord, funnel: Funnel, target: Phase, at: datetime) -> Step:
    """An open lead goes on in a phase of another funnel; values and history stay (U4)."""
    _require_open(lead)
    left = replace(current, state=RecordState.LEFT, left_at_utc=at)
    moved = replace(lead, account_type_id=funnel.account_type_id)
    return _enter(Step(moved, left), funnel.before(target), target, at)


def relocate(lead: Lead, current: PhaseRecord, funnel: Funnel, target: Phase, at: datetime) -> Step:
    """An open lead leaves a phase that is about to be archived (P4), its values unchanged."""
    _require_open(lead)
    left = Step(lead, replace(current, state=RecordState.LEFT, left_at_utc=at))
    return _enter(left, funnel.between(_standing(lead, funnel), target), target, at)


def _moved(step: Step, funnel: Funnel, target: Phase, state: RecordState, at: datetime) -> Step:
    assert step.changed is not None
    jumped = funnel.between(_standing(step.lead, funnel), target)
    left = replace(step.changed, state=state, left_at_utc=at)
    return _enter(Step(step.lead, left), jumped, target, at)


def _enter(step: Step, jumped: Iterable[Phase], target: Phase, at: datetime) -> Step:
    """Add a skipped record for each phase jumped over, then the visit to the target."""
    skipped = tuple(
        PhaseRecord(
            lead_id=step.lead.id,
            visit_number=number,
            phase_id=phase.id,
            state=RecordState.SKIPPED,
            entered_at_utc=at,
            left_at_utc=at,
            score=None,
            expected_value=None,
            recurring_value=None,
            expected_close_date=None,
            note="",
            closing_reason_id=None,
        )
        for number, phase in enumerate(jumped, step.lead.visit_number + 1)
    )
    lead = replace(
        step.lead,
        phase_id=target.id,
        phase_entered_at_utc=at,
        visit_number=step.lead.visit_number + len(skipped) + 1,
    )
    return Step(lead, step.changed, (*skipped, _visit(lead, at)))


def _visit(lead: Lead, at: datetime) -> PhaseRecord:
    """The record of a visit that begins now; the lead's values go along as a proposal (L2)."""
    return PhaseRecord(
        lead_id=lead.id,
        visit_number=lead.visit_number,
        phase_id=lead.phase_id,
        state=RecordState.CURRENT,
        entered_at_utc=at,
        left_at_utc=None,
        score=lead.score,
        expected_value=lead.expected_value,
        recurring_value=lead.recurring_value,
        expected_close_date=lead.expected_close_date,
        note="",
        closing_reason_id=None,
    )


def _ended(visit: PhaseRecord, reason: ClosingReason, at: datetime) -> PhaseRecord:
    return replace(visit, state=RecordState.CLOSED, left_at_utc=at, closing_reason_id=reason.id)


def _require_open(lead: Lead) -> None:
    if not lead.is_open:
        raise Refused(say("This lead is closed. Reopen it to change it."))


def _standing(lead: Lead, funnel: Funnel) -> Phase:
    return funnel.phase(lead.phase_id)
