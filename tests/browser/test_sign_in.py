"""Signing in, in a browser: the first administrator, the way in and out, and what ends a session."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import DESK, PHONE, drawn, open_page, serve
from tests.browser.test_access import violations

PASSWORD = "correct horse battery"
EMAIL = "ada@example.com"


@pytest.fixture(scope="module")
def door(browser: Browser, small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on which Ada turned on sign-in."""
    path = Path(shutil.copy(small_file, tmp_path_factory.mktemp("door") / "door.duckdb"))
    with serve(path) as address:
        page = browser.new_page()
        page.goto(f"{address}/set-up")
        set_up(page)
        drawn(page)
        page.close()
        yield address


def set_up(page: Page) -> None:
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Initials").fill("AD")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Turn on sign-in").click()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_deep_link_leads_through_the_door_and_on(page: Page, door: str) -> None:
    page.goto(f"{door}/customer?customer=C-00001")
    expect(page).to_have_title("Sign in · CRM+")
    sign_in(page)
    page.wait_for_url("**/customer?customer=C-00001")
    drawn(page)
    expect(page.get_by_role("heading", name="Bakery")).to_be_visible()
    expect(page.get_by_test_id("stSidebar").get_by_role("link", name="Ada")).to_be_visible()


def test_a_wrong_password_gets_a_sentence_and_what_was_typed_stays(page: Page, door: str) -> None:
    page.goto(f"{door}/sign-in")
    sign_in(page, "wrong horse battery")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("E-mail")).to_have_value(EMAIL)
    expect(page.get_by_label("Password")).to_have_value("")
    expect(page.get_by_label("Password")).to_be_focused()


def test_signing_out_ends_the_session_in_every_tab(new_page: NewPage, door: str) -> None:
    page = new_page()
    page.goto(f"{door}/sign-in")
    sign_in(page)
    drawn(page)
    other = page.context.new_page()
    open_page(other, f"{door}/customers")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    other.get_by_role("link", name="Funnel").click()
    expect(other.get_by_role("heading", name="Funnel")).to_have_count(0)
    other.goto(f"{door}/customers")
    expect(other).to_have_title("Sign in · CRM+")


def test_a_page_breaks_no_rule_of_its_own_policy(new_page: NewPage, door: str) -> None:
    page = new_page()
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if "Content Security" in said.text else None)
    page.goto(f"{door}/sign-in")
    sign_in(page)
    drawn(page)
    for name in ("leads", "leads?view=list", "funnel", "win_loss", "forecast", "import_data", "customers"):
        open_page(page, f"{door}/{name}")
    assert broken == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["sign-in", "invitation?token=none"])
def test_axe_finds_nothing_at_the_door(
    new_page: NewPage, door: str, scheme: str, viewport: dict[str, int], path: str
) -> None:
    page = new_page(viewport=viewport, color_scheme=scheme)
    page.goto(f"{door}/{path}")
    assert violations(page) == []
    for box in page.get_by_role("textbox").or_(page.get_by_role("button")).all():
        place = box.bounding_box()
        assert place
        assert place["height"] >= 44
        assert place["x"] + place["width"] <= viewport["width"]


def test_the_first_administrator_is_told_what_is_wrong_with_a_password(
    new_page: NewPage, small_file: Path, tmp_path: Path
) -> None:
    page = new_page()
    with serve(Path(shutil.copy(small_file, tmp_path / "new.duckdb"))) as address:
        page.goto(f"{address}/set-up")
        page.get_by_label("Your name").fill("Ada")
        page.get_by_label("Initials").fill("AD")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("New password").fill("password1234")
        page.get_by_role("button", name="Turn on sign-in").click()
        expect(page.get_by_text("one of the first that somebody would try")).to_be_visible()
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_role("button", name="Turn on sign-in").click()
        drawn(page)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        expect(page.get_by_label("Password")).to_be_visible()


def test_a_page_whose_session_ended_says_so_shows_what_was_typed_and_leads_back(
    new_page: NewPage, door: str
) -> None:
    page = new_page()
    page.goto(f"{door}/sign-in")
    sign_in(page)
    drawn(page)
    other = page.context.new_page()
    card = f"{door}/customer?customer=C-00001"
    open_page(other, card)
    other.get_by_role("textbox", name="Note on this phase").fill("They *hesitate*")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    other.get_by_role("button", name="Save", exact=True).click()
    said = other.get_by_role("dialog", name="You are signed out.")
    expect(said).to_be_visible()
    expect(said.get_by_role("textbox", name="What you typed")).to_have_value("They *hesitate*")
    # Streamlit tries again and again, and then says that a connection failed: not over this.
    other.get_by_text("Connection failed").wait_for(state="attached", timeout=30_000)
    said.get_by_role("link", name="Sign in").click()
    sign_in(other)
    other.wait_for_url(card)
