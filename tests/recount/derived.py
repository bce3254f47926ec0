"""What `lead_span` and `lead_stay` have to hold, derived from the history one lead at a time."""

from datetime import UTC, datetime
from typing import Any

from tests.recount.closings import last_phase_before_closing
from tests.recount.history import History, Life, Step
from tests.recount.time_in_phase import seconds_spent

Row = dict[str, Any]
STILL = datetime(9999, 12, 31, tzinfo=UTC)


def spans(history: History) -> list[Row]:
    return [_span(step) for life in history.lives for step in life.steps]


def _span(step: Step) -> Row:
    state, before = step.state, step.before
    return {
        "lead_id": state.lead_id,
        "version": state.version,
        "valid_from_utc": step.at,
        "valid_to_utc": step.until or STILL,
        "account_type_id": state.account_type_id,
        "phase_id": state.phase_id,
        "owner_id": state.owner_id,
        "score": state.score,
        "expected_value": state.expected_value,
        "recurring_value": state.recurring_value,
        "expected_close_date": state.expected_close_date,
        "closing_reason_id": state.closing_reason_id,
        "opened_at_utc": state.opened_at_utc,
        "phase_entered_at_utc": state.phase_entered_at_utc,
        "is_open": state.is_open,
        "was_open": before.is_open if before else None,
        "previous_account_type_id": before.account_type_id if before else None,
        "previous_owner_id": before.owner_id if before else None,
        "previous_phase_id": before.phase_id if before else None,
        "previous_score": before.score if before else None,
        "previous_expected_value": before.expected_value if before else None,
        "previous_recurring_value": before.recurring_value if before else None,
    }


def stays(history: History) -> list[Row]:
    return [_stay(life, phase_id) for life in history.lives for phase_id in life.been_in]


def _stay(life: Life, phase_id: Any) -> Row:
    now, visits = life.now, life.visits_to(phase_id)
    left = [visit.left_at_utc for visit in visits if visit.left_at_utc]
    return {
        "lead_id": now.lead_id,
        "phase_id": phase_id,
        "visit_count": len(visits),
        "seconds_spent": seconds_spent(life, phase_id),
        "left_at_utc": max(left) if len(left) == len(visits) else None,
        "score": visits[-1].score,
        "expected_value": visits[-1].expected_value,
        "recurring_value": visits[-1].recurring_value,
        "is_last_before_closing": not now.is_open and last_phase_before_closing(life) == phase_id,
        "account_type_id": now.account_type_id,
        "owner_id": now.owner_id,
        "opened_at_utc": now.opened_at_utc,
        "closed_at_utc": now.closed_at_utc,
        "closing_reason_id": now.closing_reason_id,
    }
