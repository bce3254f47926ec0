"""Periods: stretches of days in the workspace's time zone."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both included; None where it is open at that side.

    `months` or `days` is how much earlier the period to compare it with lies, such as 3 months for a
    quarter that is not over yet; None where its length says so.
    """

    start: date | None = None
    end: date | None = None
    zone: ZoneInfo = UTC_ZONE
    months: int | None = None
    days: int | None = None

    @property
    def from_utc(self) -> datetime | None:
        """The first moment that belongs to it."""
        return midnight(self.start, self.zone) if self.start else None

    @property
    def before_utc(self) -> datetime | None:
        """The first moment that does not belong to it any more."""
        return midnight(self.end + timedelta(days=1), self.zone) if self.end else None

    def parameters(self) -> dict[str, object]:
        """The values of `$from_utc` and `$before_utc` in a statement."""
        return {"from_utc": self.from_utc, "before_utc": self.before_utc}

    @property
    def before(self) -> Self | None:
        """The period to compare with; None where this one is open at a side.

        That is `days` or `months` earlier; where neither is said, as many months as it touches where
        it begins on the first of one (the first ten days of May go with the first ten of April), else
        as many days as it has.
        """
        if self.start is None or self.end is None or self.end < self.start:
            return None
        months = self.months
        if months is None and self.days is None and self.start.day == 1:
            months = 12 * (self.end.year - self.start.year) + self.end.month - self.start.month + 1
        if months is None:
            length = timedelta(days=self.days or (self.end - self.start).days + 1)
            return replace(self, start=self.start - length, end=self.end - length)
        return replace(self, start=_earlier(self.start, months), end=_earlier(self.end, months))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone."""
    return datetime.combine(day, time(), zone)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months before that of `month`; after it for less than 0."""
    number = 12 * month.year + month.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def _earlier(day: date, months: int) -> date:
    """The same day some months earlier; the last of a month stays the last of one."""
    month = months_before(day, months)
    last = monthrange(month.year, month.month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return month.replace(day=last if is_last else min(day.day, last))
