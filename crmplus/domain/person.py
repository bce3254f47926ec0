"""People: those who own leads and customers, and their roles."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from crmplus.domain.actor import Actor, Role
from crmplus.domain.fields import Check
from crmplus.domain.message import say
from crmplus.domain.sight import Sight

_IS_ADDRESS = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What a form says about a person."""

    name: str
    initials: str
    role: Role
    email: str = ""

    def checked(self) -> Self:
        """The draft, cleaned. Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            name=check.text("name", self.name, 80, required=True),
            initials=check.text("initials", self.initials, 4, required=True).upper(),
            email=check.text("email", self.email, 254),
        )
        if clean.email and not _IS_ADDRESS.fullmatch(clean.email):
            check.refuse("email", say("Write one e-mail address, such as ann@example.com."))
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
    email: str = ""

    def seeing(self, sight: Sight) -> Actor:
        """The person as somebody who acts."""
        return Actor(self.id, self.name, self.role, sight)
