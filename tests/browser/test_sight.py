"""Sight in a browser: a customer that was just made is shown, or said to be out of sight."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from crmplus.domain.sight import Reach
from crmplus.services.setup import default_workspace
from crmplus.services.workspace import change_workspace, find_workspace
from crmplus.store.database import Database
from tests.browser.driver import choose, dialog, from_menu, open_page, press, serve, settle, type_in
from tests.world import ADMIN, NOW, person


@pytest.fixture(scope="module")
def narrow(browser: Browser, starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the starter, in which reps see their own; two of them are Ann and Bob."""
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("db") / "narrow.duckdb"))
    made = Database.open(path)
    workspace = find_workspace(made)
    assert workspace
    draft = replace(default_workspace("en", "Europe/Amsterdam"), rep_sees=Reach.OWN)
    change_workspace(made, ADMIN, workspace.version, draft, NOW)
    person(made, "Ann", "AN")
    person(made, "Bob", "BO")
    made.close()
    with serve(path) as address:
        yield address


@pytest.mark.parametrize(
    ("owner", "title", "toast"),
    [("nobody", "Mill", "Saved"), ("Bob", "Customers", "Saved, and out of your sight now")],
)
def test_a_new_customer_opens_where_it_is_in_sight(
    page: Page, narrow: str, owner: str, title: str, toast: str
) -> None:
    open_page(page, f"{narrow}/customers")
    choose(page, "Working as", "Ann")
    press(page, "New customer")
    type_in(page, "Name (required)", "Mill")
    choose(dialog(page), "Account type (required)", "Customer")
    choose(dialog(page), "Owner", owner)
    dialog(page).get_by_role("button", name="Save").click()
    page.get_by_test_id("stToast").filter(has_text=toast).wait_for()
    settle(page)
    assert page.get_by_role("heading", level=1).inner_text() == title
    assert page.get_by_role("alert").filter(has_text="There is no customer").count() == 0


def test_giving_away_the_lead_one_sees_a_customer_by_leaves_its_card(page: Page, narrow: str) -> None:
    open_page(page, f"{narrow}/customers")
    choose(page, "Working as", "Ann")
    press(page, "New customer")
    type_in(page, "Name (required)", "Tower")
    choose(dialog(page), "Account type (required)", "Lead")
    choose(dialog(page), "Owner", "Bob")
    press(dialog(page), "Save customer")
    from_menu(page, page.get_by_role("button", name="More"), "Title and owner …")
    choose(dialog(page), "Owner", "Bob")
    dialog(page).get_by_role("button", name="Save").click()
    page.get_by_test_id("stToast").filter(has_text="out of your sight now").wait_for()
    settle(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Customers"
