"""M9: whether scores keep their promise, and how scores and values drift from phase to phase."""

from collections.abc import Iterable
from decimal import Decimal
from statistics import mean
from uuid import UUID

from tests.recount.history import Asked, History, Life

Verdict = tuple[int, bool]
"""A score, and whether the lead was won."""


def score_in(life: Life, phase_id: UUID | None) -> int | None:
    """As the lead was closed with, or as recorded in its last visit to a phase."""
    if phase_id is None:
        return life.now.score
    visits = life.visits_to(phase_id)
    return visits[-1].score if visits else None


def verdicts(history: History, asked: Asked, phase_id: UUID | None = None) -> list[Verdict]:
    decided = history.closed(asked, "won", "lost")
    scored = ((score_in(life, phase_id), history.outcome(life.now) == "won") for life in decided)
    return [(score, is_won) for score, is_won in scored if score is not None]


def without_score(history: History, asked: Asked, phase_id: UUID | None = None) -> int:
    """Of those that were in the phase, if one is named."""
    decided = history.closed(asked, "won", "lost")
    there = [life for life in decided if phase_id is None or life.visits_to(phase_id)]
    return sum(score_in(life, phase_id) is None for life in there)


def bands(found: Iterable[Verdict]) -> dict[int, list[Verdict]]:
    """By number from 0: 1 to 10, 11 to 20 and so on. Only those in which there are leads."""
    by_band: dict[int, list[Verdict]] = {}
    for score, is_won in found:
        band = next(number for number in range(10) if score <= 10 * number + 10)
        by_band.setdefault(band, []).append((score, is_won))
    return by_band


def brier(found: list[Verdict]) -> Decimal | None:
    if not found:
        return None
    return mean((Decimal(score) / 100 - (1 if is_won else 0)) ** 2 for score, is_won in found)


def recorded_in(
    history: History, asked: Asked, phase_id: UUID, outcome: str
) -> tuple[list[int], list[Decimal]]:
    """Scores and values of leads as they last left a phase, of those since won, or lost."""
    last = [visits[-1] for life in history.closed(asked, outcome) if (visits := life.visits_to(phase_id))]
    return (
        [visit.score for visit in last if visit.score is not None],
        [visit.expected_value for visit in last if visit.expected_value is not None],
    )
