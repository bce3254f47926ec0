from datetime import date, timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.customer import Customer
from crmplus.domain.lead import LeadValues
from crmplus.services.closing_reasons import archive_closing_reason
from crmplus.services.customers import change_customer, get_customer
from crmplus.services.leads import list_leads_of_customer, move_lead, save_lead
from crmplus.services.people import archive_person, list_people
from crmplus.store.database import the_database
from crmplus.ui import lead_form
from tests.pages.visit import Visit, choose, labels, seen
from tests.world import ADMIN, NOW, draft_of, phase, query, reason


def lead_field(at: AppTest, field: str) -> str:
    return f"lead-{_lead_id(at)}-{field}"


def _lead_id(at: AppTest) -> str:
    key = next(b.key for b in at.button if b.key and b.key.startswith("save-"))
    return key.removeprefix("save-")


def test_without_a_number_the_card_says_where_to_choose(small: Visit) -> None:
    assert "Choose a customer in the list" in seen(small("customer"))


@pytest.mark.parametrize(
    "language, sentence",
    [("en", "There is no customer C-09999."), ("nl", "Er is geen klant C-09999.")],
)
def test_a_number_that_does_not_exist_is_one_calm_sentence(
    small: Visit, language: str, sentence: str
) -> None:
    at = small("customer", language=language, customer="C-09999")
    assert not at.exception
    assert at.error[0].value.replace("\\", "") == sentence


def test_the_card_opens_on_the_newest_open_lead_of_two(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    assert at.title[0].value == "Bakery"
    assert any(word.startswith("Oven line (open") for word in at.selectbox[0].options)
    assert len(at.selectbox[0].options) == 2
    assert "C-00001 · Lead · owner Ann" in seen(at)
    assert 'aria-current="step"' in seen(at)


def test_a_won_lead_shows_how_it_ended_and_only_reopens_or_takes_a_note(small: Visit) -> None:
    at = small("customer", customer="C-00002")
    assert "#### :green[:material/check_circle:] Won" in seen(at)
    assert labels(at) == {"New lead", "Reopen …", "Add note"}


def test_a_lead_lost_from_the_second_phase_shows_what_was_skipped(small: Visit) -> None:
    words = seen(small("customer", customer="C-00003"))
    assert "Lost: Competitor" in words
    assert words.count('<li class="skipped">') == 4  # two phases, drawn for screens and for phones


def test_a_reopened_lead_can_be_worked_on_and_shows_its_earlier_closing(small: Visit) -> None:
    at = small("customer", customer="C-00004")
    assert "**Meeting**" in seen(at)
    assert any("Complete phase" in b.label for b in at.button)
    assert "closed" in seen(at)


def test_a_type_without_phases_says_why_there_is_no_overview(small: Visit) -> None:
    at = small("customer", customer="C-00005")
    assert "There is no Overview: Customer has lead phases switched off." in seen(at)
    assert [tab.label for tab in at.tabs] == ["Details", "Contact persons", "History"]


def test_the_weighted_value_follows_what_is_typed_and_save_keeps_it(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    at.number_input(key=lead_field(at, "score")).set_value(60)
    at.text_input(key=lead_field(at, "expected_value")).set_value("12,000").run()
    assert "€7,200.00" in seen(at)
    at.button(key=f"save-{_lead_id(at)}").click().run()
    assert not at.exception
    assert at.toast[0].value == "Saved"
    assert query(the_database(), "SELECT score, expected_value FROM lead WHERE title = 'Oven line'") == [
        (60, 12000)
    ]


def test_an_amount_that_is_none_is_refused_under_its_field_and_kept(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    at.text_input(key=lead_field(at, "expected_value")).set_value("twelve").run()
    at.button(key=f"save-{_lead_id(at)}").click().run()
    assert not at.exception
    assert "Nothing was saved yet" in seen(at)
    assert at.text_input(key=lead_field(at, "expected_value")).value == "twelve"
    assert query(the_database(), "SELECT version FROM lead WHERE title = 'Oven line'") == [(1,)]


def test_completing_goes_to_the_next_phase_with_the_values_as_a_proposal(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    at.number_input(key=lead_field(at, "score")).set_value(20)
    at.text_input(key=lead_field(at, "expected_value")).set_value("500").run()
    at.button(key=f"complete-{_lead_id(at)}-1").click().run()
    assert not at.exception
    assert "**Meeting**" in seen(at)
    assert at.number_input(key=lead_field(at, "score")).value == 20
    assert at.text_input(key=lead_field(at, "expected_value")).value == "500.00"


def test_a_phase_is_not_completed_without_a_score_and_an_emptied_one_stays_empty(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    at.button(key=f"complete-{_lead_id(at)}-1").click().run()
    assert "Record a score before you complete the phase: it is the lead's weight." in seen(at)
    at.number_input(key=lead_field(at, "score")).set_value(60).run()
    assert at.slider[0].value == 60
    at.button(key=f"save-{_lead_id(at)}").click().run()
    at.number_input(key=lead_field(at, "score")).set_value(None).run()
    assert at.slider[0].value == 1
    at.button(key=f"save-{_lead_id(at)}").click().run()
    assert not at.exception
    assert at.number_input(key=lead_field(at, "score")).value is None
    assert query(the_database(), "SELECT score, version FROM lead WHERE title = 'Oven line'") == [(None, 3)]


def test_the_slider_follows_and_is_followed(small: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    at = small("customer", customer="C-00001")
    score = lead_field(at, "score")
    at.number_input(key=score).set_value(60).run()
    at.slider[0].set_value(1).run()
    assert at.number_input(key=score).value == 60, "the browser had not heard yet"
    assert at.slider[0].value == 60
    monkeypatch.setattr(lead_form, "_UNHEARD", timedelta(0))
    at.slider[0].set_value(1).run()
    assert at.number_input(key=score).value == 1
    at.number_input(key=score).set_value(150).run()
    at.slider[0].set_value(30).run()
    assert at.number_input(key=score).value == 30
    assert not at.exception


def test_a_score_that_the_slider_cannot_show_leaves_it_where_it_is(small: Visit) -> None:
    at = small("customer", customer="C-00001")
    score = lead_field(at, "score")
    at.number_input(key=score).set_value(60).run()
    at.number_input(key=score).set_value(150).run()
    at.slider[0].set_value(60).run()
    assert not at.exception
    assert at.number_input(key=score).value == 150


def test_details_save_and_the_history_says_what_changed(small: Visit) -> None:
    at = small("customer", customer="C-00005")
    field = next(t for t in at.text_input if t.label == "City")
    field.set_value("Breda").run()
    next(b for b in at.button if b.label == "Save").click().run()
    assert not at.exception
    customer_id = query(the_database(), "SELECT id FROM customer WHERE city = 'Breda'")[0][0]
    at.session_state[f"tab-{customer_id}"] = "History"
    at.run()
    assert not at.exception
    assert "City Breda" in seen(at)
    assert list_leads_of_customer(the_database(), ADMIN, customer_id) == []


def test_a_number_that_is_typed_over_stays_on_its_card(small: Visit) -> None:
    at = small("customer", customer="C-00005")
    next(t for t in at.text_input if t.label == "Number").set_value("depot").run()
    next(b for b in at.button if b.label == "Save").click().run()
    assert not at.error
    assert at.title[0].value == "Depot"
    assert at.query_params["customer"] == "depot"


def test_the_card_is_dutch_with_dutch_amounts(small: Visit) -> None:
    at = small("customer", language="nl", customer="C-00001")
    assert not at.exception
    at.number_input(key=lead_field(at, "score")).set_value(50)
    at.text_input(key=lead_field(at, "expected_value")).set_value("1.234,56").run()
    assert "€ 617,28" in seen(at).replace("\xa0", " ")
    assert "Fase afronden" in seen(at)


def test_closing_records_no_score_that_nobody_gave(
    small: Visit,
) -> None:
    database = the_database()
    oven = next(
        lead
        for lead in list_leads_of_customer(database, ADMIN, customer_of("C-00001").id)
        if lead.title == "Oven line"
    )
    closing = phase(database, "LEAD-CLOSED").id
    move_lead(database, ADMIN, oven.id, oven.version, closing, LeadValues(), NOW)
    at = small("customer", customer="C-00001")
    assert at.number_input(key=lead_field(at, "score")).value is None
    lost = next(pills for pills in at.button_group if "lost" in pills.label)
    lost.set_value(reason(database, "LOST").id).run()
    next(button for button in at.button if button.label == "Close as Lost").click().run()
    assert not at.exception
    assert query(database, "SELECT score, closed_at_utc IS NULL FROM lead WHERE title = 'Oven line'") == [
        (None, False)
    ]


def test_a_reason_that_is_archived_before_it_is_used_is_said_to_be_gone(small: Visit) -> None:
    database = the_database()
    oven = list_leads_of_customer(database, ADMIN, customer_of("C-00001").id)[0]
    closing = phase(database, "LEAD-CLOSED").id
    move_lead(database, ADMIN, oven.id, oven.version, closing, LeadValues(), NOW)
    at = small("customer", customer="C-00001")
    lost = reason(database, "LOST")
    next(pills for pills in at.button_group if "lost" in pills.label).set_value(lost.id).run()
    archive_closing_reason(database, ADMIN, lost.id, lost.version, NOW)
    next(button for button in at.button if button.label == "Close as Lost").click().run()
    assert not at.exception
    assert "The closing reason that was chosen can no longer be used. Choose another." in seen(at)
    assert query(database, "SELECT closed_at_utc FROM lead WHERE title = 'Oven line'") == [(None,)]
    won = next(pills for pills in at.button_group if "won" in pills.label)
    won.set_value(reason(database, "WON").id).run()
    assert "no longer be used" not in seen(at)


def test_a_viewer_reads_all_there_is_to_know(small: Visit) -> None:
    database, known = the_database(), customer_of("C-00001")
    oven = list_leads_of_customer(database, ADMIN, known.id)[0]
    values = LeadValues(60, Decimal(1200), None, date(2026, 6, 30), "They *hesitate*")
    save_lead(database, ADMIN, oven.id, oven.version, values, NOW)
    remark = draft_of(known, street="Kade 1", remark="Ring twice\nat the back")
    change_customer(database, ADMIN, known.id, known.version, remark, NOW)
    at = small("customer", working_as="Vic", customer="C-00001")
    words = seen(at)
    assert "You may look at this lead, not change it." in words
    for fact in ("Ann", "60", "€1,200.00", "30 Jun 2026", "They *hesitate*"):
        assert fact in words
    at.session_state[f"tab-{known.id}"] = "Details"
    words = seen(at.run())
    assert "You may look at this customer, not change it." in words
    for fact in ("Kade 1", "Utrecht", "Ring twice\nat the back"):
        assert fact in words


def test_the_address_says_which_lead_the_card_shows(small: Visit) -> None:
    leads = list_leads_of_customer(the_database(), ADMIN, customer_of("C-00001").id)
    for lead in leads:
        at = small("customer", customer="C-00001", lead=str(lead.id))
        assert at.selectbox[0].value == lead.id
    other = leads[0]
    at.selectbox[0].select(other.id).run()
    assert at.query_params["lead"] == str(other.id)
    assert at.selectbox[0].value == other.id


@pytest.mark.parametrize("wrong", ["", "1", "<img>", "00000000-0000-0000-0000-000000000000"])
def test_an_address_with_a_lead_that_is_none_of_theirs_shows_the_newest(small: Visit, wrong: str) -> None:
    at = small("customer", customer="C-00001", lead=wrong)
    assert not at.exception
    assert any(word.startswith("Oven line") for word in [at.selectbox[0].options[at.selectbox[0].index or 0]])


def test_an_owner_archived_while_a_form_is_open_stays_chosen_and_is_refused(small: Visit) -> None:
    database = the_database()
    at = small("customer", customer="C-00005")
    choose(at, "Owner", "Mia")
    mia = next(person for person in list_people(database, ADMIN) if person.name == "Mia")
    archive_person(database, ADMIN, mia.id, mia.version, NOW)
    next(button for button in at.button if button.label == "Save").click().run()
    assert not at.exception
    assert "This person is archived. Choose another owner." in seen(at)
    assert next(box for box in at.main.selectbox if box.label == "Owner").value == mia.id
    assert customer_of("C-00005").owner_id is None


def customer_of(number: str) -> Customer:
    return get_customer(the_database(), ADMIN, number)
