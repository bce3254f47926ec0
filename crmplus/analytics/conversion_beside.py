"""What stands beside the reached funnel (M2): openings by month, and where open leads stand now."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.analytics.conversion import funnel_of
from crmplus.analytics.period import midnight, months_before
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.phase import Phase
from crmplus.store.database import Database

_MONTHS = 12
_QUARTER_OF_AN_HOUR = 900


@dataclass(frozen=True, slots=True)
class Opened:
    """Leads opened in a stretch of days that begins with `start`, and how many of them are won now."""

    start: date
    opened: int
    won: int

    @property
    def won_share(self) -> Decimal | None:
        """From 0 to 1; None of no leads."""
        return Decimal(self.won) / self.opened if self.opened else None


@dataclass(frozen=True, slots=True)
class Openings:
    """What a cohort is held against: twelve months of openings, oldest first, and the cohort before.

    `before` is None where the period is open at a side.
    """

    months: tuple[Opened, ...]
    before: Opened | None


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Open leads that stand in a phase now: all, and those of them that belong to the cohort."""

    phase: Phase
    lead_count: int
    cohort_count: int


def measure_openings(database: Database, actor: Actor, chosen: Choice, last: date) -> Openings:
    """Leads by their month of opening, twelve up to that of `last`, and those of the period before.

    Days are taken to begin on a quarter of an hour of UTC, as they do in every zone since 1972.
    """
    actor.require(Permission.VIEW)
    stretches, zone = _stretches(chosen, last), chosen.period.zone
    bounds = [(midnight(start, zone), midnight(end, zone)) for start, end in stretches]
    with database.read(actor.sight) as connection:
        found = connection.rows(
            "opened_by_stretch",
            account_type_id=chosen.account_type_id,
            owner_id=chosen.owner_id,
            first_utc=min(start for start, _end in bounds),
            last_utc=max(end for _start, end in bounds),
            numbers=list(range(len(bounds))),
            from_quarters=[_quarter(start) for start, _end in bounds],
            before_quarters=[_quarter(end) for _start, end in bounds],
        )
    counts = {row["number"]: (int(row["lead_count"]), int(row["won_count"])) for row in found}
    opened = [Opened(start, *counts.get(number, (0, 0))) for number, (start, _end) in enumerate(stretches)]
    return Openings(tuple(opened[:_MONTHS]), opened[_MONTHS] if opened[_MONTHS:] else None)


def _stretches(chosen: Choice, last: date) -> list[tuple[date, date]]:
    """The months and, where there is one, the period before: first days, and the days behind them."""
    firsts = [months_before(last, _MONTHS - 1 - number) for number in range(_MONTHS + 1)]
    before = chosen.period.before
    if before is None or before.start is None or before.end is None:
        return list(pairwise(firsts))
    return [*pairwise(firsts), (before.start, before.end + timedelta(days=1))]


def _quarter(moment: datetime) -> int:
    return int(moment.timestamp()) // _QUARTER_OF_AN_HOUR


def measure_open_now(database: Database, actor: Actor, chosen: Choice) -> tuple[OpenNow, ...]:
    """The snapshot beside the cohort: open leads by the phase they stand in now, closing ones too."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = connection.rows("open_now_by_phase", **chosen.parameters())
        phases = funnel_of(connection, chosen).phases
    counts = {row["phase_id"]: (row["lead_count"], row["cohort_count"]) for row in found}
    return tuple(OpenNow(phase, *counts.get(phase.id, (0, 0))) for phase in phases)


def list_open_now(
    database: Database, actor: Actor, chosen: Choice, phase_id: UUID | None, limit: int, offset: int = 0
) -> tuple[list[LeadBehind], int]:
    """One page of the open leads in a phase, or in all, the one opened last first, and how many in all."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        parameters = {**chosen.parameters(), "phase_id": phase_id}
        return leads_behind(connection, "open_now_leads", parameters, limit, offset)
