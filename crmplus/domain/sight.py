"""Sight: whose customers and leads somebody sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from crmplus.domain.errors import Refused
from crmplus.domain.message import Message


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

    def require_all(self, owner_ids: Iterable[UUID | None], why: Message) -> None:
        """Asked before a refusal that counts or names what these owners have: of what somebody does not
        see it would tell. Raises: Refused, saying `why`, unless all of it is seen."""
        if not all(self.takes_in(owner_id) for owner_id in owner_ids):
            raise Refused(why)


EVERYTHING = Sight(None)
NOTHING = Sight(frozenset())
