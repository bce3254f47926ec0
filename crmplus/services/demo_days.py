"""What the demo's team keeps beside the funnel: next steps, notes, contact persons, saved views."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crmplus.domain.actor import Actor
from crmplus.domain.customer import Customer
from crmplus.domain.lead import Lead
from crmplus.domain.next_step import Due, NextStepDraft
from crmplus.domain.saved_view import SavedViewDraft
from crmplus.services.contact_persons import add_contact_person
from crmplus.services.demo_plan import Life, office_moments
from crmplus.services.demo_words import Words, demo_content
from crmplus.services.next_steps import add_next_step, finish_next_step
from crmplus.services.notes import add_note
from crmplus.services.saved_views import save_view
from crmplus.store.database import Database

_STALE_DAYS = 60
_DUE = {Due.OVERDUE: 18, Due.TODAY: 18, Due.COMING: 64}
"""How often the next step of an open lead is due when."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where it is done: `at` is now, and days are those of `zone`."""

    database: Database
    rng: random.Random
    words: Words
    at: datetime
    zone: ZoneInfo

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    @property
    def today(self) -> date:
        return self.day_of(self.at)

    def days_since(self, moment: datetime) -> int:
        """1 or more: on the day of `at` itself nothing is done yet."""
        return max(1, (self.today - self.day_of(moment)).days)

    def moment(self, days_ago: int, after: datetime) -> datetime:
        """In office hours so many days ago, yet later than another moment."""
        (moment,) = office_moments(self.rng, [days_ago], self.at, self.zone)
        return max(moment, after + timedelta(minutes=5))

    def often(self, share: float) -> bool:
        return self.rng.random() < share


def introduce(desk: Desk, actor: Actor, customer: Customer, after: datetime) -> None:
    """Half of the customers have contact persons, up to three."""
    count = desk.rng.choices((0, 1, 2, 3), (50, 25, 17, 8))[0]
    for person in desk.words.contact_persons(customer, count):
        at = desk.moment(desk.rng.randint(1, desk.days_since(after)), after)
        add_contact_person(desk.database, actor, customer.id, person, at)


def tend(desk: Desk, actor: Actor, lead: Lead, place: int, life: Life, last: datetime) -> None:
    """Note what was learned about a lead; where it is open, plan. `last` is when it was last changed.

    `place` counts from 0 the phase that it is in.
    """
    _write_notes(desk, actor, lead, life, last)
    if not lead.is_open:
        return
    if place > 0 and desk.often(0.4):
        _finish_step(desk, actor, lead, place - 1, last)
    is_stale = desk.days_since(last) > _STALE_DAYS
    if desk.often(0.6 if is_stale else 0.8):
        for _step in range(2 if desk.often(0.06) else 1):
            _plan_step(desk, actor, lead, place, last)


def share_views(desk: Desk, actor: Actor, language: str) -> None:
    """As somebody saved them on the working day before `at`."""
    views = demo_content()["saved_views"]
    moments = office_moments(desk.rng, [1] * len(views), desk.at, desk.zone)
    for view, at in zip(views, moments, strict=True):
        draft = SavedViewDraft(view["name"][language], view["page"], view["query"], is_shared=True)
        save_view(desk.database, actor, draft, at)


def _write_notes(desk: Desk, actor: Actor, lead: Lead, life: Life, last: datetime) -> None:
    if not desk.often(0.5):
        return
    mood = "going_well" if life.is_promising else "going_badly"
    first, newest = desk.days_since(lead.opened_at_utc), desk.days_since(last)
    for _note in range(desk.rng.choices((1, 2, 3), (6, 3, 1))[0]):
        at = desk.moment(desk.rng.randint(newest, first), lead.opened_at_utc)
        text = desk.words.note("learned" if desk.often(0.6) else mood)
        add_note(desk.database, actor, lead.id, text, at)


def _finish_step(desk: Desk, actor: Actor, lead: Lead, place: int, last: datetime) -> None:
    """One that was planned and done between the opening of a lead and its last change."""
    days = sorted(
        (desk.rng.randint(desk.days_since(last), desk.days_since(lead.opened_at_utc)) for _end in range(2)),
        reverse=True,
    )
    planned = desk.moment(days[0], lead.opened_at_utc)
    done = desk.moment(days[1], planned)
    due = max(desk.day_of(planned), desk.day_of(done) + timedelta(days=desk.rng.randint(-2, 2)))
    draft = NextStepDraft(desk.words.next_step(place), _working_day(due, forward=True))
    step = add_next_step(desk.database, actor, lead.id, draft, planned)
    finish_next_step(desk.database, actor, step.id, step.version, done)


def _plan_step(desk: Desk, actor: Actor, lead: Lead, place: int, last: datetime) -> None:
    """One that is open: overdue by a few days, due today, or within about two weeks."""
    rng = desk.rng
    due = rng.choices(list(_DUE), list(_DUE.values()))[0]
    late = rng.randint(1, 6) if due is Due.OVERDUE else 0
    planned = desk.moment(min(late + rng.randint(1, 7), desk.days_since(last)), last)
    match due:
        case Due.OVERDUE:
            day = max(_working_day(desk.today - timedelta(days=late), forward=False), desk.day_of(planned))
        case Due.TODAY:
            day = desk.today
        case Due.COMING:
            day = _working_day(desk.today + timedelta(days=rng.randint(1, 14)), forward=True)
    at = time(rng.randint(9, 16), rng.choice((0, 30))) if desk.often(0.2) else None
    add_next_step(desk.database, actor, lead.id, NextStepDraft(desk.words.next_step(place), day, at), planned)


def _working_day(day: date, forward: bool) -> date:
    """The day itself, or where it is in a weekend, one of the week after or before."""
    if day.weekday() < 5:
        return day
    return day + timedelta(days=2 if forward else -2)
