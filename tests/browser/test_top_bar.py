"""Search and quick add, from any page: by mouse, by keyboard and by thumb."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from crmplus.services.quick_add import MOST_MATCHES
from crmplus.store.database import Database
from tests.browser.conftest import NewPage
from tests.browser.driver import DESK, PHONE, dialog, drawn, open_page, press, serve, settle
from tests.browser.test_access import violations
from tests.world import customer

NASTY = "*bold* $x$ <img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def bar(browser: Browser, small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small world that the tests of this file share."""
    path = Path(shutil.copy(small_file, tmp_path_factory.mktemp("bar") / "bar.duckdb"))
    database = Database.open(path)
    for _number in range(MOST_MATCHES + 2):
        customer(database, "Twin", "CUSTOMER")
    database.close()
    with serve(path) as address:
        yield address


def quick_add(page: Page, customer: str, value: str = "") -> None:
    press(page, "Quick add")
    box = dialog(page)
    box.get_by_role("textbox", name="Customer (required)").fill(customer)
    field = box.get_by_role("textbox", name="Expected value, EUR")
    field.fill(value)
    field.press("Enter")
    settle(page)


def test_two_fields_and_enter_make_a_customer_with_a_lead(page: Page, bar: str) -> None:
    open_page(page, f"{bar}/funnel")
    quick_add(page, "Quick one", "1,234.50")
    expect(dialog(page)).to_have_count(0)
    press(page, "Open it")
    page.wait_for_url("**/customer?customer=*")
    drawn(page)
    expect(page.get_by_role("heading", name="Quick one")).to_be_visible()
    expect(page.get_by_role("textbox", name="Expected value, EUR")).to_have_value("1,234.50")


def test_a_customer_with_an_open_lead_is_asked_about_and_what_was_typed_is_kept(page: Page, bar: str) -> None:
    open_page(page, f"{bar}/my_day")
    quick_add(page, "bakery", "500")
    box = dialog(page)
    expect(box.get_by_text("has an open lead already")).to_be_visible()
    expect(box.get_by_role("textbox", name="Expected value, EUR")).to_have_value("500")
    press(box, "Add lead")
    expect(box.get_by_text("Choose one of these.")).to_be_visible()
    box.get_by_text("A further lead of").click()
    press(box, "Add lead")
    expect(page.get_by_text("A further lead of C-00001 Bakery.")).to_be_visible()


def test_of_more_customers_than_are_shown_a_number_chooses_and_that_is_said(page: Page, bar: str) -> None:
    open_page(page, f"{bar}/my_day")
    quick_add(page, "twin")
    expect(dialog(page).get_by_text("2 more are not shown.")).to_be_visible()


@pytest.mark.parametrize("value", ["0,5,", "-1", "1e15", "x" * 10_000])
def test_a_value_that_is_none_gets_a_sentence_and_nothing_is_lost(page: Page, bar: str, value: str) -> None:
    open_page(page, f"{bar}/my_day")
    quick_add(page, "Never made", value)
    box = dialog(page)
    expect(box.locator("[class*='-wrong-expected_value']")).to_be_visible()
    expect(box.get_by_role("textbox", name="Customer (required)")).to_have_value("Never made")


def test_a_name_is_shown_as_it_was_typed(page: Page, bar: str) -> None:
    page.on("dialog", lambda _dialog: pytest.fail("a script ran"))
    open_page(page, f"{bar}/my_day")
    quick_add(page, NASTY)
    expect(page.get_by_text(NASTY, exact=False).first).to_be_visible()
    press(page, "Search")
    dialog(page).get_by_role("searchbox").or_(dialog(page).get_by_role("textbox")).first.fill("onerror")
    expect(dialog(page).get_by_role("button", name=NASTY).first).to_be_visible()


def test_by_keyboard_alone_a_customer_is_found_and_opened(page: Page, bar: str) -> None:
    open_page(page, f"{bar}/scores")
    page.keyboard.press("Control+k")
    expect(dialog(page)).to_be_visible()
    settle(page)
    page.keyboard.type("smith")
    expect(dialog(page).get_by_role("button", name="Smithy").first).to_be_visible()
    settle(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/customer?customer=C-00002")


@pytest.mark.parametrize("name", ["my_day", "leads?search=other", "customers", "customers?search=other"])
def test_all_customers_that_were_found_are_listed(page: Page, bar: str, name: str) -> None:
    open_page(page, f"{bar}/{name}")
    page.keyboard.press("Control+k")  # the customers' table has a button of that name too
    expect(dialog(page)).to_be_visible()
    settle(page)
    dialog(page).get_by_role("searchbox").fill("Twin")
    press(dialog(page), "more")
    expect(page.get_by_role("heading", name="Customers", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{MOST_MATCHES + 2} customers", exact=True)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("Twin")


def test_with_a_thumb_the_bar_is_in_reach_and_covers_nothing(new_page: NewPage, bar: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    open_page(page, f"{bar}/my_day")
    for name in ("Search", "Quick add"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= PHONE["width"]
    title = page.get_by_role("heading", name="My day").bounding_box()
    assert title
    assert title["y"] > box["y"] + box["height"]
    page.get_by_role("button", name="Quick add").tap()
    settle(page)
    dialog(page).get_by_role("textbox", name="Customer (required)").fill("By thumb")
    dialog(page).get_by_role("button", name="Add lead").tap()
    settle(page)
    expect(page.get_by_text("New customer with a lead")).to_be_visible()


def test_on_a_phone_the_menu_can_be_closed_and_closes_when_a_page_is_chosen(
    new_page: NewPage, bar: str
) -> None:
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_page(page, f"{bar}/my_day")
    menu = page.get_by_test_id("stSidebar")
    opener = page.get_by_role("button", name="Expand sidebar")
    for name in ("Leads", "Customers"):
        opener.tap()
        expect(menu).to_have_attribute("data-collapsed", "false")
        link = menu.get_by_role("link", name=name, exact=True)
        for place in (link, page.get_by_role("button", name="Collapse sidebar")):
            box = place.bounding_box()
            assert box and box["height"] >= 44
        link.tap()
        page.wait_for_url(f"**/{name.lower()}")
        expect(menu).to_have_attribute("data-collapsed", "true")
        drawn(page)
    opener.tap()
    page.get_by_role("button", name="Collapse sidebar").tap()
    expect(menu).to_have_attribute("data-collapsed", "true")
    opener.tap()
    expect(menu).to_have_attribute("data-collapsed", "false")
    page.reload()
    drawn(page)
    expect(menu).to_have_attribute("data-collapsed", "true")


def test_on_a_desk_the_menu_stays_open(page: Page, bar: str) -> None:
    open_page(page, f"{bar}/my_day")
    menu = page.get_by_test_id("stSidebar")
    menu.get_by_role("link", name="Leads", exact=True).click()
    page.wait_for_url("**/leads")
    drawn(page)
    expect(menu).to_have_attribute("data-collapsed", "false")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(new_page: NewPage, bar: str, scheme: str, viewport: dict[str, int]) -> None:
    page = new_page(viewport=viewport, color_scheme=scheme)
    open_page(page, f"{bar}/my_day")
    for name in ("Search", "Quick add"):
        press(page, name)
        if name == "Search":
            page.keyboard.type("bak")
            settle(page)
        assert violations(page) == []
        page.keyboard.press("Escape")
        settle(page)
