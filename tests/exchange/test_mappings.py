"""Saved mappings: kept by name, replaced under it, found whatever its case."""

from dataclasses import replace

import pytest

from crmplus.domain.errors import Invalid, NotFound
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import ImportMapping, from_json
from crmplus.exchange.mappings import delete_mapping, find_mapping, list_mappings, save_mapping
from crmplus.store.database import Database
from tests.world import ADMIN, NASTY_TEXTS, NOW, everything, logged, logged_since

MAPPING = ImportMapping(Kind.LEADS, {"deal": "title", "é": "customer_name"}, "LEAD", source="Pipedrive")


@pytest.mark.parametrize("name", ["Pipedrive", *NASTY_TEXTS])
def test_a_mapping_comes_back_by_its_name(database: Database, name: str) -> None:
    save_mapping(database, ADMIN, f"  {name} ", MAPPING, NOW)
    assert from_json(find_mapping(database, ADMIN, name.upper()).content_json) == MAPPING


def test_a_name_that_is_there_is_replaced_and_no_second_is_made(database: Database) -> None:
    first = save_mapping(database, ADMIN, "deals", MAPPING, NOW)
    count = len(logged(database))
    again = save_mapping(database, ADMIN, "Deals", replace(MAPPING, account_type="PROSPECT"), NOW)
    assert (again.id, again.name, again.version) == (first.id, "Deals", 2)
    assert from_json(again.content_json).account_type == "PROSPECT"
    assert logged_since(database, count) == [("import_mapping_changed", 2)]
    before = everything(database)
    assert save_mapping(database, ADMIN, "Deals", replace(MAPPING, account_type="PROSPECT"), NOW) == again
    assert everything(database) == before


def test_they_are_listed_by_name(database: Database) -> None:
    for name in ("b", "Á", "C"):
        save_mapping(database, ADMIN, name, MAPPING, NOW)
    assert [saved.name for saved in list_mappings(database, ADMIN)] == ["Á", "b", "C"]


@pytest.mark.parametrize("name", ["", "  ", "n" * 81, "a\x00"])
def test_a_name_that_is_none_is_refused_and_writes_nothing(database: Database, name: str) -> None:
    before = everything(database)
    with pytest.raises(Invalid):
        save_mapping(database, ADMIN, name, MAPPING, NOW)
    assert everything(database) == before


def test_one_that_is_deleted_is_gone(database: Database) -> None:
    saved = save_mapping(database, ADMIN, "deals", MAPPING, NOW)
    delete_mapping(database, ADMIN, saved.id, NOW)
    assert list_mappings(database, ADMIN) == []
    for call in (
        lambda: find_mapping(database, ADMIN, "deals"),
        lambda: delete_mapping(database, ADMIN, saved.id, NOW),
    ):
        with pytest.raises(NotFound):
            call()
    save_mapping(database, ADMIN, "deals", MAPPING, NOW)
