"""The History tab: next steps, notes and contact persons in words, beside what happened to the leads."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import Customer
from crmplus.domain.next_step import NextStepDraft
from crmplus.services.contact_persons import (
    change_contact_person,
    list_contact_persons,
    remove_contact_person,
)
from crmplus.services.customers import get_customer
from crmplus.services.leads import list_leads_of_customer
from crmplus.services.next_steps import add_next_step, finish_next_step, remove_next_step, reopen_next_step
from crmplus.services.notes import add_note, remove_note
from crmplus.store.database import the_database
from crmplus.ui.history_words import _HEADLINES
from tests.pages.visit import Visit
from tests.small_world import plan_small_world
from tests.world import ADMIN, NASTY_TEXTS, NOW

LATER = NOW + timedelta(days=20)
ROOT = Path(__file__).resolve().parents[2]


def the_customer(number: str = "C-00001") -> Customer:
    return get_customer(the_database(), ADMIN, number)


def history(visit: Visit, language: str = "en") -> list[str]:
    """Its lines, newest first: what happened and the details, then when, by whom and about which lead.

    The HTML is looked at first: a text that was typed may bring no sign of its own into it.
    """
    at = visit("customer", customer="C-00001", language=language)
    name = "History" if language == "en" else "Geschiedenis"
    at.session_state[f"tab-{the_customer().id}"] = name
    at.run()
    assert not at.exception
    return lines(at)


def lines(at: AppTest) -> list[str]:
    bodies = "".join(element.proto.body for element in at.get("html"))
    items = re.findall(r"<li>(.*?)</li>", bodies, re.DOTALL)
    assert not {tag for item in items for tag in re.findall(r"</?(\w+)", item)} - {"div", "span"}
    return [unescape(re.sub(r"</div><div[^>]*>", " | ", item)) for item in items]


def words(line: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", line.split(" | ")[0]).split())


def test_a_day_of_work_is_told_in_words_with_the_lead_it_was_about(small: Visit) -> None:
    small("home")
    plan_small_world(the_database())
    found = history(small)
    told = [words(line) for line in found]
    assert told[1:6] == [
        "Contact person added: Jan Bakker Job title Head baker; Phone +31 00 555 1234; "
        "E-mail jan@bakery.example",
        "Note changed. Note They bake at night. to They bake at night. Call after ten.",
        "Note added. They bake at night.",
        "Next step changed: Call about the oven Due 28 Feb 2026 to 1 Mar 2026",
        "Next step done: Send the brochure",
    ]
    planned = {line for line in told if line.startswith("Next step planned")}
    assert planned == {
        "Next step planned: Send the brochure, due 27 Feb 2026",
        "Next step planned: Call about the oven, due 28 Feb 2026",
        "Next step planned: Visit, due 2 Mar 2026 14:00",
    }
    assert all("Lead of 2 Mar 2026" in line for line in found[2:6])
    assert "Lead of" not in found[1], "a contact person is of the customer"


def test_what_was_removed_says_what_it_was(small: Visit) -> None:
    small("home")
    database, lead = the_database(), list_leads_of_customer(the_database(), ADMIN, the_customer().id)[0]
    plan_small_world(database)
    step = add_next_step(database, ADMIN, lead.id, NextStepDraft("Wait", LATER.date()), LATER)
    step = finish_next_step(database, ADMIN, step.id, step.version, LATER + timedelta(minutes=1))
    step = reopen_next_step(database, ADMIN, step.id, step.version, LATER + timedelta(minutes=2))
    remove_next_step(database, ADMIN, step.id, step.version, LATER + timedelta(minutes=3))
    note = add_note(database, ADMIN, lead.id, "Wrong\nnumber", LATER + timedelta(minutes=4))
    remove_note(database, ADMIN, note.id, note.version, LATER + timedelta(minutes=5))
    (jan,) = list_contact_persons(database, ADMIN, the_customer().id)
    jo = ContactPersonDraft("Jo Bakker", "Head baker", "", jan.email)
    jan = change_contact_person(database, ADMIN, jan.id, jan.version, jo, LATER + timedelta(minutes=6))
    remove_contact_person(database, ADMIN, jan.id, jan.version, LATER + timedelta(minutes=7))
    assert [words(line) for line in history(small)[:8]] == [
        "Contact person removed: Jo Bakker Job title Head baker; E-mail jan@bakery.example",
        "Contact person changed: Jo Bakker Name Jan Bakker to Jo Bakker; Phone +31 00 555 1234 to –",
        "Note removed. Wrong number",
        "Note added. Wrong number",
        "Next step removed: Wait",
        "Next step not done after all: Wait",
        "Next step done: Wait",
        "Next step planned: Wait, due 22 Mar 2026",
    ]


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_whatever_was_typed_is_shown_as_typed(small: Visit, text: str) -> None:
    small("home")
    lead = list_leads_of_customer(the_database(), ADMIN, the_customer().id)[0]
    step = add_next_step(the_database(), ADMIN, lead.id, NextStepDraft(text, LATER.date()), LATER)
    add_note(the_database(), ADMIN, lead.id, text, LATER + timedelta(minutes=1))
    noted, planned = history(small)[:2]
    assert step.description in noted
    assert f"Next step planned: {step.description}, due" in planned


def test_a_long_text_is_cut_on_the_page(small: Visit) -> None:
    small("home")
    lead = list_leads_of_customer(the_database(), ADMIN, the_customer().id)[0]
    add_next_step(the_database(), ADMIN, lead.id, NextStepDraft("s" * 200, LATER.date()), LATER)
    add_note(the_database(), ADMIN, lead.id, "n" * 2000, LATER + timedelta(minutes=1))
    noted, planned = (words(line) for line in history(small)[:2])
    assert noted == f"Note added. {'n' * 199}…"
    assert planned == f"Next step planned: {'s' * 79}…, due 22 Mar 2026"


def test_every_action_that_a_history_can_hold_has_words() -> None:
    """Whatever the code writes into the change log of a customer, in whatever room."""
    readers = ("history_words.py", "restore.py", "rules.py")
    sources = [path for ending in ("py", "sql") for path in (ROOT / "crmplus").rglob(f"*.{ending}")]
    code = "\n".join(path.read_text() for path in sources if path.name not in readers)
    named = set(re.findall(r"""["']((?:lead|phase|customer|next_step)_[a-z_]+)["']""", code))
    deeds = ("started", "saved", "completed", "moved", "closed", "reopened", "described", "transferred")
    deeds += ("imported", "undone", "relocated", "done", "erased")
    of_rows = {
        f"{table}_{deed}"
        for table in ("next_step", "note", "contact_person")
        for deed in ("made", "changed", "deleted")
    } | {"customer_made", "customer_changed"}
    assert {name for name in named if name.endswith(deeds)} | of_rows == _HEADLINES.keys()
