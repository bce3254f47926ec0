"""How each person stands at the door: without a way in, invited, or signing in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.invitation import Purpose
from crmplus.domain.sight import EVERYTHING
from crmplus.services.administrators import has_administrator, signs_in_elsewhere
from crmplus.store.database import Database


@dataclass(frozen=True, slots=True)
class Door:
    """`purpose` and `link_ends_at_utc` are of a link that can still be used, None without one."""

    has_password: bool
    is_known_elsewhere: bool
    purpose: Purpose | None
    link_ends_at_utc: datetime | None
    seen_at_utc: datetime | None


@dataclass(frozen=True, slots=True)
class Doors:
    """Everybody's, by person; `can_invite` is False while nobody who can sign in administers."""

    of: dict[UUID, Door]
    can_invite: bool


def list_doors(database: Database, actor: Actor, at: datetime) -> Doors:
    """How each person stands at the door at a moment. Raises: NotPermitted."""
    actor.require(Permission.ADMINISTER)
    elsewhere = signs_in_elsewhere()
    with database.read(EVERYTHING) as connection:
        can_invite = has_administrator(connection)
        found = connection.rows("people_at_the_door", at=at)
    doors = {
        row["person_id"]: Door(
            has_password=row["has_password"],
            is_known_elsewhere=elsewhere and row["has_address"],
            purpose=Purpose(row["purpose"]) if row["purpose"] else None,
            link_ends_at_utc=row["link_ends_at_utc"],
            seen_at_utc=row["seen_at_utc"],
        )
        for row in found
    }
    return Doors(doors, can_invite)
