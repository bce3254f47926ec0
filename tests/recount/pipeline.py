"""M1: what open leads are worth by phase, now and as of the end of any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from tests.recount.history import ZERO, Asked, History, State


@dataclass(frozen=True, slots=True)
class Worth:
    leads: int
    expected: Decimal
    weighted: Decimal
    recurring: Decimal
    weighted_recurring: Decimal
    without_score: int
    without_expected: int
    without_recurring: int


def weigh(value: Decimal | None, score: int | None) -> Decimal:
    return ZERO if value is None or score is None else value * score / 100


def worth(states: Iterable[State]) -> Worth:
    found = list(states)
    return Worth(
        len(found),
        sum((x.expected_value for x in found if x.expected_value is not None), ZERO),
        sum((weigh(x.expected_value, x.score) for x in found), ZERO),
        sum((x.recurring_value for x in found if x.recurring_value is not None), ZERO),
        sum((weigh(x.recurring_value, x.score) for x in found), ZERO),
        sum(x.score is None for x in found),
        sum(x.expected_value is None for x in found),
        sum(x.recurring_value is None for x in found),
    )


def standing_now(history: History, asked: Asked) -> list[State]:
    return [life.now for life in history.open(asked)]


def standing_as_of(history: History, asked: Asked, day: date) -> list[State]:
    """The open leads at the end of a day, with the owner and account type that they had then."""
    held = (life.when(lambda at: asked.day(at) <= day) for life in history.lives)
    return [state for state in held if state and state.is_open and asked.wants(state)]


def by_phase(states: Iterable[State]) -> dict[UUID, Worth]:
    """Only phases in which some stand."""
    found: dict[UUID, list[State]] = {}
    for state in states:
        found.setdefault(state.phase_id, []).append(state)
    return {phase_id: worth(own) for phase_id, own in found.items()}
