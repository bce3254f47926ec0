"""Funnels: order (P2) and readiness (P3)."""

from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID

import pytest

from crmplus.domain.errors import NotFound, Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.phase import Phase, PhaseType

OWN, OTHER = UUID(int=1), UUID(int=2)
Q, R, C = PhaseType.QUALIFICATION, PhaseType.REGULAR, PhaseType.CLOSING


def phase(code: str, phase_type: PhaseType, order_number: int = 0, of: UUID = OWN) -> Phase:
    return Phase(UUID(bytes=code.encode().ljust(16)), of, code, code, phase_type, order_number, None, 1)


def archived(code: str, phase_type: PhaseType) -> Phase:
    return Phase(UUID(int=99), OWN, code, code, phase_type, 0, datetime(2026, 1, 1, tzinfo=UTC), 2)


CALL, MEET, CALC = phase("CALL", Q, 99), phase("MEET", R, 1), phase("CALC", R, 2)
WON, LOST = phase("WON", C, 0), phase("LOST", C, 0)
FUNNEL = Funnel.of(OWN, [CALL, MEET, CALC, WON, LOST])


def test_p2_a_funnel_starts_at_qualification_and_ends_at_closing_whatever_numbers_say() -> None:
    for order in permutations([CALL, MEET, CALC, WON, LOST]):
        assert Funnel.of(OWN, order).phases == (CALL, MEET, CALC, LOST, WON)


def test_p2_equal_numbers_go_by_code() -> None:
    b, a = phase("B", R, 5), phase("A", R, 5)
    assert Funnel.of(OWN, [b, a]).phases == (a, b)


def test_p2_archived_and_foreign_phases_are_no_part_of_it() -> None:
    assert Funnel.of(OWN, [CALL, archived("OLD", R), phase("THEIRS", R, of=OTHER)]).phases == (CALL,)


@pytest.mark.parametrize(
    ("phases", "words"),
    [
        ([], ["No qualification phase", "No closing phase"]),
        ([CALL], ["No closing phase"]),
        ([WON], ["No qualification phase"]),
        ([CALL, phase("CALL2", Q), WON], ["More than one qualification phase"]),
        ([CALL, archived("OLD", C)], ["No closing phase"]),
        ([CALL, WON], []),
        ([CALL, WON, LOST, MEET], []),
    ],
)
def test_p3_what_is_missing_is_said_in_words(phases: list[Phase], words: list[str]) -> None:
    funnel = Funnel.of(OWN, phases)
    assert len(funnel.missing) == len(words)
    assert all(str(lack).startswith(word) for lack, word in zip(funnel.missing, words, strict=True))
    assert funnel.is_ready is (not words)


def test_p3_starting_in_a_funnel_that_is_not_ready_is_refused_in_the_same_words() -> None:
    funnel = Funnel.of(OWN, [CALL])
    with pytest.raises(Refused) as refused:
        _ = funnel.first
    assert refused.value.message == funnel.missing[0]
    assert "no closing reason can be chosen" in str(refused.value)


def test_p2_completing_leads_from_each_phase_to_the_next_and_ends_at_closing() -> None:
    assert [FUNNEL.next_after(p) for p in (CALL, MEET, CALC, LOST, WON)] == [MEET, CALC, LOST, None, None]


def test_p2_the_next_of_an_archived_phase_is_the_next_that_is_left() -> None:
    assert Funnel.of(OWN, [CALL, CALC, WON]).next_after(MEET) == CALC
    assert Funnel.of(OWN, [CALL, MEET]).next_after(MEET) is None


def test_l3_what_a_move_jumps_over_never_holds_a_closing_phase_or_goes_backwards() -> None:
    assert FUNNEL.between(CALL, WON) == (MEET, CALC)
    assert FUNNEL.between(CALL, MEET) == ()
    assert FUNNEL.between(CALC, CALL) == ()
    assert FUNNEL.between(LOST, WON) == ()
    assert FUNNEL.before(CALC) == (CALL, MEET)
    assert FUNNEL.before(WON) == (CALL, MEET, CALC)


def test_a_phase_of_another_funnel_is_not_found() -> None:
    assert FUNNEL.phase(MEET.id) == MEET
    with pytest.raises(NotFound):
        FUNNEL.phase(UUID(int=5))
