"""Time in phase (M3): how long leads were in each phase that they left for good so far."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import midnight, months_before
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.phase import Phase
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PHASE

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class TimeInPhase:
    """Days elapsed, of leads that left one phase, all visits added up; None where none left.

    `again_count` are those that were in it more than once.
    """

    lead_count: int = 0
    again_count: int = 0
    median_days: Decimal | None = None
    ninetieth_days: Decimal | None = None


PhaseTimes = tuple[tuple[Phase, TimeInPhase], ...]


def measure_time_in_phase(database: Database, actor: Actor, chosen: Choice) -> PhaseTimes:
    """M3 by phase in funnel order, over the leads that left it last in the period.

    Archived phases are there where leads left them then.
    """
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = {
            row["phase_id"]: _times(row) for row in connection.rows("time_in_phase", **chosen.parameters())
        }
        phases = phases_in_order(connection, chosen)
    return tuple(
        (phase, found.get(phase.id, TimeInPhase()))
        for phase in phases
        if phase.archived_at_utc is None or phase.id in found
    )


def slowest(times: PhaseTimes) -> tuple[Phase, TimeInPhase] | None:
    """The phase with the highest median, of equal ones the first; None where no lead left any."""
    left = [(phase, figures) for phase, figures in times if figures.median_days is not None]
    return max(left, key=lambda each: each[1].median_days or Decimal(0), default=None)


def measure_months_in_phase(
    database: Database, actor: Actor, chosen: Choice, phase_id: UUID, last: date, count: int = 12
) -> tuple[Decimal | None, ...]:
    """The median of one phase by month of leaving, in days: `count` months, the one of `last` the last.

    Months count whole, whatever the period; None where no lead left.
    """
    actor.require(Permission.VIEW)
    begins = [midnight(months_before(last, back), chosen.period.zone) for back in range(count - 1, -2, -1)]
    with database.read(actor.sight) as connection:
        rows = connection.rows(
            "time_in_phase_by_month",
            phase_id=phase_id,
            account_type_id=chosen.account_type_id,
            owner_id=chosen.owner_id,
            begin_utc=begins[:-1],
            end_utc=begins[1:],
            from_utc=begins[0],
            before_utc=begins[-1],
        )
    found = {row["begins_at_utc"]: in_days(row["median_seconds"]) for row in rows}
    return tuple(found.get(begin) for begin in begins[:-1])


def list_leads_that_left(
    database: Database,
    actor: Actor,
    chosen: Choice,
    phase_id: UUID,
    only_again: bool,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the leads that M3 counts in a phase, the longest first, and how many in all.

    `amount` is the days that a lead was in it, `moment` when it left last; `only_again` asks for
    those that were in it more than once.
    """
    actor.require(Permission.VIEW)
    parameters = {**chosen.parameters(), "phase_id": phase_id, "only_again": only_again}
    with database.read(actor.sight) as connection:
        leads, total = leads_behind(connection, "leads_that_left", parameters, limit, offset)
    return [replace(lead, amount=in_days(lead.amount)) for lead in leads], total


def phases_in_order(connection: Connection, chosen: Choice) -> list[Phase]:
    """All phases of the chosen account type, or of all, in funnel order (P2); archived ones too."""
    of_type = {"account_type_id": chosen.account_type_id} if chosen.account_type_id else {}
    return sorted(PHASE.where(connection, **of_type), key=lambda p: (str(p.account_type_id), p.sort_key))


def in_days(seconds: Decimal | float | None) -> Decimal | None:
    """Days elapsed; half seconds are exact in a float too."""
    return None if seconds is None else Decimal(seconds) / _SECONDS_A_DAY


def _times(row: Mapping[str, Any]) -> TimeInPhase:
    return TimeInPhase(
        row["lead_count"],
        row["again_count"],
        in_days(row["median_seconds"]),
        in_days(row["ninetieth_seconds"]),
    )
