"""Sight: whose customers and leads somebody sees."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Reach(StrEnum):
    """How far the sight of a role goes, as the workspace says."""

    OWN = "own"
    TEAM = "team"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Sight:
    """The leads and customers of these `owners`, or all there are where it is None.

    A lead is seen through the owner it has now; a customer through its own owner or through such a lead;
    whatever hangs on one of them, its history too, is seen with it. What nobody owns is seen by those who
    see everything.
    """

    owners: frozenset[UUID] | None

    @property
    def is_whole(self) -> bool:
        return self.owners is None

    def takes_in(self, owner_id: UUID | None) -> bool:
        """Whether what this owner has, or for None what nobody owns, is seen."""
        return self.owners is None or owner_id in self.owners


EVERYTHING = Sight(None)
NOTHING = Sight(frozenset())
