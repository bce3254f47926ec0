"""One lead of the demo lives its life: every deed goes through the service a rep would use."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from crmplus.domain.actor import Actor
from crmplus.domain.closing_reason import ClosingReason, Outcome
from crmplus.domain.funnel import Funnel
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.phase import PhaseType
from crmplus.services.demo_plan import Act, Deed, Life
from crmplus.services.demo_words import Words
from crmplus.services.leads import (
    close_lead,
    complete_phase,
    describe_lead,
    move_lead,
    reopen_lead,
    save_lead,
)
from crmplus.store.database import Database


@dataclass(frozen=True, slots=True)
class Stage:
    """What all leads of the demo have in common."""

    database: Database
    rng: random.Random
    words: Words
    reasons: Sequence[ClosingReason]

    def reason(self, outcome: Outcome) -> ClosingReason:
        """One with this outcome; the first is as likely as all others together."""
        fitting = [reason for reason in self.reasons if reason.outcome is outcome]
        return fitting[0] if self.rng.random() < 0.5 else self.rng.choice(fitting)


def live(
    stage: Stage, actor: Actor, lead: Lead, funnel: Funnel, life: Life, moments: Sequence[datetime]
) -> Lead:
    """Do to a lead that was just started what its life holds further, each deed at its moment."""
    values = LeadValues()
    for deed, at in zip(life.deeds[1:], moments[1:], strict=True):
        if deed.act is Act.TITLE:
            title = lead.title or stage.words.title()
            lead = describe_lead(stage.database, actor, lead.id, lead.version, title, lead.owner_id, at)
            continue
        values = _learned(stage, life, deed, values, at.date())
        lead = _done(stage, actor, lead, funnel, deed, values, at)
        if deed.act is not Act.SAVE:
            values = replace(values, note="")
    return lead


def _done(
    stage: Stage, actor: Actor, lead: Lead, funnel: Funnel, deed: Deed, values: LeadValues, at: datetime
) -> Lead:
    database, target = stage.database, funnel.phases[deed.place]
    match deed.act:
        case Act.SAVE:
            return save_lead(database, actor, lead.id, lead.version, values, at)
        case Act.COMPLETE:
            return complete_phase(database, actor, lead.id, lead.version, values, at)
        case Act.REOPEN:
            return reopen_lead(database, actor, lead.id, lead.version, target.id, at)
        case Act.CLOSE if deed.outcome:
            closing = funnel.of_type(PhaseType.CLOSING)[0]
            reason = stage.reason(deed.outcome)
            return close_lead(database, actor, lead.id, lead.version, closing.id, reason.id, values, at)
        case _:
            return move_lead(database, actor, lead.id, lead.version, target.id, values, at)


def _learned(stage: Stage, life: Life, deed: Deed, values: LeadValues, day: date) -> LeadValues:
    """What is known after one more contact: reopening alone teaches nothing."""
    if deed.act is Act.REOPEN:
        return values
    rng = stage.rng
    return LeadValues(
        score=_score(rng, life, values.score),
        expected_value=_expected(rng, values.expected_value),
        recurring_value=_recurring(rng, values),
        expected_close_date=_close_date(rng, values.expected_close_date, day)
        if life.has_close_date
        else None,
        note=stage.words.note(_mood(rng, life, deed)) if deed.outcome or rng.random() < 0.5 else values.note,
    )


def _mood(rng: random.Random, life: Life, deed: Deed) -> str:
    """Which kind of note fits; now and then a promising lead has bad news, and the other way round."""
    if deed.outcome:
        return deed.outcome.value
    if deed.act is Act.MOVE and rng.random() < 0.5:
        return "went_back"
    return "going_well" if life.is_promising == (rng.random() < 0.8) else "going_badly"


def _score(rng: random.Random, life: Life, score: int | None) -> int:
    if score is None:
        return rng.randint(20, 50) if life.is_promising else rng.randint(10, 45)
    change = rng.randint(2, 20) if life.is_promising else rng.randint(-14, 8)
    surprise = rng.random() < 0.12
    return min(96, max(3, score - change if surprise else score + change))


def _expected(rng: random.Random, value: Decimal | None) -> Decimal:
    """A round amount; later calls mostly leave it as it is."""
    if value is not None and rng.random() < 0.7:
        return value
    drawn = float(value) * rng.uniform(0.8, 1.25) if value else rng.lognormvariate(8.4, 0.9)
    unit = 50 if drawn < 5_000 else 250
    rounded = Decimal(max(4, round(drawn / unit)) * unit)
    return rounded - Decimal("0.05") * rng.randint(1, 19) if rng.random() < 0.05 else rounded


def _recurring(rng: random.Random, values: LeadValues) -> Decimal:
    if values.recurring_value is not None:
        return values.recurring_value
    return Decimal(0) if rng.random() < 0.45 else Decimal(rng.randint(1, 24) * 25)


def _close_date(rng: random.Random, expected: date | None, day: date) -> date:
    """Put off once it has passed."""
    if expected is None or expected < day:
        return day + timedelta(days=rng.randint(12, 80))
    return expected + timedelta(days=rng.randint(7, 30)) if rng.random() < 0.1 else expected
