"""Who is acting, and what each role may do."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from crmplus.domain.errors import NotPermitted
from crmplus.domain.message import Message, say
from crmplus.domain.sight import EVERYTHING, Sight


class Role(StrEnum):
    ADMIN = "admin"
    MANAGER = "manager"
    REP = "rep"
    VIEWER = "viewer"


class Permission(StrEnum):
    VIEW = "view"
    """See customers, leads and figures."""
    WORK = "work"
    """Change customers and leads."""
    CONFIGURE = "configure"
    """Change account types, lead phases and closing reasons."""
    ADMINISTER = "administer"
    """Change people and the workspace, erase demo data."""


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.MANAGER: frozenset({Permission.VIEW, Permission.WORK, Permission.CONFIGURE}),
    Role.REP: frozenset({Permission.VIEW, Permission.WORK}),
    Role.VIEWER: frozenset({Permission.VIEW}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. Without a `person_id` it is the local administrator."""

    person_id: UUID | None
    name: str
    role: Role
    sight: Sight

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raises: NotPermitted, unless the actor's role allows it."""
        if not self.may(permission):
            raise NotPermitted(say("Your role does not allow this. Ask a manager, or work as somebody else."))

    def owner_in_sight(self, owner_id: UUID | None) -> UUID | None:
        """This owner where the actor sees what is theirs, else the actor: what somebody makes, they see."""
        return owner_id if self.sight.takes_in(owner_id) else self.person_id

    def owner_of_new(self, named: UUID | None) -> UUID | None:
        """Whose something is that the actor makes: of who is named, else as `owner_in_sight` of nobody."""
        return named or self.owner_in_sight(None)

    def require_whole_sight(self, why: Message | None = None) -> None:
        """Raises: NotPermitted, saying `why`, unless the actor sees everybody's customers and leads."""
        if not self.sight.is_whole:
            raise NotPermitted(
                why or say("This is about all customers, of which you see a part. Ask an administrator.")
            )


LOCAL_ADMIN = Actor(None, "admin", Role.ADMIN, EVERYTHING)
