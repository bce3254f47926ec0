"""An address can be written by anybody: whatever stands in it, the page is drawn and nothing goes wrong."""

import logging
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_every_page import TITLES
from tests.pages.visit import APP, Visit, seen

KEYS = (
    *(
        "active",
        "as-of",
        "attention",
        "by",
        "closing",
        "customer",
        "from",
        "funnel",
        "kind",
        "when",
        "who",
        "lead",
        "measure",
        "of",
        "on",
    ),
    *("opened", "order", "owner", "page", "part", "period", "phase", "saved", "score", "search", "show"),
    *("sort", "tab", "to", "type", "value", "view", "year", "reason", "won", "lost", "days", "embed"),
)
VALUES = (
    "",
    "own",
    "\x00",
    "\ud83d\ude00\u202e".encode("utf-16", "surrogatepass").decode("utf-16"),
    "9" * 5000,
    "-1",
    "0",
    "1e999",
    "NaN",
    "٣",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "..%2f..%2fetc%2fpasswd",
    "<img src=http://evil.example onerror=alert(1)>",
    "*b* $x$ [a](http://evil.example) :material/home:",
    "' OR 1=1 --",
    "{0.__class__} %s",
    "0195a5d0-0000-7000-8000-000000000000",
    "x" * 100_000,
)


def opened(page: str, query: dict[str, str]) -> AppTest:
    """A page at an address, of which every part may be called as `Visit` calls its arguments."""
    at = AppTest.from_file(str(APP), default_timeout=30)
    at.session_state["language"] = "en"
    at.query_params.update(query)
    return at.switch_page(f"pages/{page}.py").run()


PAGES = [*TITLES, "leads", "my_day", "home"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_drawn_whatever_stands_in_its_address(
    small: Visit, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    steps = (0, 5, 11)
    for step in steps:
        values = {key: VALUES[(place + step * 3) % len(VALUES)] for place, key in enumerate(KEYS)}
        at = opened(page, values)
        assert not at.exception, values
        assert not [r for r in caplog.records if r.levelno >= logging.ERROR], values
        assert at.title or at.error, values
        assert "reference" not in " ".join(box.value for box in at.error), values


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_the_leads_are_drawn_whatever_each_filter_says(
    small: Visit, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Board and list have the most filters."""
    for view in ("board", "list"):
        at = opened("leads", dict.fromkeys(KEYS, value) | {"view": view})
        assert not at.exception
        assert not [r for r in caplog.records if r.levelno >= logging.ERROR]
        assert at.title[0].value == "Leads"


def test_a_customer_that_is_not_there_is_said_so(small: Visit) -> None:
    for number in VALUES[2:]:
        at = small("customer", customer=number)
        assert not at.exception
        assert "Bakery" not in seen(at)


def test_every_filter_is_tried() -> None:
    """Names of parameters as the code writes them: a new one must be tried too."""
    root = Path(__file__).resolve().parents[2]
    read = re.compile(
        r"(?:query_params\.(?:get|pop)\(|query_params\[|filter_by(?:_owner)?\(|set_in_url\(|choose_period\()\s*\"([a-z-]+)\""
    )
    found = {
        name
        for folder in ("pages", "crmplus/ui")
        for path in (root / folder).glob("*.py")
        for name in read.findall(path.read_text())
    }
    assert found
    assert found <= set(KEYS)
