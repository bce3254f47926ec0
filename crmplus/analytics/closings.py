"""Win and loss: win rate (M4), cycle (M5), closing reasons (M8) and what was won, of leads closed now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from crmplus.analytics.choice import Choice
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.closing_reason import Outcome
from crmplus.store.database import Database


@dataclass(frozen=True, slots=True)
class OutcomeFigures:
    """Leads that ended alike: amounts in the workspace's currency, recurring ones per period.

    `value_missing` counts those without an expected value; `days` are those of all cycles.
    """

    lead_count: int = 0
    value: Decimal = Decimal(0)
    value_missing: int = 0
    recurring_value: Decimal = Decimal(0)
    days: int = 0

    def __add__(self, other: "OutcomeFigures") -> "OutcomeFigures":
        return OutcomeFigures(
            self.lead_count + other.lead_count,
            self.value + other.value,
            self.value_missing + other.value_missing,
            self.recurring_value + other.recurring_value,
            self.days + other.days,
        )

    @property
    def average_value(self) -> Decimal | None:
        """Over the leads that have a value; None where none has."""
        with_value = self.lead_count - self.value_missing
        return self.value / with_value if with_value else None

    @property
    def mean_days(self) -> Decimal | None:
        """Calendar days from opening to closing; None without leads."""
        return Decimal(self.days) / self.lead_count if self.lead_count else None


@dataclass(frozen=True, slots=True)
class ClosingFigures:
    """Closed leads by outcome; rates are shares from 0 to 1, None where nothing was decided."""

    won: OutcomeFigures = field(default_factory=OutcomeFigures)
    lost: OutcomeFigures = field(default_factory=OutcomeFigures)
    neither: OutcomeFigures = field(default_factory=OutcomeFigures)

    def __add__(self, other: "ClosingFigures") -> "ClosingFigures":
        return ClosingFigures(self.won + other.won, self.lost + other.lost, self.neither + other.neither)

    @property
    def decided(self) -> OutcomeFigures:
        """Won and lost together: what rates and cycles rest on."""
        return self.won + self.lost

    @property
    def closed_count(self) -> int:
        return self.decided.lead_count + self.neither.lead_count

    @property
    def win_rate(self) -> Decimal | None:
        """M4 in leads: won / (won + lost)."""
        count = self.decided.lead_count
        return Decimal(self.won.lead_count) / count if count else None

    @property
    def win_rate_in_value(self) -> Decimal | None:
        """M4 in expected value; None where won and lost leads are worth nothing either."""
        return self.won.value / self.decided.value if self.decided.value else None


@dataclass(frozen=True, slots=True)
class Medians:
    """What lies in the middle, exactly: of an even number the mean of the two; None without any."""

    won_value: Decimal | None = None
    won_days: Decimal | None = None
    lost_days: Decimal | None = None
    decided_days: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """M8: the leads closed with one reason, all of them and by owner, None being nobody."""

    reason_id: UUID
    outcome: Outcome
    total: OutcomeFigures
    by_owner: Mapping[UUID | None, OutcomeFigures]


@dataclass(frozen=True, slots=True)
class Closings:
    """Closed leads, all and in parts.

    Owners by won value, most first, None for leads of nobody. Months and quarters by their first
    day, oldest first, from the first closing to the last, those without one too. Reasons that
    leads were closed with by outcome (won, lost, neither), then by leads, most first.
    """

    total: ClosingFigures
    medians: Medians
    by_owner: tuple[tuple[UUID | None, ClosingFigures], ...]
    by_month: tuple[tuple[date, ClosingFigures], ...]
    by_quarter: tuple[tuple[date, ClosingFigures], ...]
    by_reason: tuple[ReasonFigures, ...]

    @property
    def closed_count(self) -> int:
        return self.total.closed_count

    def of_outcome(self, outcome: Outcome) -> OutcomeFigures:
        return {
            Outcome.WON: self.total.won,
            Outcome.LOST: self.total.lost,
            Outcome.NEITHER: self.total.neither,
        }[outcome]


Row = Mapping[str, Any]


def measure_closings(database: Database, actor: Actor, chosen: Choice) -> Closings:
    """M4, M5, M8 and won value over the leads closed now, by the day on which they were closed."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        rows = connection.rows("closings", zone=chosen.period.zone.key, **chosen.parameters())
        (middle,) = connection.rows("won_value_middle", **chosen.parameters())
    of_owners = [row for row in rows if row["grain"] == "owner"]
    by_owner: dict[UUID | None, ClosingFigures] = _by("owner_id", of_owners)
    by_month: dict[date, ClosingFigures] = _by("closed_month", (r for r in rows if r["grain"] == "month"))
    by_cycle: dict[int, ClosingFigures] = _by("cycle_days", (r for r in rows if r["grain"] == "cycle"))
    months = tuple((month, by_month.get(month, ClosingFigures())) for month in _months_between(by_month))
    return Closings(
        total=sum(by_month.values(), ClosingFigures()),
        medians=Medians(
            _mean(middle["lower_middle"], middle["upper_middle"]),
            _median({days: figures.won.lead_count for days, figures in by_cycle.items()}),
            _median({days: figures.lost.lead_count for days, figures in by_cycle.items()}),
            _median({days: figures.decided.lead_count for days, figures in by_cycle.items()}),
        ),
        by_owner=tuple(sorted(by_owner.items(), key=_most_won_first)),
        by_month=months,
        by_quarter=tuple(_quarters(months)),
        by_reason=tuple(sorted(_reasons(of_owners), key=_by_outcome_most_first)),
    )


def _by(column: str, rows: Iterable[Row]) -> dict[Any, ClosingFigures]:
    """The outcomes of each value of a column, put together."""
    found: dict[Any, ClosingFigures] = {}
    for row in rows:
        one = ClosingFigures(**{Outcome(row["outcome"]).value: _figures(row)})
        found[row[column]] = found.get(row[column], ClosingFigures()) + one
    return found


def _figures(row: Row) -> OutcomeFigures:
    return OutcomeFigures(
        row["lead_count"], row["value"], row["value_missing"], row["recurring_value"], int(row["days"])
    )


def _reasons(rows: Iterable[Row]) -> Iterator[ReasonFigures]:
    """Rows of a reason and an owner, put together by reason."""
    found: dict[tuple[UUID, str], dict[UUID | None, OutcomeFigures]] = {}
    for row in rows:
        found.setdefault((row["closing_reason_id"], row["outcome"]), {})[row["owner_id"]] = _figures(row)
    for (reason_id, outcome), by_owner in found.items():
        total = sum(by_owner.values(), OutcomeFigures())
        yield ReasonFigures(reason_id, Outcome(outcome), total, MappingProxyType(by_owner))


def _by_outcome_most_first(reason: ReasonFigures) -> tuple[int, int, Decimal, str]:
    place = list(Outcome).index(reason.outcome)
    return place, -reason.total.lead_count, -reason.total.value, str(reason.reason_id)


def _most_won_first(owned: tuple[UUID | None, ClosingFigures]) -> tuple[Decimal, int, int, str]:
    owner_id, figures = owned
    return -figures.won.value, -figures.won.lead_count, figures.lost.lead_count, str(owner_id)


def _months_between(found: Iterable[date]) -> Iterator[date]:
    """The first days of all months from the first to the last."""
    in_order = sorted(found)
    month = in_order[0] if in_order else date.max
    while in_order and month <= in_order[-1]:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _quarters(months: Iterable[tuple[date, ClosingFigures]]) -> Iterator[tuple[date, ClosingFigures]]:
    """Months added up by quarter of the calendar year."""
    found: dict[date, ClosingFigures] = {}
    for month, figures in months:
        first = month.replace(month=month.month - (month.month - 1) % 3)
        found[first] = found.get(first, ClosingFigures()) + figures
    yield from found.items()


def _median(counts: Mapping[int, int]) -> Decimal | None:
    """The middle of numbers of which it is known how often each occurs."""
    total = sum(counts.values())
    if not total:
        return None
    return _mean(Decimal(_at(counts, (total - 1) // 2)), Decimal(_at(counts, total // 2)))


def _at(counts: Mapping[int, int], place: int) -> int:
    """The number at a place, counted from 0, when all stand in order."""
    passed = 0
    for number in sorted(counts):
        passed += counts[number]
        if passed > place:
            return number
    raise IndexError(place)


def _mean(lower: Decimal | None, upper: Decimal | None) -> Decimal | None:
    return None if lower is None or upper is None else (lower + upper) / 2
