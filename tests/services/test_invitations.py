"""Links that let somebody choose a password, once."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import CrmError, Invalid, NotFound, NotPermitted, Refused
from crmplus.domain.invitation import Purpose
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.session import Way
from crmplus.domain.sight import EVERYTHING
from crmplus.services.invitations import (
    accept_invitation,
    find_invitation,
    invite,
    rescue_link,
    reset_link,
    withdraw_invitation,
)
from crmplus.services.passwords import check_password
from crmplus.services.people import archive_person, change_person, delete_person, list_people
from crmplus.services.sessions import list_sessions, open_session
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.services.at_the_door import events, somebody
from tests.world import ADMIN, NOW, everything, query

CHOSEN = "a pale blue dot, seen from afar"
OTHER = "another pale blue dot altogether"
MakeLink = Callable[[Database, Actor, UUID, datetime], str]


@pytest.fixture
def ann(database: Database) -> Person:
    """Ann, who has no password; the Boss has one."""
    somebody(database, "Boss", Role.ADMIN, password=True)
    return somebody(database, "Ann")


def sign_in(database: Database, person: Person) -> None:
    open_session(database, person, Way.PASSWORD, "127.0.0.1", "Firefox", NOW)


def test_somebody_chooses_a_password_by_their_link_and_signs_in_with_it(
    database: Database, ann: Person
) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    found = find_invitation(database, token, NOW)
    assert found is not None
    assert (found.person, found.purpose, found.ends_at_utc) == (
        ann,
        Purpose.INVITE,
        NOW + timedelta(days=7),
    )
    assert accept_invitation(database, token, CHOSEN, NOW + timedelta(days=1)) == ann
    assert check_password(database, ann.email, CHOSEN, NOW + timedelta(days=1)) == ann


def test_a_link_works_once(database: Database, ann: Person) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    accept_invitation(database, token, CHOSEN, NOW)
    assert find_invitation(database, token, NOW) is None
    before = everything(database)
    with pytest.raises(Refused, match="This link is used, has ended or was withdrawn"):
        accept_invitation(database, token, OTHER, NOW)
    assert everything(database) == before


def test_of_two_clicks_at_once_one_chooses_the_password(database: Database, ann: Person) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    start, outcomes = threading.Barrier(2), []

    def click(password: str) -> None:
        start.wait()
        try:
            accept_invitation(database, token, password, NOW)
            outcomes.append(password)
        except Refused:
            pass

    clicks = [threading.Thread(target=click, args=(password,)) for password in (CHOSEN, OTHER)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    (won,) = outcomes
    assert check_password(database, ann.email, won, NOW) == ann
    assert [event[0] for event in events(database)].count("invitation_accepted") == 1


@pytest.mark.parametrize(("make", "hours"), [(invite, 7 * 24), (reset_link, 24)])
def test_a_link_ends(database: Database, make: MakeLink, hours: int) -> None:
    somebody(database, "Boss", Role.ADMIN, password=True)
    ann = somebody(database, "Ann", password=make is reset_link)
    token = make(database, ADMIN, ann.id, NOW)
    end = NOW + timedelta(hours=hours)
    assert find_invitation(database, token, end - timedelta(seconds=1)) is not None
    assert find_invitation(database, token, end) is None
    before = everything(database)
    with pytest.raises(Refused):
        accept_invitation(database, token, CHOSEN, end)
    assert everything(database) == before


@pytest.mark.parametrize("by", ["withdrawn", "another link", "archived", "another address"])
def test_a_link_leads_nowhere_once_it_should_not(database: Database, ann: Person, by: str) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    if by == "withdrawn":
        withdraw_invitation(database, ADMIN, ann.id, NOW)
    elif by == "another link":
        assert invite(database, ADMIN, ann.id, NOW) != token
    elif by == "archived":
        archive_person(database, ADMIN, ann.id, 1, NOW)
    else:
        draft = PersonDraft("Ann", "AN", Role.REP, "ann@elsewhere.example")
        change_person(database, ADMIN, ann.id, 1, draft, NOW)
    assert find_invitation(database, token, NOW) is None
    before = everything(database)
    with pytest.raises(Refused):
        accept_invitation(database, token, CHOSEN, NOW)
    assert everything(database) == before


def test_another_name_leaves_the_link_as_it_is(database: Database, ann: Person) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    change_person(database, ADMIN, ann.id, 1, PersonDraft("Anna", "AN", Role.REP, ann.email), NOW)
    assert find_invitation(database, token, NOW) is not None


@pytest.mark.parametrize("guess", ["", "x", "A" * 43, "\udcff", "é" * 10_000, "' OR true --", "\x00"])
def test_a_guessed_token_finds_nothing(database: Database, ann: Person, guess: str) -> None:
    invite(database, ADMIN, ann.id, NOW)
    assert find_invitation(database, guess, NOW) is None
    before = everything(database)
    with pytest.raises(Refused):
        accept_invitation(database, guess, CHOSEN, NOW)
    assert everything(database) == before


def test_neither_the_token_nor_the_password_is_kept_anywhere(database: Database, ann: Person) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    accept_invitation(database, token, CHOSEN, NOW)
    kept = repr(everything(database))
    assert token not in kept
    assert CHOSEN not in kept
    assert len(token) >= 43  # 32 random bytes


def test_what_is_stored_of_a_link_is_not_good_for_coming_in(database: Database, ann: Person) -> None:
    invite(database, ADMIN, ann.id, NOW)
    ((stored,),) = query(database, "SELECT token_hash FROM invitation")
    assert find_invitation(database, stored, NOW) is None


def test_a_password_that_is_none_leaves_the_link_good(database: Database, ann: Person) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    before = everything(database)
    for weak in ("", "short", "ann@example.com"):
        with pytest.raises(Invalid):
            accept_invitation(database, token, weak, NOW)
    assert everything(database) == before
    accept_invitation(database, token, CHOSEN, NOW)


def test_a_reset_ends_all_sessions_and_the_old_password(database: Database, ann: Person) -> None:
    accept_invitation(database, invite(database, ADMIN, ann.id, NOW), CHOSEN, NOW)
    sign_in(database, ann)
    sign_in(database, ann)
    token = reset_link(database, ADMIN, ann.id, NOW)
    assert check_password(database, ann.email, CHOSEN, NOW) == ann
    assert len(list_sessions(database, ADMIN, ann.id)) == 2
    accept_invitation(database, token, OTHER, NOW)
    assert list_sessions(database, ADMIN, ann.id) == []
    assert check_password(database, ann.email, CHOSEN, NOW) is None
    assert check_password(database, ann.email, OTHER, NOW) == ann


def test_an_invitation_is_for_who_can_use_it(database: Database, ann: Person) -> None:
    nameless = somebody(database, "Bea", address=False)
    signed_in = somebody(database, "Cas", password=True)
    gone = somebody(database, "Dan")
    archive_person(database, ADMIN, gone.id, 1, NOW)
    before = everything(database)
    refused: list[tuple[MakeLink, Person, str]] = [
        (invite, nameless, "Bea has no e-mail address yet"),
        (invite, signed_in, "Cas signs in already"),
        (invite, gone, "Dan is archived"),
        (reset_link, ann, "Ann has no password yet"),
        (reset_link, gone, "Dan is archived"),
    ]
    for make, person, why in refused:
        with pytest.raises(Refused, match=why):
            make(database, ADMIN, person.id, NOW)
    with pytest.raises(NotFound):
        invite(database, ADMIN, new_id(), NOW)
    assert everything(database) == before


def test_nobody_is_invited_before_an_administrator_can_sign_in(database: Database) -> None:
    """Else the first to come in would end the local administrator, with nobody to administer after."""
    ann = somebody(database, "Ann")
    somebody(database, "Boss", Role.ADMIN)
    with pytest.raises(Refused, match="Turn on sign-in first"):
        invite(database, ADMIN, ann.id, NOW)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REP, Role.VIEWER])
def test_only_an_administrator_makes_and_withdraws_links(database: Database, ann: Person, role: Role) -> None:
    actor = Actor(new_id(), "x", role, EVERYTHING)
    before = everything(database)
    for attempt in (invite, reset_link, withdraw_invitation):
        with pytest.raises(NotPermitted):
            attempt(database, actor, ann.id, NOW)
    assert everything(database) == before


def test_links_are_told_of_in_the_audit(database: Database, ann: Person) -> None:
    boss = next(p for p in list_people(database, ADMIN) if p.name == "Boss").seeing(EVERYTHING)
    invite(database, boss, ann.id, NOW)
    withdraw_invitation(database, boss, ann.id, NOW)
    withdraw_invitation(database, boss, ann.id, NOW)
    accept_invitation(database, invite(database, boss, ann.id, NOW), CHOSEN, NOW, "192.0.2.7")
    reset_link(database, boss, ann.id, NOW)
    told = [event for event in events(database) if event[0] != "password_changed"]
    assert told == [
        ("invited", "Boss", "Ann"),
        ("invitation_withdrawn", "Boss", "Ann"),
        ("invited", "Boss", "Ann"),
        ("invitation_accepted", "Ann", "Ann"),
        ("reset_link_made", "Boss", "Ann"),
    ]
    assert query(database, "SELECT address FROM audit_event WHERE action = 'invitation_accepted'") == [
        ("192.0.2.7",)
    ]


def test_somebody_invited_by_mistake_is_deleted_with_their_links(database: Database, ann: Person) -> None:
    token = invite(database, ADMIN, ann.id, NOW)
    delete_person(database, ADMIN, ann.id, 1, NOW)
    assert find_invitation(database, token, NOW) is None
    assert query(database, "FROM invitation") == []


def test_a_locked_out_administrator_gets_a_link_beside_the_stopped_server(database: Database) -> None:
    boss = somebody(database, "Boss", Role.ADMIN, password=True)
    token, link = rescue_link(database, " BOSS@example.com ", NOW)
    assert (link.person, link.purpose) == (boss, Purpose.RESET)
    accept_invitation(database, token, CHOSEN, NOW)
    assert check_password(database, boss.email, CHOSEN, NOW) == boss


@pytest.mark.parametrize(
    ("email", "why"),
    [("ann@example.com", "Ann is no administrator"), ("x@y.example", "Nobody in use"), ("", "Nobody in use")],
)
def test_a_rescue_link_is_for_an_administrator_in_use(database: Database, email: str, why: str) -> None:
    somebody(database, "Ann", password=True)
    somebody(database, "Bea", Role.ADMIN, address=False)
    before = everything(database)
    with pytest.raises(CrmError, match=why):
        rescue_link(database, email, NOW)
    assert everything(database) == before
