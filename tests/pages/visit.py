"""What a test of a page does and looks at."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from crmplus.services.people import list_people
from crmplus.store.database import the_database
from tests.world import ADMIN

APP = Path(__file__).resolve().parents[2] / "app.py"


class Visit:
    """Opens a page in a new session; `working_as` is a person's name, "" the local administrator."""

    def __call__(self, page: str = "", language: str = "en", working_as: str = "", **query: str) -> AppTest:
        at = AppTest.from_file(str(APP), default_timeout=30)
        at.session_state["language"] = language
        if working_as:
            at.session_state["working_as"] = next(
                person.id for person in list_people(the_database(), ADMIN) if person.name == working_as
            )
        at.query_params.update(query)
        if page:
            at.switch_page(f"pages/{page}.py")
        return at.run()


def seen(at: AppTest) -> str:
    """All words of a page, in order, without the signs that keep markdown from reading them."""
    return "\n".join(_words(at.main)).replace("\\", "")


def _words(block: Any) -> Iterator[str]:
    for element in block.children.values():
        if element.type in ("arrow_data_frame", "dataframe"):
            yield element.value.to_string()
            continue
        for attribute in ("label", "value", "options"):
            if isinstance(words := getattr(element, attribute, None), str | list) and words:
                yield str(words)
        if hasattr(element, "children"):
            yield from _words(element)


def choose(at: AppTest, label: str, option: str) -> None:
    """Choose an option of the select box with this label."""
    next(box for box in at.main.selectbox if box.label == label).select(option).run()


def labels(at: AppTest) -> set[str]:
    """The buttons of a page itself, without those that every page has and the one that keeps its filters."""
    return {button.label for button in at.button} - {"Search", "Quick add", "Save as a view …"}
