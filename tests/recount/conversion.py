"""M2: how far the leads opened in some days ever got, and where they were dropped."""

from dataclasses import dataclass, field
from uuid import UUID

from tests.recount.history import Asked, History, Life


@dataclass(slots=True)
class Reached:
    """One step of the funnel, None for Won: keys of leads. Dropped: those that got no further."""

    phase_id: UUID | None
    leads: set[UUID] = field(default_factory=set)
    skipped: set[UUID] = field(default_factory=set)
    still_open: set[UUID] = field(default_factory=set)
    lost: dict[UUID, set[UUID]] = field(default_factory=dict)
    neither: dict[UUID, set[UUID]] = field(default_factory=dict)


def cohort(history: History, asked: Asked) -> list[Life]:
    return [life for life in history.of(asked) if asked.covers(life.now.opened_at_utc)]


def reached_funnel(history: History, asked: Asked) -> list[Reached]:
    """A step a phase in use, closing ones excepted, and Won at the end."""
    order = [p.id for p in history.funnel(asked.account_type_id) if p.phase_type != "closing"]
    steps = [Reached(phase_id) for phase_id in [*order, None]]
    for life in cohort(history, asked):
        furthest = _furthest(history, order, life)
        for place, step in enumerate(steps[: furthest + 1]):
            step.leads.add(life.now.lead_id)
            if place < len(order) and not life.visits_to(order[place]):
                step.skipped.add(life.now.lead_id)
        if furthest < len(order):
            _drop(history, steps[furthest], life)
    return steps


def _furthest(history: History, order: list[UUID], life: Life) -> int:
    """The place of the last step that a lead reached."""
    if history.outcome(life.now) == "won":
        return len(order)
    return max((place for place, phase_id in enumerate(order) if life.visits_to(phase_id)), default=0)


def _drop(history: History, step: Reached, life: Life) -> None:
    reason_id, lead_id = life.now.closing_reason_id, life.now.lead_id
    if reason_id is None:
        step.still_open.add(lead_id)
    else:
        dropped = step.lost if history.outcome(life.now) == "lost" else step.neither
        dropped.setdefault(reason_id, set()).add(lead_id)
