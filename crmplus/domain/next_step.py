"""Next steps: what is to be done about a lead, and by when."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Self
from uuid import UUID

from crmplus.domain.fields import Check
from crmplus.domain.message import say

LONGEST_STEP = 200


class Due(StrEnum):
    """How a due date stands to today. A time of day does not make a step overdue, the next day does."""

    OVERDUE = "overdue"
    TODAY = "today"
    COMING = "coming"

    @classmethod
    def of(cls, due_date: date, today: date) -> "Due":
        if due_date == today:
            return cls.TODAY
        return cls.OVERDUE if due_date < today else cls.COMING


@dataclass(frozen=True, slots=True)
class NextStepDraft:
    """What a form says about a next step; day and time of day are those of the workspace's zone."""

    description: str
    due_date: date
    due_time: time | None = None

    def checked(self) -> Self:
        """The draft, cleaned. Raises: Invalid."""
        check = Check()
        description = check.text("description", self.description, LONGEST_STEP, required=True)
        if not 1990 <= self.due_date.year <= 2100:
            check.refuse("due_date", say("Use a date between 1990 and 2100."))
        check.done()
        due_time = self.due_time.replace(second=0, microsecond=0) if self.due_time else None
        return replace(self, description=description, due_time=due_time)


@dataclass(frozen=True, slots=True)
class NextStep:
    """`done_at_utc` is None while it is open; without `due_time` it is due any time that day."""

    id: UUID
    lead_id: UUID
    description: str
    due_date: date
    due_time: time | None
    done_at_utc: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        return self.done_at_utc is None
