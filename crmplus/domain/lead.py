"""Leads: one possible sale each, and what was recorded of it in each visit to a phase (L1)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from crmplus.domain.customer import search_key
from crmplus.domain.fields import Check
from crmplus.domain.message import say

LONGEST_NOTE = 10_000
LONGEST_TITLE = 200


def weighted(value: Decimal | None, score: int | None) -> Decimal:
    """value x score / 100, exactly; nothing recorded weighs nothing (PRODUCT's weighted value)."""
    return (value or Decimal(0)) * (score or 0) / 100


@dataclass(frozen=True, slots=True)
class LeadValues:
    """What is known of a lead in its phase. None means not recorded yet.

    `score` is a chance in percent; `expected_value` is one-off, `recurring_value` per period
    of the workspace, both in its currency.
    """

    score: int | None = None
    expected_value: Decimal | None = None
    recurring_value: Decimal | None = None
    expected_close_date: date | None = None
    note: str = ""

    def checked(self) -> Self:
        """The values, cleaned (L1). Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            score=check.score("score", self.score),
            expected_value=check.amount("expected_value", self.expected_value),
            recurring_value=check.amount("recurring_value", self.recurring_value),
            note=check.text("note", self.note, LONGEST_NOTE, lines=True),
        )
        if self.expected_close_date and not 1990 <= self.expected_close_date.year <= 2100:
            check.refuse("expected_close_date", say("Use a date between 1990 and 2100."))
        check.done()
        return clean


def checked_title(title: str) -> str:
    """A lead's title, cleaned. Raises: Invalid."""
    check = Check()
    clean = check.text("title", title, LONGEST_TITLE)
    check.done()
    return clean


class RecordState(StrEnum):
    """How a visit to a phase stands, or how it ended."""

    CURRENT = "current"
    COMPLETED = "completed"
    LEFT = "left"
    SKIPPED = "skipped"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PhaseRecord:
    """What was recorded of a lead in one visit to one phase; visits count from 1 a lead."""

    lead_id: UUID
    visit_number: int
    phase_id: UUID
    state: RecordState
    entered_at_utc: datetime
    left_at_utc: datetime | None
    score: int | None
    expected_value: Decimal | None
    recurring_value: Decimal | None
    expected_close_date: date | None
    note: str
    closing_reason_id: UUID | None


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as it stands now; `visit_number` is that of its newest phase record."""

    id: UUID
    customer_id: UUID
    account_type_id: UUID
    phase_id: UUID
    owner_id: UUID | None
    title: str
    score: int | None
    expected_value: Decimal | None
    recurring_value: Decimal | None
    expected_close_date: date | None
    closing_reason_id: UUID | None
    opened_at_utc: datetime
    phase_entered_at_utc: datetime
    closed_at_utc: datetime | None
    visit_number: int
    version: int

    @property
    def is_open(self) -> bool:
        return self.closed_at_utc is None

    @property
    def keys(self) -> dict[str, str]:
        """What it is found by, derived from its fields."""
        return {"title_key": search_key(self.title)}
