"""Contact persons on the customer card: added, called, written to, changed and removed."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import PHONE, dialog, from_menu, open_page, press, settle, type_in
from tests.browser.test_access import violations

NASTY = "Jan <b>x</b> *y*"
THUMB = 44


def open_tab(page: Page, server: str, number: str) -> None:
    open_page(page, f"{server}/customer?customer={number}")
    page.get_by_role("tab", name="Contact persons").click()
    settle(page)


def add(page: Page, name: str, **fields: str) -> None:
    press(page, "Add a contact person")
    type_in(dialog(page), "Name (required)", name)
    for label, text in fields.items():
        type_in(dialog(page), {"email": "E-mail"}.get(label, label.capitalize()), text)
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()


def change(page: Page, name: str, entry: str) -> None:
    row = page.locator("[class*='st-key-row-contact-person']").filter(has_text=name)
    from_menu(page, row.get_by_role("button", name="Change"), entry)


def test_a_person_is_added_reached_changed_and_removed(page: Page, small: str) -> None:
    open_tab(page, small, "C-00001")
    press(page, "Add a contact person")
    type_in(dialog(page), "Name (required)", NASTY)
    type_in(dialog(page), "Job title", "buyer")
    type_in(dialog(page), "Phone", "+31 (0)20-123")
    type_in(dialog(page), "E-mail", "javascript:alert(1)")
    press(dialog(page), "Save")
    expect(dialog(page)).to_contain_text("This is not an e-mail address")
    type_in(dialog(page), "E-mail", "a?bcc=x&y@example.com")
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()

    expect(page.get_by_role("tab", name="Contact persons (1)")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".crm-person b")).to_have_text(NASTY)
    call = page.get_by_role("link", name=f"Call {NASTY}")
    assert (call.get_attribute("href"), call.inner_text()) == ("tel:+3120123", "+31 (0)20-123")
    write = page.get_by_role("link", name=f"Write to {NASTY}")
    assert write.get_attribute("href") == "mailto:a%3Fbcc%3Dx%26y@example.com"
    assert write.inner_text() == "a?bcc=x&y@example.com"

    change(page, "Jan", "Edit …")
    expect(dialog(page).get_by_role("textbox", name="Job title")).to_have_value("buyer")
    type_in(dialog(page), "Phone", "ask reception")
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()
    expect(page.locator(".crm-person")).to_contain_text("ask reception")
    expect(page.locator(".crm-person a")).to_have_count(1)

    change(page, "Jan", "Remove …")
    expect(dialog(page)).to_contain_text("They leave this list.")
    press(dialog(page), f"Remove {NASTY}")
    expect(dialog(page)).to_be_hidden()
    expect(page.locator(".crm-person")).to_have_count(0)
    expect(page.get_by_role("tab", name="Contact persons", exact=True)).to_have_attribute(
        "aria-selected", "true"
    )


def test_the_keyboard_is_enough(page: Page, small: str) -> None:
    open_tab(page, small, "C-00002")
    page.get_by_role("button", name="Add a contact person").focus()
    page.keyboard.press("Enter")
    name = dialog(page).get_by_role("textbox", name="Name (required)")
    expect(name).to_be_visible()
    name.focus()
    for text in ("Kim", "owner", "06 1234", "kim@example.com"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        settle(page)
    expect(dialog(page).get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.get_by_role("link", name="Call Kim: 06 1234")).to_have_attribute("href", "tel:061234")

    page.get_by_role("link", name="Call Kim").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Write to Kim")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    settle(page)
    expect(dialog(page)).to_contain_text("They leave this list.")
    page.keyboard.press("Escape")
    settle(page)
    expect(page.get_by_role("link", name="Call Kim")).to_be_visible()


def test_two_who_change_one_person_lose_nothing(new_page: NewPage, small: str) -> None:
    mine, theirs = new_page(), new_page()
    open_tab(mine, small, "C-00003")
    add(mine, "Lea", phone="020 111")
    open_tab(theirs, small, "C-00003")
    change(mine, "Lea", "Edit …")
    change(theirs, "Lea", "Edit …")
    type_in(dialog(theirs), "Phone", "020 222")
    press(dialog(theirs), "Save")
    type_in(dialog(mine), "E-mail", "lea@example.com")
    press(dialog(mine), "Save")
    expect(dialog(mine)).to_contain_text("while you were working on it")
    press(dialog(mine), "Save mine on top")
    expect(dialog(mine)).to_be_hidden()
    expect(mine.get_by_role("link", name="Call Lea: 020 222")).to_be_visible()
    expect(mine.get_by_role("link", name="Write to Lea: lea@example.com")).to_be_visible()


def test_on_a_phone_everything_is_as_large_as_a_thumb(new_page: NewPage, small: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_tab(page, small, "C-00004")
    page.get_by_role("button", name="Add a contact person").tap()
    settle(page)
    type_in(dialog(page), "Name (required)", "Noor " + "van den Berg-" * 6)
    type_in(dialog(page), "Phone", "+31 20 123 45 67")
    type_in(dialog(page), "E-mail", f"{'noor' * 15}@example.com")
    dialog(page).get_by_role("button", name="Save").tap()
    settle(page)
    expect(dialog(page)).to_be_hidden()
    row = page.locator("[class*='st-key-row-contact-person']")
    places = [*page.locator(".crm-person a").all(), row.get_by_role("button", name="Change")]
    for place in places:
        box = place.bounding_box()
        assert box
        assert box["height"] >= THUMB, place
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    row.get_by_role("button", name="Change").tap()
    entry = page.get_by_role("menuitem", name="Edit …")
    expect(entry).to_be_visible()
    assert (entry.bounding_box() or {})["height"] >= THUMB
    entry.tap()
    settle(page)
    expect(dialog(page).get_by_role("textbox", name="Phone")).to_have_value("+31 20 123 45 67")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave(new_page: NewPage, small: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_tab(page, small, "C-00005")
    add(page, f"Axel {scheme}", phone="020 1234", email="axel@example.com")
    open_tab(page, small, "C-00005")  # Streamlit's toast has no name that axe would accept
    assert violations(page) == []
    change(page, scheme, "Edit …")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    settle(page)
    assert violations(page) == []
