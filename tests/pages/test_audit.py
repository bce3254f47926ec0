"""The audit page: in words, in both languages, every action that the program knows."""

from dataclasses import replace

import pytest

from crmplus.domain.audit import AuditAction
from crmplus.domain.sight import EVERYTHING
from crmplus.services.audit import record
from crmplus.store.database import the_database
from crmplus.store.history import Change, record_change
from crmplus.store.identity import new_id
from crmplus.ui.audit_words import _EVENTS
from tests.pages.visit import Visit
from tests.world import ADMIN, NOW


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_tells_what_happened(small: Visit, language: str) -> None:
    small("customers")
    for action in AuditAction:
        record(the_database(), ADMIN, action, NOW, "*b* $x$ <img>")
    at = small("audit", language=language, when="all")
    assert not at.exception
    frame = at.dataframe[0].value
    assert len(frame) == 50
    assert not [what for what in frame["what"] if "_" in what or what in set(AuditAction)]


def test_every_event_has_words() -> None:
    assert _EVENTS.keys() == set(AuditAction)


def test_every_change_of_the_small_world_has_words(small: Visit) -> None:
    at = small("audit", when="all")
    assert not [what for what in at.dataframe[0].value["what"] if ":" not in what]


def test_filters_that_find_nothing_say_so(small: Visit) -> None:
    at = small("audit", when="all", text="nothing like this")
    assert "Nothing happened" in at.info[0].value


def test_a_customer_of_an_undone_import_is_found_on_the_page(small: Visit) -> None:
    small("audit")
    with the_database().transaction(EVERYTHING) as connection:
        key = new_id()
        change = Change(
            "customer_imported", "customer", key, 1, None, {"number": "C-9", "name": "Kiosk"}, key
        )
        record_change(connection, ADMIN, NOW, change)
        undone = replace(change, action="customer_import_undone", version=2, before=change.after, after=None)
        record_change(connection, ADMIN, NOW, undone)
    at = small("audit")
    at.text_input(key="privacy-words").set_value("kiosk").run()
    assert [each for each in at.markdown if "C-9 Kiosk" in each.value.replace("\\", "")]
    at.button(key=f"privacy-erase-{key}").click().run()
    assert not at.exception
    at.text_input(key="privacy-words").set_value("nobody").run()
    assert any("No customer of an undone import" in each.value for each in at.caption)
