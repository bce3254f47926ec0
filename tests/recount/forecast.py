"""M7: what open leads bring by month, what was won, what was to be won, and how far it may differ."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

from tests.recount.closings import by_month, recurring_of, value_of
from tests.recount.history import ZERO, Asked, History, Life

PERCENTILES = (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))


def expected_in(history: History, asked: Asked) -> dict[date | None, list[Life]]:
    """Open leads by the first day of the month in which they are to be closed; None without a date."""
    found: dict[date | None, list[Life]] = {}
    for life in history.open(asked):
        day = life.now.expected_close_date
        found.setdefault(day.replace(day=1) if day else None, []).append(life)
    return found


def past_due(history: History, asked: Asked, today: date) -> list[Life]:
    dated = ((life, life.now.expected_close_date) for life in history.open(asked))
    return [life for life, day in dated if day and day < today]


def won_in(history: History, asked: Asked, is_recurring: bool = False) -> dict[date, Decimal]:
    added = recurring_of if is_recurring else value_of
    return {month: added(lives) for month, lives in by_month(history, asked, "won").items()}


def target_of(history: History, asked: Asked, month: date) -> Decimal | None:
    """None where nobody has one. They are for leads of all account types, so of one there is none."""
    if asked.account_type_id:
        return None
    amounts = [t.amount for t in history.targets if t.month == month and asked.owner_id in (None, t.owner_id)]
    return sum(amounts, ZERO) if amounts else None


def outlook(lives: Iterable[Life], is_recurring: bool = False) -> tuple[Decimal, ...]:
    """10th, 50th and 90th percentile of what comes in: every way in which it can end is looked at."""
    states = [life.now for life in lives]
    bets = [(x.recurring_value if is_recurring else x.expected_value, x.score) for x in states]
    real = [(value, Fraction(score, 100)) for value, score in bets if value and score]
    chances: dict[Decimal, Fraction] = {}
    for ending in product((True, False), repeat=len(real)):
        total, chance = ZERO, Fraction(1)
        for is_won, (value, likelihood) in zip(ending, real, strict=True):
            total += value if is_won else ZERO
            chance *= likelihood if is_won else 1 - likelihood
        chances[total] = chances.get(total, Fraction(0)) + chance
    return tuple(_percentile(chances, share) for share in PERCENTILES)


def _percentile(chances: dict[Decimal, Fraction], share: Fraction) -> Decimal:
    passed = Fraction(0)
    for total in sorted(chances):
        passed += chances[total]
        if passed >= share:
            return total
    raise AssertionError("chances add up to 1")
