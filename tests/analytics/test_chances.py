"""The range of a sum of chances: against every possible case, and within bounds where it is near."""

import random
from decimal import Decimal
from itertools import accumulate
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmplus.analytics.chances import HEAVIEST, MOST_SUMS, Chance, Range, range_of

D = Decimal
AMOUNTS = st.one_of(
    st.integers(0, 12).map(lambda hundreds: D(100 * hundreds)),
    st.decimals(0, 99_999, places=2),
)
LEADS = st.builds(Chance, AMOUNTS, st.integers(0, 100))


def measured(leads: list[Chance]) -> Range:
    mean = sum((lead.mean for lead in leads), D(0))
    return range_of(leads, mean, sum((lead.variance for lead in leads), D(0)))


def recounted(leads: list[Chance]) -> Range:
    """Of every combination of leads won and lost, in whole numbers: of 100 ** leads cases."""
    cases = [(D(0), 1)]
    for lead in leads:
        won = [(total + lead.value, weight * lead.score) for total, weight in cases]
        cases = won + [(total, weight * (100 - lead.score)) for total, weight in cases]
    cases.sort()
    below = list(accumulate(weight for _total, weight in cases))
    least = (next(n for n, b in enumerate(below) if b * 10 >= p * below[-1]) for p in (1, 5, 9))
    return Range(*(cases[n][0] for n in least))


def spread(leads: list[Chance]) -> tuple[np.ndarray, np.ndarray]:
    """All sums in cents and the probabilities of them and of those below, however many there are."""
    sums, shares = np.zeros(1, np.int64), np.ones(1)
    for lead in leads:
        both = np.concatenate((sums, sums + int(lead.value * 100)))
        weights = np.concatenate((shares * (1 - lead.score / 100), shares * lead.score / 100))
        sums, places = np.unique(both, return_inverse=True)
        shares = np.bincount(places, weights)
    return sums, np.cumsum(shares)


def spread_in_hundreds(leads: list[Chance]) -> tuple[np.ndarray, np.ndarray]:
    """The same for amounts in hundreds, of any number of leads."""
    shares = np.zeros(int(sum(lead.value for lead in leads) / 100) + 1)
    shares[0] = 1
    for lead in leads:
        place = int(lead.value / 100)
        won = np.concatenate((np.zeros(place), shares[: len(shares) - place]))
        shares = shares * (1 - lead.score / 100) + won * lead.score / 100
    return 10_000 * np.arange(len(shares)), np.cumsum(shares)


Spread = tuple[np.ndarray, np.ndarray]


def assert_near(found: Range, exact: Spread, steps: float, chance: float) -> None:
    """Each percentile lies between those a little lower and higher, give or take some grid steps."""
    sums, below = exact
    room = steps * float(sums[-1]) / MOST_SUMS
    for share, value in zip((0.1, 0.5, 0.9), (found.low, found.middle, found.high), strict=True):
        least = sums[np.searchsorted(below, share - chance)]
        most = sums[np.searchsorted(below, share + chance)]
        assert least - room <= float(value) * 100 <= most + room


@settings(max_examples=60, deadline=None)
@given(st.lists(LEADS, max_size=10))
def test_m7_up_to_ten_leads_the_range_is_that_of_every_possible_case(leads: list[Chance]) -> None:
    assert measured(leads) == recounted(leads)


def test_m7_ten_leads_of_ten_amounts_are_counted_exactly() -> None:
    leads = [Chance(D(2**n) + D("0.01"), 5 + 9 * n) for n in range(10)]
    assert measured(leads) == recounted(leads)


def test_m7_without_leads_nothing_comes_in() -> None:
    assert measured([]) == Range(D(0), D(0), D(0))
    assert measured([Chance(D(100), 0), Chance(D(0), 50)]) == Range(D(0), D(0), D(0))


@pytest.mark.parametrize(
    "score, low, middle, high",
    [(9, 0, 0, 0), (10, 0, 0, 0), (11, 0, 0, 7), (50, 0, 0, 7), (51, 0, 7, 7), (90, 0, 7, 7), (91, 7, 7, 7)],
)
def test_m7_one_lead_comes_whole_or_not_at_all(score: int, low: int, middle: int, high: int) -> None:
    assert measured([Chance(D(7), score)]) == Range(D(low), D(middle), D(high))


def test_m7_what_is_certain_is_in_every_case() -> None:
    assert measured([Chance(D(40), 100, 3)]) == Range(D(120), D(120), D(120))


def test_m7_leads_alike_count_like_as_many_single_ones() -> None:
    alike = [Chance(D(100), 30, 4), Chance(D(250), 60, 2)]
    single = [Chance(D(100), 30)] * 4 + [Chance(D(250), 60)] * 2
    assert measured(alike) == measured(single) == recounted(single)


def test_m7_round_amounts_stay_exact_with_many_leads() -> None:
    """A hundred leads at 1,000 and a chance of a half: the binomial distribution, cent for cent."""
    assert measured([Chance(D(1000), 50, 100)]) == Range(D(44_000), D(50_000), D(56_000))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_m7_on_the_grid_the_range_is_near_the_exact_one(seed: int) -> None:
    rng = random.Random(seed)
    leads = [Chance(D(rng.randint(1, 10**7)) / 100, rng.randint(1, 99)) for _ in range(16)]
    assert len(spread(leads)[0]) > MOST_SUMS
    assert_near(measured(leads), spread(leads), steps=4, chance=0.005)


def test_m7_the_grid_bears_amounts_of_any_size() -> None:
    rng = random.Random(1)
    leads = [Chance(D(10) ** rng.randint(0, 12) + D(n) / 100, 50) for n in range(20)]
    assert_near(measured(leads), spread(leads), steps=4, chance=0.01)


def many(count: int, seed: int) -> list[Chance]:
    rng = random.Random(seed)
    amounts = [round(rng.lognormvariate(8.4, 0.9), -2) for _ in range(count)]
    return [Chance(D(int(amount)), rng.randint(1, 99)) for amount in amounts]


@pytest.mark.parametrize("seed", range(3))
def test_m7_beyond_the_heaviest_leads_the_others_together_are_near_the_exact_range(seed: int) -> None:
    """Amounts in hundreds, so that all of them can be counted out too."""
    leads = many(4 * HEAVIEST, seed)
    assert_near(measured(leads), spread_in_hundreds(leads), steps=4, chance=0.002)


def test_m7_the_others_need_not_be_told_one_by_one() -> None:
    leads = many(2 * HEAVIEST, 4)
    mean = sum((lead.mean for lead in leads), D(0))
    variance = sum((lead.variance for lead in leads), D(0))
    heaviest = sorted(leads, key=lambda lead: -lead.value)[: HEAVIEST + 20]
    assert range_of(heaviest, mean, variance) == measured(leads)


def test_m7_one_large_lead_among_many_small_ones_is_seen() -> None:
    """A normal distribution alone would put the middle halfway."""
    small = [Chance(D(10), 50)] * (6 * HEAVIEST)
    found, usual = measured([Chance(D(1_000_000), 30), *small]), 30 * HEAVIEST
    assert abs(found.low - usual) < 1_000
    assert abs(found.middle - usual) < 1_000
    assert abs(found.high - 1_000_000 - usual) < 1_000


def test_m7_many_leads_alike_are_the_binomial_distribution() -> None:
    count = 20 * HEAVIEST
    found = measured([Chance(D(100), 40, count)])
    like = NormalDist(100 * count * 0.4, 100 * (count * 0.4 * 0.6) ** 0.5)
    for share, value in zip((0.1, 0.5, 0.9), (found.low, found.middle, found.high), strict=True):
        assert abs(float(value) - like.inv_cdf(share)) < 0.05 * like.stdev


def test_m7_certain_leads_among_the_others_add_what_they_are_worth() -> None:
    leads = [Chance(D(200), 50, HEAVIEST), Chance(D(100), 100, 1000)]
    exact = [Chance(D(200), 50, HEAVIEST)]
    for found, bare in (
        (measured(leads).low, measured(exact).low),
        (measured(leads).high, measured(exact).high),
    ):
        assert abs(found - bare - 100_000) <= 200


@settings(max_examples=30, deadline=None)
@given(st.lists(LEADS, max_size=12), st.randoms(use_true_random=False))
def test_m7_the_order_of_leads_changes_nothing(leads: list[Chance], rng: random.Random) -> None:
    found = measured(leads)
    rng.shuffle(leads)
    assert measured(leads) == found
    assert found.low <= found.middle <= found.high <= sum((lead.value for lead in leads), D(0))
