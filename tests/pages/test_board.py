"""The board as the server draws it, and what it does with whatever comes back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.domain.lead import Lead
from crmplus.services.leads import get_lead_card, save_lead
from crmplus.services.people import list_people
from crmplus.store.database import the_database
from crmplus.ui.board_asked import AskedMore, AskedMove, AskedOfLead, AskedStep, What, parse
from tests.pages.visit import Visit, seen
from tests.world import ADMIN, VALUES, customer_with_lead, everything, new_account_type, phase

LEAD, PHASE, STEP = (str(UUID(int=number)) for number in (77, 78, 79))
JUNK = (
    None,
    "",
    0,
    [],
    {},
    "move",
    ["move", LEAD],
    {"what": None},
    {"what": []},
    {"what": {"what": "move"}},
    {"what": "erase", "lead": LEAD},
    {"what": "move"},
    {"what": "move", "lead": LEAD, "version": 1},
    {"what": "move", "lead": "1; DROP TABLE lead --", "version": 1, "phase": PHASE},
    {"what": "move", "lead": 7, "version": 1, "phase": PHASE},
    {"what": "move", "lead": [LEAD], "version": 1, "phase": PHASE},
    {"what": "move", "lead": LEAD, "version": 1, "phase": None},
    {"what": "move", "lead": LEAD, "version": True, "phase": PHASE},
    {"what": "move", "lead": LEAD, "version": 1.5, "phase": PHASE},
    {"what": "move", "lead": LEAD, "version": "1", "phase": PHASE},
    {"what": "move", "lead": LEAD, "version": -1, "phase": PHASE},
    {"what": "move", "lead": LEAD, "version": 2**63, "phase": PHASE},
    {"what": "done", "lead": LEAD, "version": 1},
    {"what": "open", "lead": "x" * 100_000},
)


def drawn(at: AppTest) -> dict[str, object]:
    """What was sent to the component."""
    found: dict[str, object] = json.loads(at.get("bidi_component")[0].proto.json)
    return found


def columns(at: AppTest) -> dict[str, dict[str, object]]:
    return {column["name"]: column for column in drawn(at)["columns"]}  # type: ignore[attr-defined]


def answered(value: object) -> AppTest:
    """The page after the board sent this; its callback is called as the component would."""

    def page(value: object) -> None:
        from crmplus.ui.board_answer import answer, go_on
        from crmplus.ui.board_outcome import show_refusal

        answer(value)
        show_refusal()
        go_on()

    return AppTest.from_function(page, kwargs={"value": value}, default_timeout=30)


@pytest.fixture
def lead(empty: Visit) -> Lead:
    """A lead in the first phase, with a score."""
    empty("leads")
    _customer, made = customer_with_lead(the_database(), "Acme")
    return save_lead(the_database(), ADMIN, made.id, made.version, VALUES, datetime.now(UTC))


def move(lead_id: UUID, version: int, code: str = "LEAD-MEETING") -> dict[str, object]:
    target = phase(the_database(), code)
    return {"what": "move", "lead": str(lead_id), "version": version, "phase": str(target.id)}


def phase_code(lead: Lead) -> str:
    return get_lead_card(the_database(), ADMIN, lead.id).phase.code


def refused(at: AppTest) -> str:
    assert not at.exception
    return at.warning[0].value.replace("\\", "")


@pytest.mark.parametrize("value", JUNK, ids=lambda value: str(value)[:60])
def test_what_cannot_be_made_out_is_nothing(value: object) -> None:
    assert parse(value) is None


def test_what_can_be_made_out_is_read() -> None:
    lead, target, step = UUID(LEAD), UUID(PHASE), UUID(STEP)
    asked = {"lead": LEAD, "version": 3, "phase": PHASE, "step": STEP}
    assert parse({"what": "move", **asked}) == AskedMove(lead, 3, target)
    assert parse({"what": "more", **asked}) == AskedMore(target)
    assert parse({"what": "open", **asked}) == AskedOfLead(What.OPEN, lead)
    assert parse({"what": "plan", **asked}) == AskedOfLead(What.PLAN, lead)
    assert parse({"what": "done", **asked}) == AskedStep(What.DONE, lead, step, 3)
    assert parse({"what": "putOff", **asked}) == AskedStep(What.PUT_OFF, lead, step, 3)


def test_an_empty_board_says_what_will_show_and_what_to_do(empty: Visit) -> None:
    at = empty("leads")
    assert not at.exception
    assert "Each open lead will be a card here" in seen(at)
    assert "Quick add" in at.info[0].value
    assert [column["total"] for column in columns(at).values()] == [0] * 5
    at.button(key="begin").click().run()
    assert not at.exception
    assert at.title[0].value == "Customers"


def test_the_list_goes_on_with_the_account_type_of_the_board_and_says_so(small: Visit) -> None:
    at = small("leads")
    count = sum(column["total"] for column in columns(at).values())
    at.segmented_control(key="leads-view").select("list").run()
    assert not at.exception
    assert at.query_params["type"] == "LEAD"
    assert f"{count} leads" in seen(at)
    at.segmented_control(key="leads-view").select("board").run()
    assert "type" not in at.query_params
    assert sum(column["total"] for column in columns(at).values()) == count


def test_another_account_type_is_kept_by_both_views(small: Visit) -> None:
    at = small("leads", type="PROSPECT")
    for view in ("list", "board"):
        at.segmented_control(key="leads-view").select(view).run()
        assert not at.exception
        assert at.query_params["type"] == "PROSPECT"


def test_filters_that_nothing_passes_say_so(small: Visit) -> None:
    at = small("leads", search="nobody is called so")
    assert "No open lead passes these filters." in seen(at)
    assert "will be a card here" not in seen(at)


def test_heads_sum_all_leads_that_pass_the_filters_and_phases_are_in_order(small: Visit) -> None:
    at = small("leads")
    assert not at.exception
    shown = columns(at)
    assert list(shown) == ["Call appointment", "Meeting", "Calculation", "Send quote", "Closed"]
    # The bakery's lead at 12,000 with a score of 60, and the dairy's reopened one at 1,000 with 40.
    meeting = shown["Meeting"]
    assert [meeting[key] for key in ("total", "count", "expected", "weighted")] == [
        2,
        "2 leads",
        "€13,000",
        "€7,600",
    ]
    filtered = columns(small("leads", search="bakery"))["Meeting"]
    assert (filtered["total"], filtered["expected"]) == (1, "€12,000")


def test_a_card_says_all_there_is_to_say(small: Visit) -> None:
    at = small("leads", search="oven")
    fields, (row,) = drawn(at)["fields"], columns(at)["Call appointment"]["cards"]  # type: ignore[misc]
    card = dict(zip(fields, row, strict=True))  # type: ignore[call-overload]
    assert (card["number"], card["customer"], card["title"]) == ("C-00001", "Bakery", "Oven line")
    assert (card["score"], card["expected"], card["step"], card["due"]) == (None, "", None, None)
    assert card["age"].endswith(" days")
    assert drawn(at)["owners"][card["owner"]] == ["AN", "Ann"]  # type: ignore[index]


def test_a_viewer_gets_nothing_to_change(small: Visit) -> None:
    assert drawn(small("leads"))["mayWork"] is True
    assert drawn(small("leads", working_as="Vic"))["mayWork"] is False


def test_a_move_to_the_next_phase_is_done_at_once(lead: Lead) -> None:
    at = answered(move(lead.id, lead.version)).run()
    assert not at.exception
    assert phase_code(lead) == "LEAD-MEETING"
    assert get_lead_card(the_database(), ADMIN, lead.id).values.expected_value == Decimal("1000.00")


@pytest.mark.parametrize("code", ["LEAD-CALC", "LEAD-CLOSED"])
def test_a_move_that_is_asked_about_writes_nothing_yet(lead: Lead, code: str) -> None:
    before = everything(the_database())
    assert not answered(move(lead.id, lead.version, code)).run().exception
    assert everything(the_database()) == before


def test_a_stale_move_is_refused_before_anything_is_asked_and_says_what_changed(lead: Lead) -> None:
    for code in ("LEAD-MEETING", "LEAD-CALC", "LEAD-CLOSED"):
        said = refused(answered(move(lead.id, lead.version - 1, code)).run())
        assert said.startswith("The local administrator changed the lead of Acme on ")
        assert "Expected value: – → €1,000.00" in said
    assert phase_code(lead) == "LEAD-CALL"


Forge = Callable[[Lead], dict[str, object]]


@pytest.mark.parametrize(
    ("forge", "sentence"),
    [
        (lambda lead: move(UUID(int=77), 1), "This does not exist any more."),
        (lambda lead: move(lead.id, lead.version + 7), "This form belongs to a version that never was."),
        (lambda lead: move(lead.id, lead.version, "PROSPECT-CLOSED"), "This phase is not part of the funnel"),
        (lambda lead: move(lead.id, lead.version, "LEAD-CALL"), "The lead is in this phase already."),
        (lambda lead: {**move(lead.id, lead.version), "phase": LEAD}, "This phase is not part of the funnel"),
        (lambda lead: {"what": "open", "lead": LEAD}, "This does not exist any more."),
        (lambda lead: {"what": "plan", "lead": LEAD}, "This does not exist any more."),
    ],
)
def test_forged_keys_are_refused_in_a_sentence_and_write_nothing(
    lead: Lead, forge: Forge, sentence: str
) -> None:
    value, before = forge(lead), everything(the_database())
    assert sentence in refused(answered(value).run())
    assert everything(the_database()) == before


@pytest.mark.parametrize("value", JUNK[:12], ids=str)
def test_junk_draws_the_board_again_and_writes_nothing(lead: Lead, value: object) -> None:
    before = everything(the_database())
    at = answered(value).run()
    assert not at.exception and not at.warning
    assert everything(the_database()) == before


def test_a_viewer_who_forges_a_move_is_refused(small: Visit) -> None:
    small("leads")
    _customer, lead = customer_with_lead(the_database(), "Forged")
    at = answered(move(lead.id, lead.version, "LEAD-CLOSED"))
    people = list_people(the_database(), ADMIN)
    at.session_state["working_as"] = next(person.id for person in people if person.name == "Vic")
    before = everything(the_database())
    assert "Your role does not allow this." in refused(at.run())
    after = everything(the_database())
    assert [event[2] for event in after["audit_event"]] == ["action_refused"]
    assert after | {"audit_event": []} == before


def test_a_funnel_without_phases_says_what_will_show(empty: Visit) -> None:
    empty("leads")
    new_account_type(the_database(), "BARE")
    at = empty("leads", type="BARE")
    assert not at.exception
    assert "This funnel has no phases yet" in seen(at)
