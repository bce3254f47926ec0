"""What a user does in a browser, and the server it talks to."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Locator, Page

ROOT = Path(__file__).resolve().parents[2]
READY = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@contextmanager
def serve(database: Path, script: Path = ROOT / "app.py") -> Iterator[str]:
    """The program on a database file, on a free port; its address. It fails where the server
    logged an unexpected error."""
    log = database.with_suffix(".log")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    with log.open("w") as out:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=ROOT,
            env=os.environ | {"CRMPLUS_DATABASE": str(database)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)
    assert "Traceback" not in log.read_text(), log.read_text()


def settle(page: Page) -> None:
    """Wait until the server has drawn what the last step asked for."""
    page.wait_for_timeout(150)
    page.wait_for_selector(READY, timeout=20_000)
    page.wait_for_timeout(100)
    page.wait_for_selector(READY, timeout=20_000)
    page.wait_for_selector("[data-stale=true]", state="detached")


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until a page that is opened is drawn: every one has a title."""
    page.wait_for_selector("h1")
    settle(page)


def press(page: Page | Locator, name: str, *, exact: bool = False) -> None:
    """Press the button with this name and wait for what it does."""
    page.get_by_role("button", name=name, exact=exact).click()
    settle(_page_of(page))


def type_in(page: Page | Locator, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label)
    field.fill(text)
    field.press("Tab")
    settle(_page_of(page))


def choose(page: Page | Locator, label: str, option: str) -> None:
    """Choose an option of a select box; scrolling, as to the end of a long sidebar, would close it."""
    box = page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()
    _page_of(page).wait_for_timeout(250)
    box.click()
    _page_of(page).get_by_role("option", name=option, exact=True).click()
    settle(_page_of(page))


def from_menu(page: Page, button: Locator, entry: str) -> None:
    """Open a menu button and choose what it offers."""
    button.click()
    page.get_by_role("menuitem", name=entry).or_(page.get_by_role("option", name=entry)).click()
    settle(page)


def new_customer(page: Page, address: str, name: str) -> None:
    """Make a customer; its card is open afterwards."""
    open_page(page, f"{address}/customers")
    press(page, "New customer")
    type_in(page, "Name (required)", name)
    press(page, "Save customer")
    page.wait_for_url("**/customer?customer=*")
    settle(page)


def history(page: Page) -> list[str]:
    """What the History tab of the card says happened, newest first."""
    page.get_by_role("tab", name="History").click()
    page.wait_for_selector(".crm-history li")
    settle(page)
    return page.locator(".crm-history .crm-what").all_inner_texts()


def steps(page: Page) -> list[str]:
    """How each step of the sales flow stands: done, now, skipped, ahead, won, lost or neither."""
    return [step.get_attribute("class") or "" for step in page.locator("ol.crm-stepper.crm-whole li").all()]


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def _page_of(place: Page | Locator) -> Page:
    return place if isinstance(place, Page) else place.page


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        assert server.poll() is None, "the server stopped at once"
        time.sleep(0.1)
    raise AssertionError("the server did not answer")
