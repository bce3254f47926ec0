"""What happens to each lead of the demo, and how many days ago: drawn before anything is written."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from zoneinfo import ZoneInfo

from crmplus.domain.closing_reason import Outcome

OLDEST = 545
"""Days before now of the first leads: 18 months."""

_WON, _LOST, _NEITHER, _FRESH, _STALE, _ACTIVE = 148, 162, 16, 8, 16, 50
_CLOSED_FROM = {Outcome.WON: (0, 1, 3, 16), Outcome.LOST: (4, 5, 5, 6), Outcome.NEITHER: (7, 2, 1, 0)}
"""How often a lead is closed from each of the four phases before the closing one."""
_OPEN_IN = (28, 27, 20, 17, 8)
"""How often an open lead stands in each of the five phases."""
_OFFICE_MINUTES = range(8 * 60 + 30, 17 * 60 + 30)


class Act(StrEnum):
    START = "start"
    TITLE = "title"
    SAVE = "save"
    COMPLETE = "complete"
    MOVE = "move"
    CLOSE = "close"
    REOPEN = "reopen"


_PROMISING = {Outcome.WON: 0.85, Outcome.LOST: 0.3, Outcome.NEITHER: 0.4, None: 0.5}
"""How often a lead looks as if it will be won, by how it ends: reps are mistaken both ways."""

# The least and the most days from what came before.
_GAP = {
    Act.START: (0, 0),
    Act.TITLE: (0, 0),
    Act.SAVE: (0, 6),
    Act.COMPLETE: (3, 23),
    Act.MOVE: (1, 11),
    Act.CLOSE: (4, 30),
    Act.REOPEN: (15, 60),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done to a lead; `place` counts from 0 the phase that the lead is in after it."""

    act: Act
    place: int = 0
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """All that is done to one lead, in order; `days_ago` has a number for each deed."""

    deeds: tuple[Deed, ...]
    days_ago: tuple[int, ...]
    is_promising: bool
    has_close_date: bool


def plan_lives(rng: random.Random) -> list[Life]:
    """The lives of all leads, in the order in which they are opened."""
    fates = [Outcome.WON] * _WON + [Outcome.LOST] * _LOST + [Outcome.NEITHER] * _NEITHER
    lives = [_closed_life(rng, outcome) for outcome in fates]
    lives += [_life(rng, [Deed(Act.START)], rng.randint(1, 5)) for _ in range(_FRESH)]
    lives += [_open_life(rng, rng.randint(60, 190)) for _ in range(_STALE)]
    lives += [_open_life(rng, rng.randint(1, 22)) for _ in range(_ACTIVE)]
    return sorted(lives, key=lambda life: -life.days_ago[0])


def office_moments(
    rng: random.Random, days_ago: Iterable[int], now: datetime, zone: ZoneInfo
) -> list[datetime]:
    """A moment for each number of days: rising, on weekdays in working hours, before `now`.

    `days_ago` falls and is 1 or more; a day in the weekend becomes the Friday before it.
    """
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=number) for number in days_ago]
    days = [day - timedelta(days=max(0, day.weekday() - 4)) for day in days]
    moments = []
    for day in sorted(set(days)):
        for minute in sorted(rng.sample(_OFFICE_MINUTES, days.count(day))):
            moments.append(datetime.combine(day, time(minute // 60, minute % 60), zone))
    return moments


def _closed_life(rng: random.Random, outcome: Outcome) -> Life:
    place = rng.choices(range(4), _CLOSED_FROM[outcome])[0]
    deeds = _opening(rng)
    if outcome is not Outcome.NEITHER and rng.random() < 0.06:
        deeds += _detour(rng, place)
        start = deeds[-1].place
    else:
        start = 0
    deeds += _path(rng, start, max(start, place))
    deeds.append(Deed(Act.CLOSE, 4, outcome))
    return _life(rng, deeds, rng.randint(1, OLDEST - 25))


def _open_life(rng: random.Random, last: int) -> Life:
    """A lead whose last deed was `last` days ago."""
    place = rng.choices(range(5), _OPEN_IN)[0]
    deeds = _opening(rng)
    if place in (1, 2, 3) and rng.random() < 0.04:
        deeds += _detour(rng, place)
    deeds += _path(rng, deeds[-1].place, place)
    if place == 0 or rng.random() < 0.5:
        deeds.append(Deed(Act.SAVE, place))
    return _life(rng, deeds, last)


def _opening(rng: random.Random) -> list[Deed]:
    return [Deed(Act.START), Deed(Act.TITLE)] if rng.random() < 0.6 else [Deed(Act.START)]


def _detour(rng: random.Random, place: int) -> list[Deed]:
    """Lost at first, then reopened not beyond `place`, or in the second phase."""
    lost = Deed(Act.CLOSE, 4, Outcome.LOST)
    return [*_path(rng, 0, rng.randint(1, 3)), lost, Deed(Act.REOPEN, rng.randint(1, max(1, place)))]


def _path(rng: random.Random, place: int, end: int) -> list[Deed]:
    """From one phase to a later one, at times with a phase skipped or a step back."""
    deeds: list[Deed] = []
    skips, goes_back = rng.random() < 0.14, rng.random() < 0.1
    while place < end:
        if rng.random() < 0.3:
            deeds.append(Deed(Act.SAVE, place))
        jumps = skips and place + 2 <= end
        place += 2 if jumps else 1
        skips = skips and not jumps
        deeds.append(Deed(Act.MOVE if jumps else Act.COMPLETE, place))
        if goes_back and place == end:
            goes_back = False
            place -= rng.randint(1, min(2, place))
            deeds.append(Deed(Act.MOVE, place))
    return deeds


def _life(rng: random.Random, deeds: list[Deed], last: int) -> Life:
    """The deeds with their days, the last one `last` days ago and none before `OLDEST`."""
    gaps = [rng.randint(*_GAP[deed.act]) for deed in deeds[1:]]
    shrink = min(1.0, (OLDEST - last) / max(1, sum(gaps)))
    after = [0, *accumulate(gaps)]
    final = deeds[-1].outcome
    return Life(
        deeds=tuple(deeds),
        days_ago=tuple(last + int((after[-1] - days) * shrink) for days in after),
        is_promising=rng.random() < _PROMISING[final],
        has_close_date=rng.random() < 0.88,
    )
