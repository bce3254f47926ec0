import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import (
    PHONE,
    choose,
    dialog,
    drawn,
    from_menu,
    history,
    new_customer,
    open_page,
    press,
    settle,
    steps,
    type_in,
)

NASTY = "*bold* $x$ <img src=x onerror=alert(1)> [a](javascript:alert(1))"
VALUE = "Expected value, EUR"


def complete(page: Page) -> None:
    """With the score that is recorded, or one that is typed where there is none."""
    score = page.get_by_role("spinbutton", name="Score, 1 to 100")
    if not score.input_value():
        score.fill("50")
        score.press("Tab")
        settle(page)
    page.wait_for_timeout(1100)  # twice within a second is a double click
    press(page, "Complete phase")


def more(page: Page, entry: str) -> None:
    from_menu(page, page.get_by_role("button", name="More"), entry)


def close_as(page: Page, reason: str) -> None:
    more(page, "Close lead …")
    dialog(page).get_by_text(reason, exact=True).click()
    settle(page)
    press(dialog(page), f"Close as {reason}")


def test_a_lead_is_taken_to_won_through_every_phase(page: Page, starter: str) -> None:
    new_customer(page, starter, "Won through every phase")
    assert steps(page) == ["now", "ahead", "ahead", "ahead", "ahead"]
    for place, (score, value) in enumerate((("20", "10,000"), ("40", "12,000"), ("60", "12,000.50"))):
        page.get_by_role("spinbutton", name="Score").fill(score)
        page.keyboard.press("Tab")
        settle(page)
        type_in(page, VALUE, value)
        shown = ("€2,000.00", "€4,800.00", "€7,200.30")[place]
        expect(page.locator(".crm-figure").first).to_contain_text(shown)
        complete(page)
        assert steps(page)[place : place + 2] == ["done", "now"]
        expect(page.get_by_role("textbox", name=VALUE)).not_to_have_value("")
    complete(page)
    expect(page.get_by_role("button", name="Close lead")).to_be_disabled()
    page.get_by_text("Won", exact=True).click()
    settle(page)
    press(page, "Close as Won")
    assert steps(page) == ["done", "done", "done", "done", "won"]
    expect(page.get_by_text("A closed lead is read-only until it is reopened.")).to_be_visible()
    assert history(page)[:2] == ["Closed: Won.", "Send quote completed, on to Closed."]


def test_a_lead_lost_to_a_competitor_from_the_second_phase_shows_what_was_skipped(
    page: Page, starter: str
) -> None:
    new_customer(page, starter, "Lost from the second phase")
    complete(page)
    more(page, "Close lead …")
    expect(dialog(page)).to_contain_text("recorded as skipped: Calculation, Send quote.")
    dialog(page).get_by_text("Competitor", exact=True).click()
    settle(page)
    press(dialog(page), "Close as Competitor")
    assert steps(page) == ["done", "done", "skipped", "skipped", "lost"]
    expect(page.get_by_role("heading", name="Lost: Competitor")).to_be_visible()


def test_a_lead_goes_back_skips_ahead_and_is_reopened(page: Page, starter: str) -> None:
    new_customer(page, starter, "Back, ahead and again")
    type_in(page, VALUE, "500")
    complete(page)
    more(page, "Go back …")
    expect(dialog(page)).to_contain_text("nothing recorded earlier is overwritten")
    press(dialog(page), "Go back to Call appointment")
    assert steps(page)[:2] == ["now", "ahead"]
    expect(page.get_by_role("textbox", name=VALUE)).to_have_value("500.00")

    more(page, "Skip to …")
    choose(dialog(page), "Phase", "Send quote")
    press(dialog(page), "Skip to Send quote")
    assert steps(page) == ["done", "skipped", "skipped", "now", "ahead"]

    close_as(page, "Lost")
    assert steps(page)[-1] == "lost"
    press(page, "Reopen …")
    choose(dialog(page), "Phase", "Meeting")
    press(dialog(page), "Reopen", exact=True)
    assert steps(page)[1] == "now"
    assert "lost" not in steps(page)
    told = history(page)
    assert told[:2] == ["Reopened in Meeting.", "Closed: Lost."]


def test_the_second_of_two_who_save_sees_both_values_and_can_save_on_top(
    new_page: NewPage, small: str
) -> None:
    card = f"{small}/customer?customer=C-00004"
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, card)
    choose(theirs, "Working as", "Ann")
    type_in(theirs, VALUE, "10,000")
    press(theirs, "Save", exact=True)

    type_in(mine, VALUE, "20,000")
    type_in(mine, "Note on this phase", "mine")
    press(mine, "Save", exact=True)
    expect(mine.get_by_role("alert").filter(has_text="Ann saved this on")).to_be_visible()
    both = mine.get_by_role("table")
    note = both.get_by_role("row").filter(has_text="Note").get_by_role("cell")
    assert note.all_inner_texts() == ["Note", "–", "as before", "mine"]
    expect(both).to_contain_text("€10,000.00")
    expect(both).to_contain_text("€20,000.00")
    expect(mine.get_by_role("textbox", name=VALUE)).to_have_value("20,000")

    press(mine, "Save mine on top")
    expect(mine.get_by_role("alert").filter(has_text="saved this on")).to_be_hidden()
    mine.reload()
    drawn(mine)
    expect(mine.get_by_role("textbox", name=VALUE)).to_have_value("20,000.00")
    assert history(mine)[:2] == ["Values recorded.", "Values recorded."]


def test_a_score_typed_just_before_another_field_is_kept(page: Page, starter: str) -> None:
    for attempt in range(2):
        new_customer(page, starter, f"Typed fast {attempt}")
        page.get_by_role("spinbutton", name="Score").fill("20")
        page.keyboard.press("Tab")
        type_in(page, VALUE, "10,000")
        expect(page.locator(".crm-figure").first).to_contain_text("€2,000.00")
        expect(page.get_by_role("spinbutton", name="Score")).to_have_value("20")


@pytest.mark.parametrize("is_touched", [True, False])
def test_a_button_pressed_straight_from_a_field_does_what_it_says(
    new_page: NewPage, starter: str, is_touched: bool
) -> None:
    page = new_page(viewport=PHONE, has_touch=True) if is_touched else new_page()
    new_customer(page, starter, f"Pressed at once {is_touched}")
    save = page.get_by_role("button", name="Save", exact=True)
    for score, value in (("20", "1,000"), ("30", "2,000"), ("40", "3,000")):
        page.get_by_role("textbox", name=VALUE).fill(value)
        page.get_by_role("spinbutton", name="Score, 1 to 100").fill(score)
        save.tap() if is_touched else save.click()
        expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
        settle(page)
        expect(page.get_by_role("textbox", name=VALUE)).to_have_value(f"{value}.00")
        expect(page.get_by_role("spinbutton", name="Score, 1 to 100")).to_have_value(score)
    assert history(page).count("Values recorded.") == 3


def test_a_tap_from_a_field_on_a_tab_a_choice_or_a_link_is_followed(new_page: NewPage, starter: str) -> None:
    page = new_page(viewport=PHONE, has_touch=True)
    new_customer(page, starter, "Tapped on")
    page.mouse.move(5, 5)  # a toast stays while the mouse is on it
    expect(page.get_by_test_id("stToast")).to_have_count(0)
    note = page.get_by_role("textbox", name="Note on this phase")
    note.fill("half a thought")
    page.get_by_role("tab", name="History").tap()
    expect(page.get_by_text("Lead started in Call appointment.")).to_be_visible()
    page.get_by_role("tab", name="Overview").tap()
    expect(note).to_have_value("half a thought")
    close_as(page, "Lost")
    press(page, "Reopen …")
    choose(dialog(page), "Phase", "Closed")
    press(dialog(page), "Reopen", exact=True)
    note.fill("a thought")
    page.get_by_text("Lost", exact=True).tap()
    expect(page.get_by_role("button", name="Close as Lost")).to_be_enabled()
    expect(note).to_have_value("a thought")
    note.fill("another")
    page.get_by_role("button", name="Expand sidebar").tap()
    page.get_by_role("link", name="Funnel").tap()
    expect(page.get_by_role("heading", name="Funnel")).to_be_visible()


def test_a_double_click_saves_and_completes_once(page: Page, starter: str) -> None:
    new_customer(page, starter, "Clicked twice")
    page.get_by_role("spinbutton", name="Score, 1 to 100").fill("50")
    type_in(page, VALUE, "700")
    page.get_by_role("button", name="Save", exact=True).dblclick()
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
    settle(page)
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Complete phase").dblclick()
    expect(page.locator("ol.crm-whole li").nth(1)).to_have_class("now")
    settle(page)
    page.wait_for_timeout(500)
    settle(page)
    told = history(page)
    assert told.count("Values recorded.") == 1
    assert sum("completed" in line for line in told) == 1


def test_a_double_click_makes_a_customer_once(page: Page, starter: str) -> None:
    open_page(page, f"{starter}/customers")
    press(page, "New customer")
    type_in(page, "Name (required)", "Made once")
    page.get_by_role("button", name="Save customer").dblclick()
    page.wait_for_url("**/customer?customer=*")
    settle(page)
    open_page(page, f"{starter}/customers?search=Made+once")
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()


def test_nasty_text_shows_as_it_was_typed_and_runs_nothing(page: Page, starter: str) -> None:
    images = []
    page.on("request", lambda asked: images.append(asked.url) if asked.resource_type == "image" else None)
    new_customer(page, starter, NASTY)
    number = re.search(r"C-\d+", page.url)
    assert number
    expect(page.get_by_role("heading", name=NASTY)).to_be_visible()
    more(page, "Title and owner …")
    type_in(dialog(page), "Title", NASTY)
    press(dialog(page), "Save")
    note = ((NASTY + "\n") * 200)[:10_000].rstrip()
    page.get_by_role("textbox", name="Note on this phase").fill(note)
    page.keyboard.press("Tab")
    settle(page)
    complete(page)
    expect(page.get_by_role("textbox", name="Note on this phase")).to_have_value("")
    page.get_by_text("What was recorded in each phase").click()
    assert page.get_by_test_id("stText").inner_text().rstrip() == note
    assert len(history(page)) == 4
    expect(page.locator(".crm-history")).to_contain_text(NASTY)
    open_page(page, f"{starter}/customers?search={number[0]}")
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    open_page(page, f"{starter}/funnel?phase=LEAD-MEETING")
    assert page.locator("img[src='x']").count() == 0
    assert not [address for address in images if "icon" not in address]


def test_what_is_typed_outlives_a_look_at_another_tab(page: Page, starter: str) -> None:
    new_customer(page, starter, "Looking Round")
    type_in(page, VALUE, "4,321.00")
    type_in(page, "Note on this phase", "half a thought")
    for tab in ("History", "Details", "Overview"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
    expect(page.get_by_role("textbox", name=VALUE)).to_have_value("4,321.00")
    expect(page.get_by_role("textbox", name="Note on this phase")).to_have_value("half a thought")


def test_a_score_out_of_range_is_refused_and_kept_as_typed(page: Page, starter: str) -> None:
    new_customer(page, starter, "Too Sure")
    score = page.get_by_role("spinbutton", name="Score, 1 to 100")
    for wrong in ("101", "0"):
        score.fill(wrong)
        score.press("Tab")
        settle(page)
        press(page, "Save", exact=True)
        expect(page.get_by_text("Use a whole number from 1 to 100.")).to_be_visible()
        expect(score).to_have_value(wrong)
    assert history(page)[0] == "Lead started in Call appointment."


def test_saving_on_top_changes_only_what_was_typed_and_leaves_the_phase(
    new_page: NewPage, starter: str
) -> None:
    mine, theirs = new_page(), new_page()
    new_customer(mine, starter, "Two Of Us")
    open_page(theirs, mine.url)
    type_in(mine, "Note on this phase", "mine")
    type_in(theirs, VALUE, "5,000.00")
    complete(theirs)
    press(mine, "Complete phase")
    expect(mine.get_by_text("while you were working on it")).to_be_visible()
    press(mine, "Save mine on top")
    assert steps(mine)[:2] == ["done", "now"], "they completed the phase; mine must not complete another"
    expect(mine.get_by_role("textbox", name="Note on this phase")).to_have_value("mine")
    expect(mine.get_by_role("textbox", name=VALUE)).to_have_value("5,000.00")


def test_a_look_alike_is_asked_about_before_it_is_saved(page: Page, starter: str) -> None:
    new_customer(page, starter, "Jansen B.V.")
    open_page(page, f"{starter}/customers")
    press(page, "New customer")
    page.get_by_role("textbox", name="Name (required)").fill("jansen")
    page.get_by_role("textbox", name="Name (required)").press("Tab")
    settle(page)
    expect(page.get_by_text("This may be a customer you have already.")).to_be_visible()
    press(page, "Save as a new customer all the same")
    page.wait_for_url("**/customer?customer=*")


def test_a_choice_of_whom_to_work_as_holds_where_they_may_not_stay(page: Page, small: str) -> None:
    open_page(page, f"{small}/people")
    choose(page, "Working as", "Ann")
    page.wait_for_url("**/my_day")
    drawn(page)
    expect(page.get_by_role("combobox", name="Working as")).to_have_value("Ann")


def test_a_title_on_top_leaves_the_owner_whom_somebody_else_chose(new_page: NewPage, small: str) -> None:
    card = f"{small}/customer?customer=C-00004"
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, card)
        more(each, "Title and owner …")
    choose(dialog(theirs), "Owner", "Ann")
    press(dialog(theirs), "Save")
    type_in(dialog(mine), "Title", "Cold store")
    press(dialog(mine), "Save")
    expect(dialog(mine).get_by_role("alert")).to_contain_text("while you were working on it")
    press(dialog(mine), "Save mine on top")
    expect(dialog(mine)).to_be_hidden()
    expect(mine.get_by_text("owner Ann").last).to_be_visible()
    more(mine, "Title and owner …")
    expect(dialog(mine).get_by_role("textbox", name="Title")).to_have_value("Cold store")
    expect(dialog(mine).get_by_role("combobox", name="Owner")).to_have_value("Ann")


def test_the_second_of_two_who_reopen_a_lead_is_told_and_goes_on(new_page: NewPage, small: str) -> None:
    theirs, mine = new_page(), new_page()
    for each in (theirs, mine):
        open_page(each, f"{small}/customer?customer=C-00002")
        press(each, "Reopen …")
    press(dialog(theirs), "Reopen", exact=True)
    choose(dialog(mine), "Phase", "Meeting")
    press(dialog(mine), "Reopen", exact=True)
    expect(mine.get_by_role("alert")).to_contain_text("while you were working on it")
    expect(mine.get_by_role("button", name="Save mine on top")).to_have_count(0)
    assert steps(mine)[0] == "now", "in the phase that they chose"
    type_in(mine, VALUE, "300")
    press(mine, "Save", exact=True)
    press(mine, "Drop mine, show theirs")
    expect(mine.get_by_role("alert")).to_have_count(0)
    expect(mine.get_by_role("textbox", name=VALUE)).to_have_value("300.00")
