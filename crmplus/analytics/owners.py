"""Owners side by side: what each has open, what of it is ageing, what was won, against the target."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from crmplus.analytics.ageing import bounds_of
from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import ClosingFigures, measure_closings
from crmplus.domain.actor import Actor, Permission
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PHASE


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """What is open now: amounts in the workspace's currency, recurring ones per period."""

    open_count: int = 0
    expected_value: Decimal = Decimal(0)
    weighted_value: Decimal = Decimal(0)
    weighted_recurring_value: Decimal = Decimal(0)
    ageing_count: int = 0

    def __add__(self, other: "OpenFigures") -> "OpenFigures":
        return OpenFigures(
            self.open_count + other.open_count,
            self.expected_value + other.expected_value,
            self.weighted_value + other.weighted_value,
            self.weighted_recurring_value + other.weighted_recurring_value,
            self.ageing_count + other.ageing_count,
        )


@dataclass(frozen=True, slots=True)
class OwnerFigures:
    """One owner's leads; `target` is what was to be won in the months of the period, if anything."""

    open: OpenFigures = field(default_factory=OpenFigures)
    closed: ClosingFigures = field(default_factory=ClosingFigures)
    target: Decimal | None = None

    @property
    def share_of_target(self) -> Decimal | None:
        """Won value / target; None without a target above zero."""
        return self.closed.won.value / self.target if self.target else None


@dataclass(frozen=True, slots=True)
class Owners:
    """Every owner with an open lead, a closing in the period or a target in it, and all of them.

    The one who won most comes first; None stands for leads of nobody.
    """

    by_owner: tuple[tuple[UUID | None, OwnerFigures], ...]
    total: OwnerFigures


class OwnerLeads(StrEnum):
    """Which open leads of an owner to list."""

    OPEN = "open"
    AGEING = "ageing"


def measure_owners(database: Database, actor: Actor, chosen: Choice, today: date) -> Owners:
    """M1, M3's ageing on a day, M4, M5 and the targets, by owner.

    Targets are those of the months up to today's, whole ones but for today's, and of all account
    types: other days, and one account type, have none.
    """
    actor.require(Permission.VIEW)
    closings = measure_closings(database, actor, chosen)
    with database.read(actor.sight) as connection:
        limits = _limits(connection, chosen, today)
        found = connection.rows("owners_open", **limits, **_who(chosen))
        targets = _targets(connection, chosen, today)
    opened = {row["owner_id"]: _open(row) for row in found}
    closed = dict(closings.by_owner)
    figures = {
        owner_id: OwnerFigures(
            opened.get(owner_id, OpenFigures()),
            closed.get(owner_id, ClosingFigures()),
            targets.get(owner_id),
        )
        for owner_id in opened.keys() | closed.keys() | targets.keys()
    }
    total = OwnerFigures(
        sum(opened.values(), OpenFigures()),
        closings.total,
        sum(targets.values(), Decimal(0)) if targets else None,
    )
    return Owners(tuple(sorted(figures.items(), key=_most_won_first)), total)


def list_owner_leads(
    database: Database,
    actor: Actor,
    chosen: Choice,
    which: OwnerLeads,
    of_nobody: bool,
    today: date,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the open or ageing leads of a choice, heaviest first; `amount` is the weighted value."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        parameters = {
            **_limits(connection, chosen, today),
            **_who(chosen),
            "of_nobody": of_nobody,
            "only_ageing": which is OwnerLeads.AGEING,
        }
        leads, total = leads_behind(connection, "owner_leads", parameters, limit, offset)
    return [replace(lead, amount=(lead.amount or Decimal(0)) / 100) for lead in leads], total


def _limits(connection: Connection, chosen: Choice, today: date) -> dict[str, object]:
    return bounds_of(PHASE.where(connection), today, chosen.period.zone)


def _targets(connection: Connection, chosen: Choice, today: date) -> dict[UUID | None, Decimal]:
    """By owner, for whole months, or for those up to today: a week has no share in a month's target."""
    period = chosen.period
    last = min(period.end or today, today)
    ends_with_its_month = last == today or (last + timedelta(days=1)).day == 1
    begins_with_its_month = period.start is None or period.start.day == 1
    if chosen.account_type_id or not begins_with_its_month or not ends_with_its_month:
        return {}
    rows = connection.rows(
        "owners_targets",
        owner_id=chosen.owner_id,
        first_month=period.start,
        last_month=last.replace(day=1),
    )
    return {row["owner_id"]: row["amount"] for row in rows}


def _who(chosen: Choice) -> dict[str, object]:
    return {"account_type_id": chosen.account_type_id, "owner_id": chosen.owner_id}


def _open(row: Mapping[str, Any]) -> OpenFigures:
    return OpenFigures(
        row["open_count"],
        row["expected_value"],
        row["expected_times_score"] / 100,
        row["recurring_times_score"] / 100,
        row["ageing_count"],
    )


def _most_won_first(owned: tuple[UUID | None, OwnerFigures]) -> tuple[Decimal, Decimal, str]:
    owner_id, figures = owned
    return -figures.closed.won.value, -figures.open.weighted_value, str(owner_id)
