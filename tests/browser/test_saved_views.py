"""Saved views: filters kept under a name, brought back, shared by a link."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import PHONE, choose, dialog, drawn, open_page, press, settle, type_in
from tests.browser.test_access import violations

THUMB = 44


def menu(page: Page) -> Locator:
    return page.locator(".st-key-saved-views").get_by_role("button")


def save_as(page: Page) -> None:
    """Ask for a name: with the button where there is no view yet, else in the menu."""
    page.get_by_role("button", name="Save as a view …").or_(menu(page)).click()
    entry = page.get_by_role("menuitem", name="Save as a view …")
    expect(entry.or_(dialog(page))).to_be_visible()
    if entry.count():
        entry.click()
    settle(page)


def pick(page: Page, entry: str) -> None:
    menu(page).click()
    page.get_by_role("menuitem", name=entry).first.click()
    settle(page)


def keep(page: Page, name: str, *, is_shared: bool = False) -> None:
    save_as(page)
    type_in(dialog(page), "Name (required)", name)
    if is_shared:
        dialog(page).get_by_text("Shared with everybody").click()
        settle(page)
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()
    expect(menu(page)).to_contain_text(name)


def link(page: Page, name: str) -> str:
    pick(page, f"Link to “{name}” …")
    found = dialog(page).get_by_test_id("stCode").inner_text().strip()
    page.keyboard.press("Escape")
    settle(page)
    return found


def filters(page: Page) -> dict[str, Any]:
    """What the page's filters hold: the boxes to choose in, and those to type in."""
    page.wait_for_selector("[class*='st-key-filters']")
    row = page.locator("[class*='st-key-filters']")
    row.get_by_role("combobox").first.wait_for()
    chosen = {box.get_attribute("aria-label"): box.input_value() for box in row.get_by_role("combobox").all()}
    typed = [field.input_value() for field in row.locator("input[type=search]").all()]
    days = [field.inner_text() for field in page.get_by_test_id("stDateInput").all()]
    return {"chosen": chosen, "typed": typed, "days": days}


@pytest.mark.parametrize(
    "address, name",
    [
        ("leads?view=board&owner=AN&attention=without&search=a&value=1000&score=20&sort=value", "Board"),
        ("leads?view=list&type=LEAD&phase=LEAD-MEETING&owner=AN&search=bak&value=10", "List"),
        ("funnel?opened=own&from=2026-01-01&to=2026-06-30&as-of=own&on=2026-05-01&owner=AN", "Figure"),
    ],
)
def test_a_link_gives_the_same_filters_in_another_browser(
    new_page: NewPage, small: str, address: str, name: str
) -> None:
    page = new_page()
    open_page(page, f"{small}/{address}")
    keep(page, name)
    before, query = filters(page), sorted(page.url.partition("?")[2].split("&"))
    other = new_page()
    open_page(other, link(page, name))
    expect(menu(other)).to_contain_text(name)
    assert filters(other) == before
    assert sorted(other.url.partition("?")[2].split("&")) == query
    other.reload()
    drawn(other)
    assert filters(other) == before
    expect(menu(other)).to_contain_text(name)


def test_a_view_is_chosen_changed_and_removed(new_page: NewPage, small: str) -> None:
    page = new_page()
    open_page(page, f"{small}/funnel?owner=AN")
    keep(page, "Only Ann")
    press(page, "Clear", exact=True)
    expect(menu(page)).to_contain_text("Views")
    assert "owner" not in page.url
    pick(page, "Only Ann")
    expect(page.get_by_role("combobox", name="Owner")).to_have_value("Ann")
    assert page.url.endswith("funnel?owner=AN")

    choose(page, "Opened", "this year")
    expect(menu(page)).to_contain_text("Views")
    pick(page, "Keep these filters in “Only Ann”")
    expect(page.get_by_text("“Only Ann” keeps these filters now.")).to_be_visible()
    address = link(page, "Only Ann")

    pick(page, "Change “Only Ann” …")
    type_in(dialog(page), "Name (required)", "Ann this year")
    press(dialog(page), "Save")
    expect(menu(page)).to_contain_text("Ann this year")
    other = new_page()
    open_page(other, address)
    expect(other.get_by_role("combobox", name="Opened")).to_have_value("this year")

    pick(page, "Remove “Ann this year” …")
    expect(dialog(page)).to_contain_text("Its name and its link are gone for everybody")
    press(dialog(page), "Remove “Ann this year”")
    expect(dialog(page)).to_be_hidden()
    expect(menu(page)).to_contain_text("Views")
    open_page(other, address)
    expect(other.get_by_text("This saved view does not exist any more")).to_be_visible()
    expect(other.get_by_role("combobox", name="Owner")).to_have_value("all")


def test_a_name_is_given_once(page: Page, small: str) -> None:
    open_page(page, f"{small}/owners?owner=AN")
    keep(page, "Twice")
    save_as(page)
    type_in(dialog(page), "Name (required)", "TWICE")
    press(dialog(page), "Save")
    expect(dialog(page)).to_contain_text("A saved view of this page has this name already.")
    type_in(dialog(page), "Name (required)", "Once")
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()


def test_others_open_a_shared_view_and_leave_it_as_it_is(new_page: NewPage, small: str) -> None:
    page = new_page()
    open_page(page, f"{small}/forecast?owner=AN")
    choose(page, "Working as", "Ann")
    keep(page, "Team", is_shared=True)
    choose(page, "Working as", "Vic")
    press(page, "Clear", exact=True)
    pick(page, "Team (of Ann)")
    expect(page.get_by_role("combobox", name="Owner")).to_have_value("Ann")
    menu(page).click()
    offered = page.get_by_role("menuitem").all_inner_texts()
    assert any("Link to “Team”" in entry for entry in offered)
    assert not any("Change" in entry or "Remove" in entry for entry in offered)


def test_the_keyboard_is_enough(page: Page, small: str) -> None:
    open_page(page, f"{small}/conversion?owner=AN")
    page.get_by_role("button", name="Save as a view …").focus()
    page.keyboard.press("Enter")
    name = dialog(page).get_by_role("textbox", name="Name (required)")
    expect(name).to_be_visible()
    settle(page)
    name.focus()
    page.keyboard.type("By keys")
    for _ in range(4):
        page.keyboard.press("Tab")
        settle(page)
        if page.evaluate("document.activeElement.innerText").strip() == "Save":
            break
    page.keyboard.press("Enter")
    settle(page)
    expect(dialog(page)).to_be_hidden()
    expect(menu(page)).to_contain_text("By keys")
    settle(page)

    menu(page).focus()
    expect(menu(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Its name and its link are gone for everybody")
    settle(page)
    dialog(page).get_by_role("button", name="Remove “By keys”").focus()
    page.keyboard.press("Enter")
    expect(menu(page)).to_have_count(0)


def test_on_a_phone_a_view_is_chosen_with_a_thumb(new_page: NewPage, small: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_page(page, f"{small}/customers?type=LEAD&search=bak")
    save_as(page)
    type_in(dialog(page), "Name (required)", "Baker " + "long name " * 7)
    dialog(page).get_by_role("button", name="Save").tap()
    settle(page)
    page.get_by_role("button", name="Clear", exact=True).tap()
    settle(page)
    expect(page.get_by_text("6 customers")).to_be_visible()
    menu(page).tap()
    for place in [menu(page), *page.get_by_role("menuitem").all()]:
        box = place.bounding_box()
        assert box
        assert box["height"] >= THUMB, place
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    page.get_by_role("menuitem", name="Baker").first.tap()
    settle(page)
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.go_back()
    settle(page)
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(new_page: NewPage, small: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, f"{small}/changes?owner=AN")
    keep(page, f"In {scheme}")
    page.reload()  # Streamlit's toast has no name that axe would accept
    drawn(page)
    for entry in ("Save as a view …", f"Link to “In {scheme}” …", f"Change “In {scheme}” …"):
        pick(page, entry)
        assert violations(page) == []
        page.keyboard.press("Escape")
        settle(page)
    page.set_viewport_size(PHONE)
    settle(page)
    menu(page).click()
    page.wait_for_timeout(300)
    assert violations(page) == []
