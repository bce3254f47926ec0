"""Search: every word, in any order, whatever case and accents, over all that a rep looks for."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import search_key
from crmplus.services.contact_persons import add_contact_person
from crmplus.services.leads import start_lead
from crmplus.services.notes import add_note
from crmplus.services.search import SearchResults, search_everything, snippet_of
from crmplus.store.database import Database
from tests.world import ADMIN, NASTY_TEXTS, NOW, customer, customer_with_lead


def search(database: Database, words: str) -> SearchResults:
    return search_everything(database, ADMIN, words)


def names(found: SearchResults) -> list[str]:
    return [hit.name for hit in found.customers.hits]


@pytest.mark.parametrize("words", ["café", "CAFE", "zee cafe", "C-00001", "utrecht zee", "jan@zee.example"])
def test_a_customer_is_found_by_its_words_in_any_order_and_case(database: Database, words: str) -> None:
    customer(database, "Café aan Zee", number="C-00001", city="Utrecht", email="jan@zee.example")
    customer(database, "Smithy", number="C-00002")
    assert names(search(database, words)) == ["Café aan Zee"]


MOBILE = (
    "+31 6 12345678",
    "0031612345678",
    "06-12345678",
    "+31 (0)6 12 34 56 78",
    "020-7654321 / 0612345678",
)


@pytest.mark.parametrize("kept", MOBILE)
@pytest.mark.parametrize("words", [*MOBILE[:4], "+31 6 1234", "06-1234", "4567"])
def test_phone_numbers_are_found_however_they_are_written(database: Database, kept: str, words: str) -> None:
    bakery = customer(database, "Bakery", phone=kept)
    customer(database, "Smithy", phone="+31 6 87654321")
    add_contact_person(database, ADMIN, bakery.id, ContactPersonDraft("Ann", "", kept), NOW)
    found = search(database, words)
    assert names(found) == ["Bakery"]
    assert [hit.name for hit in found.contact_persons.hits] == ["Ann"]


@pytest.mark.parametrize(
    ("kept", "words"), [("112233", "112233"), ("020-7654321", "7654"), ("1234", "+1 234")]
)
def test_short_numbers_and_parts_of_four_digits_are_found_too(
    database: Database, kept: str, words: str
) -> None:
    customer(database, "Bakery", phone=kept)
    assert names(search(database, words)) == ["Bakery"]


@pytest.mark.parametrize("words", ["123", "+31", "0", "00", "+", "(0)"])
def test_fewer_digits_are_no_phone_number(database: Database, words: str) -> None:
    customer(database, "Bakery", phone="+31 20 123 45 67", number="X")
    assert search(database, words).total == 0


def test_a_title_of_signs_is_found_as_it_is_typed_and_as_it_is_folded(database: Database) -> None:
    bakery, _lead = customer_with_lead(database, "Bakery")
    panels = start_lead(database, ADMIN, bakery.id, NOW, "120 m² zonnepanelen, ½ prijs, Nº 4™ in Ĳmuiden")
    for words in ("m²", "m2", "½", "4™", "ijmuiden 120", "bakery M²"):
        assert [hit.id for hit in search(database, words).leads.hits] == [panels.id], words


def test_leads_contact_persons_and_notes_are_found_beside_customers(database: Database) -> None:
    bakery, lead = customer_with_lead(database, "Bakery")
    further = start_lead(database, ADMIN, bakery.id, NOW, "Öven line")
    add_note(database, ADMIN, lead.id, "They want the oven before summer", NOW)
    add_contact_person(database, ADMIN, bakery.id, ContactPersonDraft("Ovena Jansen", "Baker"), NOW)
    found = search(database, "oven")
    assert [hit.id for hit in found.leads.hits] == [further.id]
    assert [hit.name for hit in found.contact_persons.hits] == ["Ovena Jansen"]
    assert [hit.lead_id for hit in found.notes.hits] == [lead.id]
    assert found.total == 3


def test_every_word_is_needed(database: Database) -> None:
    customer(database, "Bakery North")
    assert names(search(database, "bakery north")) == ["Bakery North"]
    assert search(database, "bakery south").total == 0


def test_the_exact_name_comes_first_then_those_that_begin_with_it(
    database: Database,
) -> None:
    for name in ("Royal Acme", "Acme Works", "Acme"):
        customer(database, name)
    assert names(search(database, "acme")) == ["Acme", "Acme Works", "Royal Acme"]


def test_no_more_than_asked_for_are_listed_and_all_are_counted(database: Database) -> None:
    for number in range(9):
        customer(database, f"Shop {number}")
    found = search_everything(database, ADMIN, "shop", limit=4)
    assert (len(found.customers.hits), found.customers.total) == (4, 9)


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "x" * 10_000, "\x00", *NASTY_TEXTS])
def test_rubbish_finds_nothing_and_breaks_nothing(database: Database, words: str) -> None:
    customer(database, "Zyx", number="9")
    assert search(database, words).total == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(string.ascii_letters + "éÜß 12", min_size=3, max_size=12).filter(lambda name: name.strip()))
def test_a_name_is_found_by_each_of_its_words_and_each_hit_holds_it(database: Database, name: str) -> None:
    made = customer(database, name)
    for word in made.name.split():
        found = search_everything(database, ADMIN, word, limit=1_000)
        assert made.name in names(found)
        for hit in found.customers.hits:
            said = f"{hit.number} {hit.name} {hit.contact} {hit.email} {hit.city} {hit.phone}"
            assert search_key(word) in search_key(said)


def test_a_snippet_shows_the_words_round_the_hit_as_they_were_typed() -> None:
    text = "word " * 40 + "then the Café was *bold*" + " more" * 40
    snippet = snippet_of(text, "cafe")
    assert "the Café was *bold*" in snippet
    assert snippet.startswith("… ")
    assert snippet.endswith("…")
    assert snippet_of("Short note", "note") == "Short note"
