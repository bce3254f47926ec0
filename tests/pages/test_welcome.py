import pytest

from crmplus.services.workspace import find_workspace
from crmplus.store.database import the_database
from tests.pages.visit import Visit, seen


@pytest.mark.parametrize("language, title", [("en", "Welcome to CRM+"), ("nl", "Welkom bij CRM+")])
def test_a_first_start_welcomes_in_the_readers_language(
    first_start: Visit, language: str, title: str
) -> None:
    at = first_start(language=language)
    assert not at.exception
    assert at.title[0].value == title
    assert [b.key for b in at.button] == ["start-empty", "start-demo", "welcome-bring-back"]


def test_start_empty_makes_a_workspace_in_the_language_and_goes_to_my_day(first_start: Visit) -> None:
    at = first_start(language="nl")
    at.button(key="start-empty").click().run()
    assert not at.exception
    assert at.title[0].value == "Mijn dag"
    made = find_workspace(the_database())
    assert made is not None
    assert (made.language, made.is_demo) == ("nl", False)


def test_a_database_out_of_reach_is_one_calm_sentence(broken: Visit) -> None:
    at = broken()
    assert not at.exception
    assert at.title[0].value == "CRM+"
    assert "can't be opened for writing. Check that the folder exists" in seen(at)
    assert "/file/crmplus.duckdb" in seen(at)
    assert not at.button
