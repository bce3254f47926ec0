"""My day: what is to be done now, what comes, and which leads nobody has planned anything for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.next_step import Due
from crmplus.services.open_leads import LeadQuery, LeadSort, OpenLead, list_open_leads
from crmplus.store.database import Database

COMING_DAYS = 7
"""How many days after today a step may be due to be listed; later ones are only counted."""

LISTED_LEADS = 10
"""How many leads without a next step are listed, and how many that are ageing."""


@dataclass(frozen=True, slots=True)
class DueStep:
    """An open next step with what one needs to know of its lead to do it.

    `version` is the step's (L6); the day and the time are those of the workspace's zone; `phone` is
    the customer's; the amount is in the workspace's currency.
    """

    id: UUID
    version: int
    lead_id: UUID
    description: str
    due_date: date
    due_time: time | None
    customer_id: UUID
    number: str
    customer: str
    phone: str
    title: str
    phase_id: UUID
    owner_id: UUID | None
    expected_value: Decimal | None


@dataclass(frozen=True, slots=True)
class MyDay:
    """The day of one owner, or of everybody.

    Steps are listed from the one due first, of each kind as many as were asked for; the counts are of
    all there are. `later_count` are those due after the coming days. Leads without a next step are listed by
    expected value, highest first, ageing ones (M3) by days in their phase, most first.
    """

    overdue: tuple[DueStep, ...]
    today: tuple[DueStep, ...]
    coming: tuple[DueStep, ...]
    overdue_count: int
    today_count: int
    coming_count: int
    later_count: int
    without_step: tuple[OpenLead, ...]
    without_step_count: int
    ageing: tuple[OpenLead, ...]
    ageing_count: int
    lead_count: int
    ever_had_leads: bool


def get_my_day(
    database: Database, actor: Actor, owner_id: UUID | None, today: date, zone: ZoneInfo, limit: int = 15
) -> MyDay:
    """`owner_id` None is everybody; `limit` is how many steps of each kind are listed.

    Raises: NotPermitted.
    """
    actor.require(Permission.VIEW)
    until = today + timedelta(days=COMING_DAYS)
    with database.read(actor.sight) as connection:
        counts = connection.rows("my_day_counts", owner_id=owner_id, today=today, until=until)[0]
        found = connection.rows("my_day_steps", owner_id=owner_id, today=today, until=until, limit=limit)
    steps = [DueStep(**row) for row in found]
    leads = LeadQuery(today, zone, owner_id=owner_id, descending=True)
    without = replace(leads, is_without_step=True, sort=LeadSort.EXPECTED_VALUE)
    ageing = replace(leads, is_ageing=True, sort=LeadSort.AGE)
    without_step, without_step_count = list_open_leads(database, actor, without, LISTED_LEADS)
    ageing_leads, ageing_count = list_open_leads(database, actor, ageing, LISTED_LEADS)
    return MyDay(
        overdue=_due(steps, Due.OVERDUE, today),
        today=_due(steps, Due.TODAY, today),
        coming=_due(steps, Due.COMING, today),
        without_step=tuple(without_step),
        without_step_count=without_step_count,
        ageing=tuple(ageing_leads),
        ageing_count=ageing_count,
        **counts,
    )


def _due(steps: Iterable[DueStep], due: Due, today: date) -> tuple[DueStep, ...]:
    return tuple(step for step in steps if Due.of(step.due_date, today) is due)
