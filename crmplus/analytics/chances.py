"""What leads may come to together, their scores taken as chances: the 10th, 50th and 90th percentile.

Each lead is won at its whole value with a chance of score / 100, else it brings nothing, and no
lead knows of another. Nothing is drawn by chance, so the same leads always give the same range:

- While all sums that are possible are few, each is kept with its exact probability.
- Beyond MOST_SUMS of them, probabilities lie on a grid of as many equal steps up to the highest
  sum. What falls between two points of it is shared by both, so that the mean stays exact.
- Of more than HEAVIEST leads those of highest value are taken one by one; all others come in
  together, as a normal distribution with their exact mean and variance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

MOST_SUMS = 4_000
HEAVIEST = 250
PERCENTILES = (0.1, 0.5, 0.9)

_TINY = 1e-12
"""What adding up probabilities may be off by."""
_WIDTH = 5
"""How many standard deviations of a normal distribution the grid holds at each side."""
_CENT = Decimal("0.01")
_Numbers: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Chance:
    """Leads alike: each brings `value`, 0 or more, with a chance of `score` percent, else nothing."""

    value: Decimal
    score: int
    lead_count: int = 1

    @property
    def mean(self) -> Decimal:
        """What all of them bring on average."""
        return self.lead_count * self.value * self.score / 100

    @property
    def variance(self) -> Decimal:
        """Of what all of them bring, in currency squared."""
        return self.lead_count * self.value * self.value * self.score * (100 - self.score) / 10_000


@dataclass(frozen=True, slots=True)
class Range:
    """The least sums that are not exceeded in 10, 50 and 90 of 100 cases."""

    low: Decimal
    middle: Decimal
    high: Decimal


def range_of(chances: Iterable[Chance], mean: Decimal, variance: Decimal) -> Range:
    """The range of leads whose sum has this mean and variance.

    `chances` are all of them or, of more than HEAVIEST, at least those of highest value.
    """
    heaviest = _heaviest(chances)
    left_mean = mean - sum((chance.mean for chance in heaviest), Decimal(0))
    left_variance = max(variance - sum((chance.variance for chance in heaviest), Decimal(0)), Decimal(0))
    leads = [
        (int(chance.value.scaleb(2)), chance.score / 100)
        for chance in heaviest
        for _lead in range(chance.lead_count)
    ]
    if left_mean:
        others = NormalDist(float(left_mean.scaleb(2)), float(left_variance.scaleb(4)) ** 0.5)
        return _read(*_on_grid(leads, *_normal(others, sum(value for value, _chance in leads))))
    return _read(*_one_by_one(leads))


def _heaviest(chances: Iterable[Chance]) -> list[Chance]:
    """The HEAVIEST leads of highest value that bring anything, in one order whatever that of `chances`."""
    bringing = [chance for chance in chances if chance.value and chance.score and chance.lead_count]
    found, left = [], HEAVIEST
    for chance in sorted(bringing, key=lambda chance: (-chance.value, -chance.score)):
        count = min(chance.lead_count, left)
        if not count:
            break
        found.append(Chance(chance.value, chance.score, count))
        left -= count
    return found


def _one_by_one(leads: list[tuple[int, float]]) -> tuple[_Numbers, _Numbers]:
    """Sums in cents with their probabilities: exact while they are few, then on a grid."""
    sums: _Numbers = np.zeros(1, np.int64)
    shares: _Numbers = np.ones(1)
    for place, (value, chance) in enumerate(leads):
        both = np.concatenate((sums, sums + value))
        weights = np.concatenate((shares * (1 - chance), shares * chance))
        sums, places = np.unique(both[weights > 0], return_inverse=True)
        shares = np.bincount(places, weights[weights > 0])
        if len(sums) > MOST_SUMS:
            left = leads[place + 1 :]
            highest = int(sums[-1]) + sum(value for value, _chance in left)
            step = highest / MOST_SUMS
            return _on_grid(left, 0.0, step, _shared(sums / step, shares))
    return sums.astype(np.float64), shares


def _normal(others: NormalDist, highest: int) -> tuple[float, float, _Numbers]:
    """A grid that holds a normal distribution with room for `highest` above it: where it begins, its
    step, and the probabilities of its points."""
    start = max(0.0, others.mean - _WIDTH * others.stdev)
    step = (others.mean + _WIDTH * others.stdev + highest - start) / MOST_SUMS
    if not others.stdev:
        return start, step, _shared(np.array([(others.mean - start) / step]), np.ones(1))
    edges = [start + (place + 0.5) * step for place in range(MOST_SUMS)]
    below = np.array([0.0, *(others.cdf(edge) for edge in edges), 1.0])
    return start, step, np.diff(below)


def _shared(places: _Numbers, shares: _Numbers) -> _Numbers:
    """Probabilities on a grid: those of `places` between two of its points shared by both."""
    lower = np.minimum(np.floor(places), MOST_SUMS - 1).astype(np.int64)
    above = places - lower
    grid = np.bincount(lower, shares * (1 - above), MOST_SUMS + 1)
    grid += np.bincount(lower + 1, shares * above, MOST_SUMS + 1)
    return grid


def _on_grid(
    leads: list[tuple[int, float]], start: float, step: float, grid: _Numbers
) -> tuple[_Numbers, _Numbers]:
    """The points of a grid, in cents, with their probabilities once these leads are in."""
    for value, chance in leads:
        lower = min(int(value / step), MOST_SUMS - 1)
        above = value / step - lower
        added = grid * (1 - chance)
        added[lower:] += chance * (1 - above) * grid[: MOST_SUMS + 1 - lower]
        added[lower + 1 :] += chance * above * grid[: MOST_SUMS - lower]
        grid = added
    return start + step * np.arange(MOST_SUMS + 1), grid


def _read(sums: _Numbers, shares: _Numbers) -> Range:
    """The percentiles of sums in cents."""
    places = np.searchsorted(np.cumsum(shares), np.array(PERCENTILES) - _TINY)
    found = [sums[min(int(place), len(sums) - 1)] for place in places]
    low, middle, high = (Decimal(float(cents)).scaleb(-2).quantize(_CENT, ROUND_HALF_UP) for cents in found)
    return Range(low, middle, high)
