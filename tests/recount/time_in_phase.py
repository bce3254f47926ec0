"""M3: how long leads were in a phase that they left for good, and how long open ones stand."""

import math
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tests.recount.history import Asked, History, Life


@dataclass(frozen=True, slots=True)
class Age:
    lead_id: UUID
    phase_id: UUID
    days: int
    is_ageing: bool


def seconds_in(history: History, asked: Asked, phase_id: UUID) -> dict[UUID, int]:
    """By lead, all its visits added up in whole seconds; of leads that last left it in the days asked for."""
    found = {}
    for life in history.of(asked):
        visits = life.visits_to(phase_id)
        left = [visit.left_at_utc for visit in visits if visit.left_at_utc]
        if visits and len(left) == len(visits) and asked.covers(max(left)):
            found[life.now.lead_id] = seconds_spent(life, phase_id)
    return found


def seconds_spent(life: Life, phase_id: UUID) -> int:
    """In visits that ended."""
    ended = [(v.entered_at_utc, v.left_at_utc) for v in life.visits_to(phase_id)]
    return sum(math.floor((left - entered).total_seconds()) for entered, left in ended if left)


def median(numbers: list[int]) -> float | None:
    in_order = sorted(numbers)
    if not in_order:
        return None
    half = len(in_order) // 2
    return in_order[half] if len(in_order) % 2 else (in_order[half - 1] + in_order[half]) / 2


def ninetieth(numbers: list[int]) -> int | None:
    """The smallest of them such that nine in ten are no greater."""
    for number in sorted(numbers):
        if sum(other <= number for other in numbers) * 10 >= len(numbers) * 9:
            return number
    return None


def ages(history: History, asked: Asked, today: date) -> list[Age]:
    """Of the open leads, in calendar days since they came into the phase that they are in."""
    found = []
    for life in history.open(asked):
        days = (today - asked.day(life.now.phase_entered_at_utc)).days
        limit = history.phase[life.now.phase_id].limit_days
        found.append(Age(life.now.lead_id, life.now.phase_id, days, limit is not None and days > limit))
    return found
