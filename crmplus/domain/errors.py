"""Every error a user can cause or meet.

    CrmError
    |-- Invalid            a field holds something it can't; says which field and what would do
    |-- Refused            a rule says no; says why and what to do
    |-- NotPermitted       the actor's role does not allow it
    |-- NotFound           what was asked for does not exist
    |-- Conflict           somebody else saved in between (L6)
    |-- Unreadable         a file can't be read; names the cause, and the line where there is one
    `-- DatabaseUnavailable   the database file can't be used; says why
        `-- StorageFailed        its disk is full or fails; says what that means for what was being done

Anything else that is raised is a fault of ours: it is logged and shown with a reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crmplus.domain.message import Message, say


class CrmError(Exception):
    """The root of the tree; `message` is the sentence to show."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Invalid(CrmError):
    """One or more fields hold something they can't; `fields` has a sentence for each."""

    def __init__(self, fields: Mapping[str, Message]) -> None:
        super().__init__(next(iter(fields.values())))
        self.fields = dict(fields)


class Refused(CrmError):
    """A rule forbids it. `customer_numbers` are those of the cards to look at, where there are any."""

    def __init__(self, message: Message, customer_numbers: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.customer_numbers = customer_numbers


class NotPermitted(CrmError):
    """The actor's role does not allow what was asked."""


class NotFound(CrmError):
    """What was asked for does not exist, or does no longer."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that somebody else changed, in the form the change log keeps it."""

    field: str
    before: object
    after: object


class Conflict(CrmError):
    """The row was changed by somebody else since it was read (L6)."""

    def __init__(
        self, actor_name: str | None, at_utc: datetime, changes: tuple[FieldChange, ...], version: int
    ) -> None:
        super().__init__(say("Somebody else saved this in between. Nothing of yours is lost."))
        self.actor_name = actor_name
        self.at_utc = at_utc
        self.changes = changes
        self.version = version


class Unreadable(CrmError):
    """A file can't be read: the sentence names the cause, and the line where there is one."""


class DatabaseUnavailable(CrmError):
    """The database file is in use, newer than the program, damaged or not writable."""


class StorageFailed(DatabaseUnavailable):
    """The disk is full, fails, or takes nothing; it can be over at the next try."""
