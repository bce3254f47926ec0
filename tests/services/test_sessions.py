"""Sessions: found by their token while they live, and no longer."""

from datetime import timedelta

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.errors import NotFound, NotPermitted
from crmplus.domain.person import Person
from crmplus.domain.session import Session, Way
from crmplus.domain.sight import EVERYTHING
from crmplus.services.people import archive_person
from crmplus.services.sessions import (
    SEEN_EVERY,
    end_session,
    end_sessions_of,
    find_session,
    list_sessions,
    open_session,
    see_session,
    sign_out,
)
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, person, query


@pytest.fixture
def ann(database: Database) -> Person:
    return person(database)


def opened(database: Database, of: Person) -> str:
    return open_session(database, of, Way.PASSWORD, "192.0.2.1", "A browser", NOW)


def found(database: Database, token: str) -> Session:
    session = find_session(database, token, NOW)
    assert session
    return session


def test_a_session_is_found_by_its_token_and_by_nothing_else(database: Database, ann: Person) -> None:
    token = opened(database, ann)
    session = found(database, token)
    assert (session.person_id, session.way, session.address) == (ann.id, Way.PASSWORD, "192.0.2.1")
    for other in (session.token_hash, str(session.id), token.swapcase(), token + "=", "", "\ud800"):
        assert find_session(database, other, NOW) is None


def test_of_the_token_only_a_hash_is_kept(database: Database, ann: Person) -> None:
    token = opened(database, ann)
    assert token not in repr(query(database, "FROM sign_in_session"))
    assert token not in repr(query(database, "FROM audit_event"))


def test_it_ends_after_so_many_days_whatever_happens(database: Database, ann: Person) -> None:
    token = opened(database, ann)
    end = found(database, token).ends_at_utc
    assert end == NOW + timedelta(days=30)
    see_session(database, found(database, token), end - timedelta(minutes=1))
    assert find_session(database, token, end - timedelta(seconds=1))
    assert find_session(database, token, end) is None


def test_it_ends_when_nothing_is_heard_from_it(
    database: Database, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMPLUS_SESSION_HOURS", "2")
    token = opened(database, ann)
    assert find_session(database, token, NOW + timedelta(hours=2))
    assert find_session(database, token, NOW + timedelta(hours=2, seconds=1)) is None
    see_session(database, found(database, token), NOW + timedelta(hours=1))
    assert find_session(database, token, NOW + timedelta(hours=3))


def test_being_heard_is_written_now_and_then_and_makes_no_page_stale(database: Database, ann: Person) -> None:
    token = opened(database, ann)
    before = database.data_version
    see_session(database, found(database, token), NOW + SEEN_EVERY - timedelta(seconds=1))
    assert found(database, token).seen_at_utc == NOW
    see_session(database, found(database, token), NOW + SEEN_EVERY)
    assert found(database, token).seen_at_utc == NOW + SEEN_EVERY
    assert database.data_version == before


def test_signing_out_ends_it_and_the_token_is_worth_nothing(database: Database, ann: Person) -> None:
    token, other = opened(database, ann), opened(database, ann)
    sign_out(database, found(database, token), NOW)
    assert find_session(database, token, NOW) is None
    assert find_session(database, other, NOW)


def test_somebody_archived_has_no_session(database: Database, ann: Person) -> None:
    token = opened(database, ann)
    archive_person(database, ADMIN, ann.id, ann.version, NOW)
    assert find_session(database, token, NOW) is None


def test_one_ends_ones_own_and_an_administrator_anybodys(database: Database, ann: Person) -> None:
    bob = person(database, "Bob", "BO")
    mine, yours = found(database, opened(database, ann)), found(database, opened(database, bob))
    me = ann.seeing(EVERYTHING)
    for deed in (
        lambda: end_session(database, me, yours.id, NOW),
        lambda: end_sessions_of(database, me, bob.id, NOW),
        lambda: list_sessions(database, me, bob.id),
        lambda: list_sessions(database, me),
    ):
        with pytest.raises(NotPermitted):
            deed()
    end_session(database, me, mine.id, NOW)
    end_session(database, ADMIN, yours.id, NOW)
    assert list_sessions(database, ADMIN) == []
    with pytest.raises(NotFound):
        end_session(database, ADMIN, mine.id, NOW)


def test_all_others_end_and_the_one_that_asks_goes_on(database: Database, ann: Person) -> None:
    kept, *others = [opened(database, ann) for _each in range(3)]
    end_sessions_of(database, ann.seeing(EVERYTHING), ann.id, NOW, but=found(database, kept).id)
    assert find_session(database, kept, NOW)
    assert not any(find_session(database, token, NOW) for token in others)


def test_a_list_tells_no_hashes(database: Database, ann: Person) -> None:
    opened(database, ann)
    assert [session.token_hash for session in list_sessions(database, ADMIN)] == [""]


def test_ended_ones_are_swept_out(database: Database, ann: Person) -> None:
    opened(database, ann)
    open_session(database, ann, Way.PASSWORD, "", "", NOW + timedelta(days=60))
    assert len(query(database, "FROM sign_in_session")) == 1


def test_what_happens_at_the_door_is_in_the_audit(database: Database, ann: Person) -> None:
    token = opened(database, ann)
    sign_out(database, found(database, token), NOW)
    end_session(database, ADMIN, found(database, opened(database, ann)).id, NOW)
    told = query(database, "SELECT action, actor_name, subject FROM audit_event ORDER BY id")
    assert told == [
        ("signed_in", "Ann", "Ann"),
        ("signed_out", "Ann", "Ann"),
        ("signed_in", "Ann", "Ann"),
        ("session_ended", "admin", "Ann"),
    ]


def test_a_device_is_cut_short(database: Database, ann: Person) -> None:
    token = open_session(database, ann, Way.PASSWORD, "", "x" * 10_000, NOW)
    assert len(found(database, token).device) == 200


def test_a_viewer_sees_their_own(database: Database) -> None:
    vic = person(database, "Vic", "VI", Role.VIEWER)
    opened(database, vic)
    assert len(list_sessions(database, vic.seeing(EVERYTHING), vic.id)) == 1


def test_who_signs_out_twice_is_not_troubled(database: Database, ann: Person) -> None:
    session = found(database, opened(database, ann))
    sign_out(database, session, NOW)
    sign_out(database, session, NOW)
    assert list_sessions(database, ADMIN) == []
