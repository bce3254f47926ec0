"""What a lead of a file becomes: which visits it makes of a phase and a closing reason.

A file says where a lead stands, not how it came there. The domain is asked once for each
combination of funnel, phase, closing phase and reason; every lead of that shape gets the same
visits and versions, with its own values and moments.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Any
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.funnel import Funnel
from crmplus.domain.lead import Lead, LeadValues, PhaseRecord
from crmplus.domain.phase import Phase


class Moment(IntEnum):
    """Which of a lead's own moments a time stands for."""

    OPENED = 0
    ENTERED = 1
    """The phase it stands in, or last stood in before it was closed."""
    CLOSED = 2


_DAY = timedelta(days=1)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_NOBODY = UUID(int=0)
_KNOWN = LeadValues(50, Decimal(1), Decimal(1), _EPOCH.date(), "note")


@dataclass(frozen=True, slots=True)
class Shape:
    """The visits and versions of every lead of one kind, as the domain makes them.

    `versions` are the lead's states: after its opening, after it moved on, after it was closed.
    """

    records: tuple[PhaseRecord, ...]
    versions: tuple[Lead, ...]


def shape_of(
    funnel: Funnel, phase: Phase | None, closing: Phase | None, reason: ClosingReason | None
) -> Shape:
    """A lead that was opened, stands in `phase` (None: where it began), and was closed if `reason`.

    What is known of it was recorded in `phase`. Raises: Refused where the funnel is not ready.
    """
    step = journey.start(_NOBODY, _NOBODY, None, "", funnel.first, _at(Moment.OPENED))
    records = {record.visit_number: record for record in step.added}
    versions = [replace(step.lead, **_amounts())]
    lead, current = step.lead, step.added[-1]
    if phase and phase.id != lead.phase_id:
        step = journey.move(lead, current, funnel, phase, LeadValues(), _at(Moment.ENTERED))
        lead, current = _kept(records, step)
        versions.append(replace(lead, **_amounts()))
    if closing and reason:
        step = journey.close(lead, current, funnel, closing, reason, _KNOWN, _at(Moment.CLOSED))
        lead, current = _kept(records, step)
        versions.append(lead)
    else:
        _kept(records, journey.save(lead, current, _KNOWN))
    numbered = [replace(version, version=number) for number, version in enumerate(versions, 1)]
    return Shape(tuple(records[number] for number in sorted(records)), tuple(numbered))


def moment_of(at: datetime | None) -> int | None:
    """Which moment of a lead a time within a shape stands for."""
    return None if at is None else Moment((at - _EPOCH) // _DAY)


class Shapes:
    """The shapes that a file needs, each with its number."""

    def __init__(self) -> None:
        self.found: list[Shape] = []
        self._numbers: dict[Sequence[UUID | None], int] = {}

    def number_of(
        self, funnel: Funnel, phase: Phase | None, closing: Phase | None, reason: ClosingReason | None
    ) -> int:
        """Raises: Refused where the funnel is not ready."""
        key = (funnel.account_type_id, *(part.id if part else None for part in (phase, closing, reason)))
        if key not in self._numbers:
            self.found.append(shape_of(funnel, phase, closing, reason))
            self._numbers[key] = len(self.found) - 1
        return self._numbers[key]


def _at(moment: Moment) -> datetime:
    return _EPOCH + moment * _DAY


def _amounts() -> dict[str, Any]:
    """The file's values hold from the opening on: nothing says that they changed."""
    return {
        "score": _KNOWN.score,
        "expected_value": _KNOWN.expected_value,
        "recurring_value": _KNOWN.recurring_value,
        "expected_close_date": _KNOWN.expected_close_date,
    }


def _kept(records: dict[int, PhaseRecord], step: journey.Step) -> tuple[Lead, PhaseRecord]:
    for record in (step.changed, *step.added):
        if record:
            records[record.visit_number] = record
    return step.lead, (step.added[-1] if step.added else records[step.lead.visit_number])
