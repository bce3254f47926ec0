"""M10: from what was open before some days to what was open after them, one booking at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tests.recount.history import ZERO, Asked, History, State, Step
from tests.recount.pipeline import weigh

Measure = Callable[[State], Decimal]
MEASURES: dict[str, Measure] = {
    "expected": lambda state: state.expected_value or ZERO,
    "weighted": lambda state: weigh(state.expected_value, state.score),
    "recurring": lambda state: state.recurring_value or ZERO,
    "weighted_recurring": lambda state: weigh(state.recurring_value, state.score),
    "leads": lambda state: Decimal(1),
}


@dataclass(frozen=True, slots=True)
class Booking:
    kind: str
    amount: Decimal
    lead_id: UUID
    at: datetime


def opening(history: History, asked: Asked, measure: Measure) -> Decimal:
    """What was open as the first day began; nothing where no first day is asked for."""
    if asked.first is None:
        return ZERO
    return _standing(history, asked, measure, asked.is_before)


def closing(history: History, asked: Asked, measure: Measure) -> Decimal:
    return _standing(history, asked, measure, lambda at: not asked.is_after(at))


def _standing(
    history: History, asked: Asked, measure: Measure, has_begun: Callable[[datetime], bool]
) -> Decimal:
    states = (life.when(has_begun) for life in history.lives)
    return sum((measure(s) for s in states if s and s.is_open and asked.wants(s)), ZERO)


def bookings(history: History, asked: Asked, measure: Measure) -> list[Booking]:
    """Each step of a lead that counts, be it with nothing; raised and lowered only by something."""
    return [
        Booking(kind, amount, step.state.lead_id, step.at)
        for life in history.lives
        for step in life.steps
        if asked.covers(step.at)
        for kind, amount in _booked(history, asked, measure, step)
    ]


def _booked(history: History, asked: Asked, measure: Measure, step: Step) -> Iterator[tuple[str, Decimal]]:
    """What one step of a lead is booked as. Who is closed was counted before, or counts nowhere."""
    before, after = step.before, step.state
    value = measure(after)
    if before is None or not before.is_open:
        if after.is_open and asked.wants(after):
            yield ("new" if before is None else "reopened"), value
    elif not asked.wants(before):
        if after.is_open and asked.wants(after):
            yield "taken over", value
    elif not asked.wants(after):
        yield "handed over", -measure(before)
    else:
        if difference := value - measure(before):
            yield ("raised" if difference > 0 else "lowered"), difference
        if not after.is_open:
            yield str(history.outcome(after)), -value
