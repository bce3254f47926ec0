"""The stepper: a funnel drawn as the steps of one lead, or as a manager laid it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import escape
from uuid import UUID

import streamlit as st

from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.lead import PhaseRecord, RecordState
from crmplus.domain.phase import Phase
from crmplus.services.leads import LeadCard
from crmplus.ui.session import _, _n, language, now, workspace
from crmplus.ui.words import outcome_name, per_period, phase_type_name


class StepState(StrEnum):
    DONE = "done"
    NOW = "now"
    SKIPPED = "skipped"
    AHEAD = "ahead"
    WON = "won"
    LOST = "lost"
    NEITHER = "neither"


_SIGNS = {
    StepState.DONE: "✓",
    StepState.SKIPPED: "–",
    StepState.WON: "✓",
    StepState.LOST: "✕",
    StepState.NEITHER: "–",
}


_LATE = "\N{WARNING SIGN}\N{VARIATION SELECTOR-15} "


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """One step: what it is called, how it stands, and a few short lines on it."""

    name: str
    state: StepState
    notes: tuple[str, ...]


def steps_of(card: LeadCard, reasons: dict[UUID, ClosingReason]) -> list[DrawnStep]:
    """The steps of a lead: done with date and values, now, skipped, to come."""
    newest = {record.phase_id: record for record in card.records}
    return [_step(card, phase, newest.get(phase.id), reasons) for phase in card.phases]


def draw(steps: Sequence[DrawnStep], kind: str = "whole", first_number: int = 1) -> None:
    """Draw steps in a row. `kind` "part" shows on phones only, "whole" on wider screens only,
    "always" on both."""
    items = "".join(_item(step, number) for number, step in enumerate(steps, first_number))
    label = escape(_("Sales flow"))
    st.html(f'<ol class="crm-stepper crm-{kind}" aria-label="{label}">{items}</ol>')


def draw_funnel(phases: Sequence[Phase], lead_counts: dict[UUID, int]) -> None:
    """A funnel as it is laid out, with the open leads that stand in each phase."""
    steps = [
        DrawnStep(
            phase.description,
            StepState.DONE,
            (
                phase_type_name(phase.phase_type),
                _n("{count} open lead", "{count} open leads", lead_counts.get(phase.id, 0)),
                *_limit(phase),
            ),
        )
        for phase in phases
    ]
    items = "".join(_item(step, number, sign=str(number)) for number, step in enumerate(steps, 1))
    label = escape(_("Funnel"))
    st.html(f'<ol class="crm-stepper crm-always" aria-label="{label}">{items}</ol>')


def _step(
    card: LeadCard, phase: Phase, record: PhaseRecord | None, reasons: dict[UUID, ClosingReason]
) -> DrawnStep:
    if phase.id == card.lead.phase_id:
        return _standing(card, phase, reasons)
    if phase.sort_key > card.phase.sort_key or record is None:
        ahead = (_("to come"),) if card.lead.is_open else ()
        return DrawnStep(phase.description, StepState.AHEAD, (*ahead, *_earlier(record)))
    if record.state is RecordState.SKIPPED:
        return DrawnStep(
            phase.description, StepState.SKIPPED, (_("skipped"), *_earlier(_visit_to(card, phase)))
        )
    done = _("done {date}", date=_date(record.left_at_utc or record.entered_at_utc))
    return DrawnStep(phase.description, StepState.DONE, (done, *_values(record)))


def _standing(card: LeadCard, phase: Phase, reasons: dict[UUID, ClosingReason]) -> DrawnStep:
    lead = card.lead
    if lead.closed_at_utc and lead.closing_reason_id:
        reason = reasons[lead.closing_reason_id]
        outcome = outcome_name(reason.outcome)
        is_said = reason.description.casefold() == outcome.casefold()
        note = reason.description if is_said else f"{reason.description} ({outcome})"
        return DrawnStep(
            phase.description, StepState(reason.outcome.value), (note, _date(lead.closed_at_utc))
        )
    age = _age_in_days(lead.phase_entered_at_utc)
    ageing = [_LATE + _("ageing: {limit}", limit=limit) for limit in _limit(phase) if phase.is_ageing(age)]
    return DrawnStep(
        phase.description,
        StepState.NOW,
        (_("now, {days}", days=language().days(age)), *ageing, *_values(card.current)),
    )


def _age_in_days(entered_at_utc: datetime) -> int:
    """Days that a lead stands in its phase, of the workspace's calendar as figures count them (M3)."""
    zone = workspace().zone
    return (now().astimezone(zone).date() - entered_at_utc.astimezone(zone).date()).days


def _limit(phase: Phase) -> tuple[str, ...]:
    """The days that a lead may stand in it, where there is a limit."""
    if phase.limit_days is None:
        return ()
    return (_("limit {days}", days=language().days(phase.limit_days)),)


def _visit_to(card: LeadCard, phase: Phase) -> PhaseRecord | None:
    """The newest real visit to a phase."""
    visits = [r for r in card.records if r.phase_id == phase.id and r.state is not RecordState.SKIPPED]
    return visits[-1] if visits else None


def _earlier(record: PhaseRecord | None) -> tuple[str, ...]:
    """That a phase to come was visited before, where the lead went back."""
    if record is None or record.state is RecordState.SKIPPED:
        return ()
    return (_("visited {date}", date=_date(record.entered_at_utc)),)


def _values(record: PhaseRecord) -> tuple[str, ...]:
    """What was recorded, in at most two lines: score and one-off value, then recurring value."""
    words, first = language(), []
    if record.score is not None:
        first.append(_("score {score}", score=record.score))
    if record.expected_value is not None:
        first.append(words.round_money(record.expected_value))
    recurring = record.recurring_value
    second = f"{words.round_money(recurring)} {per_period(workspace().recurring_period)}" if recurring else ""
    return tuple(filter(None, (" · ".join(first), second)))


def _date(moment: datetime) -> str:
    return language().local_date(moment)


def _item(step: DrawnStep, number: int, sign: str | None = None) -> str:
    current = ' aria-current="step"' if step.state is StepState.NOW else ""
    notes = "".join(f"<div>{escape(note)}</div>" for note in step.notes)
    return (
        f'<li class="{step.state.value}"{current}>'
        f'<div class="crm-line"><span class="crm-dot" aria-hidden="true">'
        f"{sign or _SIGNS.get(step.state, str(number))}</span></div>"
        f'<div class="crm-name">{escape(step.name)}</div><div class="crm-note">{notes}</div></li>'
    )
