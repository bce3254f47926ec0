"""Account types: the kinds of customer (rules A1 to A5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from crmplus.domain.fields import checked_setting


@dataclass(frozen=True, slots=True)
class AccountTypeDraft:
    """What a form says about an account type."""

    code: str
    description: str
    order_number: int | None
    uses_phases: bool
    is_default: bool

    def checked(self) -> Self:
        """The draft, cleaned (A1). Raises: Invalid."""
        return checked_setting(self)


@dataclass(frozen=True, slots=True)
class AccountType:
    id: UUID
    code: str
    description: str
    order_number: int
    uses_phases: bool
    is_default: bool
    archived_at_utc: datetime | None
    version: int
