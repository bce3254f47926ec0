"""A real Chromium before a real server, both of this machine only."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.driver import DESK, serve
from tests.browser.watch import NOWHERE_ELSE, watch
from tests.small_world import make_small_world

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
NewPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        reason = f"there is no Chromium at {CHROMIUM}; CHROMIUM can name another"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", NOWHERE_ELSE])
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens a browser of its own user; afterwards, nothing may have been asked of other machines,
    and nothing may have gone wrong in the page."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def make(**settings: Any) -> Page:
        context = browser.new_context(**{"viewport": DESK, "locale": "en-GB"} | settings)
        contexts.append(context)
        watch(context, wrong)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(f"in the page: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture(scope="session")
def small_file(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("small") / "small.duckdb"))
    make_small_world(path)
    return path


@pytest.fixture(scope="module")
def starter(browser: Browser, starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a workspace as the starter makes it."""
    with serve(Path(shutil.copy(starter_file, tmp_path_factory.mktemp("db") / "starter.duckdb"))) as address:
        yield address


@pytest.fixture(scope="module")
def small(browser: Browser, small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small world."""
    with serve(Path(shutil.copy(small_file, tmp_path_factory.mktemp("db") / "small.duckdb"))) as address:
        yield address


@pytest.fixture
def first_start(browser: Browser, tmp_path: Path) -> Iterator[str]:
    """The address of a server that has no database yet."""
    with serve(tmp_path / "new.duckdb") as address:
        yield address
