"""Passwords: what is accepted, what is kept, and that wrong ones tell nothing."""

from unittest.mock import patch

import pytest
from argon2 import PasswordHasher

from crmplus.domain.actor import Role
from crmplus.domain.errors import Invalid
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services import passwords as room
from crmplus.services.passwords import check_password, checked_password, set_password
from crmplus.services.people import add_person, archive_person
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, query

GOOD = "correct horse battery"


@pytest.fixture
def ann(database: Database) -> Person:
    draft = PersonDraft("Ann de Boer", "AB", Role.REP, "Ann.Boer@example.com")
    person = add_person(database, ADMIN, draft, NOW)
    with database.transaction(EVERYTHING) as connection:
        set_password(connection, person.id, GOOD, NOW)
    return person


@pytest.mark.parametrize(
    "good", [GOOD, "a" * 8 + "bcdef", "woord met é en 日本", "x9!ab" * 40, " with spaces "]
)
def test_a_long_password_is_accepted_whatever_signs_it_has(good: str) -> None:
    assert checked_password(good) == good


@pytest.mark.parametrize("short", ["", "short", "elevensigns", "x" * 201])
def test_a_password_that_is_too_short_or_too_long_is_refused(short: str) -> None:
    with pytest.raises(Invalid):
        checked_password(short)


@pytest.mark.parametrize("common", ["password1234", "PASSWORD1234", "aaaaaaaaaaaaaa", "121212121212"])
def test_a_password_that_others_would_try_is_refused(common: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_password(common, field="new")
    assert list(refused.value.fields) == ["new"]


@pytest.mark.parametrize("own", ["ann de boer 2026!", "my ann.boer@example.com", "xx-ANN.BOER-xx-99"])
def test_ones_own_name_and_address_are_no_password(own: str) -> None:
    with pytest.raises(Invalid):
        checked_password(own, ("Ann de Boer", "ann.boer@example.com"))


def test_the_right_one_is_found_whatever_the_case_of_the_address(database: Database, ann: Person) -> None:
    assert check_password(database, " ann.BOER@example.com ", GOOD, NOW) == ann


@pytest.mark.parametrize("wrong", ["", GOOD.upper(), GOOD + " ", GOOD[:-1], "x" * 1_000_000, "\x00"])
def test_any_other_is_not(database: Database, ann: Person, wrong: str) -> None:
    assert check_password(database, ann.email, wrong, NOW) is None


def test_a_letter_that_only_the_database_folds_makes_another_address(database: Database) -> None:
    iris = add_person(database, ADMIN, PersonDraft("Iris", "IR", Role.REP, "iris@example.com"), NOW)
    with database.transaction(EVERYTHING) as connection:
        set_password(connection, iris.id, GOOD, NOW)
    assert check_password(database, "IRIS@example.com", GOOD, NOW) == iris
    assert check_password(database, "\u0130ris@example.com", GOOD, NOW) is None


def test_the_longest_address_that_one_may_have_is_known(database: Database) -> None:
    address = "bea@" + "x" * 246 + ".com"
    assert len(address) == 254
    bea = add_person(database, ADMIN, PersonDraft("Bea", "BE", Role.REP, address), NOW)
    with database.transaction(EVERYTHING) as connection:
        set_password(connection, bea.id, GOOD, NOW)
    assert check_password(database, address, GOOD, NOW) == bea
    assert check_password(database, address + "x", GOOD, NOW) is None


@pytest.mark.parametrize("email", ["", "nobody@example.com", "%", "' OR 1=1", "x" * 10_000])
def test_an_unknown_address_costs_the_same_work(database: Database, ann: Person, email: str) -> None:
    with patch.object(room, "_verifies", wraps=room._verifies) as verified:
        assert check_password(database, email, GOOD, NOW) is None
        assert verified.call_count == 1
    assert verified.call_args.args[0].split("$")[:4] == room._nobodys_hash().split("$")[:4]


def test_somebody_archived_has_none(database: Database, ann: Person) -> None:
    archive_person(database, ADMIN, ann.id, ann.version, NOW)
    assert check_password(database, ann.email, GOOD, NOW) is None


def test_only_an_argon2id_hash_is_kept_and_no_two_are_alike(database: Database, ann: Person) -> None:
    ((first,),) = query(database, "SELECT password_hash FROM credential")
    with database.transaction(EVERYTHING) as connection:
        set_password(connection, ann.id, GOOD, NOW)
    ((second,),) = query(database, "SELECT password_hash FROM credential")
    assert first.startswith("$argon2id$")
    assert first != second


def test_a_hash_of_older_parameters_is_made_anew(database: Database, ann: Person) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=64).hash(GOOD)
    with database.transaction(EVERYTHING) as connection:
        connection.count("UPDATE credential SET password_hash = $weak", {"weak": weak})
    assert check_password(database, ann.email, GOOD, NOW) == ann
    ((kept,),) = query(database, "SELECT password_hash FROM credential")
    assert kept != weak
    assert check_password(database, ann.email, GOOD, NOW) == ann


def test_no_word_of_it_is_in_the_history_or_the_audit(database: Database, ann: Person) -> None:
    told = query(database, "SELECT * FROM change_log") + query(database, "SELECT * FROM audit_event")
    assert GOOD not in repr(told)
    assert "argon2" not in repr(told)
