"""What the leads that an import makes are worth, so that a check can be held against the other system."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from crmplus.domain.closing_reason import Outcome
from crmplus.exchange.histories import History
from crmplus.exchange.meanings import Settings
from crmplus.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Worth:
    """New leads that stand or ended alike, `outcome` None for open ones; the sum of their expected value."""

    outcome: Outcome | None
    lead_count: int
    expected_value: Decimal


def worth_of_plan(connection: Connection, settings: Settings, histories: Iterable[History]) -> list[Worth]:
    """Open ones first, then by outcome; `histories` are the leads of a file of histories.

    The tables of the plan have to be on the connection still.
    """
    told = [(h.lead.closing_reason_id, 1, h.lead.expected_value or Decimal(0)) for h in histories]
    planned = [
        (
            row["closing_reason_id"] and UUID(row["closing_reason_id"]),
            row["lead_count"],
            row["expected_value"],
        )
        for row in ([] if told else connection.rows("planned_worth"))
    ]
    counts: dict[Outcome | None, int] = {}
    values: dict[Outcome | None, Decimal] = {}
    for reason_id, count, value in (*told, *planned):
        outcome = settings.reason_with(reason_id).outcome if reason_id else None
        counts[outcome] = counts.get(outcome, 0) + count
        values[outcome] = values.get(outcome, Decimal(0)) + value
    return [
        Worth(outcome, counts[outcome], values[outcome]) for outcome in (None, *Outcome) if outcome in counts
    ]
