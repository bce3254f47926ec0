"""One's own password, changed by who knows the one before."""

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.person import Person
from crmplus.domain.session import Way
from crmplus.domain.sight import EVERYTHING
from crmplus.services.account import change_own_password
from crmplus.services.passwords import check_password
from crmplus.services.sessions import find_session, list_sessions, open_session
from crmplus.store.database import Database
from tests.services.at_the_door import SECRET, somebody
from tests.world import ADMIN, NOW, everything

CHOSEN = "a pale blue dot, seen from afar"


@pytest.fixture
def ann(database: Database) -> Person:
    return somebody(database, "Ann", Role.VIEWER, password=True)


def test_a_password_change_ends_all_other_sessions_and_nobody_elses(database: Database, ann: Person) -> None:
    boss = somebody(database, "Boss", Role.ADMIN, password=True)
    tokens = [open_session(database, who, Way.PASSWORD, "127.0.0.1", "x", NOW) for who in (ann, ann, boss)]
    here, there, elsewhere = tokens
    own = find_session(database, here, NOW)
    assert own is not None
    change_own_password(database, ann.seeing(EVERYTHING), SECRET, CHOSEN, own.id, NOW)
    assert find_session(database, here, NOW) == own
    assert find_session(database, there, NOW) is None
    assert find_session(database, elsewhere, NOW) is not None
    assert check_password(database, ann.email, SECRET, NOW) is None
    assert check_password(database, ann.email, CHOSEN, NOW) == ann


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("not the one it is", CHOSEN, "old"),
        ("", CHOSEN, "old"),
        (SECRET, "short", "new"),
        (SECRET, "", "new"),
    ],
)
def test_a_wrong_or_weak_password_changes_nothing(
    database: Database, ann: Person, old: str, new: str, field: str
) -> None:
    open_session(database, ann, Way.PASSWORD, "127.0.0.1", "x", NOW)
    before = everything(database)
    with pytest.raises(Invalid) as refused:
        change_own_password(database, ann.seeing(EVERYTHING), old, new, None, NOW)
    assert set(refused.value.fields) == {field}
    assert everything(database) == before


def test_the_password_of_somebody_else_is_not_ones_own(database: Database, ann: Person) -> None:
    other = somebody(database, "Bea", Role.ADMIN)
    with pytest.raises(Invalid):
        change_own_password(database, other.seeing(EVERYTHING), SECRET, CHOSEN, None, NOW)
    assert check_password(database, ann.email, SECRET, NOW) == ann


def test_the_local_administrator_has_no_password_to_change(database: Database, ann: Person) -> None:
    with pytest.raises(Refused, match="The local administrator has no password"):
        change_own_password(database, ADMIN, SECRET, CHOSEN, None, NOW)
    assert list_sessions(database, ADMIN) == []
