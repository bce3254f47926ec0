from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStep, NextStepDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.target import TargetChange
from crmplus.services.customers import get_customer
from crmplus.services.leads import list_leads_of_customer
from crmplus.services.next_steps import add_next_step, change_next_step, finish_next_step, list_next_steps
from crmplus.services.notes import add_note, list_notes
from crmplus.services.people import list_people
from crmplus.services.targets import set_targets
from crmplus.store.database import the_database
from crmplus.ui.session import now
from tests.pages.visit import Visit, seen
from tests.world import ADMIN, NASTY_TEXTS, NOW

ZONE = ZoneInfo("Europe/Amsterdam")


def today() -> date:
    return now().astimezone(ZONE).date()


def lead_of(number: str) -> Lead:
    """The newest open lead of a customer of the small world."""
    customer = get_customer(the_database(), ADMIN, number)
    return next(lead for lead in list_leads_of_customer(the_database(), ADMIN, customer.id) if lead.is_open)


def plan(number: str, text: str, days: int) -> NextStep:
    draft = NextStepDraft(text, today() + timedelta(days=days))
    return add_next_step(the_database(), ADMIN, lead_of(number).id, draft, now())


def html(at: AppTest) -> str:
    """What the rows say."""
    return "\n".join(element.proto.body for element in at.main.get("html"))


def figures(at: AppTest) -> list[str]:
    return [metric.value for metric in at.metric]


def person_id(name: str) -> UUID:
    return next(p.id for p in list_people(the_database(), ADMIN) if p.name == name)


def test_one_starts_with_my_day(small: Visit) -> None:
    at = small()
    assert not at.exception
    assert at.title[0].value == "My day"


def test_a_workspace_without_leads_says_how_to_begin(empty: Visit) -> None:
    at = empty("my_day")
    assert "Your next steps will be listed here" in seen(at)
    assert "Quick add" in at.info[0].value
    assert not at.metric
    at.button(key="begin").click().run()
    assert not at.exception
    assert at.title[0].value == "Customers"


def test_steps_are_under_what_they_are_and_counted_in_the_cards(small: Visit) -> None:
    small("home")
    plan("C-00001", "Call the baker", -2)
    plan("C-00001", "Send the drawing", 0)
    plan("C-00004", "Visit the dairy", 3)
    plan("C-00004", "Much later", 30)
    at = small("my_day")
    assert not at.exception
    assert figures(at)[:3] == ["1", "1", "1"]
    heads = [head.value.replace("\\", "") for head in at.subheader]
    assert heads[:4] == ["Overdue (1)", "Due today (1)", "Coming seven days (1)", "Without a next step (1)"]
    rows = html(at)
    assert "⚠ due 2 days ago" in rows
    assert "due today" in rows
    assert "Much later" not in rows
    assert "1 next step is due later" in seen(at)


def test_nothing_due_says_what_to_do_instead(small: Visit) -> None:
    at = small("my_day")
    assert "Nothing due. Plan a next step for the leads below that have none." in seen(at)
    for number in ("C-00001", "C-00004"):
        for lead in list_leads_of_customer(
            the_database(), ADMIN, get_customer(the_database(), ADMIN, number).id
        ):
            if lead.is_open:
                draft = NextStepDraft("Call", today() + timedelta(days=2))
                add_next_step(the_database(), ADMIN, lead.id, draft, now())
    at = small("my_day")
    assert "Nothing due. Every open lead has a next step; below is what comes." in seen(at)


def test_a_rep_begins_with_the_own_day_and_a_manager_with_everybodys(small: Visit) -> None:
    small("home")
    plan("C-00001", "Call the baker", 0)
    plan("C-00004", "Visit the dairy", 0)
    ann, mia, all_of_ann = (
        small("my_day", working_as="Ann"),
        small("my_day", working_as="Mia"),
        small("my_day", working_as="Ann", of="all"),
    )
    assert "Call the baker" in html(ann)
    assert "Visit the dairy" not in html(ann)
    for at in (mia, all_of_ann, small("my_day")):
        assert "Call the baker" in html(at)
        assert "Visit the dairy" in html(at)
    assert "Visit the dairy" not in html(small("my_day", of="AN"))


@pytest.mark.parametrize("junk", ["ZZ", "", "*", "<b>", "AN~"])
def test_an_owner_nobody_knows_in_the_address_is_left_out(small: Visit, junk: str) -> None:
    at = small("my_day", of=junk)
    assert not at.exception
    assert not at.error


def test_what_was_won_is_set_against_the_target_of_the_month(small: Visit) -> None:
    at = small("my_day")
    assert at.metric[3].delta == "no target set"
    month = today().replace(day=1)
    change = TargetChange(person_id("Ann"), month, Decimal("40000"), None)
    set_targets(the_database(), ADMIN, [change], NOW)
    at = small("my_day", working_as="Ann")
    assert at.metric[3].delta.replace("\\", "").startswith("of €40,000")
    everybody, owners = small("my_day"), small("owners", closed="month")
    assert everybody.metric[3].value.replace("\\", "") == owners.metric[0].value.replace("\\", "")


def test_done_takes_a_step_off_the_list_at_once(small: Visit) -> None:
    small("home")
    step = plan("C-00001", "Call the baker", 0)
    at = small("my_day")
    at.button(key=f"done-{step.id}").click().run()
    assert not at.exception
    assert list_next_steps(the_database(), ADMIN, step.lead_id) == []
    assert f"done-{step.id}" not in [button.key for button in at.button]
    assert figures(at)[1] == "0"


def test_done_again_by_somebody_who_did_not_see_it_is_harmless(small: Visit) -> None:
    small("home")
    step = plan("C-00001", "Call the baker", 0)
    at = small("my_day")
    finish_next_step(the_database(), ADMIN, step.id, 1, now())
    at.button(key=f"done-{step.id}").click().run()
    assert not at.exception
    assert not at.error
    assert list_next_steps(the_database(), ADMIN, step.lead_id) == []


def test_done_with_what_somebody_changed_meanwhile_asks_first(small: Visit) -> None:
    small("home")
    step = plan("C-00001", "Call the baker", 0)
    at = small("my_day")
    draft = NextStepDraft("Call his wife", today())
    ann = next(p for p in list_people(the_database(), ADMIN) if p.name == "Ann")
    change_next_step(the_database(), ann.seeing(EVERYTHING), step.id, 1, draft, now())
    at.button(key=f"done-{step.id}").click().run()
    assert not at.exception
    assert [s.description for s in list_next_steps(the_database(), ADMIN, step.lead_id)] == ["Call his wife"]
    assert "Ann changed this next step on" in "".join(warning.value for warning in at.warning)


def test_a_viewer_sees_the_day_without_what_changes_it(small: Visit) -> None:
    small("home")
    plan("C-00001", "Call the baker", 0)
    for page, query in (("my_day", {}), ("customer", {"customer": "C-00001"})):
        at = small(page, working_as="Vic", **query)
        assert "Call the baker" in html(at)
        keys = [str(button.key) for button in at.button]
        assert not [key for key in keys if key.startswith(("done-", "plan-", "note-"))]
        assert not at.get("menu_button")


def test_no_more_rows_are_drawn_than_are_asked_for(small: Visit) -> None:
    small("home")
    for number in range(20):
        plan("C-00001", f"Step number {number:02}", -number - 1)
    at = small("my_day")
    done = [button for button in at.button if str(button.key).startswith("done-")]
    assert len(done) == 10
    assert figures(at)[0] == "20"
    more = at.button(key="further-overdue")
    assert more.label.replace("\\", "") == "Show more (10 left)"
    more.click().run()
    assert len([button for button in at.button if str(button.key).startswith("done-")]) == 20
    assert "further-overdue" not in [button.key for button in at.button]


def test_a_name_opens_the_card_on_that_lead(small: Visit) -> None:
    small("home")
    customer = get_customer(the_database(), ADMIN, "C-00001")
    oldest = list_leads_of_customer(the_database(), ADMIN, customer.id)[-1]
    step = add_next_step(the_database(), ADMIN, oldest.id, NextStepDraft("Call", today()), now())
    at = small("my_day")
    at.button(key=f"open-{step.id}").click().run()
    assert not at.exception
    assert at.title[0].value == "Bakery"
    assert at.session_state[f"lead of {customer.id}"] == oldest.id
    assert f"done-{step.id}" in [button.key for button in at.button]


@pytest.mark.parametrize("text", [*NASTY_TEXTS, "<script>alert(1)</script>", "[a](javascript:alert(1))"])
def test_nasty_text_is_shown_and_not_read_as_markup(small: Visit, text: str) -> None:
    small("home")
    plan("C-00001", text, 0)
    add_note(the_database(), ADMIN, lead_of("C-00001").id, text, now())
    for page, query in (("my_day", {}), ("customer", {"customer": "C-00001"})):
        at = small(page, **query)
        assert not at.exception
        assert "<script>" not in html(at).replace("<script>setTimeout", "")
        assert "<img" not in html(at)


def test_a_note_is_added_once_and_its_field_is_empty_again(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    lead = lead_of("C-00001")
    at.text_area(key=f"note-{lead.id}-0-text").input("Two ovens")
    at.button(key=f"note-{lead.id}-0-add").click().run()
    assert not at.exception
    assert [note.text for note in list_notes(the_database(), ADMIN, lead.id)] == ["Two ovens"]
    assert at.text_area(key=f"note-{lead.id}-1-text").value == ""
    assert "Two ovens" in [text.value for text in at.text]


def test_an_empty_note_is_refused_beside_its_field(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    lead = lead_of("C-00001")
    at.button(key=f"note-{lead.id}-0-add").click().run()
    assert "Fill this in." in seen(at)
    assert list_notes(the_database(), ADMIN, lead.id) == []


def test_a_closed_lead_shows_notes_and_no_next_steps(small: Visit) -> None:
    at = small("customer", customer="C-00002")
    heads = [head.value for head in at.subheader]
    assert "Notes" in heads
    assert "Next steps" not in heads


def test_a_long_note_folds(small: Visit) -> None:
    small("home")
    text = ("word " * 2000).strip()
    add_note(the_database(), ADMIN, lead_of("C-00001").id, text, now())
    at = small("customer", customer="C-00001")
    shown = [each.value for each in at.text]
    assert shown[0].endswith(" …") and len(shown[0]) < 700
    assert text in shown
    assert "Show all" in [each.label for each in at.expander]


def test_a_step_done_last_whose_lead_is_out_of_sight_keeps_no_page_away(small: Visit) -> None:
    at = small("my_day")
    at.session_state["next step done last"] = NextStep(
        UUID(int=1), UUID(int=2), "Call", NOW.date(), None, NOW, 2
    )
    at.run()
    assert not at.exception
    assert not at.error
    assert [title.value for title in at.title] == ["My day"]
    assert "next step done last" not in at.session_state
