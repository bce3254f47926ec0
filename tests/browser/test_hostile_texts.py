"""What a user types is shown as it was typed, wherever it is shown: it runs nothing, fetches nothing,
and leads nowhere but where it says."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.saved_view import SavedViewDraft
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.contact_persons import add_contact_person
from crmplus.services.leads import (
    close_lead,
    complete_phase,
    describe_lead,
    list_leads_of_customer,
    start_lead,
)
from crmplus.services.next_steps import add_next_step
from crmplus.services.notes import add_note
from crmplus.services.phases import change_phase, list_phases
from crmplus.services.saved_views import save_view
from crmplus.store.database import Database
from tests.browser.driver import dialog, open_page, press, serve, settle
from tests.pages.test_every_page import TITLES
from tests.world import ADMIN, NOW, VALUES, customer_with_lead, person, phase, phase_draft

MARKDOWN = "*b* $x$ [a](http://evil.example/a) ![i](http://evil.example/i.png) :red[r]"
HTML = "<img src=http://evil.example/y onerror=alert(1)><script>alert(2)</script>"
LINK = "javascript:alert(3)"
TURNED = "\u202egnitirw\u202c"
TEXTS = (MARKDOWN, HTML, LINK, TURNED)
SHORT = "<b onclick=alert(4)>*s* $y$ ![i](//evil.example/s)"

FOREIGN_PARTS = """() => {
  const found = [];
  // An address of the web or of a mailbox may be a link to just what it says.
  const said = (link) => [link.textContent, "mailto:" + link.textContent];
  const isPlain = (link) => link.nodeName === "A" &&
    said(link).includes(decodeURIComponent(link.getAttribute("href"))) &&
    /^(https?|mailto):/.test(link.getAttribute("href"));
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      for (const name of ["src", "href", "srcset", "action", "data", "poster", "style"]) {
        const value = element.getAttribute(name) || "";
        if (/evil\\.example|javascript:/i.test(value) && !(name === "href" && isPlain(element)))
          found.push(element.outerHTML.slice(0, 200));
      }
      for (const name of element.getAttributeNames())
        if (name.startsWith("on")) found.push(element.outerHTML.slice(0, 200));
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return found;
}"""
WORDS = """() => {
  const said = [];
  const look = (root) => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walk.currentNode; node; node = walk.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) said.push(node.data);
      else if (node.shadowRoot) look(node.shadowRoot);
      if (node.nodeName === "INPUT" || node.nodeName === "TEXTAREA") said.push(node.value);
    }
  };
  look(document.body);
  return said.join("");
}"""


def make_hostile_world(database: Database) -> None:
    """Customers 1 to 4, each with an open lead and a lost one, all of whose texts are hostile."""
    owners = [person(database, text[:100], f"H{place}") for place, text in enumerate(TEXTS)]
    draft = ClosingReasonDraft("EVIL", SHORT, 99, Outcome.LOST)
    evil = add_closing_reason(database, ADMIN, draft, NOW)
    for found in list_phases(database, ADMIN):
        if found.code == "LEAD-CALL":
            changed = phase_draft(found, description=SHORT)
            change_phase(database, ADMIN, found.id, found.version, changed, NOW)
    for text, owner in zip(TEXTS, owners, strict=True):
        fields = dict.fromkeys(("contact", "street", "city", "country", "remark"), text)
        made, lead = customer_with_lead(database, text, owner_id=owner.id, phone=LINK, **fields)
        lead = describe_lead(database, ADMIN, lead.id, lead.version, text, owner.id, NOW)
        add_note(database, ADMIN, lead.id, f"{text}\n\n{'x' * 5_000}", NOW)
        step = NextStepDraft(text, NOW.date() - timedelta(days=1))
        add_next_step(database, ADMIN, lead.id, step, NOW)
        worded = ContactPersonDraft(text, text[:100], LINK, f"{SHORT.replace(' ', '')[:20]}@evil.example")
        add_contact_person(database, ADMIN, made.id, worded, NOW)
        view = SavedViewDraft(text[:60], "leads", "search=" + LINK, is_shared=True)
        save_view(database, ADMIN, view, NOW)
        complete_phase(database, ADMIN, lead.id, lead.version, replace(VALUES, note=text), NOW)
        lost = start_lead(database, ADMIN, made.id, NOW, text)
        closed = phase(database, "LEAD-CLOSED").id
        close_lead(database, ADMIN, lost.id, lost.version, closed, evil.id, replace(VALUES, note=text), NOW)
    assert len(list_leads_of_customer(database, ADMIN, made.id)) == 2


@pytest.fixture(scope="module")
def hostile(browser: Browser, starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("hostile") / "hostile.duckdb"))
    database = Database.open(path)
    make_hostile_world(database)
    database.close()
    with serve(path) as address:
        yield address


def harmless(page: Page) -> str:
    """The words on the page, once it is seen that none of them became anything else; what is asked of other
    machines and what scripts say is watched over by the page's fixture."""
    settle(page)
    assert page.evaluate(FOREIGN_PARTS) == []
    words: str = page.evaluate(WORDS)
    return words


WORKED_ON = ("my_day", "leads", "leads?view=list")
"""Drawn as words; tables of other pages are drawn as pictures, by Streamlit."""


@pytest.mark.parametrize("place", sorted({*TITLES, *WORKED_ON} - {"customer"}))
def test_no_page_makes_anything_of_what_was_typed(page: Page, hostile: str, place: str) -> None:
    open_page(page, f"{hostile}/{place}")
    words = harmless(page)
    for text in TEXTS if place in WORKED_ON else ():
        assert text in words, text


@pytest.mark.parametrize("number", range(1, 5))
def test_a_card_shows_all_its_texts_as_typed(page: Page, hostile: str, number: int) -> None:
    text = TEXTS[number - 1]
    open_page(page, f"{hostile}/customer?customer=C-{number:05}")
    assert text in harmless(page)
    for tab in ("Details", "Contact persons", "History", "Overview"):
        page.get_by_role("tab", name=re.compile(tab)).click()
        settle(page)
        assert text in harmless(page), tab


def test_the_search_finds_hostile_texts_and_shows_them_as_typed(page: Page, hostile: str) -> None:
    open_page(page, f"{hostile}/my_day")
    press(page, "Search")
    dialog(page).get_by_role("searchbox").or_(dialog(page).get_by_role("textbox")).first.fill("evil.example")
    settle(page)
    assert MARKDOWN in harmless(page)


@pytest.mark.parametrize("text", [MARKDOWN + HTML, "1e999", "9" * 400, "\x00"])
def test_an_address_with_hostile_filters_is_drawn(page: Page, hostile: str, text: str) -> None:
    """In a browser, where boxes take what they hold from the address."""
    asked = urlencode(dict.fromkeys(("search", "value", "score", "owner", "type", "attention"), text))
    open_page(page, f"{hostile}/leads?{asked}")
    assert "this reference" not in harmless(page)
    assert page.locator("h1").inner_text() == "Leads"
