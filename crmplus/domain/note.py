"""Notes: what was learned about a lead, by whom and when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crmplus.domain.customer import search_key
from crmplus.domain.fields import Check
from crmplus.domain.lead import LONGEST_NOTE


def checked_note(text: str) -> str:
    """A note's text, cleaned. Raises: Invalid."""
    check = Check()
    clean = check.text("text", text, LONGEST_NOTE, required=True, lines=True)
    check.done()
    return clean


@dataclass(frozen=True, slots=True)
class Note:
    """`author_id` is None for the local administrator."""

    id: UUID
    lead_id: UUID
    author_id: UUID | None
    written_at_utc: datetime
    text: str
    version: int

    @property
    def keys(self) -> dict[str, str]:
        """What it is searched by."""
        return {"search_text": search_key(self.text)}
