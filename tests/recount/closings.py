"""M4, M5, won value, M6 and M8: of the leads that are closed now, by the day on which they were."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from statistics import mean, median
from uuid import UUID

from tests.recount.history import ZERO, Asked, History, Life

OUTCOMES = ("won", "lost", "neither")


def value_of(lives: Iterable[Life]) -> Decimal:
    return sum((life.now.expected_value or ZERO for life in lives), ZERO)


def recurring_of(lives: Iterable[Life]) -> Decimal:
    return sum((life.now.recurring_value or ZERO for life in lives), ZERO)


def without_value(lives: Iterable[Life]) -> int:
    return sum(life.now.expected_value is None for life in lives)


def win_rate(history: History, asked: Asked) -> Decimal | None:
    """M4 in leads."""
    won, decided = history.closed(asked, "won"), history.closed(asked, "won", "lost")
    return Decimal(len(won)) / len(decided) if decided else None


def win_rate_in_value(history: History, asked: Asked) -> Decimal | None:
    """M4 in value."""
    won, decided = (value_of(history.closed(asked, *which)) for which in (("won",), ("won", "lost")))
    return won / decided if decided else None


def cycles(history: History, asked: Asked, *outcomes: str) -> list[Decimal]:
    """M5: calendar days from opening to closing, one a lead."""
    return [
        Decimal((asked.day(life.now.closed_at_utc) - asked.day(life.now.opened_at_utc)).days)
        for life in history.closed(asked, *outcomes)
        if life.now.closed_at_utc
    ]


def won_values(history: History, asked: Asked) -> list[Decimal]:
    values = (life.now.expected_value for life in history.closed(asked, "won"))
    return [value for value in values if value is not None]


def mean_of(numbers: list[Decimal]) -> Decimal | None:
    return mean(numbers) if numbers else None


def median_of(numbers: list[Decimal]) -> Decimal | None:
    return median(numbers) if numbers else None


def velocity(history: History, asked: Asked) -> Decimal | None:
    """M6: per day; all open leads of now, whatever the days asked for."""
    rate, won, days = (
        win_rate(history, asked),
        mean_of(won_values(history, asked)),
        mean_of(cycles(history, asked, "won")),
    )
    if rate is None or won is None or not days:
        return None
    return len(history.open(asked)) * rate * won / days


def by_month(history: History, asked: Asked, *outcomes: str) -> dict[date, list[Life]]:
    """By the first day of the month of closing."""
    found: dict[date, list[Life]] = {}
    for life in history.closed(asked, *outcomes):
        assert life.now.closed_at_utc
        found.setdefault(asked.day(life.now.closed_at_utc).replace(day=1), []).append(life)
    return found


def by_reason(history: History, asked: Asked) -> dict[UUID, list[Life]]:
    """M8."""
    found: dict[UUID, list[Life]] = {}
    for life in history.closed(asked, *OUTCOMES):
        assert life.now.closing_reason_id
        found.setdefault(life.now.closing_reason_id, []).append(life)
    return found


def last_phase_before_closing(life: Life) -> UUID | None:
    """M8: where it was before it was closed, however often; None where it was closed straight away."""
    been = [visit for visit in life.visits if visit.state not in ("skipped", "closed")]
    return been[-1].phase_id if been else None
