"""The published figures of a real file, imported by our importer, stand on the screen."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.driver import open_page, serve


@pytest.fixture(scope="module")
def maven(browser: Browser, maven_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over all of the file."""
    with serve(Path(shutil.copy(maven_file, tmp_path_factory.mktemp("db") / "maven.duckdb"))) as address:
        yield address


def test_the_figures_that_others_published_stand_on_screen(page: Page, maven: str) -> None:
    open_page(page, f"{maven}/win_loss")
    figures = page.get_by_test_id("stMetricValue")
    expect(figures).to_have_text(["4,238", "2,473", "63.15 %", "€10.01M", "57"])

    open_page(page, f"{maven}/funnel")
    expect(figures.first).to_have_text("2,089")
    drawn = page.get_by_test_id("stPlotlyChart").first
    expect(drawn).to_contain_text("500")
    expect(drawn).to_contain_text("1,589")
