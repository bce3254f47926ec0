"""Links that let somebody choose a password, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    INVITE = "invite"
    """For somebody who has no password yet."""
    RESET = "reset"
    """For somebody who has lost it."""

    @property
    def lifetime(self) -> timedelta:
        return timedelta(days=7) if self is Purpose.INVITE else timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Invitation:
    """`made_by` is None for the local administrator; of the link's token only a hash is kept."""

    id: UUID
    person_id: UUID
    purpose: Purpose
    token_hash: str
    made_by: UUID | None
    made_at_utc: datetime
    ends_at_utc: datetime
    used_at_utc: datetime | None = None
    withdrawn_at_utc: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at_utc is None and self.withdrawn_at_utc is None and at < self.ends_at_utc
