"""Pages that are opened by their address, and what is kept in it."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import choose, drawn, open_page, press, serve, settle


@pytest.mark.parametrize(
    "address, title, content",
    [
        ("customer?customer=C-00001", "Bakery", "Complete phase: Meeting"),
        ("funnel?show=phase.LEAD-MEETING&owner=AN", "Funnel", "Meeting: 1 lead"),
    ],
)
def test_the_first_request_to_a_server_may_ask_for_any_page(
    page: Page, small_file: Path, tmp_path: Path, address: str, title: str, content: str
) -> None:
    with serve(Path(shutil.copy(small_file, tmp_path / "cold.duckdb"))) as server:
        open_page(page, f"{server}/{address}")
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        expect(page.get_by_text(content)).to_be_visible()
        expect(page.get_by_role("link", name="Customers")).to_be_visible()
        expect(page.get_by_role("combobox", name="Working as")).to_be_visible()
        assert page.url == f"{server}/{address}"


def test_a_bar_lists_its_leads_and_a_row_opens_the_card_on_that_lead(page: Page, small: str) -> None:
    open_page(page, f"{small}/funnel")
    page.locator(".barlayer .point path").nth(1).click(force=True)
    settle(page)
    expect(page.get_by_role("heading", name="Meeting: 2 leads")).to_be_visible()
    assert "show=phase.LEAD-MEETING" in page.url
    table = page.get_by_test_id("stDataFrame").last
    table.scroll_into_view_if_needed()
    table.click(position={"x": 60, "y": 35 + 17})
    page.wait_for_url("**/customer?customer=C-00001&lead=*")
    settle(page)
    expect(page.get_by_role("heading", name="Bakery")).to_be_visible()
    expect(page.get_by_role("button", name="Complete phase: Calculation")).to_be_visible()


def test_the_filters_of_the_funnel_survive_a_reload_and_can_be_cleared(page: Page, small: str) -> None:
    open_page(page, f"{small}/funnel")
    open_leads = page.get_by_test_id("stMetricValue").first
    expect(open_leads).to_have_text("3")
    choose(page, "Owner", "Ann")
    choose(page, "Opened", "this year")
    expect(open_leads).to_have_text("2")
    assert "owner=AN" in page.url
    page.reload()
    drawn(page)
    expect(open_leads).to_have_text("2")
    press(page, "Clear")
    expect(open_leads).to_have_text("3")
    assert "owner" not in page.url
    expect(page.get_by_role("combobox", name="Owner")).to_have_value("all")


def test_the_bare_address_leads_to_my_day(page: Page, small: str) -> None:
    open_page(page, small)
    expect(page.get_by_role("heading", name="My day")).to_be_visible()
    assert page.url == f"{small}/my_day"


def test_a_search_is_kept_in_the_address_and_a_row_opens_the_card(page: Page, small: str) -> None:
    open_page(page, f"{small}/customers")
    page.get_by_role("textbox", name="Search").or_(page.get_by_role("searchbox")).fill("smith")
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    page.reload()
    drawn(page)
    expect(page.get_by_text("1 customer", exact=True)).to_be_visible()
    page.get_by_test_id("stDataFrame").click(position={"x": 60, "y": 35 + 17})
    page.wait_for_url("**/customer?customer=C-00002")
    settle(page)
    expect(page.get_by_role("heading", name="Smithy")).to_be_visible()


def test_a_filter_of_the_customers_page_does_not_empty_the_funnel(page: Page, small: str) -> None:
    open_page(page, f"{small}/customers")
    choose(page, "Active", "active")
    page.get_by_role("link", name="Funnel").click()
    page.wait_for_url("**/funnel*")
    drawn(page)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("3")


def test_back_returns_to_the_page_one_left_with_its_filters(page: Page, small: str) -> None:
    open_page(page, f"{small}/leads?view=list&owner=AN")
    expect(page.get_by_text("2 leads", exact=True)).to_be_visible()
    page.locator("td.customer a").first.click()
    page.wait_for_url("**/customer?customer=*")
    settle(page)
    page.get_by_role("link", name="Customers").click()
    page.wait_for_url("**/customers")
    drawn(page)
    page.go_back()
    page.wait_for_url("**/customer?customer=*")
    settle(page)
    page.go_back()
    page.wait_for_url(f"{small}/leads?view=list&owner=AN")
    settle(page)
    expect(page.get_by_text("2 leads", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Owner", exact=True)).to_have_value("Ann")


def test_back_undoes_a_filter_and_finds_it_from_another_page(page: Page, small: str) -> None:
    open_page(page, f"{small}/leads?view=list")
    choose(page, "Attention", "ageing")
    page.wait_for_url("**attention=ageing*")
    page.get_by_role("link", name="Funnel").click()
    page.wait_for_url("**/funnel")
    drawn(page)
    page.go_back()
    page.wait_for_url(f"{small}/leads?view=list&attention=ageing")
    settle(page)
    page.go_back()
    page.wait_for_url(f"{small}/leads?view=list")
    settle(page)
    expect(page.get_by_text("3 leads", exact=True)).to_be_visible()


def test_back_from_my_day_is_not_sent_on_to_it_for_ever(page: Page, small: str) -> None:
    page.goto(f"{small}/healthz")
    open_page(page, small)
    page.wait_for_url("**/my_day")
    settle(page)
    page.go_back()  # to the start page, which sends on, and is no longer there
    page.wait_for_timeout(500)
    settle(page)
    page.go_back()
    page.wait_for_url("**/healthz")


def test_back_undoes_one_sorting_after_the_other(page: Page, small: str) -> None:
    open_page(page, f"{small}/customers")
    for x, asked in ((60, "order=down"), (60, "order=up")):
        page.get_by_test_id("stDataFrame").click(position={"x": x, "y": 17})
        page.wait_for_url(f"**{asked}*")
        settle(page)
    page.go_back()
    page.wait_for_url("**order=down*")
    page.go_back()
    page.wait_for_url(f"{small}/customers")
