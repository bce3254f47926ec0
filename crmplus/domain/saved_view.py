"""Saved views: a name for a page and its filters."""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from crmplus.domain.fields import Check

LONGEST_QUERY = 2_000


@dataclass(frozen=True, slots=True)
class SavedViewDraft:
    """What a form says about a view; `query` is a page's address behind the question mark."""

    name: str
    page: str
    query: str
    is_shared: bool = False

    def checked(self) -> Self:
        """The draft, cleaned. Raises: Invalid."""
        check = Check()
        clean = replace(
            self,
            name=check.text("name", self.name, 80, required=True),
            page=check.text("page", self.page, 80, required=True),
            query=check.text("query", self.query, LONGEST_QUERY),
        )
        check.done()
        return clean


@dataclass(frozen=True, slots=True)
class SavedView:
    """`owner_id` is None for the local administrator; a shared view is everybody's to open."""

    id: UUID
    name: str
    page: str
    query: str
    owner_id: UUID | None
    is_shared: bool
    version: int
