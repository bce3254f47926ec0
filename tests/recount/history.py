"""The raw history of a workspace in plain Python, for measures to be counted a second time.

Read from the tables that services write, and from none that is derived from others. Days are those
of a zone, asked of each moment; there are no boundaries in UTC here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.domain.sight import EVERYTHING
from crmplus.store.connection import Connection
from crmplus.store.database import Database

ZERO = Decimal(0)
UTC_ZONE = ZoneInfo("UTC")
RANKS = ["qualification", "regular", "closing"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose leads, of which type and in which days (both included); None means all."""

    account_type_id: UUID | None = None
    owner_id: UUID | None = None
    first: date | None = None
    last: date | None = None
    zone: ZoneInfo = UTC_ZONE

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def is_before(self, moment: datetime) -> bool:
        return self.first is not None and self.day(moment) < self.first

    def is_after(self, moment: datetime) -> bool:
        return self.last is not None and self.day(moment) > self.last

    def covers(self, moment: datetime | None) -> bool:
        return moment is not None and not self.is_before(moment) and not self.is_after(moment)

    def wants(self, state: "State") -> bool:
        """Whether a lead in this state is of the owner and account type asked for."""
        return self.account_type_id in (None, state.account_type_id) and self.owner_id in (
            None,
            state.owner_id,
        )


@dataclass(frozen=True, slots=True)
class State:
    """All of a lead that is counted, as it once was or is now."""

    lead_id: UUID
    version: int
    account_type_id: UUID
    phase_id: UUID
    owner_id: UUID | None
    score: int | None
    expected_value: Decimal | None
    recurring_value: Decimal | None
    expected_close_date: date | None
    closing_reason_id: UUID | None
    opened_at_utc: datetime
    phase_entered_at_utc: datetime
    closed_at_utc: datetime | None

    @property
    def is_open(self) -> bool:
        return self.closed_at_utc is None


@dataclass(frozen=True, slots=True)
class Visit:
    lead_id: UUID
    visit_number: int
    phase_id: UUID
    state: str
    entered_at_utc: datetime
    left_at_utc: datetime | None
    score: int | None
    expected_value: Decimal | None
    recurring_value: Decimal | None


@dataclass(frozen=True, slots=True)
class Step:
    """A lead became what it is in `state`, and stayed so `until`; `before` is None for its first."""

    at: datetime
    until: datetime | None
    before: State | None
    state: State


@dataclass(frozen=True, slots=True)
class Life:
    """One lead: as it is now, all that it ever was, and where it has been."""

    now: State
    versions: tuple[tuple[datetime, State], ...]
    visits: tuple[Visit, ...]

    def when(self, has_begun: Callable[[datetime], bool]) -> State | None:
        """The newest version that has begun; None while there was no lead, or it was not opened yet."""
        begun = [state for at, state in self.versions if has_begun(at)]
        newest = max(begun, key=lambda state: state.version, default=None)
        return newest if newest and has_begun(newest.opened_at_utc) else None

    @property
    def steps(self) -> list[Step]:
        """Replay: at each moment at which a version can begin to hold, look which one holds then."""
        held: list[tuple[datetime, State]] = []
        moments = {at for at, _ in self.versions} | {state.opened_at_utc for _, state in self.versions}
        for moment in sorted(moments):
            state = self.when(lambda at, moment=moment: at <= moment)  # type: ignore[misc]
            if state and (not held or held[-1][1] is not state):
                held.append((moment, state))
        befores = [None, *(state for _, state in held)]
        untils = [*(at for at, _ in held[1:]), None]
        return [
            Step(at, until, before, state)
            for (at, state), before, until in zip(held, befores, untils, strict=False)
        ]

    def visits_to(self, phase_id: UUID) -> list[Visit]:
        """Those in which it was in the phase and did not only pass it."""
        return [visit for visit in self.visits if visit.phase_id == phase_id and visit.state != "skipped"]

    @property
    def been_in(self) -> list[UUID]:
        """The phases that it was in, in the order in which it last came to them."""
        newest_first = dict.fromkeys(v.phase_id for v in reversed(self.visits) if v.state != "skipped")
        return list(reversed(newest_first))


@dataclass(frozen=True, slots=True)
class Phase:
    id: UUID
    account_type_id: UUID
    code: str
    phase_type: str
    order_number: int
    archived_at_utc: datetime | None
    limit_days: int | None


@dataclass(frozen=True, slots=True)
class Target:
    owner_id: UUID
    month: date
    amount: Decimal


@dataclass(frozen=True)
class History:
    lives: tuple[Life, ...]
    phases: tuple[Phase, ...]
    targets: tuple[Target, ...]
    outcomes: dict[UUID, str]
    account_type_ids: tuple[UUID, ...]
    person_ids: tuple[UUID, ...]
    zone: ZoneInfo

    @cached_property
    def phase(self) -> dict[UUID, Phase]:
        return {phase.id: phase for phase in self.phases}

    def funnel(self, account_type_id: UUID | None) -> list[Phase]:
        """The phases in use: qualification, regular, closing; by order number, then by code (P2)."""
        own = [p for p in self.phases if p.account_type_id == account_type_id and not p.archived_at_utc]
        return sorted(own, key=lambda p: (RANKS.index(p.phase_type), p.order_number, p.code))

    def outcome(self, state: State) -> str | None:
        """Won, lost or neither; None while open."""
        return self.outcomes[state.closing_reason_id] if state.closing_reason_id else None

    def of(self, asked: Asked) -> Iterator[Life]:
        """The leads that now are of the owner and account type asked for."""
        return (life for life in self.lives if asked.wants(life.now))

    def open(self, asked: Asked) -> list[Life]:
        return [life for life in self.of(asked) if life.now.is_open]

    def closed(self, asked: Asked, *outcomes: str) -> list[Life]:
        """Closed now and in the days asked for, with one of these outcomes."""
        ended = (life for life in self.of(asked) if asked.covers(life.now.closed_at_utc))
        return [life for life in ended if self.outcome(life.now) in outcomes]


def read_history(database: Database) -> History:
    with database.read(EVERYTHING) as connection:
        versions: dict[UUID, list[tuple[datetime, State]]] = {}
        starts = connection.execute("SELECT lead_id, version, valid_from_utc FROM lead_version")
        began = {(lead_id, version): at for lead_id, version, at in starts}
        for state in _read(connection, "lead_version", State):
            versions.setdefault(state.lead_id, []).append((began[state.lead_id, state.version], state))
        visits: dict[UUID, list[Visit]] = {}
        for visit in _read(connection, "phase_record", Visit):
            visits.setdefault(visit.lead_id, []).append(visit)
        return History(
            lives=tuple(
                Life(
                    now,
                    tuple(sorted(versions[now.lead_id], key=lambda held: held[1].version)),
                    tuple(sorted(visits[now.lead_id], key=lambda visit: visit.visit_number)),
                )
                for now in _read(connection, "lead", State, lead_id="id")
            ),
            phases=tuple(_read(connection, "phase", Phase)),
            targets=tuple(_read(connection, "target", Target)),
            outcomes=dict(connection.execute("SELECT id, outcome FROM closing_reason")),
            account_type_ids=tuple(_column(connection, "SELECT id FROM account_type ORDER BY order_number")),
            person_ids=tuple(_column(connection, "SELECT id FROM person ORDER BY initials")),
            zone=ZoneInfo(_column(connection, "SELECT time_zone FROM workspace")[0]),
        )


def _read(connection: Connection, table: str, kind: type[T], **called: str) -> list[T]:
    names = [called.get(field.name, field.name) for field in fields(kind)]  # type: ignore[arg-type]
    return [kind(*row) for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}")]


def _column(connection: Connection, sql: str) -> list[Any]:
    return [row[0] for row in connection.execute(sql)]
