"""A rep's day: steps done, planned, put off and written about, by mouse, by keyboard and by thumb."""

import shutil
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crmplus.domain.next_step import NextStepDraft
from crmplus.services.customers import get_customer
from crmplus.services.leads import list_leads_of_customer
from crmplus.services.next_steps import add_next_step
from crmplus.store.database import Database
from crmplus.ui.session import now
from tests.browser.conftest import NewPage
from tests.browser.driver import (
    DESK,
    PHONE,
    choose,
    dialog,
    drawn,
    from_menu,
    open_page,
    press,
    serve,
    settle,
    type_in,
)
from tests.browser.test_access import violations
from tests.world import ADMIN

NASTY = "*bold* $x$ <img src=x onerror=alert(1)> [a](javascript:alert(1))"
LIVE = 15_000
"""Milliseconds in which what somebody else does appears."""

STEPS = (
    ("C-00001", "Call the baker", -2, None),
    ("C-00001", NASTY, 0, time(14, 0)),
    ("C-00004", "Visit the dairy", 0, None),
    ("C-00004", "Send the quote", 3, None),
)


@pytest.fixture
def day(browser: Browser, small_file: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server over the small world with a day's work in it, of its own for each test."""
    path = Path(shutil.copy(small_file, tmp_path / "day.duckdb"))
    database = Database.open(path)
    today = now().astimezone(ZoneInfo("Europe/Amsterdam")).date()
    for number, text, days, at in STEPS:
        plan(database, number, NextStepDraft(text, today + timedelta(days=days), at))
    database.close()
    with serve(path) as address:
        yield address


def plan(database: Database, number: str, draft: NextStepDraft) -> None:
    customer = get_customer(database, ADMIN, number)
    lead = next(lead for lead in list_leads_of_customer(database, ADMIN, customer.id) if lead.is_open)
    add_next_step(database, ADMIN, lead.id, draft, now())


def row(page: Page, text: str) -> Locator:
    return page.locator("[class*='st-key-due-step-']").filter(has_text=text)


def history(page: Page, address: str, number: str) -> list[str]:
    open_page(page, f"{address}/customer?customer={number}")
    page.get_by_role("tab", name="History").click()
    page.wait_for_selector(".crm-history li")
    settle(page)
    return page.locator(".crm-history .crm-what").all_inner_texts()


def test_a_step_is_done_and_the_next_planned_with_one_click_and_enter(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    asks = dialog(page)
    expect(asks).to_contain_text("Done: Call the baker (Bakery)")
    field = asks.get_by_role("textbox", name="Next step")
    expect(field).to_be_focused()
    page.keyboard.type("Call the baker again")
    page.keyboard.press("Enter")
    expect(asks).to_be_hidden()
    settle(page)
    expect(row(page, "Call the baker again")).to_contain_text("due tomorrow")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("0")


def test_a_step_that_is_done_with_nothing_after_it_is_said_and_can_be_taken_back(
    page: Page, day: str
) -> None:
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    expect(dialog(page)).to_be_visible()
    settle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stToast")).to_contain_text("Done: Call the baker")
    expect(dialog(page)).to_be_hidden()
    settle(page)
    press(page, "Not done after all")
    expect(row(page, "Call the baker")).to_be_visible()
    expect(page.locator(".st-key-just-done")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chosen_day_is_written_as_legibly_as_the_others(new_page: NewPage, day: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    chosen = dialog(page).get_by_role("radio", name="Tomorrow")
    expect(chosen).to_be_checked()
    other = dialog(page).get_by_role("radio", name="Next week").locator("p")
    ink = other.evaluate("element => getComputedStyle(element).color")
    expect(chosen.locator("p")).to_have_css("color", ink)


def test_what_is_typed_outlives_a_quick_choice_of_the_day(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    asks = dialog(page)
    asks.get_by_role("textbox", name="Next step").fill("half a thought")
    asks.get_by_text("Today", exact=True).click()
    settle(page)
    expect(asks.get_by_role("textbox", name="Next step")).to_have_value("half a thought")
    press(asks, "Save")
    expect(row(page, "half a thought")).to_contain_text("due today")


def test_a_step_is_not_done_after_all(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    press(dialog(page), "Not done after all")
    expect(row(page, "Call the baker")).to_be_visible()
    expect(dialog(page)).to_be_hidden()


def test_nothing_next_leaves_the_lead_without_a_step(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    press(dialog(page), "Nothing next")
    expect(dialog(page)).to_be_hidden()
    expect(row(page, "Call the baker")).to_be_hidden()


def test_a_double_click_on_done_and_on_save_is_one_each(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").dblclick()
    dialog(page).get_by_role("textbox", name="Next step").fill("Only once")
    dialog(page).get_by_role("button", name="Save").dblclick()
    expect(dialog(page)).to_be_hidden()
    settle(page)
    expect(row(page, "Only once")).to_have_count(1)
    open_page(page, f"{day}/customer?customer=C-00001")
    page.get_by_role("tab", name="History").click()
    page.wait_for_selector(".crm-history li")
    text = page.locator(".crm-history").inner_text()
    assert text.count("Only once") == 1


def test_an_empty_step_is_refused_beside_its_field_and_the_day_is_kept(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    dialog(page).get_by_text("Next week", exact=True).click()
    settle(page)
    press(dialog(page), "Save")
    expect(dialog(page).get_by_text("Fill this in.")).to_be_visible()
    type_in(dialog(page), "Next step", "Now filled in")
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()
    open_page(page, f"{day}/customer?customer=C-00001")
    expect(row(page, "Now filled in")).to_contain_text("Monday")


def test_a_step_is_put_off_from_its_menu(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")

    def more(text: str, entry: str) -> None:
        from_menu(page, row(page, text).get_by_role("button", name="More"), entry)

    more("Call the baker", "Put off to tomorrow")
    expect(row(page, "Call the baker")).to_contain_text("due tomorrow")
    more("Call the baker", "Put off to a day")
    press(dialog(page), "Next week")
    expect(dialog(page)).to_be_hidden()
    expect(row(page, "Call the baker")).not_to_contain_text("overdue")
    more("Visit the dairy", "Change")
    type_in(dialog(page), "Next step", "Visit the cheese maker")
    press(dialog(page), "Save")
    expect(row(page, "Visit the cheese maker")).to_contain_text("due today")
    more("Visit the cheese maker", "Remove")
    press(dialog(page), "Remove next step")
    expect(row(page, "Visit the cheese maker")).to_be_hidden()


def test_the_keyboard_alone_does_a_step_and_plans_the_next(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    tab_to(page, lambda: page.evaluate("document.activeElement.innerText.trim()").endswith("Done"))
    page.keyboard.press("Space")
    field = dialog(page).get_by_role("textbox", name="Next step")
    expect(field).to_be_focused()
    page.keyboard.type("By keys")
    page.keyboard.press("Tab")
    expect(dialog(page).get_by_role("button", name="Save")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_hidden()
    settle(page)
    expect(row(page, "By keys")).to_be_visible()
    expect(row(page, "Call the baker")).to_be_hidden()
    expect(page.locator("[class*='st-key-due-step-']").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Done").first).to_be_focused()


def tab_to(page: Page, is_there: Callable[[], bool]) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if is_there():
            return
    raise AssertionError("eighty tabs do not lead there")


def test_a_thumb_does_a_step_and_plans_the_next(new_page: NewPage, day: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_page(page, f"{day}/my_day")
    for place in page.locator("[class*='st-key-due-']").get_by_role("button").all():
        assert tall_enough(place)
    row(page, "Call the baker").get_by_role("button", name="Done").tap()
    asks = dialog(page)
    asks.get_by_role("textbox", name="Next step").fill("By thumb")
    for name in ("Today", "Tomorrow", "Next week"):
        assert tall_enough(asks.get_by_role("radio", name=name))
    save = asks.get_by_role("button", name="Save")
    expect(save).to_be_in_viewport(ratio=1)
    assert tall_enough(save)
    save.tap()
    expect(asks).to_be_hidden()
    settle(page)
    expect(row(page, "By thumb")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def tall_enough(place: Locator) -> bool:
    box = place.first.bounding_box()
    assert box, "nothing is drawn"
    return round(box["height"], 1) >= 44


def test_what_somebody_else_does_disappears_and_doing_it_too_is_harmless(new_page: NewPage, day: str) -> None:
    mine, theirs, third = new_page(), new_page(), new_page()
    for each in (mine, theirs, third):
        open_page(each, f"{day}/my_day")
    choose(theirs, "Working as", "Ann")
    theirs.get_by_role("link", name="My day").click()
    drawn(theirs)
    row(theirs, "Call the baker").get_by_role("button", name="Done").click()
    row(third, "Call the baker").get_by_role("button", name="Done").click()
    expect(dialog(third)).to_contain_text("Done: Call the baker")
    expect(row(mine, "Call the baker")).to_be_hidden(timeout=LIVE)
    press(dialog(third), "Nothing next")
    press(dialog(theirs), "Nothing next")
    told = history(mine, day, "C-00001")
    assert sum("done" in line.lower() for line in told) == 1


def test_done_on_what_somebody_changed_meanwhile_is_asked_again(new_page: NewPage, day: str) -> None:
    mine, theirs = new_page(), new_page()
    for each in (mine, theirs):
        open_page(each, f"{day}/my_day")
    from_menu(theirs, row(theirs, "Call the baker").get_by_role("button", name="More"), "Change")
    type_in(dialog(theirs), "Next step", "Call the miller")
    dialog(theirs).get_by_role("button", name="Save").click()
    expect(dialog(theirs)).to_be_hidden()
    row(mine, "Call the baker").get_by_role("button", name="Done").click(timeout=2_000)
    expect(dialog(mine)).to_contain_text("changed this next step on")
    expect(dialog(mine)).to_contain_text("Call the miller")
    press(dialog(mine), "Done all the same")
    expect(dialog(mine)).to_contain_text("Done: Call the miller")
    press(dialog(mine), "Nothing next")
    expect(row(mine, "Call the miller")).to_be_hidden()


def test_what_is_typed_in_a_dialog_is_not_disturbed_by_somebody_elses_change(
    new_page: NewPage, day: str
) -> None:
    mine, theirs = new_page(), new_page()
    for each in (mine, theirs):
        open_page(each, f"{day}/my_day")
    row(mine, "Call the baker").get_by_role("button", name="Done").click()
    field = dialog(mine).get_by_role("textbox", name="Next step")
    expect(field).to_be_focused()
    mine.keyboard.type("half a")
    row(theirs, "Visit the dairy").get_by_role("button", name="Done").click()
    press(dialog(theirs), "Nothing next")
    mine.wait_for_timeout(10_000)
    mine.keyboard.type(" thought")
    expect(field).to_have_value("half a thought")
    mine.keyboard.press("Enter")
    expect(dialog(mine)).to_be_hidden()
    expect(row(mine, "Visit the dairy")).to_be_hidden(timeout=LIVE)


def test_nasty_text_shows_as_it_was_typed(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    expect(row(page, NASTY)).to_be_visible()
    row(page, NASTY).get_by_role("button", name="Done").click()
    expect(dialog(page)).to_contain_text(NASTY)
    press(dialog(page), "Nothing next")
    open_page(page, f"{day}/customer?customer=C-00001")
    page.get_by_role("textbox", name="New note").fill(NASTY)
    press(page, "Add note")
    expect(page.get_by_test_id("stText").filter(has_text=NASTY)).to_be_visible()
    assert page.locator("img[src='x']").count() == 0


def test_notes_are_written_changed_and_removed_on_the_card(page: Page, day: str) -> None:
    open_page(page, f"{day}/customer?customer=C-00002")
    field = page.get_by_role("textbox", name="New note")
    field.fill("They chose us\nfor the oven")
    page.get_by_role("button", name="Add note").dblclick()
    notes = page.locator("[class*='st-key-noted-']").get_by_test_id("stText")
    expect(notes).to_have_text("They chose us\nfor the oven")
    expect(field).to_have_value("")
    from_menu(page, page.locator("[class*=st-key-more-note]").get_by_role("button"), "Change")
    type_in(dialog(page), "Note", "They chose us")
    press(dialog(page), "Save")
    expect(notes).to_have_text("They chose us")
    from_menu(page, page.locator("[class*=st-key-more-note]").get_by_role("button"), "Remove")
    press(dialog(page), "Remove note")
    expect(notes).to_be_hidden()


def test_a_lead_without_a_step_gets_one_from_its_row(page: Page, day: str) -> None:
    open_page(page, f"{day}/my_day")
    without = page.locator("[class*='st-key-due-lead-without']").filter(has_text="Bakery")
    expect(without).to_have_count(1)
    press(without, "Plan next step")
    expect(dialog(page)).to_contain_text("Bakery")
    expect(dialog(page).get_by_role("textbox", name="Next step")).to_be_focused()
    page.keyboard.type("Begin")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_hidden()
    expect(without).to_be_hidden()
    expect(row(page, "Begin")).to_contain_text("due tomorrow")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_on_the_day_in_its_dialog_and_on_the_card(
    new_page: NewPage, day: str, scheme: str
) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, f"{day}/customer?customer=C-00001")
    page.get_by_role("textbox", name="New note").fill("word " * 300)
    press(page, "Add note")
    for address in (f"{day}/customer?customer=C-00001", f"{day}/my_day"):
        page.set_viewport_size(DESK)
        open_page(page, address)
        assert violations(page) == []
        page.set_viewport_size(PHONE)
        settle(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    row(page, "Call the baker").get_by_role("button", name="Done").click()
    expect(dialog(page)).to_be_visible()
    settle(page)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        settle(page)
        assert violations(page) == []
