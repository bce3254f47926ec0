"""The open pipeline by phase (M1)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.funnel import Funnel
from crmplus.domain.phase import Phase
from crmplus.store.database import Database
from crmplus.store.tables import PHASE

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class PipelineFilter:
    """Which open leads to count. Dates are days of the workspace's time zone, both included."""

    account_type_id: UUID
    owner_id: UUID | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    zone: ZoneInfo = UTC_ZONE

    def parameters(self) -> dict[str, object]:
        """The values of the statements in `pipeline.sql`, times in UTC."""
        before = self.opened_to + timedelta(days=1) if self.opened_to else None
        return {
            "account_type_id": self.account_type_id,
            "owner_id": self.owner_id,
            "opened_from_utc": self._midnight(self.opened_from),
            "opened_before_utc": self._midnight(before),
        }

    def _midnight(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), self.zone) if day else None


@dataclass(frozen=True, slots=True)
class PipelineFigures:
    """What open leads are worth: amounts in the workspace's currency, recurring ones per period.

    `score_missing`, `expected_missing` and `recurring_missing` count the leads that weigh
    nothing because nothing was recorded yet.
    """

    lead_count: int = 0
    expected_value: Decimal = Decimal(0)
    weighted_value: Decimal = Decimal(0)
    recurring_value: Decimal = Decimal(0)
    weighted_recurring_value: Decimal = Decimal(0)
    score_missing: int = 0
    expected_missing: int = 0
    recurring_missing: int = 0

    def __add__(self, other: "PipelineFigures") -> "PipelineFigures":
        return PipelineFigures(
            self.lead_count + other.lead_count,
            self.expected_value + other.expected_value,
            self.weighted_value + other.weighted_value,
            self.recurring_value + other.recurring_value,
            self.weighted_recurring_value + other.weighted_recurring_value,
            self.score_missing + other.score_missing,
            self.expected_missing + other.expected_missing,
            self.recurring_missing + other.recurring_missing,
        )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The open pipeline of one funnel: its phases in order, empty ones too, and the total."""

    phases: tuple[tuple[Phase, PipelineFigures], ...]
    total: PipelineFigures


@dataclass(frozen=True, slots=True)
class PipelineLead:
    """One open lead behind a figure."""

    customer_id: UUID
    number: str
    customer: str
    title: str
    owner: str
    score: int | None
    expected_value: Decimal | None
    weighted_value: Decimal
    recurring_value: Decimal | None
    expected_close_date: date | None
    phase_entered_at_utc: datetime
    lead_id: UUID


def measure_pipeline(database: Database, actor: Actor, chosen: PipelineFilter) -> Pipeline:
    """M1: per phase, sum(value x score / 100) over the open leads that stand in it."""
    actor.require(Permission.VIEW)
    with database.read() as connection:
        found = connection.rows("pipeline_by_phase", **chosen.parameters())
        phases = PHASE.where(connection, account_type_id=chosen.account_type_id)
    figures = {
        row["phase_id"]: PipelineFigures(
            lead_count=row["lead_count"],
            expected_value=row["expected_value"],
            weighted_value=row["expected_times_score"] / 100,
            recurring_value=row["recurring_value"],
            weighted_recurring_value=row["recurring_times_score"] / 100,
            score_missing=row["score_missing"],
            expected_missing=row["expected_missing"],
            recurring_missing=row["recurring_missing"],
        )
        for row in found
    }
    in_order = Funnel.of(chosen.account_type_id, phases).phases
    return Pipeline(
        tuple((phase, figures.get(phase.id, PipelineFigures())) for phase in in_order),
        sum(figures.values(), PipelineFigures()),
    )


def list_pipeline_leads(
    database: Database, actor: Actor, chosen: PipelineFilter, phase_id: UUID, limit: int, offset: int = 0
) -> tuple[list[PipelineLead], int]:
    """One page of the leads that M1 counts in a phase, heaviest first, and how many in all."""
    actor.require(Permission.VIEW)
    with database.read() as connection:
        found = connection.rows(
            "pipeline_leads", **chosen.parameters(), phase_id=phase_id, limit=limit, offset=offset
        )
    if offset and not found:  # behind the last page, the rows can't say how many there are
        return [], list_pipeline_leads(database, actor, chosen, phase_id, 1)[1]
    leads = [
        PipelineLead(
            weighted_value=row["expected_times_score"] / 100,
            **{k: v for k, v in row.items() if k not in ("expected_times_score", "total")},
        )
        for row in found
    ]
    return leads, found[0]["total"] if found else 0
