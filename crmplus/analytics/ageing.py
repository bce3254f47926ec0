"""Age and ageing (M3): how long open leads have stood in their phase, and which are beyond its limit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import midnight
from crmplus.analytics.time_in_phase import phases_in_order
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.phase import Phase
from crmplus.store.database import Database


@dataclass(frozen=True, slots=True)
class Ages:
    """Open leads that stand in one phase; ages in calendar days, None where none stands there.

    Weighted values are those of the ageing ones, in the workspace's currency, the recurring one per
    period; `weightless_count` are those of them without a score or an expected value.
    """

    open_count: int = 0
    median_days: Decimal | None = None
    oldest_days: int | None = None
    ageing_count: int = 0
    weighted_value: Decimal = Decimal(0)
    weighted_recurring_value: Decimal = Decimal(0)
    weightless_count: int = 0


@dataclass(frozen=True, slots=True)
class Ageing:
    """The phases of a funnel in order, those without open leads too, and what all add up to."""

    phases: tuple[tuple[Phase, Ages], ...]

    @property
    def open_count(self) -> int:
        return sum(ages.open_count for _, ages in self.phases)

    @property
    def ageing_count(self) -> int:
        return sum(ages.ageing_count for _, ages in self.phases)

    @property
    def weighted_value(self) -> Decimal:
        return sum((ages.weighted_value for _, ages in self.phases), Decimal(0))

    @property
    def weighted_recurring_value(self) -> Decimal:
        return sum((ages.weighted_recurring_value for _, ages in self.phases), Decimal(0))

    @property
    def weightless_count(self) -> int:
        return sum(ages.weightless_count for _, ages in self.phases)

    @property
    def has_limits(self) -> bool:
        """Whether any phase has a limit: without one no lead can be ageing."""
        return any(phase.limit_days is not None for phase, _ in self.phases)

    @property
    def oldest(self) -> tuple[Phase, int] | None:
        """The phase in which a lead stands longest, and its days; None without open leads."""
        standing = [(phase, ages.oldest_days) for phase, ages in self.phases if ages.oldest_days is not None]
        return max(standing, key=lambda each: each[1], default=None)


def measure_ageing(database: Database, actor: Actor, chosen: Choice, today: date) -> Ageing:
    """M3's ages over the open leads, on a day of the zone of the period, whose days don't matter."""
    actor.require(Permission.VIEW)
    zone = chosen.period.zone
    with database.read(actor.sight) as connection:
        phases = phases_in_order(connection, chosen)
        rows = connection.rows("ages_of_open_leads", **bounds_of(phases, today, zone), **_who(chosen))
    found = {row["phase_id"]: _ages(row, today, zone) for row in rows}
    in_use = [phase for phase in phases if phase.archived_at_utc is None or phase.id in found]
    return Ageing(tuple((phase, found.get(phase.id, Ages())) for phase in in_use))


def list_leads_by_age(
    database: Database,
    actor: Actor,
    chosen: Choice,
    today: date,
    phase_id: UUID | None,
    only_ageing: bool,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the open leads that M3 counts, the one longest in its phase first, and how many in all.

    `amount` is the limit of its phase in days, `moment` when the lead came into it.
    """
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        phases = phases_in_order(connection, chosen)
        parameters = {
            **bounds_of(phases, today, chosen.period.zone),
            **_who(chosen),
            "phase_id": phase_id,
            "only_ageing": only_ageing,
        }
        return leads_behind(connection, "open_leads_by_age", parameters, limit, offset)


def age_in_days(entered_at_utc: datetime, today: date, zone: ZoneInfo) -> int:
    """Calendar days from the day a lead came into its phase to `today`."""
    return (today - entered_at_utc.astimezone(zone).date()).days


def bounds_of(phases: Iterable[Phase], today: date, zone: ZoneInfo) -> dict[str, object]:
    """`$limited_ids` and `$entered_before_utc`: a lead that came in before is beyond its phase's limit."""
    limits = {phase.id: phase.limit_days for phase in phases if phase.limit_days is not None}
    return {
        "limited_ids": list(limits),
        "entered_before_utc": [midnight(today - timedelta(days=days), zone) for days in limits.values()],
    }


def _who(chosen: Choice) -> dict[str, object]:
    return {"account_type_id": chosen.account_type_id, "owner_id": chosen.owner_id}


def _ages(row: Mapping[str, Any], today: date, zone: ZoneInfo) -> Ages:
    """Who came in earlier is older, so the ages in the middle are those of the moments there."""
    middle = [age_in_days(row[name], today, zone) for name in ("earlier_middle_utc", "later_middle_utc")]
    return Ages(
        open_count=row["open_count"],
        median_days=Decimal(sum(middle)) / 2,
        oldest_days=age_in_days(row["first_utc"], today, zone),
        ageing_count=row["ageing_count"],
        weighted_value=row["expected_times_score"] / 100,
        weighted_recurring_value=row["recurring_times_score"] / 100,
        weightless_count=row["weightless_count"],
    )
