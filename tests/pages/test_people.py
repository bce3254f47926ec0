from crmplus.domain.actor import Role
from crmplus.domain.person import PersonDraft
from crmplus.services.people import archive_person, change_person, list_people
from crmplus.store.database import the_database
from tests.pages.visit import Visit, labels, seen
from tests.world import ADMIN, NOW


def test_while_sign_in_is_off_the_page_says_so_and_what_turning_it_on_changes(small: Visit) -> None:
    words = seen(small("people"))
    assert "Sign-in is off" in words
    assert "working as somebody else ends" in words
    assert words.count("no sign-in yet") == 3


def test_people_are_listed_with_their_addresses(small: Visit) -> None:
    small("people")
    ann = next(person for person in list_people(the_database(), ADMIN) if person.name == "Ann")
    draft = PersonDraft("Ann", "AN", Role.REP, "ann@example.com")
    change_person(the_database(), ADMIN, ann.id, ann.version, draft, NOW)
    assert "ann@example.com" in seen(small("people"))


def test_somebody_archived_has_no_way_in(small: Visit) -> None:
    small("people")
    for person in list_people(the_database(), ADMIN):
        archive_person(the_database(), ADMIN, person.id, person.version, NOW)
    at = small("people")
    assert not at.exception
    assert "no sign-in yet" not in seen(at)
    assert "Archived (3)" in seen(at)


def test_a_new_person_can_be_given_an_address(small: Visit) -> None:
    at = small("people")
    at.button(key="add").click().run()
    assert at.text_input(key="person-new-email").value == ""
    assert not at.exception


def test_without_signing_in_one_has_no_account(small: Visit) -> None:
    for who in ("", "Ann"):
        at = small("account", working_as=who)
        assert not at.exception
        assert "You are here without signing in" in seen(at)
        assert "Change password" not in labels(at)
