"""Why leads ended: the phase they were last in before (M8), and the leads behind each figure."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.domain.actor import Actor, Permission
from crmplus.store.database import Database


@dataclass(frozen=True, slots=True)
class LastPhase:
    """How many leads were closed with a reason from a phase; None: straight away, from no other."""

    phase_id: UUID | None
    reason_id: UUID
    lead_count: int


class Ended(StrEnum):
    """How leads ended, as far as a figure counts them."""

    WON = "won"
    LOST = "lost"
    NEITHER = "neither"
    DECIDED = "decided"
    """Won and lost: what rates and cycles rest on."""


@dataclass(frozen=True, slots=True)
class ClosedLeads:
    """Which of the closed leads of a choice a figure counts; all of them where nothing is said."""

    outcome: Ended | None = None
    reason_id: UUID | None = None
    of_owner_id: UUID | None = None
    is_of_nobody: bool = False
    has_value: bool = False
    phase_id: UUID | None = None
    """The phase they were last in before they were closed."""
    is_straight_away: bool = False
    """Closed without having been in any other phase."""


def measure_last_phases(database: Database, actor: Actor, chosen: Choice) -> tuple[LastPhase, ...]:
    """M8: closed leads by the phase they were last in and by reason, of those that there are."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        rows = connection.rows("last_phases", **chosen.parameters())
    straight_away: dict[UUID, int] = {}
    for row in rows:
        sign = 1 if row["phase_id"] is None else -1
        reason_id = row["closing_reason_id"]
        straight_away[reason_id] = straight_away.get(reason_id, 0) + sign * row["lead_count"]
    found = [
        LastPhase(row["phase_id"], row["closing_reason_id"], row["lead_count"])
        for row in rows
        if row["phase_id"] is not None
    ]
    found += [LastPhase(None, reason_id, count) for reason_id, count in straight_away.items() if count]
    return tuple(sorted(found, key=lambda each: (str(each.phase_id), str(each.reason_id))))


def list_closed_leads(
    database: Database, actor: Actor, chosen: Choice, which: ClosedLeads, limit: int, offset: int = 0
) -> tuple[list[LeadBehind], int]:
    """One page of the closed leads that a figure counts, highest value first, and how many in all."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        parameters = chosen.parameters() | asdict(which)
        return leads_behind(connection, "closed_leads", parameters, limit, offset)
