"""Pages can be read and used by everybody: in both themes, on a desk and on a phone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import DESK, PHONE, open_page, press, settle

ADDRESSES = (
    "customers",
    "customer?customer=C-00001",
    "customer?customer=C-00002",
    "customer?customer=C-00005",
    "funnel?phase=LEAD-MEETING",
    "account_types",
    "lead_phases",
    "closing_reasons",
    "people",
    "workspace",
    "import_data",
    "win_loss",
)
ALLOWED = {
    # Streamlit's menu wraps each group of its list in a div, which no list may hold.
    ("list", "stSidebarNavItems"),
    ("listitem", "stSidebarNavItems"),
    # The small line in a card has no words of its own; the card's figures say it.
    ("svg-img-alt", "stMetricChart"),
}
"""Violations of Streamlit's own markup: the rule, and the data-testid that it is or lies in."""


def violations(page: Page) -> list[str]:
    """What axe finds serious or critical, but for what is allowed.

    Colours that are still on their way are no finding: what it finds has to stand a second later.
    """
    if not _found(page):
        return []
    page.wait_for_timeout(1_000)
    return _found(page)


def _found(page: Page) -> list[str]:
    page.wait_for_function(
        "document.getAnimations().every(a => a.playState !== 'running' ||"
        " a.effect.getTiming().iterations === Infinity)"
    )
    found = Axe().run(page).response["violations"]
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    return [
        f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"
        for rule in grave
        for node in rule["nodes"]
        if not _is_allowed(page, rule["id"], node)
    ]


def _is_allowed(page: Page, rule: str, node: dict[str, Any]) -> bool:
    target = node["target"][-1]  # a list of selectors, host by host, inside a component
    element = page.locator(target if isinstance(target, str) else target[-1]).first
    return any(
        rule == allowed and element.evaluate("(e, id) => !!e.closest(`[data-testid=${id}]`)", place)
        for allowed, place in ALLOWED
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_grave_and_nothing_sticks_out(
    new_page: NewPage, small: str, address: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, f"{small}/{address}")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    settle(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_the_welcome_page(
    new_page: NewPage, first_start: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, first_start)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        settle(page)
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_a_form_with_mistakes(new_page: NewPage, small: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, f"{small}/customers")
    press(page, "New customer")
    press(page, "Save customer")
    expect(page.get_by_text("Nothing was saved yet")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_the_history(new_page: NewPage, small: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, f"{small}/customer?customer=C-00004")
    page.get_by_role("tab", name="History").click()
    settle(page)
    assert violations(page) == []


def test_on_a_phone_the_next_step_is_always_in_view(new_page: NewPage, small: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    open_page(page, f"{small}/customer?customer=C-00001")
    button = page.get_by_role("button", name="Complete phase")
    expect(button).to_be_in_viewport(ratio=1)
    page.mouse.move(195, 400)
    page.mouse.wheel(0, 3000)
    page.wait_for_timeout(300)
    expect(button).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Add note")).to_be_in_viewport()
    press(page, "Complete phase")
    expect(page.get_by_text("Record a score before you complete the phase")).to_be_in_viewport()
    page.get_by_role("spinbutton", name="Score, 1 to 100").fill("50")
    press(page, "Complete phase")
    expect(page.get_by_text("Phase completed")).to_be_visible()


@pytest.mark.parametrize("name", ["customers", "funnel"])
def test_tab_passes_a_table_by_and_opens_nothing(page: Page, small: str, name: str) -> None:
    open_page(page, f"{small}/{name}")
    canvas = page.get_by_test_id("data-grid-canvas").first
    canvas.wait_for()
    page.get_by_role("button", name="Fullscreen").first.focus()
    page.keyboard.press("Tab")
    expect(canvas).to_be_focused()
    page.keyboard.press("Tab")
    page.wait_for_timeout(500)
    settle(page)
    expect(canvas).not_to_be_focused()
    assert page.url == f"{small}/{name}"
