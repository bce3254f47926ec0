"""The audit page: in words, in both languages, every action that the program knows."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import crmplus
from crmplus.domain.audit import AuditAction
from crmplus.domain.invitation import Purpose
from crmplus.domain.session import Way
from crmplus.domain.sight import EVERYTHING
from crmplus.locale.language import Language
from crmplus.services.audit import record, record_event
from crmplus.store.database import the_database
from crmplus.store.history import Change, record_change
from crmplus.store.identity import new_id
from crmplus.ui.audit_words import _EVENTS
from crmplus.ui.words import _FIELDS
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


@pytest.mark.parametrize("language", ["en", "nl"])
def test_details_of_events_are_in_words_and_times_those_of_the_reader(small: Visit, language: str) -> None:
    small("customers")
    with the_database().transaction(EVERYTHING) as connection:
        for detail in (
            *({"way": way} for way in Way),
            *({"purpose": purpose} for purpose in Purpose),
            {"email": "ann@example.org"},
            {"ends_at_utc": NOW.isoformat()},
        ):
            record_event(connection, NOW, AuditAction.SIGNED_IN, None, "Ann", None, "Ann", "", **detail)
    told = list(small("audit", language=language, when="all", text="Ann").dataframe[0].value["details"])
    until = Language(language, ZoneInfo("UTC"), "EUR").date_and_time(NOW)
    assert any(each.endswith(f": {until}") for each in told)
    assert not {each.partition(":")[0] for each in told} & {"way", "purpose", "email", "ends_at_utc"}
    if language == "en":
        assert {
            *("Way of signing in: password", "Way of signing in: provider", "Way of signing in: proxy"),
            *("Kind of link: invitation", "Kind of link: another password"),
            *("E-mail: ann@example.org", f"Valid until: {until}"),
        } <= set(told)


def test_every_detail_that_an_event_is_told_with_has_a_name() -> None:
    found = set(details_told())
    assert {"way", "purpose", "ends_at_utc"} <= found <= _FIELDS.keys()


WRITERS = ("record_event", "_note", "note_refusal")


def details_told() -> Iterator[str]:
    """The names of details in every call that writes an event, or has one written."""
    own = inspect.signature(record_event).parameters.keys()
    for path in Path(crmplus.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in WRITERS:
                yield from (word.arg for word in call.keywords if word.arg and word.arg not in own)


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
