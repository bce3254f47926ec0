"""Passwords: what is accepted as one, and checking one without telling more than right or wrong."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from crmplus.domain.audit import AuditAction
from crmplus.domain.errors import Invalid
from crmplus.domain.message import Message, say
from crmplus.domain.person import Person
from crmplus.domain.sight import EVERYTHING
from crmplus.services.audit import record_event
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PERSON

SHORTEST, LONGEST = 12, 200
_FEWEST_DIFFERENT = 5
_hasher = PasswordHasher()


def checked_password(text: str, about: Iterable[str] = (), field: str = "password") -> str:
    """The password, where it is good enough; `about` is what others know of its owner, such as their name.

    Raises: Invalid naming `field`.
    """
    if problem := _problem(text, [each.casefold() for each in about if each]):
        raise Invalid({field: problem})
    return text


def _problem(text: str, about: list[str]) -> Message | None:
    folded = text.casefold()
    if len(text) < SHORTEST:
        return say("Use {count} characters or more; a few words in a row do well.", count=SHORTEST)
    if len(text) > LONGEST:
        return say("Use {count} characters or fewer.", count=LONGEST)
    if folded in _common() or len(set(folded)) < _FEWEST_DIFFERENT:
        return say("This is one of the first that somebody would try. Choose another.")
    known = [*about, *(each.split("@")[0] for each in about)]
    if any(len(each) > 2 and each in folded for each in known):
        return say("Leave your name and address out of it: others know them.")
    return None


def set_password(connection: Connection, person_id: UUID, password: str, at: datetime) -> None:
    """Make a checked password somebody's, whether they had one or not."""
    values = {"person_id": person_id, "password_hash": _hasher.hash(password), "at": at}
    (changed,) = connection.rows("write_password", **values)[0].values()
    if not changed:
        columns = ("person_id", "password_hash", "changed_at_utc")
        connection.append("credential", columns, [tuple(values.values())])
        connection.flush()
    person = PERSON.get(connection, person_id)
    assert person is not None, "a password is somebody's"
    record_event(connection, at, AuditAction.PASSWORD_CHANGED, person.id, person.name, person.id, person.name)


def check_password(database: Database, email: str, password: str, at: datetime) -> Person | None:
    """Who has this e-mail address and password, in use; else None, after as long a time.

    A hash made with older parameters is made anew.
    """
    with database.read(EVERYTHING) as connection:
        found = connection.rows("password_hash_of", email=email.strip())
        # The database folds a letter more than Python does, and tries are counted by what Python says.
        same = [row for row in found if row["email"].casefold() == email.strip().casefold()]
        row = same[0] if same else {"person_id": None, "password_hash": None}
    kept = row["password_hash"]
    is_right = _verifies(kept or _nobodys_hash(), password[: LONGEST + 1])
    if kept is None or not is_right:
        return None
    if _hasher.check_needs_rehash(kept):
        with database.quiet_transaction() as connection:
            fresh = {"person_id": row["person_id"], "password_hash": _hasher.hash(password), "at": at}
            connection.rows("write_password", **fresh)
    with database.read(EVERYTHING) as connection:
        return PERSON.get(connection, row["person_id"])


def _verifies(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    """What the password of an unknown address is held against, so that it takes as long as a known one's."""
    return _hasher.hash("nobody's")


@cache
def _common() -> frozenset[str]:
    """The passwords that people use most, as zxcvbn lists them."""
    return frozenset(FREQUENCY_LISTS["passwords"])
