"""Targets: what an owner is to win in a month."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID, uuid5

from crmplus.domain.fields import Check
from crmplus.domain.message import say

_TARGETS = UUID("0190d1c4-6f7a-7c52-9e0b-3a9f5c1d7e42")
_FIELD = "target"


@dataclass(frozen=True, slots=True)
class Target:
    """`amount` is one-off value in the workspace's currency; the first day of `month` names it."""

    id: UUID
    owner_id: UUID
    month: date
    amount: Decimal
    version: int


@dataclass(frozen=True, slots=True)
class TargetChange:
    """What a form says about one owner's month: an amount, or None for no target.

    `version` is that of the target it was filled with, None where there was none (L6).
    """

    owner_id: UUID
    month: date
    amount: Decimal | None
    version: int | None

    @property
    def field(self) -> str:
        """What errors call it."""
        return target_field(self.owner_id, self.month)

    def checked(self) -> Self:
        """The change, cleaned. Raises: Invalid, with `field`."""
        check = Check()
        clean = replace(self, month=self.month.replace(day=1), amount=check.amount(self.field, self.amount))
        if not 1990 <= self.month.year <= 2100:
            check.refuse(self.field, say("Use a year between 1990 and 2100."))
        check.done()
        return clean


def target_id(owner_id: UUID, month: date) -> UUID:
    """The key of the target of an owner's month: always the same, so that there is one at most."""
    return uuid5(_TARGETS, f"{owner_id} {month:%Y-%m}")


def target_field(owner_id: UUID, month: date) -> str:
    return f"{_FIELD} {month:%Y-%m} {owner_id}"


def owner_and_month(field: str) -> tuple[UUID, date] | None:
    """Whose target of which month a field is; None for fields of other things."""
    name, _blank, rest = field.partition(" ")
    if name != _FIELD or not rest:
        return None
    month, _blank, owner_id = rest.partition(" ")
    return UUID(owner_id), date.fromisoformat(f"{month}-01")
