"""What is asked of the open pipeline (M1) and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.analytics.period import UTC_ZONE, Period
from crmplus.domain.phase import Phase


@dataclass(frozen=True, slots=True)
class PipelineFilter:
    """Which open leads to count; None chooses all. Dates are days of the workspace's time zone.

    Days of opening are both included. `as_of` counts the leads as they were at the end of that day,
    None as they are now; `of_nobody` those without an owner.
    """

    account_type_id: UUID | None = None
    owner_id: UUID | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    zone: ZoneInfo = UTC_ZONE
    as_of: date | None = None
    of_nobody: bool = False

    def parameters(self) -> dict[str, object]:
        """The values that all statements of the pipeline but `pipeline_parts` choose leads by."""
        return {"account_type_id": self.account_type_id, **self.parameters_of_all_types()}

    def parameters_of_all_types(self) -> dict[str, object]:
        """The same without the account type."""
        opened = Period(self.opened_from, self.opened_to, self.zone)
        return {
            "owner_id": self.owner_id,
            "of_nobody": self.of_nobody,
            "opened_from_utc": opened.from_utc,
            "opened_before_utc": opened.before_utc,
        }

    def end_of(self, day: date) -> datetime:
        """The moment, in UTC, just before which a day ends."""
        end = Period(end=day, zone=self.zone).before_utc
        assert end is not None, "a period with an end has one"
        return end.astimezone(UTC)


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

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Those of a row of a statement, which has value x score in percent."""
        return cls(
            lead_count=row["lead_count"],
            expected_value=row["expected_value"],
            weighted_value=row["expected_times_score"] / 100,
            recurring_value=row["recurring_value"],
            weighted_recurring_value=row["recurring_times_score"] / 100,
            score_missing=row["score_missing"],
            expected_missing=row["expected_missing"],
            recurring_missing=row["recurring_missing"],
        )

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
    """The open pipeline of one funnel and its total.

    The phases are those of the funnel as it is now, in order, empty ones too; between them stand
    those that have left it, where leads were in them on the day that is asked for.
    """

    phases: tuple[tuple[Phase, PipelineFigures], ...]
    total: PipelineFigures
