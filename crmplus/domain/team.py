"""Teams: people who see each other's customers and leads where the workspace says so."""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from crmplus.domain.fields import Check


@dataclass(frozen=True, slots=True)
class TeamDraft:
    """What a form says about a team."""

    name: str
    members: tuple[UUID, ...]

    def checked(self) -> Self:
        """The draft, cleaned: each member once, in the order of the keys. Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            name=check.text("name", self.name, 80, required=True),
            members=tuple(sorted(set(self.members))),
        )
        check.done()
        return clean


@dataclass(frozen=True, slots=True)
class Team:
    id: UUID
    name: str
    version: int
