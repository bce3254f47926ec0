"""A day in a rep's life, as one scenario: each thing the rep does, its clicks, its keys and its time.

The tests play it once and look at what it left; `python -m bench.rep_day` plays it and prints what it took.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from crmplus.domain.next_step import NextStepDraft
from crmplus.services.leads import save_lead
from crmplus.services.next_steps import add_next_step
from crmplus.store.database import Database
from tests.browser.driver import dialog, drawn, from_menu, open_page, settle
from tests.world import ADMIN, VALUES, customer_with_lead, person

NAMES = tuple(f"Customer {letter}" for letter in "ABCDEFGHIJKLMNOPQRS")
"""Nineteen with a lead; the twentieth is made during the day."""
NEW = "Customer T"

_COUNT = """() => {
  if (window.countsInput) return;
  window.countsInput = true;
  const kept = () => JSON.parse(sessionStorage.day || '{"clicks": 0, "keys": 0, "start": 0, "end": 0}');
  const keep = (change) => { sessionStorage.day = JSON.stringify({...kept(), ...change}); };
  addEventListener('pointerdown', () => keep({clicks: kept().clicks + 1, start: Date.now()}), true);
  addEventListener('keydown', () => keep({keys: kept().keys + 1, start: Date.now()}), true);
  const seen = new WeakSet();
  const watch = (root) => {
    if (seen.has(root)) return;
    seen.add(root);
    new MutationObserver((changes) => {
      keep({end: Date.now()});
      for (const change of changes) for (const node of change.addedNodes) look(node);
    }).observe(root, {subtree: true, childList: true, attributes: true, characterData: true});
    look(root);
  };
  const look = (node) => {
    if (node.shadowRoot) watch(node.shadowRoot);
    for (const inner of node.querySelectorAll?.('*') ?? []) if (inner.shadowRoot) watch(inner.shadowRoot);
  };
  watch(document);
}"""


@dataclass(frozen=True, slots=True)
class Interaction:
    """`milliseconds` from its last click or key to the last change of the page."""

    name: str
    clicks: int
    keys: int
    milliseconds: int


def make_day(path: Path) -> None:
    """Ann's leads: the first nine have a step that is due, all have a score."""
    database = Database.open(path)
    ann = person(database, "Ann", "AN")
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Amsterdam")).date()
    for place, name in enumerate(NAMES):
        _, lead = customer_with_lead(database, name, owner_id=ann.id)
        save_lead(database, ADMIN, lead.id, lead.version, VALUES, datetime.now(UTC))
        if place < 9:
            step = NextStepDraft(f"Call {name}", today - timedelta(days=place % 2))
            add_next_step(database, ADMIN, lead.id, step, datetime.now(UTC))
    database.close()


class RepDay:
    """The rep's hands on one page; what they took is in `taken`."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.taken: list[Interaction] = []

    def play(self) -> None:
        """All of the day, at a desk."""
        open_page(self.page, f"{self.address}/my_day")
        self.work_off_my_day()
        self.move_cards()
        self.type_into_the_list()
        self.plan_for_many()
        self.meet_somebody_new()
        self.close_one()

    def work_off_my_day(self) -> None:
        """A, B, C and D: done, and the next one planned; E and F put off; G gets a note."""
        for name in NAMES[:4]:
            with self._counted("My day: a step done, the next typed, Enter"):
                self._due(name).get_by_role("button", name="Done").click()
                expect(dialog(self.page).get_by_role("textbox", name="Next step")).to_be_focused()
                self.page.keyboard.type(f"Visit {name}")
                self.page.keyboard.press("Enter")
                expect(dialog(self.page)).to_be_hidden()
        for name in NAMES[4:6]:
            with self._counted("My day: put off to tomorrow"):
                more = self._due(name).get_by_role("button", name="More")
                from_menu(self.page, more, "Put off to tomorrow")

    def move_cards(self) -> None:
        """H and I completed by their menus, J by keyboard, K by dragging."""
        with self._counted("To the board"):
            self.page.get_by_test_id("stSidebarNav").get_by_role("link", name="Leads").click()
            drawn(self.page)
        expect(self._card("Customer H")).to_be_visible()
        for name in ("Customer H", "Customer I"):
            with self._counted("Board: phase completed from the card's menu"):
                self._card(name).get_by_role("button").click()
                self.page.get_by_role("menuitem", name="Complete phase: Meeting").click()
                self._stands(name, "Meeting")
        with self._counted("Board: phase completed by keyboard"):
            self._card("Customer J").focus()
            for key in ("Space", "ArrowRight", "Enter"):
                self.page.keyboard.press(key)
            self._stands("Customer J", "Meeting")
        with self._counted("Board: a card dragged to the next phase"):
            self._drag("Customer K", "Meeting")
            self._stands("Customer K", "Meeting")

    def type_into_the_list(self) -> None:
        """Scores of L, M and N, one below the other, by keyboard."""
        with self._counted("To the list"):
            self.page.get_by_role("radio", name="List").click(force=True)
            settle(self.page)
        for name, score in zip(("Customer L", "Customer M", "Customer N"), ("61", "62", "63"), strict=True):
            with self._counted("List: a score typed over"):
                cell = self.page.get_by_label(f"Score, {name}", exact=True)
                cell.click()
                self.page.keyboard.press("Control+A")
                self.page.keyboard.type(score)
                self.page.keyboard.press("Tab")
                settle(self.page)

    def plan_for_many(self) -> None:
        """O, P and Q get the same next step, at once."""
        with self._counted("List: a next step for three leads at once"):
            for name in ("Customer O", "Customer P", "Customer Q"):
                self._row(name).get_by_role("checkbox").check()
            self.page.get_by_role("group", name="With the selected leads").get_by_role(
                "button", name="Next step"
            ).click()
            dialog(self.page).get_by_role("textbox", name="Next step").fill("Send the spring offer")
            self.page.keyboard.press("Tab")
            settle(self.page)
            dialog(self.page).get_by_role("button", name="3 leads").click()
            expect(dialog(self.page)).to_be_hidden()

    def meet_somebody_new(self) -> None:
        """T is new; R is found by search and gets a score on its card."""
        with self._counted("Quick add: a new customer with a lead"):
            self.page.get_by_role("button", name="Quick add").click()
            dialog(self.page).get_by_role("textbox", name="Customer (required)").fill(NEW)
            field = dialog(self.page).get_by_role("textbox", name="Expected value, EUR")
            field.fill("2500")
            field.press("Enter")
            expect(dialog(self.page)).to_be_hidden()
        with self._counted("Search: a customer found and opened by Enter"):
            self.page.keyboard.press("Control+k")
            expect(dialog(self.page)).to_be_visible()
            settle(self.page)
            self.page.keyboard.type("Customer R")
            expect(dialog(self.page).get_by_role("button", name="Customer R").first).to_be_visible()
            settle(self.page)
            self.page.keyboard.press("Enter")
            self.page.wait_for_url("**/customer?customer=*")
            drawn(self.page)
        with self._counted("Card: phase completed"):
            self.page.get_by_role("button", name="Complete phase").first.click()
            settle(self.page)

    def close_one(self) -> None:
        """S is won; and G is lost."""
        for name, reason in (("Customer S", "Won"), ("Customer G", "Lost")):
            with self._counted("Board: closed with a reason"):
                open_page(self.page, f"{self.address}/leads?search={name.replace(' ', '+')}")
                self._card(name).get_by_role("button").click()
                self.page.get_by_role("menuitem", name="Close").click()
                dialog(self.page).get_by_text(reason, exact=True).click()
                settle(self.page)
                dialog(self.page).get_by_role("button", name=f"Close as {reason}").click()
                expect(self.page.locator(".card")).to_have_count(0)

    def _due(self, name: str) -> Locator:
        return self.page.locator("[class*='st-key-due-step-']").filter(has_text=name)

    def _card(self, name: str) -> Locator:
        return self.page.locator(".card:not(.ghost)", has_text=name)

    def _row(self, name: str) -> Locator:
        return self.page.locator("tbody").filter(has=self.page.get_by_role("link", name=name, exact=True))

    def _stands(self, name: str, phase: str) -> None:
        lane = self.page.get_by_role("region", name=phase, exact=True)
        expect(lane.locator(".card:not(.waiting)", has_text=name)).to_be_visible()

    def _drag(self, name: str, phase: str) -> None:
        self._card(name).scroll_into_view_if_needed()
        box = self._card(name).bounding_box()
        lane = self.page.get_by_role("region", name=phase, exact=True).bounding_box()
        assert box
        assert lane
        self.page.mouse.move(box["x"] + 60, box["y"] + box["height"] - 8)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 80, box["y"] + box["height"], steps=3)
        self.page.mouse.move(lane["x"] + lane["width"] / 2, box["y"] + 20, steps=5)
        self.page.mouse.up()

    @contextmanager
    def _counted(self, name: str) -> Iterator[None]:
        before = self._counts()
        yield
        settle(self.page)
        after = self._counts()
        self.taken.append(
            Interaction(
                name,
                after["clicks"] - before["clicks"],
                after["keys"] - before["keys"],
                max(0, after["end"] - after["start"]),
            )
        )

    def _counts(self) -> dict[str, int]:
        self.page.evaluate(_COUNT)
        counts: dict[str, int] = self.page.evaluate(
            'JSON.parse(sessionStorage.day || \'{"clicks": 0, "keys": 0, "start": 0, "end": 0}\')'
        )
        return counts


VALUE_OF_NEW = Decimal("2500.00")


def begin(page: Page, address: str) -> RepDay:
    """A day that counts from its first page on, through every page that is opened."""
    page.add_init_script(f"({_COUNT})()")
    return RepDay(page, address)
