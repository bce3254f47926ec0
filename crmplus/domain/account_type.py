"""Account types: the kinds of customer (rules A1 to A5)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from crmplus.domain.fields import Check


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
class AccountType:
    id: UUID
    code: str
    description: str
    order_number: int
    uses_phases: bool
    is_default: bool
    archived_at_utc: datetime | None
    version: int
