"""The moves of a lead (L2 to L5), on values alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crmplus.domain import journey
from crmplus.domain.closing_reason import ClosingReason, Outcome
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.journey import Step
from crmplus.domain.lead import Lead, LeadValues, PhaseRecord, RecordState
from crmplus.domain.phase import Phase, PhaseType

OWN, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
Q, R, C = PhaseType.QUALIFICATION, PhaseType.REGULAR, PhaseType.CLOSING
CALL, MEET, CALC, QUOTE, END, END2 = (
    Phase(UUID(int=10 + i), OWN, f"P{i}", f"P{i}", t, i, None, 1) for i, t in enumerate([Q, R, R, R, C, C])
)
FUNNEL = Funnel.of(OWN, [CALL, MEET, CALC, QUOTE, END, END2])
THERE = Phase(UUID(int=30), OTHER, "T0", "T0", Q, 0, None, 1)
THERE2 = Phase(UUID(int=31), OTHER, "T1", "T1", R, 1, None, 1)
WON = ClosingReason(UUID(int=40), "WON", "Won", 1, Outcome.WON, None, 1)
VALUES = LeadValues(40, Decimal("1000.00"), Decimal("25.50"), NOW.date(), "met")


def begun() -> tuple[Lead, PhaseRecord]:
    step = journey.start(UUID(int=50), UUID(int=51), None, "", CALL, NOW)
    return step.lead, step.added[0]


def standing_in(phase: Phase) -> tuple[Lead, PhaseRecord]:
    lead, record = begun()
    return replace(lead, phase_id=phase.id), replace(record, phase_id=phase.id)


def closed() -> Lead:
    return journey.close(*begun(), FUNNEL, END, WON, VALUES, LATER).lead


def states(step: Step) -> list[tuple[UUID, RecordState, int]]:
    return [(r.phase_id, r.state, r.visit_number) for r in step.added]


def test_u3_a_lead_begins_with_one_visit_and_nothing_recorded() -> None:
    lead, record = begun()
    assert (record.state, record.visit_number, record.phase_id) == (RecordState.CURRENT, 1, CALL.id)
    assert (lead.version, lead.is_open, lead.score, lead.opened_at_utc) == (1, True, None, NOW)


def test_l1_saving_records_the_values_in_the_lead_and_in_its_visit() -> None:
    step = journey.save(*begun(), VALUES)
    for kept in (step.lead, step.changed):
        assert kept is not None
        assert (kept.score, kept.expected_value, kept.recurring_value) == (
            40,
            VALUES.expected_value,
            Decimal("25.50"),
        )
    assert step.changed is not None and step.changed.note == "met"
    assert step.added == ()


def test_l2_completing_goes_to_the_next_phase_with_the_values_as_a_proposal() -> None:
    step = journey.complete(*begun(), FUNNEL, VALUES, LATER)
    left, visit = step.changed, step.added[-1]
    assert left is not None
    assert (left.state, left.left_at_utc, left.note) == (RecordState.COMPLETED, LATER, "met")
    assert states(step) == [(MEET.id, RecordState.CURRENT, 2)]
    assert (visit.score, visit.expected_value, visit.note) == (40, Decimal("1000.00"), "")
    assert (step.lead.phase_id, step.lead.phase_entered_at_utc) == (MEET.id, LATER)


def test_l2_completing_the_last_regular_phase_enters_closing_without_closing_the_lead() -> None:
    step = journey.complete(*standing_in(QUOTE), FUNNEL, VALUES, LATER)
    assert states(step) == [(END.id, RecordState.CURRENT, 2)]
    assert step.lead.is_open


def test_l2_completing_without_a_score_is_refused_at_the_field() -> None:
    with pytest.raises(Invalid) as refused:
        journey.complete(*begun(), FUNNEL, LeadValues(), LATER)
    assert set(refused.value.fields) == {"score"}


def test_c2_completing_a_closing_phase_asks_for_a_reason() -> None:
    with pytest.raises(Refused, match="closing reason"):
        journey.complete(*standing_in(END), FUNNEL, VALUES, LATER)


def test_p3_completing_where_no_phase_follows_says_that_a_closing_phase_is_missing() -> None:
    for phases in ([CALL, QUOTE], [QUOTE]):
        with pytest.raises(Refused, match="No closing phase yet"):
            journey.complete(*standing_in(QUOTE), Funnel.of(OWN, phases), VALUES, LATER)


def test_l3_going_ahead_records_what_is_jumped_over_as_skipped() -> None:
    step = journey.move(*begun(), FUNNEL, QUOTE, VALUES, LATER)
    skip, here = RecordState.SKIPPED, RecordState.CURRENT
    assert states(step) == [(MEET.id, skip, 2), (CALC.id, skip, 3), (QUOTE.id, here, 4)]
    assert step.changed is not None and step.changed.state is RecordState.LEFT
    assert step.lead.visit_number == 4
    assert all(r.entered_at_utc == r.left_at_utc == LATER for r in step.added[:-1])
    assert all(r.score is None and r.expected_value is None for r in step.added[:-1])


def test_l3_going_back_is_a_new_visit_and_overwrites_nothing() -> None:
    step = journey.move(*standing_in(QUOTE), FUNNEL, CALL, VALUES, LATER)
    assert states(step) == [(CALL.id, RecordState.CURRENT, 2)]
    assert step.changed is not None and step.changed.visit_number == 1


def test_l3_moving_to_where_it_stands_is_refused() -> None:
    with pytest.raises(Refused, match="already"):
        journey.move(*begun(), FUNNEL, CALL, VALUES, LATER)


@pytest.mark.parametrize("phase", [CALL, MEET, CALC, QUOTE])
def test_l4_a_lead_can_be_closed_from_any_phase_and_skips_what_lies_between(phase: Phase) -> None:
    step = journey.close(*standing_in(phase), FUNNEL, END2, WON, VALUES, LATER)
    *skipped, visit = step.added
    assert [r.phase_id for r in skipped] == [p.id for p in FUNNEL.between(phase, END2)]
    assert (visit.state, visit.phase_id, visit.closing_reason_id) == (RecordState.CLOSED, END2.id, WON.id)
    assert (step.lead.closing_reason_id, step.lead.closed_at_utc) == (WON.id, LATER)
    assert visit.visit_number == step.lead.visit_number
    assert (visit.score, visit.left_at_utc) == (40, LATER)


def test_l4_a_lead_in_its_closing_phase_ends_there_without_another_visit() -> None:
    step = journey.close(*standing_in(END), FUNNEL, END, WON, VALUES, LATER)
    assert step.added == ()
    assert step.changed is not None
    assert (step.changed.state, step.changed.closing_reason_id) == (RecordState.CLOSED, WON.id)


def test_l4_a_lead_in_one_closing_phase_may_end_in_another() -> None:
    step = journey.close(*standing_in(END), FUNNEL, END2, WON, VALUES, LATER)
    assert states(step) == [(END2.id, RecordState.CLOSED, 2)]


def test_c2_a_reason_can_be_chosen_in_a_closing_phase_only() -> None:
    with pytest.raises(Refused, match="closing phase only"):
        journey.close(*begun(), FUNNEL, QUOTE, WON, VALUES, LATER)


def test_l5_a_closed_lead_is_read_only() -> None:
    lead, record = closed(), begun()[1]
    for attempt in (
        lambda: journey.save(lead, record, VALUES),
        lambda: journey.complete(lead, record, FUNNEL, LeadValues(), LATER),
        lambda: journey.complete(lead, record, Funnel.of(OWN, []), VALUES, LATER),
        lambda: journey.move(lead, record, FUNNEL, CALL, VALUES, LATER),
        lambda: journey.move(lead, record, FUNNEL, END, VALUES, LATER),
        lambda: journey.close(lead, record, FUNNEL, END, WON, VALUES, LATER),
        lambda: journey.transfer(lead, record, FUNNEL, CALL, LATER),
        lambda: journey.relocate(lead, record, FUNNEL, CALL, LATER),
    ):
        with pytest.raises(Refused, match="closed"):
            attempt()


def test_l5_a_reopened_lead_has_no_outcome_and_its_closing_stays_in_the_history() -> None:
    lead = closed()
    step = journey.reopen(lead, FUNNEL, CALC, LATER)
    assert (step.lead.is_open, step.lead.closing_reason_id) == (True, None)
    assert step.changed is None
    assert states(step) == [(CALC.id, RecordState.CURRENT, lead.visit_number + 1)]
    assert step.lead.opened_at_utc == lead.opened_at_utc
    assert step.added[0].score == 40


def test_l5_reopening_an_open_lead_is_refused() -> None:
    with pytest.raises(Refused, match="open already"):
        journey.reopen(begun()[0], FUNNEL, CALC, LATER)


def test_l1_values_out_of_bounds_are_refused_by_every_move() -> None:
    wrong = replace(VALUES, score=101)
    for attempt in (
        lambda: journey.save(*begun(), wrong),
        lambda: journey.complete(*begun(), FUNNEL, wrong, LATER),
        lambda: journey.move(*begun(), FUNNEL, CALC, wrong, LATER),
        lambda: journey.close(*begun(), FUNNEL, END, WON, wrong, LATER),
    ):
        with pytest.raises(Invalid):
            attempt()


def test_u4_a_transferred_lead_goes_on_in_the_other_funnel_with_its_values() -> None:
    saved = journey.save(*begun(), VALUES)
    assert saved.changed
    step = journey.transfer(saved.lead, saved.changed, Funnel.of(OTHER, [THERE, THERE2]), THERE2, LATER)
    assert (step.lead.account_type_id, step.lead.phase_id, step.lead.score) == (OTHER, THERE2.id, 40)
    assert states(step) == [(THERE.id, RecordState.SKIPPED, 2), (THERE2.id, RecordState.CURRENT, 3)]
    assert step.changed is not None and step.changed.state is RecordState.LEFT


def test_p4_a_relocated_lead_keeps_its_values_and_leaves_its_visit_as_it_was() -> None:
    saved = journey.save(*begun(), VALUES)
    assert saved.changed
    step = journey.relocate(saved.lead, saved.changed, FUNNEL, CALC, LATER)
    assert step.changed == replace(saved.changed, state=RecordState.LEFT, left_at_utc=LATER)
    assert states(step) == [(MEET.id, RecordState.SKIPPED, 2), (CALC.id, RecordState.CURRENT, 3)]
    assert step.lead.expected_value == VALUES.expected_value
