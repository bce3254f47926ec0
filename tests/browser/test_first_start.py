from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import dialog, drawn, open_page, press, serve, settle


def test_a_first_start_goes_from_the_welcome_to_a_day_that_says_how_to_begin(
    page: Page, first_start: str
) -> None:
    open_page(page, first_start)
    expect(page.get_by_role("heading", name="Welcome to CRM+")).to_be_visible()
    press(page, "Start empty")
    expect(page.get_by_role("heading", name="My day")).to_be_visible()
    expect(page.get_by_text("Your next steps will be listed here")).to_be_visible()
    expect(page.get_by_role("link", name="Lead phases")).to_be_visible()


def test_the_demo_is_made_with_progress_and_erased_only_when_asked_twice(
    page: Page, first_start: str
) -> None:
    open_page(page, first_start)
    page.get_by_role("button", name="Start with demo data").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("heading", name="My day").wait_for(timeout=60_000)
    settle(page)
    expect(page.get_by_text("This is demo data")).to_be_visible()

    press(page, "Erase it and start with your own")
    erase = dialog(page).get_by_role("button", name="Erase everything")
    expect(erase).to_be_disabled()
    dialog(page).get_by_text("Yes, erase everything").click()
    settle(page)
    expect(erase).to_be_disabled()
    dialog(page).get_by_role("textbox").press_sequentially("erase")
    expect(erase).to_be_enabled()
    erase.click()
    page.get_by_role("heading", name="Welcome to CRM+").wait_for()
    page.reload()
    drawn(page)
    expect(page.get_by_role("heading", name="Welcome to CRM+")).to_be_visible()


def test_from_elsewhere_the_first_administrator_comes_to_the_welcome(
    new_page: NewPage, tmp_path: Path
) -> None:
    """As behind a proxy: with the token of the terminal, before there is a workspace."""
    path = tmp_path / "far.duckdb"
    page = new_page(extra_http_headers={"X-Forwarded-For": "192.0.2.7"})
    with serve(path) as address:
        page.goto(address)
        told = path.with_suffix(".log").read_text().split("administrator of CRM+: ")[1].split()[0]
        typed = {"Setup token": told, "Your name": "Ada", "Initials": "AD", "E-mail": "ada@example.com"}
        for label, text in {**typed, "New password": "correct horse battery"}.items():
            page.get_by_label(label).fill(text)
        page.get_by_role("button", name="Turn on sign-in").click()
        drawn(page)
        expect(page.get_by_role("heading", name="Welcome to CRM+")).to_be_visible()
        expect(page.get_by_test_id("stSidebar").get_by_text("Ada")).to_be_visible()
        press(page, "Start empty")
        expect(page.get_by_role("heading", name="My day")).to_be_visible()
        expect(page.get_by_role("link", name="Ada")).to_be_visible()
