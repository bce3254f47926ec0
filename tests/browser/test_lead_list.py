"""The list of open leads in a browser: edited in place by mouse, keyboard and finger, and in bulk."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crmplus.domain.actor import Role
from crmplus.domain.lead import LeadValues
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import save_lead
from crmplus.services.next_steps import add_next_step
from crmplus.store.database import Database
from crmplus.ui.lead_list import ROWS
from tests.browser.conftest import NewPage
from tests.browser.driver import DESK, PHONE, choose, dialog, drawn, history, open_page, press, serve, settle
from tests.browser.test_access import violations
from tests.world import ADMIN, NOW, customer_with_lead, person

NASTY = "Ironmonger *bold* $x$ <img src=x onerror=alert(1)> [a](javascript:alert(1))"
NAMES = ("Anchor", "Brewery", "Cobbler", "Draper", NASTY)
TESTS = (
    "Mouse",
    "Keys",
    "Wrong",
    "Empty",
    "Two",
    "Live",
    "Look",
    "Gone",
    "Ends",
    "Moves",
    "Plans",
    "Thumb",
    "Seen",
)
VALUE, SCORE, CLOSE = "Expected, EUR", "Score", "Expected close"


def make_leads(path: Path) -> None:
    """For each test five customers with a lead each, A to Z, in the phase it began in: Draper's has no
    score yet, Anchor's next step is overdue."""
    database = Database.open(path)
    ann = person(database, "Ann", "AN")
    person(database, "Vic", "VI", Role.VIEWER)
    late = NextStepDraft("Call back", datetime.now(UTC).date() - timedelta(days=3))
    with database.transaction(EVERYTHING):
        for name in (f"{test} {name}" for test in TESTS for name in NAMES):
            _customer, lead = customer_with_lead(database, name, owner_id=ann.id)
            if "Draper" not in name:
                save_lead(database, ADMIN, lead.id, lead.version, LeadValues(score=40), NOW)
            if "Anchor" in name:
                add_next_step(database, ADMIN, lead.id, late, NOW)
    database.close()


@pytest.fixture(scope="module")
def leads(browser: Browser, starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the list, in order of customer; what follows is the test whose leads to show."""
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("db") / "leads.duckdb"))
    make_leads(path)
    with serve(path) as address:
        yield f"{address}/leads?view=list&sort=customer&search="


def cell(page: Page, field: str, customer: str) -> Locator:
    return page.get_by_label(f"{field}, {customer}", exact=True)


def row(page: Page, customer: str) -> Locator:
    return page.locator("tbody").filter(has=page.get_by_role("link", name=customer, exact=True))


def told(page: Page, customer: str) -> Locator:
    """What is said under a row."""
    return row(page, customer).locator(".refusals")


def bar(page: Page) -> Locator:
    """What can be done with the leads that are picked."""
    return page.get_by_role("group", name="With the selected leads")


def say(page: Page) -> Locator:
    return page.locator(".leads [role=status]")


def type_over(page: Page, field: str, customer: str, text: str) -> None:
    """Type into a cell and leave it."""
    cell(page, field, customer).fill(text)
    cell(page, field, customer).blur()
    settle(page)


def pick(page: Page, *customers: str) -> None:
    for customer in customers:
        row(page, customer).get_by_role("checkbox").check()


def test_a_cell_is_saved_when_it_is_left_and_its_row_follows(page: Page, leads: str) -> None:
    open_page(page, leads + "Mouse")
    type_over(page, VALUE, "Mouse Brewery", "1,234.5")
    expect(say(page)).to_have_text("Saved: Expected, EUR, Mouse Brewery")
    expect(cell(page, VALUE, "Mouse Brewery")).to_have_value("1,234.50")
    expect(row(page, "Mouse Brewery").locator("td.weighted_value")).to_have_text("€494", use_inner_text=True)
    owner = cell(page, "Owner", "Mouse Brewery")
    expect(owner.locator("option")).to_have_count(1)  # its own; the others come when somebody turns to it
    owner.focus()
    owner.select_option("nobody")
    settle(page)
    expect(say(page)).to_have_text("Saved: Owner, Mouse Brewery")
    type_over(page, CLOSE, "Mouse Brewery", "2027-04-01")
    page.reload()
    drawn(page)
    expect(cell(page, VALUE, "Mouse Brewery")).to_have_value("1,234.50")
    expect(cell(page, CLOSE, "Mouse Brewery")).to_have_value("2027-04-01")
    expect(cell(page, "Owner", "Mouse Brewery")).to_have_value("")
    row(page, "Mouse Brewery").get_by_role("link").click()
    settle(page)
    assert history(page)[:3] == ["Values recorded.", "Title or owner changed.", "Values recorded."]


def test_a_whole_column_is_typed_with_the_keyboard_only(page: Page, leads: str) -> None:
    open_page(page, leads + "Keys")
    cell(page, SCORE, "Keys Anchor").focus()
    for text in ("11", "22"):
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(cell(page, SCORE, "Keys Cobbler")).to_be_focused()
    page.keyboard.type("33")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("44")
    page.keyboard.press("ArrowUp")
    expect(cell(page, SCORE, "Keys Cobbler")).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, VALUE, "Keys Cobbler")).to_be_focused()
    page.keyboard.type("55")
    page.keyboard.press("Escape")
    expect(cell(page, VALUE, "Keys Cobbler")).to_have_value("")
    settle(page)
    page.reload()
    drawn(page)
    saved = [cell(page, SCORE, name).input_value() for name in (f"Keys {each}" for each in NAMES)]
    assert saved == ["11", "22", "33", "44", "40"]


WRONG = (
    (SCORE, "0", "Use a whole number from 1 to 100."),
    (SCORE, "101", "Use a whole number from 1 to 100."),
    (SCORE, "-1", "Use a whole number from 1 to 100."),
    (SCORE, "sixty", "Use a whole number from 1 to 100."),
    (VALUE, "-1", "Use an amount of 0 or more."),
    (VALUE, "1e15", "This is not an amount. Write it as 1,234.56."),
    (VALUE, "1000000000000000", "Use an amount of at most"),
    (VALUE, "1.234", "Use at most two decimals"),
    (VALUE, NASTY, "At most 40 characters"),
    (VALUE, "9" * 10_000, "At most 40 characters; this has 10,000."),
)


def test_what_a_cell_cant_hold_stays_in_it_with_a_sentence(page: Page, leads: str) -> None:
    open_page(page, leads + "Wrong")
    customer = "Wrong Cobbler"
    for field, text, sentence in WRONG:
        stored = cell(page, field, customer).input_value()
        type_over(page, field, customer, text)
        expect(told(page, customer)).to_contain_text(sentence)
        expect(cell(page, field, customer)).to_have_value(text)
        expect(cell(page, field, customer)).to_have_attribute("aria-invalid", "true")
        press(page, "Put back")
        expect(told(page, customer)).to_be_hidden()
        expect(cell(page, field, customer)).to_have_value(stored)


def test_a_card_is_opened_once_what_was_typed_is_saved_and_not_where_it_is_refused(
    page: Page, leads: str
) -> None:
    open_page(page, leads + "Wrong")
    customer = "Wrong Cobbler"
    link = page.get_by_role("link", name=customer)
    cell(page, SCORE, customer).fill("333")
    link.click()
    expect(told(page, customer)).to_contain_text("Use a whole number from 1 to 100.")
    assert "/leads" in page.url
    cell(page, SCORE, customer).fill("33")
    link.click()
    page.wait_for_url("**/customer?customer=*")
    drawn(page)
    expect(page.get_by_role("spinbutton", name="Score, 1 to 100")).to_have_value("33")


def test_an_edit_that_never_arrived_is_sent_again_when_its_card_is_opened(page: Page, leads: str) -> None:
    open_page(page, leads + "Wrong")
    customer = "Wrong Cobbler"
    cell(page, SCORE, customer).fill("44")
    page.evaluate(
        """() => {
          const send = WebSocket.prototype.send;
          WebSocket.prototype.send = function () { WebSocket.prototype.send = send; };
        }"""
    )
    cell(page, SCORE, customer).press("Tab")
    page.wait_for_timeout(1000)
    page.get_by_role("link", name=customer).click()
    page.wait_for_url("**/customer?customer=*")
    drawn(page)
    expect(page.get_by_role("spinbutton", name="Score, 1 to 100")).to_have_value("44")


def test_an_emptied_cell_is_empty(page: Page, leads: str) -> None:
    open_page(page, leads + "Empty")
    type_over(page, SCORE, "Empty Brewery", "")
    page.reload()
    drawn(page)
    expect(cell(page, SCORE, "Empty Brewery")).to_have_value("")


def test_the_second_of_two_who_edit_a_row_is_told_and_chooses(new_page: NewPage, leads: str) -> None:
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, leads + "Two")
    choose(theirs, "Working as", "Ann")
    for name, way, kept in (("Two Brewery", "Save mine on top", "20"), ("Two Cobbler", "Take theirs", "40")):
        cell(mine, SCORE, name).fill("20")
        type_over(theirs, VALUE, name, "900")
        cell(mine, SCORE, name).blur()
        settle(mine)
        expect(told(mine, name)).to_contain_text("Your score is not saved: Ann changed this lead on")
        expect(told(mine, name)).to_contain_text("(Expected value: – → €900.00).")
        expect(cell(mine, SCORE, name)).to_have_value("20")
        press(mine, way)
        expect(told(mine, name)).to_be_hidden()
        expect(cell(mine, SCORE, name)).to_have_value(kept)
        expect(cell(mine, VALUE, name)).to_have_value("900.00")
    assert theirs.get_by_role("alert").count() == 0


def test_what_somebody_else_saves_appears_while_a_cell_is_typed_in(new_page: NewPage, leads: str) -> None:
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, leads + "Live")
    cell(mine, VALUE, "Live Cobbler").click()
    mine.keyboard.type("12345")
    mine.keyboard.press("ArrowLeft")
    type_over(theirs, VALUE, "Live Brewery", "700")
    expect(cell(mine, VALUE, "Live Brewery")).to_have_value("700.00", timeout=15_000)
    expect(cell(mine, VALUE, "Live Cobbler")).to_be_focused()
    mine.keyboard.type("x")
    expect(cell(mine, VALUE, "Live Cobbler")).to_have_value("1234x5")


def test_a_cell_that_only_has_the_focus_follows_what_somebody_else_saves(
    new_page: NewPage, leads: str
) -> None:
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, leads + "Look")
    cell(mine, VALUE, "Look Brewery").click()
    type_over(theirs, VALUE, "Look Brewery", "700")
    expect(cell(mine, VALUE, "Look Brewery")).to_have_value("700.00", timeout=15_000)
    expect(cell(mine, VALUE, "Look Brewery")).to_be_focused()
    type_over(mine, VALUE, "Look Brewery", "800")
    expect(say(mine)).to_have_text("Saved: Expected, EUR, Look Brewery")
    expect(told(mine, "Look Brewery")).to_be_hidden()


def test_once_a_dialog_is_put_away_the_list_follows_others_again(new_page: NewPage, leads: str) -> None:
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, leads + "Look")
    pick(mine, "Look Brewery")
    press(bar(mine), "Owner")
    expect(dialog(mine)).to_be_visible()
    mine.keyboard.press("Escape")
    expect(dialog(mine)).to_be_hidden()
    settle(mine)
    type_over(theirs, SCORE, "Look Brewery", "33")
    expect(cell(mine, SCORE, "Look Brewery")).to_have_value("33", timeout=15_000)


def test_a_lead_closed_by_somebody_else_stays_while_it_is_typed_in(new_page: NewPage, leads: str) -> None:
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, leads + "Gone")
    cell(mine, VALUE, "Gone Cobbler").fill("12")
    pick(theirs, "Gone Cobbler")
    bulk_close(theirs, "Lost")
    press(dialog(theirs), "Close 1 lead")
    expect(row(mine, "Gone Cobbler")).to_have_class(re.compile("is-gone"), timeout=15_000)
    cell(mine, VALUE, "Gone Cobbler").blur()
    settle(mine)
    expect(told(mine, "Gone Cobbler")).to_contain_text("Closing reason: – → Lost")
    press(mine, "Take theirs")
    expect(row(mine, "Gone Cobbler")).to_have_count(0)


def bulk_close(page: Page, reason: str) -> None:
    """Ask for the close of what is picked."""
    press(bar(page), "Close")
    dialog(page).get_by_text(reason, exact=True).click()
    settle(page)


def test_a_bulk_close_of_three_closes_two_and_lists_the_one_that_was_changed(
    new_page: NewPage, leads: str
) -> None:
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, leads + "Ends")
    pick(mine, "Ends Anchor", "Ends Brewery", "Ends Cobbler")
    expect(bar(mine)).to_contain_text("3 selected")
    bulk_close(mine, "Won")
    expect(dialog(mine).get_by_role("table")).to_contain_text(
        "Call appointment → Closed, skips Meeting, Calculation, Send quote, closed as Won"
    )
    type_over(theirs, SCORE, "Ends Brewery", "70")
    press(dialog(mine), "Close 3 leads")
    expect(mine.get_by_text("2 leads closed")).to_be_visible()
    box = mine.locator(".st-key-bulk-refused")
    expect(box).to_contain_text("1 lead was not changed:")
    expect(box.get_by_role("link", name="Ends Brewery")).to_be_visible()
    expect(box).to_contain_text("Score: 40 → 70")
    expect(row(mine, "Ends Anchor")).to_have_count(0)
    expect(row(mine, "Ends Brewery")).to_have_count(1)
    expect(bar(mine)).to_be_hidden()
    press(mine, "Dismiss")
    expect(box).to_have_count(0)


def test_a_bulk_move_shows_who_can_not_go_and_a_double_click_moves_once(page: Page, leads: str) -> None:
    open_page(page, leads + "Moves")
    page.get_by_label("Select all on this page").check()
    press(bar(page), "Move")
    choose(dialog(page), "Move to", "the next phase of each")
    expect(dialog(page)).to_contain_text("1 lead can't be changed so.")
    expect(dialog(page)).to_contain_text("Record a score before you complete the phase")
    dialog(page).get_by_role("button", name="Move 4 leads").dblclick()
    expect(page.get_by_text("4 leads moved")).to_be_visible()
    settle(page)
    expect(row(page, "Moves Anchor").locator("td.phase")).to_contain_text("Meeting")
    expect(row(page, "Moves Draper").locator("td.phase")).to_contain_text("Call appointment")
    expect(page.locator(".st-key-bulk-refused")).to_contain_text("1 lead was not changed:")


def test_a_next_step_and_an_owner_for_several_at_once(page: Page, leads: str) -> None:
    open_page(page, leads + "Plans")
    pick(page, "Plans Brewery", f"Plans {NASTY}")
    press(bar(page), "Next step")
    dialog(page).get_by_role("textbox", name="Next step").fill(NASTY)
    press(dialog(page), "Plan it for 2 leads")
    expect(row(page, "Plans Brewery").locator("td.step")).to_contain_text(NASTY)
    pick(page, "Plans Brewery", f"Plans {NASTY}")
    press(bar(page), "Owner")
    dialog(page).get_by_role("combobox", name="New owner").click()
    page.get_by_test_id("stSelectboxVirtualDropdown").get_by_role("option", name="nobody").click()
    settle(page)
    expect(dialog(page).get_by_role("table")).to_contain_text("Ann → nobody")
    press(dialog(page), "Give 2 leads another owner")
    expect(cell(page, "Owner", "Plans Brewery")).to_have_value("")


def test_what_is_picked_and_typed_stays_when_the_page_is_turned(
    page: Page, starter_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "many.duckdb"))
    database = Database.open(path)
    on_page_2 = f"Many {ROWS + 1:02}"
    for number in range(ROWS + 2):
        customer_with_lead(database, f"Many {number:02}")
    database.close()
    with serve(path) as address:
        open_page(page, f"{address}/leads?view=list&sort=customer")
        pick(page, "Many 00", "Many 01")
        type_over(page, SCORE, "Many 02", "400")
        page.get_by_role("button", name="Page 2").click()
        settle(page)
        expect(row(page, on_page_2)).to_be_visible()
        expect(cell(page, SCORE, "Many 02")).to_have_value("400")
        pick(page, on_page_2)
        expect(bar(page)).to_contain_text("3 selected")
        press(page, "Put back")
        expect(row(page, "Many 02")).to_have_count(0)
        press(bar(page), "Move")
        dialog(page).get_by_role("combobox", name="Move to").click()
        page.get_by_role("option", name="Calculation").click()
        settle(page)
        press(dialog(page), "Move 3 leads")
        expect(page.get_by_text("3 leads moved")).to_be_visible()
        expect(bar(page)).to_be_hidden()


def test_nasty_text_shows_as_typed(page: Page, leads: str) -> None:
    open_page(page, leads + "Seen")
    expect(row(page, f"Seen {NASTY}")).to_be_visible()
    assert page.locator("tbody img").count() == 0


def test_heads_sort_and_the_address_keeps_it(page: Page, leads: str) -> None:
    open_page(page, leads + "Seen")
    page.get_by_role("button", name="Score", exact=True).click()
    settle(page)
    assert "sort=likely" in page.url
    expect(page.locator("th.score")).to_have_attribute("aria-sort", "descending")


def test_the_heads_stay_in_view_under_the_bar_however_far_one_scrolls(new_page: NewPage, leads: str) -> None:
    page = new_page(viewport={"width": 1280, "height": 500})
    open_page(page, leads)
    page.locator("tbody").last.scroll_into_view_if_needed()
    settle(page)
    expect(page.locator("tbody").first).not_to_be_in_viewport()
    expect(page.locator("th.score")).to_be_in_viewport(ratio=1)
    heads, picks = page.locator("thead").bounding_box(), page.locator(".leads .bar").bounding_box()
    assert heads
    assert picks
    assert abs(heads["y"] - (picks["y"] + picks["height"])) <= 2


def test_a_bulk_dialog_that_is_left_gives_the_focus_back_to_its_button(page: Page, leads: str) -> None:
    open_page(page, leads + "Seen")
    pick(page, "Seen Brewery")
    for name in ("Owner", "Next step", "Move", "Close"):
        button = bar(page).get_by_role("button", name=name, exact=True)
        button.press("Enter")
        expect(dialog(page)).to_be_visible()
        settle(page)
        page.keyboard.press("Escape")
        expect(dialog(page)).to_be_hidden()
        expect(button).to_be_focused()


def test_the_second_of_two_taps_does_not_put_away_what_the_first_opened(
    new_page: NewPage, leads: str
) -> None:
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    open_page(page, leads + "Seen")
    page.get_by_role("checkbox", name="Select all on this page").tap()
    place = bar(page).get_by_role("button", name="Owner").bounding_box()
    assert place
    for wait in (120, 0):
        page.touchscreen.tap(place["x"] + 20, place["y"] + 20)
        page.wait_for_timeout(wait)
    settle(page)
    page.wait_for_timeout(500)
    expect(dialog(page)).to_be_visible()
    page.wait_for_timeout(700)
    page.touchscreen.tap(place["x"] + 20, place["y"] + 20)
    expect(dialog(page)).to_be_hidden()


def test_on_a_phone_a_card_is_edited_and_picked_with_a_thumb(new_page: NewPage, leads: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    open_page(page, leads + "Thumb")
    cell(page, VALUE, "Thumb Brewery").tap()
    cell(page, VALUE, "Thumb Brewery").fill("5000")
    cell(page, SCORE, "Thumb Cobbler").tap()
    settle(page)
    expect(cell(page, VALUE, "Thumb Brewery")).to_have_value("5,000.00")
    row(page, "Thumb Brewery").get_by_role("checkbox").tap()
    button = bar(page).get_by_role("button", name="Close")
    expect(button).to_be_in_viewport(ratio=1)
    for target in (
        button,
        cell(page, VALUE, "Thumb Brewery"),
        row(page, "Thumb Brewery").locator("td.pick label"),
    ):
        box = target.bounding_box()
        assert box and box["height"] >= 44 and box["width"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_in_the_list(new_page: NewPage, leads: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, leads + "Seen")
    type_over(page, SCORE, "Seen Cobbler", "0")
    pick(page, "Seen Brewery")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        settle(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    bulk_close(page, "Won")
    assert violations(page) == []


def test_a_viewer_reads_and_changes_nothing(page: Page, leads: str) -> None:
    open_page(page, leads + "Seen")
    choose(page, "Working as", "Vic")
    expect(row(page, "Seen Brewery").locator("td.score")).to_contain_text("40")
    assert page.locator(".leads input, .leads select").count() == 0


def test_the_card_that_a_row_opens_shows_its_lead_after_a_reload_too(page: Page, small: str) -> None:
    open_page(page, f"{small}/leads?view=list&owner=all")
    rows = page.locator("tbody").filter(has=page.get_by_role("link", name="Bakery"))
    for number in range(2):
        open_page(page, f"{small}/leads?view=list&owner=all")
        title = rows.nth(number).locator(".small").first.inner_text()
        rows.nth(number).get_by_role("link", name="Bakery").click()
        page.wait_for_url("**/customer?customer=C-00001&lead=*")
        page.reload()
        drawn(page)
        expect(page.get_by_role("combobox", name="Lead")).to_have_value(re.compile(f"^{re.escape(title)}"))
