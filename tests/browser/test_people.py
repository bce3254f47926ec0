"""People: invited, let in, looked after and let go; in browsers of their own, over a server that asks."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crmplus.domain.actor import Role
from crmplus.domain.person import PersonDraft
from crmplus.services.people import change_person, list_people
from crmplus.store.database import Database
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
from tests.services.at_the_door import SECRET, somebody
from tests.world import ADMIN, NOW

CHOSEN = "a pale blue dot, seen from afar"
OTHER = "another pale blue dot altogether"


@pytest.fixture
def signed(browser: Browser, small_file: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server over the small world, in which the Boss signs in and Ann has an address."""
    path = Path(shutil.copy(small_file, tmp_path / "signed.duckdb"))
    database = Database.open(path)
    ann = next(person for person in list_people(database, ADMIN) if person.name == "Ann")
    draft = PersonDraft("Ann", "AN", Role.REP, "ann@example.com")
    change_person(database, ADMIN, ann.id, ann.version, draft, NOW)
    somebody(database, "Boss", Role.ADMIN, password=True)
    database.close()
    with serve(path) as address:
        yield address


def sign_in(page: Page, address: str, email: str, password: str = SECRET) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    drawn(page)


def row(page: Page, name: str) -> Locator:
    return page.locator("[class*='st-key-row-']").filter(has=page.get_by_text(name, exact=True))


def do(page: Page, name: str, entry: str) -> None:
    from_menu(page, row(page, name).get_by_role("button", name="Change"), entry)


def link_in(page: Page) -> str:
    """The link that the dialog shows."""
    return dialog(page).get_by_text(re.compile("/invitation[?]token=")).inner_text().strip()


def choose_password(page: Page, link: str, password: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(password)
    page.get_by_role("button", name="Choose and sign in").click()


def test_somebody_is_invited_comes_in_is_looked_after_and_let_go(new_page: NewPage, signed: str) -> None:
    boss, ann = new_page(), new_page(viewport=PHONE)
    sign_in(boss, signed, "boss@example.com")
    open_page(boss, f"{signed}/people")
    expect(row(boss, "Ann")).to_contain_text("no sign-in yet")
    do(boss, "Ann", "Invite …")
    press(dialog(boss), "Make the link")
    link = link_in(boss)
    letter = dialog(boss).get_by_role("link", name="Write to ann@example.com").get_attribute("href")
    assert letter is not None and letter.startswith("mailto:ann@example.com?subject=")
    assert violations(boss) == []
    boss.keyboard.press("Escape")
    settle(boss)
    expect(row(boss, "Ann")).to_contain_text("invited until")
    do(boss, "Ann", "Invite again …")
    expect(dialog(boss).get_by_text("/invitation")).to_have_count(0)  # it was shown once
    boss.keyboard.press("Escape")

    choose_password(ann, link, CHOSEN)
    drawn(ann)
    ann.goto(link)
    expect(ann.get_by_text("This link is used, has ended or was withdrawn.")).to_be_visible()
    open_page(ann, f"{signed}/account")
    expect(ann.get_by_text("ann@example.com")).to_be_visible()
    expect(ann.get_by_text("this browser")).to_be_visible()

    open_page(boss, f"{signed}/people")
    expect(row(boss, "Ann")).to_contain_text("signs in, last seen")
    do(boss, "Ann", "Where they are signed in …")
    expect(dialog(boss)).to_contain_text("Chrome, Linux")
    assert violations(boss) == []
    press(dialog(boss), "Sign out everywhere")
    expect(dialog(boss)).to_contain_text("Ann is signed in nowhere.")
    ann.goto(f"{signed}/customers")
    expect(ann.get_by_label("Password")).to_be_visible()
    boss.keyboard.press("Escape")

    open_page(boss, f"{signed}/people")
    do(boss, "Ann", "New password …")
    press(dialog(boss), "Make the link")
    choose_password(ann, link_in(boss), OTHER)
    drawn(ann)
    boss.keyboard.press("Escape")
    settle(boss)

    do(boss, "Ann", "Archive …")
    expect(dialog(boss)).to_contain_text("2 open leads worth €12,000.00 expected")
    expect(dialog(boss).get_by_role("button", name="Archive Ann")).to_be_disabled()
    choose(dialog(boss), "Hand over to", "Mia")
    assert violations(boss) == []
    press(dialog(boss), "Archive Ann and hand over to Mia")
    expect(dialog(boss)).to_be_hidden()
    expect(boss.get_by_text("Archived (1)")).to_be_visible()
    open_page(boss, f"{signed}/customer?customer=C-00001")
    expect(boss.get_by_text("Mia").first).to_be_visible()

    ann.goto(f"{signed}/account")
    ann.get_by_label("E-mail").fill("ann@example.com")
    ann.get_by_label("Password").fill(OTHER)
    ann.get_by_role("button", name="Sign in").click()
    expect(ann.get_by_text("Address and password do not belong together.")).to_be_visible()


def test_the_last_administrator_is_told_why_they_cannot_go(new_page: NewPage, signed: str) -> None:
    page = new_page()
    sign_in(page, signed, "boss@example.com")
    open_page(page, f"{signed}/people")
    do(page, "Boss", "Archive …")
    expect(dialog(page)).to_contain_text("Boss is the only administrator who can sign in")
    expect(dialog(page).get_by_role("button", name="Archive Boss")).to_have_count(0)
    page.keyboard.press("Escape")
    settle(page)
    do(page, "Boss", "Edit …")
    choose(dialog(page), "Role", "rep")
    press(dialog(page), "Save")
    expect(dialog(page)).to_contain_text("Boss is the only administrator who can sign in")


def test_a_link_that_is_withdrawn_leads_nowhere(new_page: NewPage, signed: str) -> None:
    page, guest = new_page(), new_page()
    sign_in(page, signed, "boss@example.com")
    open_page(page, f"{signed}/people")
    do(page, "Ann", "Invite …")
    press(dialog(page), "Make the link")
    link = link_in(page)
    page.keyboard.press("Escape")
    settle(page)
    do(page, "Ann", "Withdraw the link …")
    press(dialog(page), "Withdraw it")
    expect(row(page, "Ann")).to_contain_text("no sign-in yet")
    guest.goto(link)
    expect(guest.get_by_text("This link is used, has ended or was withdrawn.")).to_be_visible()


def test_a_password_is_changed_and_every_other_browser_is_signed_out(new_page: NewPage, signed: str) -> None:
    here, there = new_page(), new_page(viewport=PHONE)
    for page in (there, here):
        sign_in(page, signed, "boss@example.com")
    open_page(here, f"{signed}/account")
    for old, new, again, wrong in (
        ("not the one it is", CHOSEN, CHOSEN, "This is not your password."),
        (SECRET, CHOSEN, OTHER, "The two are not the same."),
        (SECRET, "short", "short", "characters or more; a few words"),
        (SECRET, "boss's password it is", "boss's password it is", "Leave your name and address out of it"),
    ):
        _type_passwords(here, old, new, again)
        expect(here.get_by_text(wrong).last).to_be_visible()
    assert violations(here) == []
    _type_passwords(here, SECRET, CHOSEN, CHOSEN)
    expect(here.get_by_text("Password changed")).to_be_visible()
    expect(here.get_by_text("this browser")).to_be_visible()
    expect(here.get_by_role("button", name="Sign out everywhere else")).to_have_count(0)
    there.goto(f"{signed}/customers")
    sign_in(there, signed, "boss@example.com", CHOSEN)
    open_page(here, f"{signed}/account")
    press(here, "Sign out everywhere else")
    expect(here.get_by_role("button", name="Sign out everywhere else")).to_have_count(0)
    there.goto(f"{signed}/customers")
    expect(there.get_by_label("Password")).to_be_visible()


def _type_passwords(page: Page, old: str, new: str, again: str) -> None:
    page.get_by_label("Password you have now").fill(old)
    page.get_by_label("New password, 12 characters or more").fill(new)
    page.get_by_label("New password once more").fill(again)
    press(page, "Change password")


def test_while_sign_in_is_off_the_page_says_what_turning_it_on_changes(page: Page, small: str) -> None:
    open_page(page, f"{small}/people")
    expect(page.get_by_text("Sign-in is off")).to_be_visible()
    expect(page.get_by_text("working as somebody else ends")).to_be_visible()
    expect(page.get_by_role("link", name="Turn on sign-in")).to_have_attribute("href", re.compile("/set-up$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_grave_and_nothing_sticks_out(new_page: NewPage, signed: str, scheme: str) -> None:
    page = new_page(color_scheme=scheme)
    sign_in(page, signed, "boss@example.com")
    for place in ("people", "teams", "account"):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            open_page(page, f"{signed}/{place}")
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_team_is_made_and_narrows_what_its_reps_see(new_page: NewPage, signed: str) -> None:
    page = new_page()
    sign_in(page, signed, "boss@example.com")
    open_page(page, f"{signed}/teams")
    press(page, "Add team")
    type_in(dialog(page), "Name (required)", "North *x*")
    members = dialog(page).get_by_role("combobox", name="Members")
    for name in ("Ann", "Mia"):
        members.click()
        page.get_by_role("option", name=name, exact=True).click()
    page.keyboard.press("Escape")
    press(dialog(page), "Save")
    expect(dialog(page)).to_be_hidden()
    expect(row(page, "North *x*")).to_contain_text("Ann, Mia")
    managers = page.locator(".st-key-sight-manager_sees")
    managers.get_by_role("radio", name="their team's").or_(
        managers.get_by_role("button", name="their team's")
    ).click()
    settle(page)
    expect(page.get_by_text("What everybody would see once you save:")).to_be_visible()
    expect(page.get_by_role("row", name="Mia")).to_contain_text("their team's: North *x*")
    press(page.locator(".st-key-sight-save"), "Save")
    expect(page.get_by_text("What everybody sees now:")).to_be_visible()
