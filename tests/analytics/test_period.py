"""Periods: which moments belong to them, and which one comes before."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmplus.analytics.choice import Choice
from crmplus.analytics.period import Period, months_before

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def test_a_period_begins_and_ends_at_midnight_of_its_zone() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31), AMSTERDAM)
    assert period.from_utc == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert period.before_utc == datetime(2026, 3, 31, 22, tzinfo=UTC)  # summer time by then


def test_a_period_that_is_open_at_a_side_has_no_moment_there_and_nothing_before_it() -> None:
    assert Period().parameters() == {"from_utc": None, "before_utc": None}
    assert Period(None, date(2026, 3, 31)).before is None
    assert Period(date(2026, 3, 1), None).before is None
    assert Choice().before is None


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        (date(2026, 5, 1), date(2026, 5, 10), (date(2026, 4, 1), date(2026, 4, 10))),
        (date(2026, 5, 1), date(2026, 5, 31), (date(2026, 4, 1), date(2026, 4, 30))),
        (date(2026, 3, 1), date(2026, 3, 30), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 4, 1), date(2026, 6, 30), (date(2026, 1, 1), date(2026, 3, 31))),
        (date(2026, 1, 1), date(2026, 11, 23), (date(2025, 2, 1), date(2025, 12, 23))),
        (date(2026, 1, 1), date(2026, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
        (date(2024, 2, 1), date(2024, 2, 29), (date(2024, 1, 1), date(2024, 1, 31))),
        (date(2026, 5, 4), date(2026, 5, 10), (date(2026, 4, 27), date(2026, 5, 3))),
        (date(2026, 5, 4), date(2026, 5, 4), (date(2026, 5, 3), date(2026, 5, 3))),
    ],
)
def test_the_period_before(start: date, end: date, before: tuple[date, date]) -> None:
    found = Period(start, end, AMSTERDAM).before
    assert found == Period(*before, AMSTERDAM)


@pytest.mark.parametrize(
    ("months", "before"),
    [
        (3, (date(2026, 7, 1), date(2026, 8, 23))),
        (12, (date(2025, 10, 1), date(2025, 11, 23))),
        (None, (date(2026, 8, 1), date(2026, 9, 23))),
    ],
)
def test_a_period_that_is_not_over_says_what_it_is_compared_with(
    months: int | None, before: tuple[date, date]
) -> None:
    found = Period(date(2026, 10, 1), date(2026, 11, 23), AMSTERDAM, months).before
    assert found == Period(*before, AMSTERDAM, months)


def test_a_week_that_is_not_over_is_compared_with_the_same_days_of_the_week_before() -> None:
    found = Period(date(2026, 6, 1), date(2026, 6, 3), AMSTERDAM, days=7).before
    assert found == Period(date(2026, 5, 25), date(2026, 5, 27), AMSTERDAM, days=7)


def test_a_period_that_ends_before_it_begins_has_none_before_it() -> None:
    assert Period(date(2026, 5, 10), date(2026, 5, 1)).before is None


@given(DAYS, st.integers(0, 800))
def test_the_period_before_ends_before_this_one_begins(start: date, length: int) -> None:
    before = Period(start, start + timedelta(days=length)).before
    assert before is not None
    assert before.start is not None
    assert before.end is not None
    assert before.start <= before.end < start


@given(DAYS, st.integers(-30, 30))
def test_months_are_counted_over_years(day: date, count: int) -> None:
    found = months_before(day, count)
    assert found.day == 1
    assert 12 * day.year + day.month - (12 * found.year + found.month) == count


def test_a_choice_keeps_its_filters_for_the_period_before() -> None:
    chosen = Choice(None, None, Period(date(2026, 5, 1), date(2026, 5, 31)))
    assert chosen.before == Choice(None, None, Period(date(2026, 4, 1), date(2026, 4, 30)))
