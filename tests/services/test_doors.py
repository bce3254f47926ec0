"""How each person stands at the door."""

from datetime import timedelta

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.invitation import Purpose
from crmplus.domain.session import Way
from crmplus.services.doors import Door, list_doors
from crmplus.services.invitations import invite, reset_link
from crmplus.services.sessions import find_session, open_session, sign_out
from crmplus.store.database import Database
from tests.services.at_the_door import somebody
from tests.world import ADMIN, NOW

LATER = NOW + timedelta(hours=3)
OUTSIDE = Door(
    has_password=False, is_known_elsewhere=False, purpose=None, link_ends_at_utc=None, seen_at_utc=None
)


def test_everybody_is_outside_at_first_and_nobody_can_be_invited(database: Database) -> None:
    ann = somebody(database, "Ann")
    doors = list_doors(database, ADMIN, NOW)
    assert doors.of == {ann.id: OUTSIDE}
    assert not doors.can_invite


def test_an_open_link_is_told_until_it_ends(database: Database) -> None:
    boss, ann = somebody(database, "Boss", Role.ADMIN, password=True), somebody(database, "Ann")
    invite(database, ADMIN, ann.id, NOW)
    invite(database, ADMIN, ann.id, LATER)
    reset_link(database, ADMIN, boss.id, NOW)
    doors = list_doors(database, ADMIN, LATER)
    end = LATER + timedelta(days=7)
    assert doors.can_invite
    assert (doors.of[ann.id].purpose, doors.of[ann.id].link_ends_at_utc) == (Purpose.INVITE, end)
    assert (doors.of[boss.id].purpose, doors.of[boss.id].has_password) == (Purpose.RESET, True)
    assert list_doors(database, ADMIN, end).of[ann.id] == OUTSIDE


def test_when_somebody_was_last_heard_of_is_known_after_they_signed_out(database: Database) -> None:
    ann = somebody(database, "Ann", password=True)
    token = open_session(database, ann, Way.PASSWORD, "127.0.0.1", "x", NOW)
    assert list_doors(database, ADMIN, LATER).of[ann.id].seen_at_utc == NOW
    session = find_session(database, token, NOW)
    assert session is not None
    sign_out(database, session, LATER)
    assert list_doors(database, ADMIN, LATER).of[ann.id].seen_at_utc == LATER


def test_with_a_provider_who_has_an_address_is_known(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bea = somebody(database, "Ann"), somebody(database, "Bea", address=False)
    monkeypatch.setenv("CRMPLUS_OIDC", "yes")
    doors = list_doors(database, ADMIN, NOW)
    assert doors.of[ann.id].is_known_elsewhere
    assert not doors.of[bea.id].is_known_elsewhere
