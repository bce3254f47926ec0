"""Customers: their form (U1), and the keys they are searched and matched by."""

from dataclasses import replace
from uuid import UUID

import pytest

from crmplus.domain.customer import CustomerDraft, name_key, phone_key, search_key
from crmplus.domain.errors import Invalid
from tests.world import NASTY_TEXTS

DRAFT = CustomerDraft(name="Acme", account_type_id=UUID(int=1))


@pytest.mark.parametrize("number", ["", "C-00012", " C-00012 ", "C-00012\n", "12/a", "日本", "<img>"])
def test_u1_a_number_may_be_typed_over(number: str) -> None:
    assert replace(DRAFT, number=number).checked().number == number.strip()


@pytest.mark.parametrize(
    "number", ["C 12", "C\u00a012", "C-12\u200f", "\u200bC-12", "C\t12", "C\x0012", "a" * 31, "C-1\nC-2"]
)
def test_u1_a_number_that_reads_like_another_is_refused(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        replace(DRAFT, number=number).checked()
    assert set(refused.value.fields) == {"number"}


@pytest.mark.parametrize(
    ("field", "longest"),
    [
        ("name", 200),
        ("contact", 200),
        ("phone", 50),
        ("street", 200),
        ("postal_code", 20),
        ("city", 100),
        ("country", 100),
        ("remark", 10_000),
    ],
)
def test_u1_each_field_has_its_length(field: str, longest: int) -> None:
    assert len(getattr(replace(DRAFT, **{field: "a" * longest}).checked(), field)) == longest
    with pytest.raises(Invalid) as refused:
        replace(DRAFT, **{field: "a" * (longest + 1)}).checked()
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_u1_a_name_may_be_any_text_and_has_keys(text: str) -> None:
    assert replace(DRAFT, name=text).checked().name
    assert search_key(text)


def test_u1_a_name_is_required_and_a_remark_has_lines() -> None:
    assert replace(DRAFT, remark="one\ntwo").checked().remark == "one\ntwo"
    with pytest.raises(Invalid) as refused:
        replace(DRAFT, name=" \u200b").checked()
    assert set(refused.value.fields) == {"name"}


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Café", "cafe\u0301"),
        ("CAFÉ", "cafe"),
        ("Straße", "STRASSE"),
        ("Øresund", "oresund"),
        ("Ǿresund", "oresund"),
        ("Acme™", "acmetm"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_a_text_is_found_however_it_is_typed(stored: str, typed: str) -> None:
    assert search_key(stored) == search_key(typed)


def test_a_search_key_is_its_own_key() -> None:
    for text in ("Ǿresund", "Acme™", "İ", "ΐ", "ﬀ", *NASTY_TEXTS):
        assert search_key(search_key(text)) == search_key(text)


@pytest.mark.parametrize(
    "name",
    [
        "Bakkerij De Ster B.V.",
        "bakkerij de ster bv",
        "BAKKERIJ DE STER",
        "Bakkerij-De-Ster",
        " bakkerij  de ster,",
    ],
)
def test_names_that_differ_in_case_signs_or_legal_form_are_look_alikes(name: str) -> None:
    assert name_key(name) == "bakkerij de ster"


@pytest.mark.parametrize(("name", "key"), [("B.V.", "bv"), ("***", ""), ("日本", "日本"), ("", "")])
def test_a_name_without_much_in_it_keeps_what_it_has(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize("phone", ["+31 6 1234 5678", "06-12345678", "0031612345678", "(06) 12 34 56 78"])
def test_a_phone_number_is_the_same_with_and_without_its_country(phone: str) -> None:
    assert phone_key(phone) == "612345678"


@pytest.mark.parametrize("phone", ["", "112", "ext. 42", "abc"])
def test_a_phone_number_too_short_to_tell_apart_matches_nothing(phone: str) -> None:
    assert phone_key(phone) == ""
