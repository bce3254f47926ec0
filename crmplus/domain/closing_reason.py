"""Closing reasons: why a lead ended (rules C1 and C2)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from crmplus.domain.fields import Check


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
        check = Check()
        clean = replace(
            self,
            code=check.code("code", self.code),
            description=check.text("description", self.description, 80, required=True),
            order_number=check.order_number("order_number", self.order_number),
        )
        check.done()
        return clean


@dataclass(frozen=True, slots=True)
class ClosingReason:
    id: UUID
    code: str
    description: str
    order_number: int
    outcome: Outcome
    archived_at_utc: datetime | None
    version: int
