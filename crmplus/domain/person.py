"""People: those who own leads and customers, and their roles."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from crmplus.domain.actor import Actor, Role
from crmplus.domain.fields import Check


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What a form says about a person."""

    name: str
    initials: str
    role: Role

    def checked(self) -> Self:
        """The draft, cleaned. Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            name=check.text("name", self.name, 80, required=True),
            initials=check.text("initials", self.initials, 4, required=True).upper(),
        )
        check.done()
        return clean


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    name: str
    initials: str
    role: Role
    archived_at_utc: datetime | None
    version: int

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name, self.role)
