"""First proposals for the names in a file: what is called the same, what means the same, the rest is made."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmplus.domain.account_type import AccountType
from crmplus.domain.actor import Role
from crmplus.domain.closing_reason import ClosingReason, Outcome
from crmplus.domain.funnel import Funnel
from crmplus.domain.person import Person
from crmplus.domain.phase import Phase, PhaseType
from crmplus.exchange.guesses import (
    guess_account_type,
    guess_owner,
    guess_phase,
    guess_reason,
    guess_status,
)
from crmplus.exchange.mapping import Action, Choice

STARTER: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "starter.json").read_text(encoding="utf-8")
)
GONE = datetime(2026, 1, 1, tzinfo=UTC)
MAKE, EMPTY, REFUSE = Choice(Action.MAKE), Choice(Action.EMPTY), Choice(Action.REFUSE)
WON = Choice(Action.USE, "LEAD-CLOSED", "WON")
LOST = Choice(Action.USE, "LEAD-CLOSED", "LOST")


def funnel(language: str = "en") -> Funnel:
    """The starter's."""
    type_id = uuid4()
    return Funnel.of(
        type_id,
        [
            Phase(
                id=uuid4(),
                account_type_id=type_id,
                code=f"LEAD-{phase['code']}",
                description=phase["description"][language],
                phase_type=PhaseType(phase["phase_type"]),
                order_number=number * 10,
                archived_at_utc=None,
                version=1,
            )
            for number, phase in enumerate(STARTER["phases"])
        ],
    )


def reason(code: str, description: str, outcome: Outcome, order_number: int = 10) -> ClosingReason:
    return ClosingReason(uuid4(), code, description, order_number, outcome, None, 1)


REASONS = [
    reason("COMPETITOR", "Competitor", Outcome.LOST, 5),
    reason("WON", "Won", Outcome.WON),
    reason("LOST", "Lost", Outcome.LOST),
]
TYPES = [
    AccountType(uuid4(), each["code"], each["description"]["nl"], 10, True, False, None, 1)
    for each in STARTER["account_types"]
]
PEOPLE = [
    Person(uuid4(), "Ann de Boer", "ADB", Role.REP, None, 1),
    Person(uuid4(), "Zoë Müller", "ZM", Role.REP, None, 1),
    Person(uuid4(), "Bob Gone", "BG", Role.REP, GONE, 1),
]


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("LEAD-MEETING", Choice(Action.USE, "LEAD-MEETING")),
        ("lead-meeting", Choice(Action.USE, "LEAD-MEETING")),
        ("Meeting", Choice(Action.USE, "LEAD-MEETING")),
        ("Gesprek", Choice(Action.USE, "LEAD-MEETING")),
        ("Sales - Meeting", Choice(Action.USE, "LEAD-MEETING")),
        ("CALC", Choice(Action.USE, "LEAD-CALC")),
        ("Calculatie", Choice(Action.USE, "LEAD-CALC")),
        ("Proposal", Choice(Action.USE, "LEAD-QUOTE")),
        ("Proposal Made", Choice(Action.USE, "LEAD-QUOTE")),
        ("Proposal/Price Quote", Choice(Action.USE, "LEAD-QUOTE")),
        ("Quote sent", Choice(Action.USE, "LEAD-QUOTE")),
        ("Offerte", Choice(Action.USE, "LEAD-QUOTE")),
        ("Offerte uitgebracht", Choice(Action.USE, "LEAD-QUOTE")),
        ("Angebot", Choice(Action.USE, "LEAD-QUOTE")),
        ("Orçamento enviado", Choice(Action.USE, "LEAD-QUOTE")),
        ("Reunião", Choice(Action.USE, "LEAD-MEETING")),
        ("Prospecting", Choice(Action.USE, "LEAD-CALL")),
        ("New", Choice(Action.USE, "LEAD-CALL")),
        ("Nieuw", Choice(Action.USE, "LEAD-CALL")),
        ("Lead In", Choice(Action.USE, "LEAD-CALL")),
        ("Open - Not Contacted", Choice(Action.USE, "LEAD-CALL")),
        ("Won", WON),
        ("Closed Won", WON),
        ("closedwon", WON),
        ("Closed - Won", WON),
        ("Gewonnen", WON),
        ("Gewonnen/akkoord", WON),
        ("Ganho", WON),
        ("Lost", LOST),
        ("Closed Lost", LOST),
        ("Verloren", LOST),
        ("Perdido", LOST),
        ("Abandoned", LOST),
        ("Competitor", Choice(Action.USE, "LEAD-CLOSED", "COMPETITOR")),
        ("Afgesloten", Choice(Action.USE, "LEAD-CLOSED")),
        ("Engaging", Choice(Action.USE, "LEAD-MEETING")),
        ("Lost to competitor", Choice(Action.USE, "LEAD-CLOSED", "COMPETITOR")),
        ("Verloren: geen budget", LOST),
        ("Proposal - Lost", LOST),
        ("Order geannuleerd", REFUSE),
        ("Not won", REFUSE),
        ("Not lost", REFUSE),
        ("Meeting - won", REFUSE),
        ("Quote accepted", REFUSE),
        ("Meeting cancelled", REFUSE),
        ("Wacht op opdracht", REFUSE),
        ("Closed: not won", Choice(Action.USE, "LEAD-CLOSED")),
        ("Price negotiation", MAKE),
        ("Qualified", MAKE),
        ("Negotiation", MAKE),
        ("日本", MAKE),
        ("x" * 10_000, MAKE),
        ("", EMPTY),
        ("  ", EMPTY),
        ("-", EMPTY),
    ],
)
def test_a_phase_is_found_by_its_name_or_meaning(language: str, text: str, choice: Choice) -> None:
    assert guess_phase(text, funnel(language), REASONS) == choice


def test_a_lead_is_closed_in_the_closing_phase_whatever_it_is_called() -> None:
    called = [
        replace(p, code=f"P{number}", description=f"Step {number}")
        for number, p in enumerate(funnel().phases)
    ]
    strange = Funnel(called[0].account_type_id, tuple(called))
    assert guess_phase("Won", strange, REASONS) == Choice(Action.USE, "P4", "WON")
    assert guess_phase("New", strange, REASONS) == Choice(Action.USE, "P0")
    assert guess_phase("Proposal", strange, REASONS) == MAKE


def test_a_closing_phase_called_won_closes_with_a_reason_that_won() -> None:
    phases = list(funnel().phases)
    won = replace(phases[-1], id=uuid4(), code="SOLD", description="Gewonnen")
    two = Funnel(won.account_type_id, (*phases, won))
    assert guess_phase("Gewonnen", two, REASONS) == Choice(Action.USE, "SOLD", "WON")


def test_a_regular_phase_called_won_is_a_phase_to_stand_in() -> None:
    phases = list(funnel().phases)
    phases[1] = replace(phases[1], description="Won")
    assert guess_phase("Won", Funnel(phases[1].account_type_id, tuple(phases)), REASONS) == Choice(
        Action.USE, "LEAD-MEETING"
    )


def test_without_a_reason_of_the_outcome_the_user_has_to_choose_one() -> None:
    assert guess_phase("Won", funnel(), REASONS[:1]) == Choice(Action.USE, "LEAD-CLOSED")
    assert guess_status("Won", REASONS[:1]) == Choice(Action.MAKE, outcome="won")


def test_without_a_funnel_every_phase_is_made() -> None:
    empty = Funnel(uuid4(), ())
    assert [guess_phase(text, empty, REASONS) for text in ("Won", "New", "Proposal")] == [MAKE] * 3


def test_two_phases_that_mean_the_same_leave_the_choice_to_the_user() -> None:
    phases = list(funnel().phases)
    phases[1] = replace(phases[1], description="Quote draft")
    assert guess_phase("Proposal", Funnel(phases[1].account_type_id, tuple(phases)), REASONS) == MAKE


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("open", EMPTY),
        ("Open", EMPTY),
        ("In progress", EMPTY),
        ("Lopend", EMPTY),
        ("offen", EMPTY),
        ("aberto", EMPTY),
        ("1", EMPTY),
        ("warm", EMPTY),
        ("", EMPTY),
        ("won", Choice(Action.USE, reason="WON")),
        ("Gewonnen", Choice(Action.USE, reason="WON")),
        ("Ganho", Choice(Action.USE, reason="WON")),
        ("LOST", Choice(Action.USE, reason="LOST")),
        ("Perdido", Choice(Action.USE, reason="LOST")),
        ("Competitor", Choice(Action.USE, reason="COMPETITOR")),
        ("Duplicate", Choice(Action.MAKE, outcome="neither")),
        ("Closed", REFUSE),
        ("Afgesloten", REFUSE),
        ("Verloren aan concurrent", Choice(Action.USE, reason="COMPETITOR")),
        ("Lost, no budget", Choice(Action.USE, reason="LOST")),
        ("Won't buy", Choice(Action.USE, reason="LOST")),
        ("Niet akkoord met prijs", Choice(Action.USE, reason="LOST")),
        ("Won - no discount", Choice(Action.USE, reason="WON")),
        ("Order geannuleerd", REFUSE),
        ("Order (cancelled)", REFUSE),
        ("Won (cancelled)", REFUSE),
        ("Order - not signed", REFUSE),
        ("Not won", REFUSE),
        ("Wacht op akkoord", REFUSE),
        ("Meeting cancelled", REFUSE),
        ("No answer", EMPTY),
    ],
)
def test_a_status_says_open_or_how_it_was_closed(text: str, choice: Choice) -> None:
    assert guess_status(text, REASONS) == choice


def test_a_status_of_loss_makes_a_reason_where_there_is_none() -> None:
    assert guess_status("Verloren aan concurrent", []) == Choice(Action.MAKE, outcome="lost")


def test_a_column_of_reasons_says_how_it_was_closed_but_not_what_is_unclear() -> None:
    assert guess_status("Closed", REASONS, has_reason=True) == EMPTY
    assert guess_status("Order geannuleerd", REASONS, has_reason=True) == REFUSE


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Competitor", Choice(Action.USE, "COMPETITOR")),
        ("competitor", Choice(Action.USE, "COMPETITOR")),
        ("Concurrent", Choice(Action.USE, "COMPETITOR")),
        ("Went to a competitor", Choice(Action.USE, "COMPETITOR")),
        ("Gewonnen", Choice(Action.USE, "WON")),
        ("Verloren", Choice(Action.USE, "LOST")),
        ("Price too high", Choice(Action.MAKE, outcome="lost")),
        ("Won by referral", Choice(Action.MAKE, outcome="won")),
        ("Won - no discount", Choice(Action.USE, "WON")),
        ("Order signed", Choice(Action.MAKE, outcome="won")),
        ("Duplicate lead", Choice(Action.MAKE, outcome="neither")),
        ("日本", Choice(Action.MAKE, outcome="lost")),
        ("", EMPTY),
    ],
)
def test_a_reason_is_found_or_made_with_its_outcome(text: str, choice: Choice) -> None:
    assert guess_reason(text, REASONS) == choice


@pytest.mark.parametrize(
    "text",
    [
        "Not won",
        "Niet gewonnen",
        "Won't buy",
        "Won’t buy",
        "Didn't order",
        "Order cancelled",
        "Order lost",
        "Order (cancelled)",
        "Order - not signed",
        "Cancelled - order",
        "Won (cancelled)",
        "No order",
        "Geen opdracht",
        "Opdracht vervallen",
        "Niet akkoord met prijs",
        "Not accepted",
        "Quote not signed",
        "Not a duplicate",
    ],
)
def test_words_that_deny_an_outcome_never_make_a_reason_for_won(text: str) -> None:
    assert guess_reason(text, REASONS) == Choice(Action.MAKE, outcome="lost")


def test_a_reason_that_is_archived_is_not_proposed() -> None:
    archived = [replace(each, archived_at_utc=GONE) for each in REASONS]
    later = reason("SOLD", "Sold", Outcome.WON)
    assert guess_status("Won", [*archived, later]) == Choice(Action.USE, reason="SOLD")
    assert guess_reason("Competitor", archived) == Choice(Action.MAKE, outcome="lost")


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("CUSTOMER", Choice(Action.USE, "CUSTOMER")),
        ("Klant", Choice(Action.USE, "CUSTOMER")),
        ("customers", Choice(Action.USE, "CUSTOMER")),
        ("Kunde", Choice(Action.USE, "CUSTOMER")),
        ("Cliente", Choice(Action.USE, "CUSTOMER")),
        ("Existing customer", Choice(Action.USE, "CUSTOMER")),
        ("prospects", Choice(Action.USE, "PROSPECT")),
        ("Potential customer", Choice(Action.USE, "PROSPECT")),
        ("lead", Choice(Action.USE, "LEAD")),
        ("Leverancier", MAKE),
        ("Partner", MAKE),
        ("", EMPTY),
    ],
)
def test_an_account_type_is_found_by_its_name_or_meaning(text: str, choice: Choice) -> None:
    assert guess_account_type(text, TYPES) == choice


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("Ann de Boer", Choice(Action.USE, "ADB")),
        ("ANN DE BOER", Choice(Action.USE, "ADB")),
        ("adb", Choice(Action.USE, "ADB")),
        ("Boer, Ann de", Choice(Action.USE, "ADB")),
        ("Zoe Muller", Choice(Action.USE, "ZM")),
        ("Ann de Boer - Sales", Choice(Action.USE, "ADB")),
        ("Ann", MAKE),
        ("Bob Gone", MAKE),
        ("Darcel Schlecht", MAKE),
        ("Zm-Jan", MAKE),
        ("", EMPTY),
    ],
)
def test_an_owner_is_found_by_name_or_initials(text: str, choice: Choice) -> None:
    assert guess_owner(text, PEOPLE) == choice


@given(text=st.text(max_size=40))
def test_every_text_gets_a_proposal_that_can_be_carried_out(text: str) -> None:
    own = funnel()
    codes = {phase.code for phase in own.phases}
    phase = guess_phase(text, own, REASONS)
    assert (phase.action is Action.USE) == (phase.code in codes)
    assert guess_reason(text, REASONS).action in (Action.USE, Action.MAKE, Action.EMPTY)
    status = guess_status(text, REASONS)
    assert (status.action is Action.USE) == bool(status.reason)
    assert guess_account_type(text, TYPES).action is not Action.REFUSE
    assert guess_owner(text, PEOPLE).action is not Action.REFUSE
