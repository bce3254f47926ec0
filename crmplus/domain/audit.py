"""What the audit keeps beside changes: events at the door and around the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AuditAction(StrEnum):
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    """By somebody: oneself elsewhere, or an administrator."""
    SIGN_IN_TURNED_ON = "sign_in_turned_on"
    PASSWORD_CHANGED = "password_changed"
    INVITED = "invited"
    RESET_LINK_MADE = "reset_link_made"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    INVITATION_ACCEPTED = "invitation_accepted"
    ACTION_REFUSED = "action_refused"
    """Somebody asked for what their role does not allow."""
    WORKSPACE_EXPORTED = "workspace_exported"
    CUSTOMER_EXPORTED = "customer_exported"
    LIST_EXPORTED = "list_exported"
    BACKUP_MADE = "backup_made"
    BACKUP_FAILED = "backup_failed"
    BACKUP_DOWNLOADED = "backup_downloaded"
    BACKUP_RESTORED = "backup_restored"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One event, or one change of the change log. `action` is an `AuditAction` or the log's own word.

    `subject` is what it was about, as it was called then or is called now. Of a change, `before` and `after`
    hold the fields that differ; of an event, `after` holds its details and `before` is None.
    """

    id: UUID
    at_utc: datetime
    actor_id: UUID | None
    actor_name: str
    action: str
    entity: str
    subject: str
    address: str
    before: Mapping[str, object] | None
    after: Mapping[str, object]
