"""The list of open leads as the server draws it, and what it does with what a browser sends."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStepDraft
from crmplus.services.bulk import MOST_LEADS
from crmplus.services.leads import get_lead_card, save_lead
from crmplus.services.next_steps import add_next_step
from crmplus.services.people import archive_person, list_people
from crmplus.store.database import the_database
from tests.pages.visit import Visit, seen
from tests.world import ADMIN, NASTY_TEXTS, NOW, VALUES, customer_with_lead, everything

KEY = "page-1"
LEAD = str(UUID(int=77))
JUNK_EDITS: tuple[object, ...] = (
    None,
    "",
    0,
    [],
    {},
    ["edit"],
    [None, [], {}, 7],
    [{"key": KEY}],
    [{"key": KEY, "lead": LEAD, "version": 1, "field": "title", "text": "x"}],
    [{"key": KEY, "lead": LEAD, "version": 1, "field": "version", "text": "x"}],
    [{"key": KEY, "lead": "'; DROP TABLE lead --", "version": 1, "field": "score", "text": "1"}],
    [{"key": KEY, "lead": LEAD, "version": "1", "field": "score", "text": "1"}],
    [{"key": KEY, "lead": LEAD, "version": True, "field": "score", "text": "1"}],
    [{"key": KEY, "lead": LEAD, "version": 2**63, "field": "score", "text": "1"}],
    [{"key": KEY, "lead": LEAD, "version": -1, "field": "score", "text": "1"}],
    [{"key": KEY, "lead": LEAD, "version": 1, "field": ["score"], "text": "1"}],
    [{"key": KEY, "lead": LEAD, "version": 1, "field": "score", "text": 1}],
    [{"key": "k" * 1000, "lead": LEAD, "version": 1, "field": "score", "text": "1"}],
)
JUNK_BULKS: tuple[object, ...] = (
    None,
    7,
    [],
    {},
    "close",
    {"action": "close"},
    {"action": ["close"], "leads": [[LEAD, 1]]},
    {"action": "erase", "leads": [[LEAD, 1]]},
    {"action": "close", "leads": LEAD},
    {"action": "close", "leads": []},
    {"action": "close", "leads": [None, [], [LEAD], [LEAD, "1"], ["x", 1], [LEAD, 2**40], [LEAD, True]]},
)


def drawn(at: AppTest) -> dict[str, Any]:
    """What was sent to the component."""
    found: dict[str, Any] = json.loads(at.get("bidi_component")[0].proto.json)
    return found


def shown(at: AppTest) -> dict[str, dict[str, Any]]:
    """The rows, by what the leads are called."""
    return {row["title"]: row for row in drawn(at)["rows"]}


def sent(*payloads: object, language: str = "en", working_as: object = None) -> list[dict[str, Any]]:
    """What became of the cells after a browser sent each of these, one after the other."""

    def page(payload: object) -> None:
        from crmplus.ui.lead_list_edits import save_cells

        save_cells(payload)

    found = []
    at = AppTest.from_function(page, kwargs={"payload": payloads[0]}, default_timeout=30)
    at.session_state["language"] = language
    if working_as:
        at.session_state["working_as"] = working_as
    for payload in payloads:
        at.kwargs = {"payload": payload}
        assert not at.run().exception
        found.append(at.session_state["outcomes of cells"])
    return found


def edit(lead: Lead, field: str, text: str, version: int | None = None, key: str = KEY) -> dict[str, object]:
    used = lead.version if version is None else version
    return {"key": key, "lead": str(lead.id), "version": used, "field": field, "text": text}


def now_stored(lead: Lead) -> Lead:
    return get_lead_card(the_database(), ADMIN, lead.id).lead


@pytest.fixture
def lead(empty: Visit) -> Lead:
    """A lead in the first phase, with a score of 40 and 1,000.00."""
    empty("leads", view="list")
    _customer, made = customer_with_lead(the_database(), "Acme")
    return save_lead(the_database(), ADMIN, made.id, made.version, VALUES, datetime.now(UTC))


def test_an_empty_list_says_what_will_show_and_what_to_do(empty: Visit) -> None:
    at = empty("leads", view="list")
    assert not at.exception
    assert "Open leads will be listed here." in seen(at)
    assert "0 leads" in seen(at)
    assert "Quick add" in at.info[0].value
    at.button(key="begin").click().run()
    assert not at.exception
    assert at.title[0].value == "Customers"


def test_filters_that_nothing_passes_say_so(small: Visit) -> None:
    assert "No lead matches." in seen(small("leads", view="list", search="nobody is called so"))


def test_rows_are_words_as_the_language_writes_them(small: Visit) -> None:
    row = shown(small("leads", view="list", search="bakery"))["Oven line"]
    assert (row["customer"], row["phase"], row["score"]) == ("Bakery", "Call appointment", "")
    assert row["href"] == f"customer?customer=C-00001&lead={row['id']}"
    assert row["step"] == "no next step"
    row = next(r for r in drawn(small("leads", "nl", view="list"))["rows"] if r["expected_value"])
    assert row["expected_value"] in ("12.000,00", "1.000,00")


def test_a_step_that_is_overdue_or_due_today_says_so(lead: Lead, empty: Visit) -> None:
    today = datetime.now(UTC).date()
    late = NextStepDraft("Call *back*", today - timedelta(days=2))
    add_next_step(the_database(), ADMIN, lead.id, late, datetime.now(UTC))
    (row,) = drawn(empty("leads", view="list"))["rows"]
    assert (row["step"], row["overdue"]) == ("Call *back*", "overdue")


def test_the_order_asked_for_shows_at_its_head(small: Visit) -> None:
    at = small("leads", view="list", sort="likely")
    assert [head["field"] for head in drawn(at)["heads"] if "sorted" in head] == ["score"]
    scores = [row["score"] for row in drawn(at)["rows"]]
    assert scores == ["60", "40", ""]


def test_pages_that_are_not_there_show_the_last(small: Visit) -> None:
    for asked in ("99999", "0", "-1", "x", "9" * 30):
        at = small("leads", view="list")
        at.query_params["page"] = asked
        at.run()
        assert not at.exception
        assert len(drawn(at)["rows"]) == 3


def test_a_viewer_gets_the_rows_and_nothing_to_change_them_with(small: Visit) -> None:
    assert drawn(small("leads", working_as="Vic", view="list"))["mayEdit"] is False
    assert drawn(small("leads", working_as="Ann", view="list"))["mayEdit"] is True


def test_nasty_text_is_sent_as_it_is(empty: Visit) -> None:
    empty("leads", view="list")
    for text in NASTY_TEXTS:
        customer_with_lead(the_database(), text)
    at = empty("leads", view="list")
    assert not at.exception
    assert len({row["customer"] for row in drawn(at)["rows"]}) == len(NASTY_TEXTS)


def test_an_archived_owner_is_shown_though_not_offered(small: Visit) -> None:
    small("leads")
    ann = next(p for p in list_people(the_database(), ADMIN) if p.name == "Ann")
    archive_person(the_database(), ADMIN, ann.id, ann.version, datetime.now(UTC))
    at = small("leads", view="list", search="bakery")
    assert {row["owner"] for row in drawn(at)["rows"]} == {"Ann"}
    assert "Ann" not in [owner["name"] for owner in drawn(at)["owners"]]


@pytest.mark.parametrize("payload", JUNK_EDITS, ids=lambda value: str(value)[:60])
def test_edits_that_no_cell_sends_are_passed_over(lead: Lead, payload: object) -> None:
    before = everything(the_database())
    assert sent(payload) == [{}]
    assert everything(the_database()) == before


@pytest.mark.parametrize("payload", JUNK_BULKS, ids=lambda value: str(value)[:60])
def test_bulk_actions_that_no_bar_sends_open_nothing(lead: Lead, payload: object) -> None:
    def page(payload: object) -> None:
        from crmplus.ui.bulk_dialogs import open_bulk

        open_bulk(payload)

    at = AppTest.from_function(page, kwargs={"payload": payload}, default_timeout=30).run()
    assert not at.exception
    assert "a dialog is open" not in at.session_state


def test_a_forged_crowd_is_refused_in_a_sentence(lead: Lead) -> None:
    def page(leads: list[list[object]]) -> None:
        from uuid import UUID

        import streamlit as st

        from crmplus.services.bulk import Choice
        from crmplus.ui.bulk_dialogs import KINDS, _body

        st.session_state.setdefault("bulk-owner-owner", "nobody")
        choices = [Choice(UUID(str(key)), 1) for key, _version in leads]
        _body(KINDS["owner"], "bulk-owner", choices)

    crowd = [[str(UUID(int=number)), 1] for number in range(MOST_LEADS + 1)]
    at = AppTest.from_function(page, kwargs={"leads": crowd}, default_timeout=30).run()
    assert not at.exception
    assert "At most 500 leads at once; you chose 501" in at.error[0].value.replace("\\", "")


def test_a_cell_is_saved_and_a_repeated_message_saves_nothing_more(lead: Lead) -> None:
    message = [edit(lead, "expected_value", "2,500.50")]
    first, again = sent(message, message)
    assert first == again == {KEY: {"state": "saved", "version": lead.version + 1}}
    assert now_stored(lead).expected_value == Decimal("2500.50")
    assert now_stored(lead).version == lead.version + 1


def test_amounts_are_read_as_the_readers_language_writes_them(lead: Lead) -> None:
    (outcome,) = sent([edit(lead, "expected_value", "2.500,50")], language="nl")
    assert outcome[KEY]["state"] == "saved"
    assert now_stored(lead).expected_value == Decimal("2500.50")


def test_cells_of_a_row_typed_faster_than_the_answer_are_no_conflict(lead: Lead) -> None:
    cells = [edit(lead, "score", "50", key="a"), edit(lead, "recurring_value", "7", key="b")]
    third = edit(lead, "expected_close_date", "2027-01-31", key="c")
    first, second = sent(cells, [third])
    assert [each["state"] for each in (*first.values(), *second.values())] == ["saved"] * 3
    stored = now_stored(lead)
    assert (stored.score, stored.recurring_value, stored.version) == (50, Decimal(7), lead.version + 3)


def test_cells_that_began_at_any_of_ones_own_versions_are_no_conflict(lead: Lead) -> None:
    first = edit(lead, "score", "50", key="a")
    second = edit(lead, "recurring_value", "7", key="b")  # before the answer to the first
    third = edit(lead, "expected_value", "900", lead.version + 1, key="c")  # and after it
    found = sent([first], [second], [third])
    assert [each["state"] for outcomes in found for each in outcomes.values()] == ["saved"] * 3
    stored = now_stored(lead)
    assert (stored.score, stored.recurring_value, stored.expected_value) == (50, Decimal(7), Decimal(900))


def test_a_number_of_signs_is_one_in_the_link_too(empty: Visit) -> None:
    empty("leads", view="list")
    customer_with_lead(the_database(), "Acme", number="A#1&x=2%")
    (row,) = drawn(empty("leads", view="list"))["rows"]
    assert row["href"] == f"customer?customer=A%231%26x%3D2%25&lead={row['id']}"


def test_somebody_elses_save_is_a_conflict_that_can_be_gone_on_from(lead: Lead) -> None:
    save_lead(the_database(), ADMIN, lead.id, lead.version, VALUES.__class__(score=1), datetime.now(UTC))
    (found,) = sent([edit(lead, "score", "50")])
    assert found[KEY]["state"] == "conflict"
    assert "Your score is not saved: the local administrator changed this lead on" in found[KEY]["says"]
    assert "(Score: 40 → 1, Expected value: €1,000.00 → –," in found[KEY]["says"]
    (found,) = sent([edit(lead, "score", "50", found[KEY]["version"])])
    assert found[KEY]["state"] == "saved"
    assert now_stored(lead).score == 50


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("score", "0", "from 1 to 100"),
        ("score", "101", "from 1 to 100"),
        ("score", "٤٠", "from 1 to 100"),
        ("score", "1e1", "from 1 to 100"),
        ("score", "9" * 10_000, "At most 40 characters; this has 10,000."),
        ("expected_value", "1e15", "not an amount"),
        ("expected_value", "-1", "0 or more"),
        ("expected_value", "9" * 40, "at most"),
        ("recurring_value", "\ud800", "not an amount"),
        ("expected_close_date", "2027-02-30", "between 1990 and 2100"),
        ("expected_close_date", "0001-01-01", "between 1990 and 2100"),
        ("owner_id", "Ann", "from the list"),
        ("owner_id", str(UUID(int=77)), "does not exist"),
    ],
)
def test_what_a_cell_cant_hold_is_refused_in_a_sentence(
    lead: Lead, field: str, text: str, sentence: str
) -> None:
    (found,) = sent([edit(lead, field, text)])
    assert found[KEY]["state"] == "refused"
    assert sentence in found[KEY]["says"]
    assert now_stored(lead) == lead


def test_a_viewer_who_sends_an_edit_is_refused(small: Visit) -> None:
    at = small("leads", view="list", search="oven")
    row = shown(at)["Oven line"]
    vic = next(p for p in list_people(the_database(), ADMIN) if p.name == "Vic")
    payload = {"key": KEY, "lead": row["id"], "version": row["version"], "field": "score", "text": "9"}
    before = everything(the_database())
    (found,) = sent([payload], working_as=vic.id)  # which the audit tells of, and nothing else
    assert found[KEY]["says"].startswith("Your role does not allow this.")
    assert everything(the_database()) | {"audit_event": []} == before


@pytest.mark.parametrize("page", ["leads", "customers", "funnel", "my_day", "owners"])
def test_a_link_from_before_its_owner_was_archived_names_them_still(small: Visit, page: str) -> None:
    ann = next(p for p in list_people(the_database(), ADMIN) if p.name == "Ann")
    archive_person(the_database(), ADMIN, ann.id, ann.version, NOW)
    key = "of" if page == "my_day" else "owner"
    at = small(page, **{key: "AN"})
    assert at.query_params[key] == "AN~"
    assert "AN~" in [box.value for box in at.selectbox]
    assert "not here" not in seen(at)


@pytest.mark.parametrize("page", ["leads", "customers", "funnel", "my_day", "owners"])
def test_a_link_that_names_nobody_says_whose_is_shown(small: Visit, page: str) -> None:
    at = small(page, **{"of" if page == "my_day" else "owner": "ZZ"})
    assert "This link filters by somebody who is not here. Shown: " in seen(at)
    assert "not here" not in seen(small(page))
