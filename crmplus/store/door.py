"""What lets people in, closed: after a backup was brought back, nothing of then does."""

from datetime import datetime

from crmplus.store.database import Database

_END_SESSIONS = "DELETE FROM sign_in_session"
_WITHDRAW = (
    "UPDATE invitation SET withdrawn_at_utc = $at WHERE used_at_utc IS NULL AND withdrawn_at_utc IS NULL"
)


def close_the_door(database: Database, at: datetime) -> None:
    """End all sessions and withdraw all open invitations: some may have been since, for a reason."""
    with database.quiet_transaction() as connection:
        connection.execute(_END_SESSIONS)
        connection.count(_WITHDRAW, {"at": at})
