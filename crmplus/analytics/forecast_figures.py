"""The figures of a forecast (M7): what is expected, won and aimed at."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from crmplus.analytics.chances import Range
from crmplus.analytics.period import Period


@dataclass(frozen=True, slots=True)
class Expected:
    """Open leads: amounts in the workspace's currency, of recurring value per period.

    *_missing count those with nothing recorded, which count as zero; `variance`, in currency
    squared, is that of leads which come at their whole value or not at all.
    """

    lead_count: int = 0
    value: Decimal = Decimal(0)
    weighted_value: Decimal = Decimal(0)
    variance: Decimal = Decimal(0)
    value_missing: int = 0
    score_missing: int = 0
    past_due_count: int = 0

    def __add__(self, other: "Expected") -> "Expected":
        return Expected(
            self.lead_count + other.lead_count,
            self.value + other.value,
            self.weighted_value + other.weighted_value,
            self.variance + other.variance,
            self.value_missing + other.value_missing,
            self.score_missing + other.score_missing,
            self.past_due_count + other.past_due_count,
        )


@dataclass(frozen=True, slots=True)
class Won:
    """Leads won: their value in the workspace's currency, and how many of them have none."""

    lead_count: int = 0
    value: Decimal = Decimal(0)
    value_missing: int = 0

    def __add__(self, other: "Won") -> "Won":
        return Won(
            self.lead_count + other.lead_count,
            self.value + other.value,
            self.value_missing + other.value_missing,
        )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was won, what is to come and what was aimed at; `target` is None where nothing was.

    `range` is that of the sum of the open leads; None where it is not asked for or there are none.
    """

    expected: Expected = field(default_factory=Expected)
    won: Won = field(default_factory=Won)
    target: Decimal | None = None
    range: Range | None = None

    def __add__(self, other: "Outlook") -> "Outlook":
        """Both together, without a range: ranges don't add up."""
        targets = [target for target in (self.target, other.target) if target is not None]
        target = sum(targets, Decimal(0)) if targets else None
        return Outlook(self.expected + other.expected, self.won + other.won, target)

    @property
    def gap(self) -> Decimal | None:
        """What target - won - weighted leaves, less than 0 where it is passed; None without target."""
        return None if self.target is None else self.target - self.won.value - self.expected.weighted_value


@dataclass(frozen=True, slots=True)
class Forecast:
    """The months of a period, named by their first days, and its owners, those with most to come first.

    `outside` are open leads expected from this month on but not in the period, `overdue` those of
    months before this one, `undated` those without a date: with the total they are all open leads.
    `won_lately` is the value won in each of twelve months up to this one; `won_then` that won in
    `compared`: the days of the period that are over, as of the period before. Both are None where
    the period is open at a side.
    """

    months: tuple[tuple[date, Outlook], ...]
    total: Outlook
    outside: Expected
    overdue: Expected
    undated: Expected
    by_owner: tuple[tuple[UUID | None, Outlook], ...]
    won_lately: tuple[Decimal, ...]
    won_then: Decimal | None = None
    compared: Period | None = None

    @property
    def all_open(self) -> Expected:
        """Every open lead, whenever it is expected."""
        return self.total.expected + self.outside + self.overdue + self.undated


@dataclass(frozen=True, slots=True)
class Expecting:
    """Open leads by their expected close date, both days included, None for no bound."""

    first_day: date | None = None
    last_day: date | None = None
    is_undated: bool = False
