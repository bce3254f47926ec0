"""Closing reasons: why a lead ended (rules C1 and C2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from crmplus.domain.fields import checked_setting


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class ClosingReasonDraft:
    """What a form says about a closing reason."""

    code: str
    description: str
    order_number: int | None
    outcome: Outcome

    def checked(self) -> Self:
        """The draft, cleaned (C1). Raises: Invalid."""
        return checked_setting(self)


@dataclass(frozen=True, slots=True)
class ClosingReason:
    id: UUID
    code: str
    description: str
    order_number: int
    outcome: Outcome
    archived_at_utc: datetime | None
    version: int
