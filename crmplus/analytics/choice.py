"""What a page of figures was asked for: whose leads, of which type, in which period."""

from dataclasses import dataclass, field, replace
from typing import Self
from uuid import UUID

from crmplus.analytics.period import Period


@dataclass(frozen=True, slots=True)
class Choice:
    """Which leads to count; None chooses all. What the period is a period of, a measure says."""

    account_type_id: UUID | None = None
    owner_id: UUID | None = None
    period: Period = field(default_factory=Period)

    def parameters(self) -> dict[str, object]:
        """The values of `$account_type_id`, `$owner_id`, `$from_utc` and `$before_utc`."""
        who = {"account_type_id": self.account_type_id, "owner_id": self.owner_id}
        return who | self.period.parameters()

    @property
    def before(self) -> Self | None:
        """The same of the period before; None where the period is open at a side."""
        period = self.period.before
        return replace(self, period=period) if period else None
