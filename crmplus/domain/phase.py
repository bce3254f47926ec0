"""Lead phases: the steps of a funnel (rules P1 to P5)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from crmplus.domain.fields import Check, checked_setting


class PhaseType(StrEnum):
    QUALIFICATION = "qualification"
    REGULAR = "regular"
    CLOSING = "closing"

    @property
    def rank(self) -> int:
        """Its place in the funnel, whatever order numbers say (P2)."""
        return list(PhaseType).index(self)


@dataclass(frozen=True, slots=True)
class PhaseDraft:
    """What a form says about a lead phase."""

    account_type_id: UUID
    code: str
    description: str
    phase_type: PhaseType
    order_number: int | None
    limit_days: int | None = None

    def checked(self) -> Self:
        """The draft, cleaned (P1). Raises: Invalid."""
        check = Check()
        check.limit_days("limit_days", self.limit_days)
        return checked_setting(self, check)


@dataclass(frozen=True, slots=True)
class Phase:
    id: UUID
    account_type_id: UUID
    code: str
    description: str
    phase_type: PhaseType
    order_number: int
    archived_at_utc: datetime | None
    version: int
    limit_days: int | None = None
    """Days after which a lead that stands in it is ageing; None for no limit."""

    @property
    def sort_key(self) -> tuple[int, int, str]:
        """Funnel order (P2)."""
        return (self.phase_type.rank, self.order_number, self.code)

    def is_ageing(self, age_days: int) -> bool:
        """Whether an open lead that stands in it for so many days does so for longer than it may (M3)."""
        return self.limit_days is not None and age_days > self.limit_days
