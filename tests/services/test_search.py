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


@pytest.mark.parametrize("words", ["020 123 45 67", "+31 (0)20-1234567", "12345"])
def test_phone_numbers_are_found_however_they_are_written(database: Database, words: str) -> None:
    customer(database, "Bakery", phone="+31 20 123 45 67")
    assert names(search(database, words)) == ["Bakery"]


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
