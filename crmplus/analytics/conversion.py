"""The reached funnel (M2): how far the leads opened in a period ever got, and where they were dropped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from crmplus.analytics.choice import Choice
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.funnel import Funnel
from crmplus.domain.phase import Phase, PhaseType
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PHASE

_BITS = 62
"""How many phases fit into one number of 64 bits with a bit each."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Leads that reached a phase and not the next step, by how they stand now.

    `lost_for` and `neither_for` have them by closing reason, the most frequent first.
    """

    still_open: int = 0
    lost_for: tuple[tuple[UUID, int], ...] = ()
    neither_for: tuple[tuple[UUID, int], ...] = ()

    @property
    def lost(self) -> int:
        return sum(count for _reason, count in self.lost_for)

    @property
    def neither(self) -> int:
        return sum(count for _reason, count in self.neither_for)

    @property
    def total(self) -> int:
        return self.still_open + self.lost + self.neither


@dataclass(frozen=True, slots=True)
class Step:
    """One phase: leads that reached it, those of them that were never in it, and those dropped there."""

    phase: Phase
    reached: int
    skipped: int
    dropped: Dropped

    @property
    def went_on(self) -> int:
        """How many reached the next step."""
        return self.reached - self.dropped.total

    @property
    def to_next(self) -> Decimal | None:
        """Conversion to the next step, from 0 to 1; None where nobody reached this one."""
        return Decimal(self.went_on) / self.reached if self.reached else None


@dataclass(frozen=True, slots=True)
class Conversion:
    """The reached funnel of a cohort: its phases in order, empty ones too, and Won behind them."""

    opened: int
    won: int
    steps: tuple[Step, ...]

    @property
    def won_share(self) -> Decimal | None:
        return self.from_first(self.won)

    @property
    def still_open(self) -> int:
        return sum(step.dropped.still_open for step in self.steps)

    @property
    def lost(self) -> int:
        return sum(step.dropped.lost for step in self.steps)

    @property
    def neither(self) -> int:
        return sum(step.dropped.neither for step in self.steps)

    @property
    def biggest_leak(self) -> Step | None:
        """Where most are lost, of equals the one that fewer reached; None where nobody is lost."""
        losing = [step for step in self.steps if step.dropped.lost]
        return max(losing, key=lambda step: (step.dropped.lost, -step.reached), default=None)

    def from_first(self, reached: int) -> Decimal | None:
        """Conversion from the first phase, which all reached, from 0 to 1; None of no leads."""
        return Decimal(reached) / self.opened if self.opened else None


def measure_conversion(database: Database, actor: Actor, chosen: Choice) -> Conversion:
    """M2 over the leads of one account type that were opened in the period."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        phases = passable_phases(connection, chosen)
        parameters = {**chosen.parameters(), **places_of(phases)}
        parts = [
            connection.rows("reached_funnel", **parameters, bits=_bits(len(phases), start))
            for start in range(0, max(len(phases), 1), _BITS)
        ]
    ends = [row for row in parts[0] if row["grain"] == "furthest"]
    won = [row for row in ends if row["outcome"] == Outcome.WON]
    visited = {row["place"]: row for rows in parts for row in rows if row["grain"] == "visited"}
    steps, opened = [], _leads(ends)
    reached = opened
    for place, phase in enumerate(phases, 1):
        been = _leads([visited[place]]) if place in visited else 0
        dropped = _dropped([row for row in ends if row["place"] == place and row not in won])
        steps.append(Step(phase, reached, reached - been, dropped))
        reached -= dropped.total
    return Conversion(opened, _leads(won), tuple(steps))


def funnel_of(connection: Connection, chosen: Choice) -> Funnel:
    """The phases in use of the account type. Raises: ValueError where none is chosen."""
    if chosen.account_type_id is None:
        raise ValueError("a funnel belongs to one account type")
    return Funnel.of(chosen.account_type_id, PHASE.where(connection, account_type_id=chosen.account_type_id))


def passable_phases(connection: Connection, chosen: Choice) -> list[Phase]:
    """The phases that leads pass on their way to Won; being closed is no passing."""
    phases = funnel_of(connection, chosen).phases
    return [phase for phase in phases if phase.phase_type is not PhaseType.CLOSING]


def places_of(phases: Sequence[Phase]) -> dict[str, object]:
    """The places of phases in their order, from 1 on."""
    return {
        "phase_ids": [phase.id for phase in phases],
        "places": [place for place, _phase in enumerate(phases, 1)],
    }


def _bits(count: int, start: int) -> list[int]:
    """A bit for each of `count` places that has one beside that at `start`, else 0."""
    return [1 << (place - start) if 0 <= place - start < _BITS else 0 for place in range(count)]


def _leads(rows: Iterable[Row]) -> int:
    return sum(int(row["lead_count"]) for row in rows)


def _dropped(ends: Sequence[Row]) -> Dropped:
    """Leads that got no further: those still open, and by closing reason the others."""

    def reasons(outcome: Outcome) -> tuple[tuple[UUID, int], ...]:
        found = [(row["closing_reason_id"], _leads([row])) for row in ends if row["outcome"] == outcome]
        return tuple(sorted(found, key=lambda reason: (-reason[1], str(reason[0]))))

    still_open = _leads(row for row in ends if row["outcome"] is None)
    return Dropped(still_open, reasons(Outcome.LOST), reasons(Outcome.NEITHER))
