"""Open leads as the board, the list and My day show them: filtered, in order, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import search_key
from crmplus.domain.lead import weighted
from crmplus.domain.phase import Phase
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PHASE


class LeadSort(StrEnum):
    """What open leads are put in order by."""

    DUE = "due"
    AGE = "age"
    CUSTOMER = "customer"
    TITLE = "title"
    OWNER = "owner"
    SCORE = "score"
    EXPECTED_VALUE = "expected_value"
    WEIGHTED_VALUE = "weighted_value"
    RECURRING_VALUE = "recurring_value"
    EXPECTED_CLOSE_DATE = "expected_close_date"


@dataclass(frozen=True, slots=True)
class LeadQuery:
    """Which open leads to show: empty, None and False filter nothing.

    `due_until` lets those through whose first next step is due on that day or before; `today` is a
    day of the workspace's zone, which ages are counted to.
    """

    today: date
    zone: ZoneInfo
    account_type_id: UUID | None = None
    phase_id: UUID | None = None
    owner_id: UUID | None = None
    search: str = ""
    least_value: Decimal | None = None
    least_score: int | None = None
    is_ageing: bool = False
    due_until: date | None = None
    is_without_step: bool = False
    sort: LeadSort = LeadSort.DUE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class OpenLead:
    """A lead of the board or the list, with the first of its next steps, None without one.

    `version` is the lead's, for whoever changes it (L6); amounts are in the workspace's currency, the
    recurring one per period; days are calendar days; `limit_days` is its phase's, None without one.
    """

    id: UUID
    version: int
    customer_id: UUID
    number: str
    customer: str
    account_type_id: UUID
    phase_id: UUID
    owner_id: UUID | None
    title: str
    score: int | None
    expected_value: Decimal | None
    recurring_value: Decimal | None
    expected_close_date: date | None
    opened_at_utc: datetime
    phase_entered_at_utc: datetime
    step_id: UUID | None
    step_version: int | None
    step: str | None
    due_date: date | None
    due_time: time | None
    days_in_phase: int
    limit_days: int | None

    @property
    def weighted_value(self) -> Decimal:
        return weighted(self.expected_value, self.score)

    @property
    def is_ageing(self) -> bool:
        """Longer in its phase than the phase's limit (M3)."""
        return self.limit_days is not None and self.days_in_phase > self.limit_days


@dataclass(frozen=True, slots=True)
class ColumnTotal:
    """All leads of one phase that pass the filters, in the workspace's currency."""

    lead_count: int = 0
    expected_value: Decimal = Decimal(0)
    weighted_value: Decimal = Decimal(0)


def measure_columns(database: Database, actor: Actor, query: LeadQuery) -> dict[UUID, ColumnTotal]:
    """How many leads pass the filters in each phase, and what they are worth (M1); no phase without any."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        limits = _limits(connection)
        found = connection.rows("open_lead_columns", **_filters(query, limits))
    return {
        row["phase_id"]: ColumnTotal(
            row["lead_count"], row["expected_value"], row["expected_times_score"] / 100
        )
        for row in found
    }


def list_open_leads(
    database: Database, actor: Actor, query: LeadQuery, limit: int, offset: int = 0
) -> tuple[list[OpenLead], int]:
    """One page of the leads that pass the filters, and how many do in all."""
    total = sum(column.lead_count for column in measure_columns(database, actor, query).values())
    return _rows(database, actor, query, limit, offset, by_phase=False), total


def list_leads_by_phase(
    database: Database, actor: Actor, query: LeadQuery, limit: int, offset: int = 0
) -> dict[UUID, list[OpenLead]]:
    """One page of each phase: `limit` leads behind the first `offset`."""
    actor.require(Permission.VIEW)
    found: dict[UUID, list[OpenLead]] = {}
    for lead in _rows(database, actor, query, limit, offset, by_phase=True):
        found.setdefault(lead.phase_id, []).append(lead)
    return found


def age_in_days(moment: datetime, today: date, zone: ZoneInfo) -> int:
    """Calendar days from the day of a moment, in a zone, to `today`."""
    return (today - moment.astimezone(zone).date()).days


def _rows(
    database: Database, actor: Actor, query: LeadQuery, limit: int, offset: int, by_phase: bool
) -> list[OpenLead]:
    with database.read(actor.sight) as connection:
        limits = _limits(connection)
        found = connection.rows(
            "open_lead_rows",
            **_filters(query, limits),
            sort=query.sort,
            descending=query.descending,
            by_phase=by_phase,
            limit=limit,
            offset=offset,
        )
    return [
        OpenLead(
            **row,
            days_in_phase=age_in_days(row["phase_entered_at_utc"], query.today, query.zone),
            limit_days=limits.get(row["phase_id"]),
        )
        for row in found
    ]


def _limits(connection: Connection) -> dict[UUID, int]:
    """The limit in days of every phase that has one."""
    phases: Iterable[Phase] = PHASE.where(connection)
    return {phase.id: phase.limit_days for phase in phases if phase.limit_days is not None}


def _filters(query: LeadQuery, limits: dict[UUID, int]) -> dict[str, object]:
    return {
        "limited_ids": list(limits),
        "entered_before_utc": [_midnight_before(query, days) for days in limits.values()],
        "account_type_id": query.account_type_id,
        "phase_id": query.phase_id,
        "owner_id": query.owner_id,
        "words": search_key(query.search).split(),
        "least_value": query.least_value,
        "least_score": query.least_score,
        "is_ageing": query.is_ageing,
        "due_until": query.due_until,
        "is_without_step": query.is_without_step,
    }


def _midnight_before(query: LeadQuery, days: int) -> datetime:
    """The moment at which the day begins that lies so many days before today."""
    midnight = datetime.combine(query.today - timedelta(days=days), time(), query.zone)
    return midnight.astimezone(UTC)
