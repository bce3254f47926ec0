"""The board in a browser: by mouse, finger and keyboard, alone and with somebody else on it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crmplus.domain.actor import Role
from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStepDraft
from crmplus.services.leads import complete_phase, describe_lead, save_lead
from crmplus.services.next_steps import add_next_step
from crmplus.store.database import Database
from crmplus.ui.board_sizes import PAGE
from tests.browser.conftest import NewPage
from tests.browser.driver import PHONE, choose, dialog, open_page, press, serve, settle
from tests.browser.test_access import violations
from tests.world import ADMIN, VALUES, customer_with_lead, person

NASTY = "*bold* $x$ <img src=x onerror=alert(1)>"
ONES = (
    "Mouse",
    "Scored",
    "Back",
    "Skip",
    "Ended",
    "Thumb",
    "Finger",
    "Keys",
    "Seen",
    "Kept",
    "Opened",
)
MANY = PAGE + 5


def make_leads(database: Database) -> None:
    """A customer for each test, its lead in the first phase, with a score unless it is to be asked for."""
    ann = person(database, "Ann", "AN")
    person(database, "Vic", "VI", Role.VIEWER)
    for name in ONES:
        lead = _lead(database, name)
        if name in ("Back", "Kept"):
            complete_phase(database, ADMIN, lead.id, lead.version, VALUES, datetime.now(UTC))
    _lead(database, "Stale", owner_id=ann.id)  # a rep begins with the own leads
    nasty = _lead(database, f"Nasty {NASTY}")
    nasty = describe_lead(database, ADMIN, nasty.id, nasty.version, NASTY, None, datetime.now(UTC))
    late = datetime.now(UTC).date() - timedelta(days=3)
    add_next_step(database, ADMIN, nasty.id, NextStepDraft(NASTY, late), datetime.now(UTC))
    for number in range(MANY):
        customer_with_lead(database, f"Many {number:02}")


def _lead(database: Database, name: str, **fields: Any) -> Lead:
    _customer, lead = customer_with_lead(database, name, **fields)
    values = replace(VALUES, score=None if name == "Scored" else 40)
    return save_lead(database, ADMIN, lead.id, lead.version, values, datetime.now(UTC))


@pytest.fixture(scope="module")
def board(browser: Browser, starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a board on which every test has a card of its own."""
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("db") / "board.duckdb"))
    made = Database.open(path)
    make_leads(made)
    made.close()
    with serve(path) as address:
        yield f"{address}/leads"


def look_at(page: Page, board: str, name: str) -> Locator:
    """The board with the card of one customer."""
    open_page(page, f"{board}?search={name}")
    expect(page.locator(".card")).to_have_count(1)
    return card(page, name)


def card(page: Page, name: str) -> Locator:
    return page.locator(".card:not(.ghost)", has_text=name)


def lane(page: Page, phase: str) -> Locator:
    return page.get_by_role("region", name=phase, exact=True)


def expect_in(page: Page, name: str, phase: str) -> None:
    """The card stands in a phase, and the server has said so too."""
    expect(lane(page, phase).locator(".card:not(.waiting)", has_text=name)).to_be_visible()


def lift(page: Page, name: str) -> None:
    box = card(page, name).bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + box["height"], steps=3)
    expect(page.locator(".ghost")).to_be_visible()


def carry_over(page: Page, phase: str) -> None:
    lane(page, phase).scroll_into_view_if_needed()
    box = lane(page, phase).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60, steps=5)
    expect(lane(page, phase)).to_have_class(re.compile("target"))


def drag(page: Page, name: str, phase: str) -> None:
    lift(page, name)
    carry_over(page, phase)
    page.mouse.up()
    settle(page)


def move_by_menu(page: Page, name: str, entry: str) -> None:
    card(page, name).get_by_role("button").click()
    page.get_by_role("menuitem", name=entry).click()
    settle(page)


def test_a_card_dragged_to_the_next_phase_completes_its_phase(page: Page, board: str) -> None:
    look_at(page, board, "Mouse")
    drag(page, "Mouse", "Meeting")
    expect_in(page, "Mouse", "Meeting")
    expect(page.get_by_text("Moved to Meeting", exact=True)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Mouse: Moved to Meeting")).to_be_attached()
    expect(lane(page, "Meeting")).to_contain_text("1 lead")
    page.locator(".card a", has_text="Mouse").click()
    page.wait_for_url("**/customer?customer=*")
    expect(page.locator("ol.crm-whole li").first).to_have_class("done")


def test_a_card_let_go_where_it_came_from_stays(page: Page, board: str) -> None:
    look_at(page, board, "Opened")
    lift(page, "Opened")
    page.keyboard.press("Escape")
    expect(page.locator(".ghost")).to_have_count(0)
    page.mouse.up()
    expect_in(page, "Opened", "Call appointment")


def test_a_phase_is_completed_with_a_score_which_is_asked_where_there_is_none(page: Page, board: str) -> None:
    look_at(page, board, "Scored")
    drag(page, "Scored", "Meeting")
    expect(dialog(page)).to_contain_text("Call appointment → Meeting")
    expect_in(page, "Scored", "Call appointment")
    score = dialog(page).get_by_role("spinbutton")
    for wrong, why in (("", "Record a score before"), ("101", "Use a whole number from 1 to 100.")):
        score.fill(wrong)
        press(dialog(page), "Complete phase: Meeting")
        expect(dialog(page)).to_contain_text(why)
        expect(score).to_have_value(wrong)
    score.fill("70")
    press(dialog(page), "Complete phase: Meeting")
    expect_in(page, "Scored", "Meeting")
    expect(card(page, "Scored").locator(".score")).to_have_text("70")


def test_going_back_and_skipping_ask_first(page: Page, board: str) -> None:
    look_at(page, board, "Back")
    drag(page, "Back", "Call appointment")
    expect(dialog(page)).to_contain_text("nothing recorded earlier is overwritten")
    page.keyboard.press("Escape")
    settle(page)
    expect_in(page, "Back", "Meeting")
    drag(page, "Back", "Call appointment")
    press(dialog(page), "Go back to Call appointment")
    expect_in(page, "Back", "Call appointment")
    drag(page, "Back", "Calculation")
    expect(dialog(page)).to_contain_text("recorded as skipped: Meeting.")
    press(dialog(page), "Skip to Calculation")
    expect_in(page, "Back", "Calculation")


def test_a_card_dragged_to_a_closing_phase_is_closed_with_a_reason(page: Page, board: str) -> None:
    page.set_viewport_size({"width": 1900, "height": 800})
    look_at(page, board, "Ended")
    drag(page, "Ended", "Closed")
    expect(dialog(page)).to_contain_text("recorded as skipped: Meeting, Calculation, Send quote.")
    dialog(page).get_by_text("Won", exact=True).click()
    settle(page)
    press(dialog(page), "Close as Won")
    expect(page.locator(".card")).to_have_count(0)
    expect(page.get_by_text("Closed as Won", exact=True)).to_be_visible()
    expect(page.get_by_text("No open lead passes these filters.")).to_be_visible()


def test_a_thumb_goes_from_phase_to_phase_and_moves_by_the_menu(new_page: NewPage, board: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    look_at(page, board, "Thumb")
    expect(lane(page, "Meeting")).to_be_hidden()
    targets = [
        page.get_by_role("button", name="Next phase"),
        page.get_by_role("combobox", name="Phase", exact=True),
    ]
    targets.append(card(page, "Thumb").get_by_role("button"))
    for target in targets:
        box = target.bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 44
    targets[-1].tap()
    entry = page.get_by_role("menuitem", name="Complete phase: Meeting")
    box = entry.bounding_box()
    assert box and box["height"] >= 44
    entry.tap()
    settle(page)
    page.get_by_role("button", name="Next phase").tap()
    expect_in(page, "Thumb", "Meeting")
    page.get_by_role("combobox", name="Phase", exact=True).select_option("Call appointment (0)")
    expect(lane(page, "Call appointment")).to_contain_text("No leads")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_finger_that_rests_on_a_card_drags_it_and_one_that_wanders_scrolls(
    new_page: NewPage, board: str
) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    box = look_at(page, board, "Finger").bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = box["x"] + 60, box["y"] + box["height"] - 12
    finger("touchStart", x, y)
    finger("touchMove", x, y - 60)
    page.wait_for_timeout(400)
    expect(page.locator(".ghost")).to_have_count(0)
    finger("touchEnd")

    box = card(page, "Finger").bounding_box()
    assert box
    x, y = box["x"] + 60, box["y"] + box["height"] - 12
    finger("touchStart", x, y)
    expect(page.locator(".ghost")).to_be_visible()
    place = page.get_by_text("Drop here: Meeting").bounding_box()
    assert place and place["height"] >= 44
    finger("touchMove", place["x"] + 60, place["y"] + 20)
    finger("touchEnd")
    settle(page)
    page.get_by_role("button", name="Next phase").tap()
    expect_in(page, "Finger", "Meeting")


def test_by_keyboard_alone_a_card_is_found_moved_and_its_step_planned(page: Page, board: str) -> None:
    look_at(page, board, "Keys").focus()
    page.keyboard.press("Space")
    status = page.get_by_role("status").filter(has_text="Keys")
    expect(status).to_contain_text("Keys picked up, in Call appointment.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(status).to_contain_text("Keys: to Calculation.")
    page.keyboard.press("Escape")
    expect(status).to_contain_text("Keys stays in Call appointment.")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect_in(page, "Keys", "Meeting")
    expect(card(page, "Keys")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Plan next step …")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("Keys")
    expect(dialog(page).get_by_role("textbox").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page, "Keys")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(card(page, "Keys").get_by_role("button")).to_be_focused()


def test_arrow_keys_go_from_card_to_card(page: Page, board: str) -> None:
    open_page(page, f"{board}?search=Many&sort=customer")
    first = card(page, "Many 00")
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(card(page, "Many 01")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(".card").last).to_be_focused()
    page.keyboard.press("Home")
    expect(first).to_be_focused()
    assert page.locator(".card[tabindex='0']").count() == 1


def test_a_column_counts_all_its_leads_and_draws_a_page_of_them(page: Page, board: str) -> None:
    open_page(page, f"{board}?search=Many&sort=customer")
    expect(lane(page, "Call appointment")).to_contain_text(f"{MANY} leads")
    expect(page.locator(".card")).to_have_count(PAGE)
    page.get_by_role("button", name=f"Show more ({MANY - PAGE})").click()
    expect(page.locator(".card")).to_have_count(MANY)
    expect(card(page, f"Many {PAGE}")).to_be_focused()
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_a_move_of_a_card_that_somebody_else_moved_is_refused_and_names_them(
    new_page: NewPage, board: str
) -> None:
    theirs, mine = new_page(), new_page()
    look_at(theirs, board, "Stale")
    choose(theirs, "Working as", "Ann")
    look_at(mine, board, "Stale")
    lift(mine, "Stale")  # what comes in while it is in the air waits
    drag(theirs, "Stale", "Meeting")
    expect_in(theirs, "Stale", "Meeting")

    carry_over(mine, "Calculation")
    mine.mouse.up()
    settle(mine)
    refused = mine.get_by_role("alert").filter(has_text="Ann changed the lead of Stale on")
    expect(refused).to_contain_text("Phase: Call appointment → Meeting")
    expect(mine.get_by_role("status").filter(has_text="Ann changed the lead of Stale")).to_be_attached()
    expect_in(mine, "Stale", "Meeting")
    drag(mine, "Stale", "Calculation")
    expect_in(mine, "Stale", "Calculation")
    expect(refused).to_be_hidden()


def test_a_refusal_stays_until_it_is_put_away(new_page: NewPage, board: str) -> None:
    theirs, mine = new_page(), new_page()
    look_at(theirs, board, "Seen")
    look_at(mine, board, "Seen")
    lift(mine, "Seen")
    drag(theirs, "Seen", "Meeting")
    expect_in(theirs, "Seen", "Meeting")
    carry_over(mine, "Meeting")
    mine.mouse.up()
    settle(mine)
    refused = mine.get_by_role("alert").filter(has_text="The local administrator changed the lead of Seen")
    expect(refused).to_be_visible()
    press(mine, "Understood")
    expect(refused).to_be_hidden()


def test_what_somebody_else_does_appears_and_focus_and_typed_words_stay(
    new_page: NewPage, board: str
) -> None:
    theirs, mine, typing = new_page(), new_page(), new_page()
    for each in (theirs, mine, typing):
        look_at(each, board, "Kept")
    card(mine, "Kept").focus()
    move_by_menu(typing, "Kept", "Plan next step …")
    words = dialog(typing).get_by_role("textbox").first
    words.fill("Half a sentence")

    drag(theirs, "Kept", "Calculation")
    expect(lane(mine, "Calculation").locator(".card", has_text="Kept")).to_be_visible(timeout=15_000)
    expect(card(mine, "Kept")).to_be_focused()
    expect(words).to_have_value("Half a sentence")
    words.press("Escape")
    expect_in(typing, "Kept", "Calculation")


def test_nasty_text_shows_as_it_was_typed(page: Page, board: str) -> None:
    images = []
    page.on("request", lambda asked: images.append(asked.url) if asked.resource_type == "image" else None)
    shown = look_at(page, board, "Nasty")
    expect(shown.locator("a")).to_have_text(f"Nasty {NASTY}")
    expect(shown.locator(".title")).to_have_text(NASTY)
    expect(shown.locator(".step")).to_contain_text(NASTY)
    expect(shown.locator(".step")).to_contain_text("Overdue")
    expect(shown.locator("img")).to_have_count(0)
    move_by_menu(page, "Nasty", "Move to Calculation")
    expect(dialog(page).get_by_text(f"Nasty {NASTY}")).to_be_visible()
    press(dialog(page), "Skip to Calculation")
    expect_in(page, "Nasty", "Calculation")
    assert not [url for url in images if "x" in url.rsplit("/", 1)[-1] and "127.0.0.1" not in url]


def test_a_step_is_done_from_the_menu_and_the_next_is_asked_for(page: Page, board: str) -> None:
    look_at(page, board, "Nasty")
    move_by_menu(page, "Nasty", "Next step done")
    expect(dialog(page)).to_contain_text("What is next?")
    page.keyboard.press("Escape")
    settle(page)
    expect(card(page, "Nasty").locator(".step")).to_have_text("No next step")
    press(page, "Not done after all")  # on top of the page, outside of the part that the board is drawn in
    expect(card(page, "Nasty").locator(".step")).to_contain_text(NASTY)
    expect(page.locator(".st-key-just-done")).to_be_hidden()


def test_who_may_only_look_sees_cards_and_nothing_to_do_with_them(page: Page, board: str) -> None:
    look_at(page, board, "Opened")
    choose(page, "Working as", "Vic")
    expect(card(page, "Opened").get_by_role("button")).to_have_count(0)
    box = card(page, "Opened").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 80, steps=4)
    expect(page.locator(".ghost")).to_have_count(0)
    page.mouse.up()
    card(page, "Opened").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="picked up")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_and_nothing_sticks_out(new_page: NewPage, board: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    open_page(page, board)
    expect(page.locator(".card").first).to_be_visible()
    assert violations(page) == []
    page.locator(".card").first.get_by_role("button").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.set_viewport_size(PHONE)
    settle(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_tab_alone_goes_from_the_filters_to_a_card(page: Page, small: str) -> None:
    open_page(page, f"{small}/leads")
    page.locator(".card").first.wait_for()
    page.get_by_role("button", name="More", exact=True).first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.shadowRoot?.activeElement?.className") == "card"
