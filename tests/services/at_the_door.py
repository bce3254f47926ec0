"""People who sign in, for tests of the door."""

from crmplus.domain.actor import Role
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.passwords import set_password
from crmplus.services.people import add_person
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, query

SECRET = "correct horse battery staple"


def somebody(
    database: Database, name: str, role: Role = Role.REP, *, address: bool = True, password: bool = False
) -> Person:
    """A person whose address is name@example.com, with or without a password."""
    email = f"{name.lower()}@example.com" if address else ""
    made = add_person(database, ADMIN, PersonDraft(name, name[:2], role, email), NOW)
    if password:
        with database.transaction(EVERYTHING) as connection:
            set_password(connection, made.id, SECRET, NOW)
    return made


def events(database: Database) -> list[tuple[str, str, str]]:
    """What the audit tells, oldest first: action, who and whom."""
    return query(database, "SELECT action, actor_name, subject FROM audit_event ORDER BY id")
