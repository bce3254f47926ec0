"""The pages of figures in a browser, over demo data: readable by everybody, and every bar opens its leads."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crmplus.services.demo import make_demo
from crmplus.services.setup import default_workspace
from crmplus.store.database import Database
from tests.browser.conftest import NewPage
from tests.browser.driver import PHONE, choose, open_page, serve, settle
from tests.browser.test_access import violations
from tests.world import ADMIN

PAGES = (
    "funnel",
    "conversion",
    "time_in_phase",
    "forecast",
    "win_loss",
    "scores?type=LEAD",
    "changes",
    "owners",
    "targets",
)


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over demo data that ends today."""
    path: Path = tmp_path_factory.mktemp("db") / "demo.duckdb"
    made = Database.open(path)
    make_demo(made, ADMIN, default_workspace("en", "Europe/Amsterdam"), datetime.now(UTC))
    made.close()
    with serve(path) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_grave_and_nothing_sticks_out(
    new_page: NewPage, demo: str, address: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, f"{demo}/{address}")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    settle(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("address", PAGES[:-1])
def test_charts_say_their_numbers_in_words(page: Page, demo: str, address: str) -> None:
    open_page(page, f"{demo}/{address}")
    charts = page.get_by_test_id("stPlotlyChart")
    expect(charts.first).to_be_visible()
    for chart in charts.all():
        spoken = chart.get_attribute("aria-label") or chart.locator("[aria-label]").first.get_attribute(
            "aria-label"
        )
        assert re.search(r"\d", spoken or "")


@pytest.mark.parametrize(
    "address", ["funnel", "conversion", "time_in_phase", "forecast", "win_loss", "changes", "owners"]
)
def test_a_click_on_a_bar_lists_its_leads_and_a_link_brings_the_list_back(
    page: Page, demo: str, address: str
) -> None:
    open_page(page, f"{demo}/{address}")
    bars = page.locator("[data-testid=stPlotlyChart] .bars .point path, .waterfalllayer .point path")
    expect(bars.first).to_be_attached()
    sizes = [(bar.bounding_box(), bar) for bar in bars.all()]
    drawn = [(box["width"] * box["height"], bar) for box, bar in sizes if box]
    _area, biggest = max(drawn, key=itemgetter(0))
    biggest.click(force=True)
    settle(page)
    heading = page.locator(".st-key-leads-behind h3")
    expect(heading).to_have_text(re.compile(r": [\d,.]+ leads?$"))
    assert "show=" in page.url or "phase=" in page.url
    words = heading.inner_text()
    open_page(page, page.url)
    expect(page.locator(".st-key-leads-behind h3")).to_have_text(words)


def test_filters_and_periods_are_in_the_url_and_can_be_cleared(page: Page, demo: str) -> None:
    open_page(page, f"{demo}/owners")
    choose(page, "Closed", "last year")
    page.wait_for_url("**closed=last-year**")
    card = page.get_by_test_id("stMetricValue").first.inner_text()
    open_page(page, page.url)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(card)
    page.get_by_role("button", name="Clear").click()
    settle(page)
    assert "closed=" not in page.url
