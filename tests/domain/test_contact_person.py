import pytest

from crmplus.domain.contact_person import ContactPerson, ContactPersonDraft
from crmplus.domain.errors import Invalid
from crmplus.store.identity import new_id


def test_a_name_is_enough_and_everything_is_tidied() -> None:
    draft = ContactPersonDraft("  Zoë ", " buyer ", " +31 20 ", " zoe@example.com ").checked()
    assert draft == ContactPersonDraft("Zoë", "buyer", "+31 20", "zoe@example.com")
    assert ContactPersonDraft("Zoë").checked() == ContactPersonDraft("Zoë")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as found:
        ContactPersonDraft("", "x" * 101, "1" * 51, "javascript:alert(1)").checked()
    assert set(found.value.fields) == {"name", "job_title", "phone", "email"}


def test_a_person_is_searched_by_all_that_is_known_without_case_and_accents() -> None:
    person = ContactPerson(new_id(), new_id(), "Zoë", "Chef ACHATS", "+31 20", "Zoe@Example.com", 1)
    assert person.keys == {"search_text": "zoe\nchef achats\nzoe@example.com\n+31 20"}
