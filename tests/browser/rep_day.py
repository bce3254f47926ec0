"""A day in a rep's life as one scenario, which touches twenty leads: at a desk, or shorter with a thumb.

The tests play it and look at what it left; `python -m bench.rep_day` plays it and prints what it took.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from crmplus.domain.next_step import NextStepDraft
from crmplus.services.leads import complete_phase, save_lead
from crmplus.services.next_steps import add_next_step
from crmplus.store.database import Database
from tests.browser.driver import choose, dialog, drawn, open_page, settle
from tests.browser.hands import Hands
from tests.world import ADMIN, VALUES, customer_with_lead, person

REP = "Robin Dale"
DUE = ("Alder Bakery", "Birch Dairy", "Cedar Metal", "Dogwood Care", "Elder Textiles", "Fir Logistics")
"""Customers whose lead has a next step that is due today, or was yesterday."""

PLANNED = (
    *("Ginkgo Hotel", "Hazel Paper", "Iris Glass", "Juniper Foods", "Kapok Print", "Larch Timber"),
    *("Maple Motors", "Nettle Tea", "Oak Furniture", "Pine Tools", "Quince Jams", "Rowan Optics"),
)
ASKED, NEW = "Thistle Wool", "Sorrel Salads"
"""One that has a lead already when a further one is added, and one that comes in today."""

CUSTOMERS = (*DUE, *PLANNED, ASKED, NEW)
"""With a lead each that is touched: of the one that is asked about, the further one."""

ADVANCED = ("Kapok Print", "Larch Timber")
"""In the second phase when the day begins."""

DAY_TYPED = "06062027"
"""The sixth of June, however the browser orders the parts of a date."""

NOTE = "Wants the new oven before the summer, and asks what the old one is worth."


def make_day(database: Database) -> None:
    """A rep with the day's work, in a workspace that has the starter's funnel."""
    rep = person(database, REP, "RDA")
    at = datetime.now(UTC)
    today = at.astimezone(ZoneInfo("Europe/Amsterdam")).date()
    for place, name in enumerate((*DUE, *PLANNED, ASKED)):
        _customer, lead = customer_with_lead(database, name, owner_id=rep.id)
        lead = save_lead(database, ADMIN, lead.id, lead.version, replace(VALUES, score=30), at)
        if name in ADVANCED:
            complete_phase(database, ADMIN, lead.id, lead.version, replace(VALUES, score=30), at)
        due = today - timedelta(days=place % 2) if name in DUE else today + timedelta(days=3 + place)
        add_next_step(database, ADMIN, lead.id, NextStepDraft(f"Call {name}", due), at)


class RepDay:
    """What the rep does, on one page; what it took is in `hands.taken`."""

    def __init__(self, page: Page, address: str, *, is_touch: bool = False) -> None:
        self.page = page
        self.address = address
        self.hands = Hands(page, is_touch=is_touch)

    def play(self) -> None:
        """All of the day, at a desk with a mouse and a keyboard."""
        self.arrive()
        for name in DUE[:3]:
            self.finish_step(name)
        self.finish_step_for_next_week("Dogwood Care")
        self.put_off("Elder Textiles")
        self.open_from_my_day("Fir Logistics")
        self.write_note()
        self.complete_on_the_card("4200")
        self.go_to_leads()
        self.complete_by_menu("Ginkgo Hotel")
        self.complete_by_keyboard("Hazel Paper")
        self.complete_by_dragging("Iris Glass")
        self.skip_by_dragging("Juniper Foods")
        self.go_back_by_menu("Kapok Print")
        self.close("Larch Timber", "Won")
        self.close("Maple Motors", "Competitor")
        self.filter_and_save_the_view()
        self.show_all()
        self.go_to_the_list()
        self.type_into_cell("Expected, EUR", "Nettle Tea", "7500")
        self.type_into_cell("Score", "Oak Furniture", "65")
        self.type_into_cell("Expected close", "Pine Tools", DAY_TYPED)
        self.plan_for_many("Pine Tools", "Quince Jams", "Rowan Optics")
        self.hand_over("Quince Jams", "Rowan Optics")
        self.add_new()
        self.add_to_existing()
        self.find_and_open("birch", "Birch Dairy")
        self.add_contact_person()
        self.look_back()

    def play_on_the_road(self) -> None:
        """A shorter one, with a thumb."""
        self.arrive()
        for name in DUE[:2]:
            self.finish_step(name)
        self.put_off("Elder Textiles")
        self.open_from_my_day("Fir Logistics")
        self.write_note()
        self.complete_on_the_card("4200")
        self.go_to_leads()
        self.complete_by_menu("Ginkgo Hotel")
        self.close("Maple Motors", "Competitor")
        self.go_to_the_list()
        self.type_into_cell("Expected, EUR", "Nettle Tea", "7500")
        self.add_new()
        self.find_and_open("birch", "Birch Dairy")
        self.add_contact_person()

    # ---- My day

    def arrive(self) -> None:
        """Who works here is chosen before the day begins to count."""
        open_page(self.page, f"{self.address}/customers")
        self._open_menu()
        choose(self.page, "Working as", REP)
        self._go_to("My day")
        expect(self._due("Alder Bakery")).to_be_visible()

    def finish_step(self, name: str) -> None:
        with self.hands.counted("My day: a step done, the next typed, Enter"):
            self.hands.press_button("Done", self._due(name))
            self._type_next_step(f"Visit {name}")
            self.hands.hit("Enter")
            expect(dialog(self.page)).to_be_hidden()

    def finish_step_for_next_week(self, name: str) -> None:
        with self.hands.counted("My day: a step done, the next one next week"):
            self.hands.press_button("Done", self._due(name))
            self._type_next_step(f"Visit {name}")
            self.hands.press(dialog(self.page).get_by_text("Next week", exact=True))
            self.hands.press_in_dialog("Save")
            expect(dialog(self.page)).to_be_hidden()

    def put_off(self, name: str) -> None:
        with self.hands.counted("My day: put off to tomorrow"):
            more = self._due(name).get_by_role("button", name="More")
            self.hands.choose_from(more, "Put off to tomorrow")
            expect(self._due(name)).to_contain_text("due tomorrow")

    # ---- The customer card

    def open_from_my_day(self, name: str) -> None:
        with self.hands.counted("My day: open a lead"):
            self.hands.press(self._due(name).get_by_role("button", name=name))
            self._is_open(name)

    def write_note(self) -> None:
        with self.hands.counted("Card: a note"):
            self.hands.press(self.page.get_by_role("textbox", name="New note"))
            self.hands.type(NOTE)
            self.hands.press_button("Add note")
            expect(self.page.get_by_test_id("stText").filter(has_text=NOTE)).to_be_visible()

    def complete_on_the_card(self, value: str) -> None:
        with self.hands.counted("Card: a value typed, the phase completed"):
            self.hands.type_over(self.page.get_by_role("textbox", name="Expected value, EUR"), value)
            self.hands.hit("Tab")
            settle(self.page)
            self.hands.press_button("Complete phase")
            expect(self.page.locator("ol.crm-whole li").first).to_have_class("done")

    # ---- The board

    def go_to_leads(self) -> None:
        with self.hands.counted("Menu: to the board"):
            self._open_menu()
            self._go_to("Leads")
            expect(self._card("Ginkgo Hotel")).to_be_visible()

    def complete_by_menu(self, name: str) -> None:
        with self.hands.counted("Board: a phase completed by the card's menu"):
            self._from_card_menu(name, "Complete phase: Meeting")
            if self.hands.is_touch:
                self.hands.press_button("Next phase")
            self._stands(name, "Meeting")

    def complete_by_keyboard(self, name: str) -> None:
        """From the card that has the focus after a Tab, with the arrow keys."""
        with self.hands.counted("Board: a phase completed by keyboard"):
            self._card(name).focus()
            self.hands.hit("Space", "ArrowRight", "Enter")
            self._stands(name, "Meeting")

    def complete_by_dragging(self, name: str) -> None:
        with self.hands.counted("Board: a phase completed by dragging"):
            self.hands.drag(self._card(name), self._lane("Meeting"))
            self._stands(name, "Meeting")

    def skip_by_dragging(self, name: str) -> None:
        with self.hands.counted("Board: a phase skipped by dragging, after asking"):
            self.hands.drag(self._card(name), self._lane("Calculation"))
            self.hands.press_in_dialog("Skip to Calculation")
            self._stands(name, "Calculation")

    def go_back_by_menu(self, name: str) -> None:
        with self.hands.counted("Board: a phase back by the menu, after asking"):
            self._from_card_menu(name, "Move to Call appointment")
            self.hands.press_in_dialog("Go back to Call appointment")
            self._stands(name, "Call appointment")

    def close(self, name: str, reason: str) -> None:
        with self.hands.counted("Board: closed with a reason"):
            if self.hands.is_touch and not self._card(name).is_visible():
                self.hands.press_button("Previous phase")
            self._from_card_menu(name, "Close")
            self.hands.press(dialog(self.page).get_by_text(reason, exact=True))
            self.hands.press_in_dialog(f"Close as {reason}")
            expect(self._card(name)).to_have_count(0)

    # ---- The list and its filters

    def filter_and_save_the_view(self) -> None:
        with self.hands.counted("Board: a filter set"):
            self.hands.press(self.page.get_by_role("combobox", name="Attention"))
            self.hands.press(self.page.get_by_role("option", name="next step overdue", exact=True))
        with self.hands.counted("Board: its filters kept as a view"):
            self.hands.press_button("Save as a view")
            expect(dialog(self.page).get_by_role("textbox", name="Name")).to_be_visible()
            self.hands.press(dialog(self.page).get_by_role("textbox", name="Name"))
            self.hands.type("Late")
            self.hands.press_in_dialog("Save")
            expect(dialog(self.page)).to_be_hidden()

    def show_all(self) -> None:
        with self.hands.counted("Board: filters cleared"):
            self.hands.press_button("Clear", exact=True)
            expect(self._card("Nettle Tea")).to_be_visible()

    def go_to_the_list(self) -> None:
        with self.hands.counted("Board: to the list"):
            self.hands.press(self.page.get_by_role("radio", name="List"))
            expect(self._cell("Score", "Nettle Tea")).to_be_visible()

    def type_into_cell(self, field: str, name: str, text: str) -> None:
        with self.hands.counted(f"List: {field.partition(',')[0].lower()} typed over"):
            cell = self._cell(field, name)
            is_day = "close" in field
            self.hands.press(cell, at_its_beginning=is_day)  # of a day one types the part one clicks
            if not is_day:
                self.hands.hit("Control+A")
            self.hands.type(text)
            self.hands.hit("Enter")
            expect(self.page.locator(".leads [role=status]")).to_have_text(f"Saved: {field}, {name}")

    def plan_for_many(self, *names: str) -> None:
        with self.hands.counted(f"List: a next step for {len(names)} leads at once"):
            self._pick(*names)
            self.hands.press_button("Next step", self._bar())
            self.hands.press(dialog(self.page).get_by_role("textbox", name="Next step"))
            self.hands.type("Send the spring offer")
            self.hands.press_in_dialog(f"Plan it for {len(names)} leads")
            expect(dialog(self.page)).to_be_hidden()

    def hand_over(self, *names: str) -> None:
        with self.hands.counted(f"List: nobody's from now, {len(names)} leads at once"):
            self._pick(*names)
            self.hands.press_button("Owner", self._bar())
            self.hands.press(dialog(self.page).get_by_role("combobox", name="New owner"))
            options = self.page.get_by_test_id("stSelectboxVirtualDropdown")
            self.hands.type("nobody")
            self.hands.press(options.get_by_role("option", name="nobody", exact=True))
            self.hands.press_in_dialog(f"Give {len(names)} leads another owner")
            expect(dialog(self.page)).to_be_hidden()

    # ---- From every page

    def add_new(self) -> None:
        with self.hands.counted("Quick add: a new customer with a lead and a step"):
            self._quick_add(NEW, "2500", "Call about the slicer")
            expect(self.page.get_by_text("New customer with a lead")).to_be_visible()

    def add_to_existing(self) -> None:
        with self.hands.counted("Quick add: a further lead of a customer"):
            self._quick_add(ASKED, "900", "Send a sample")
            expect(dialog(self.page)).to_contain_text("has an open lead already")
            self.hands.press(dialog(self.page).get_by_text("A further lead of"))
            self.hands.press_in_dialog("Add lead")
            expect(self.page.get_by_text("A further lead of")).to_be_visible()

    def find_and_open(self, words: str, name: str) -> None:
        with self.hands.counted("Search: a customer found, opened by Enter"):
            if self.hands.is_touch:
                self.hands.press_button("Search")
            else:
                self.hands.hit("Control+k")
            expect(dialog(self.page).locator("input[type=search]")).to_be_focused()
            self.hands.type(words)
            self.hands.hit("Enter")
            self._is_open(name)

    def add_contact_person(self) -> None:
        with self.hands.counted("Card: a contact person"):
            self.hands.press(self.page.get_by_role("tab", name="Contact persons"))
            self.hands.press_button("Add a contact person")
            name = dialog(self.page).get_by_role("textbox", name="Name (required)")
            self.hands.press(name)
            for text in ("Kim Visser", "owner", "06 12345678"):
                self.hands.type(text)
                self.hands.hit("Tab")
                settle(self.page)
            self.hands.press_in_dialog("Save")
            expect(self.page.get_by_role("link", name="Call Kim Visser")).to_be_visible()

    def look_back(self) -> None:
        """At what the view kept shows."""
        with self.hands.counted("Menu: back to the board"):
            self._go_to("Leads")
        with self.hands.counted("Board: the kept view opened"):
            menu = self.page.locator(".st-key-saved-views").get_by_role("button")
            self.hands.choose_from(menu, "Late")
            expect(menu).to_contain_text("Late")

    # ---- Where things are

    def _open_menu(self) -> None:
        """On a phone the menu is folded away."""
        if self.hands.is_touch:
            self.hands.press(self.page.get_by_test_id("stExpandSidebarButton"))

    def _go_to(self, name: str) -> None:
        """From the menu, which a phone leaves open over the page: a tap beside it folds it away."""
        self.hands.press(self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name))
        drawn(self.page)
        is_open = self.page.get_by_test_id("stSidebar").get_attribute("data-collapsed") == "false"
        if self.hands.is_touch and is_open:
            self.hands.press_at(350, 600)

    def _type_next_step(self, text: str) -> None:
        expect(dialog(self.page).get_by_role("textbox", name="Next step")).to_be_focused()
        self.hands.type(text)

    def _is_open(self, name: str) -> None:
        self.page.wait_for_url("**/customer?customer=*")
        drawn(self.page)
        expect(self.page.get_by_role("heading", name=name)).to_be_visible()

    def _quick_add(self, customer: str, value: str, step: str) -> None:
        """Two fields would do; Tab goes to the third, and Enter sends."""
        self.hands.press_button("Quick add")
        expect(dialog(self.page).get_by_role("textbox", name="Customer (required)")).to_be_focused()
        self.hands.type(customer)
        self.hands.hit("Tab")
        self.hands.type(value)
        self.hands.hit("Tab")
        expect(dialog(self.page).get_by_role("textbox", name="Next step")).to_be_focused()
        self.hands.type(step)
        self.hands.hit("Enter")
        settle(self.page)

    def _from_card_menu(self, name: str, entry: str) -> None:
        self.hands.press(self._card(name).get_by_role("button"))
        self.hands.press(self.page.get_by_role("menuitem", name=entry))

    def _pick(self, *names: str) -> None:
        for name in names:
            row = self.page.locator("tbody").filter(has=self.page.get_by_role("link", name=name, exact=True))
            self.hands.press(row.get_by_role("checkbox"))

    def _stands(self, name: str, phase: str) -> None:
        """The card stands in a phase, and the server has said so too."""
        expect(self._lane(phase).locator(".card:not(.waiting)", has_text=name)).to_be_visible()

    def _due(self, name: str) -> Locator:
        return self.page.locator("[class*='st-key-due-step-']").filter(has_text=name)

    def _card(self, name: str) -> Locator:
        return self.page.locator(".card:not(.ghost)", has_text=name)

    def _lane(self, phase: str) -> Locator:
        return self.page.get_by_role("region", name=phase, exact=True)

    def _cell(self, field: str, name: str) -> Locator:
        return self.page.get_by_label(f"{field}, {name}", exact=True)

    def _bar(self) -> Locator:
        return self.page.get_by_role("group", name="With the selected leads")
