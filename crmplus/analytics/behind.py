"""The leads behind a figure: one page of those that a statement counts, with what is shown of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crmplus.store.connection import Connection

_IDS_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class LeadBehind:
    """One lead behind a figure, as it stands now.

    `amount` is what it adds to the figure and `moment` when it did, where the figure has such.
    Amounts are in the workspace's currency, `recurring_value` per period.
    """

    lead_id: UUID
    customer_id: UUID
    number: str
    customer: str
    title: str
    phase: str
    owner: str
    score: int | None
    expected_value: Decimal | None
    recurring_value: Decimal | None
    expected_close_date: date | None
    opened_at_utc: datetime
    phase_entered_at_utc: datetime
    closed_at_utc: datetime | None
    closing_reason: str
    amount: Decimal | None
    moment: datetime | None


def leads_behind(
    connection: Connection,
    statement: str,
    parameters: Mapping[str, object],
    limit: int,
    offset: int = 0,
    make: Callable[..., LeadBehind] = LeadBehind,
) -> tuple[list[LeadBehind], int]:
    """One page of the leads behind a figure, in the order of the statement, and how many in all.

    The statement takes $limit and $offset beside `parameters` and returns lead_id, amount, moment
    and total (the number of leads without the limit), a row a lead. Further columns, named as fields
    of `LeadBehind`, or of the class made of it, take the place of what stands now.
    """
    found = connection.rows(statement, **parameters, limit=limit, offset=offset)
    if offset and not found:  # behind the last page, the rows can't say how many there are
        return [], leads_behind(connection, statement, parameters, 1, 0, make)[1]
    details: dict[UUID, dict[str, Any]] = {}
    for start in range(0, len(found), _IDS_AT_A_TIME):
        ids = [row["lead_id"] for row in found[start : start + _IDS_AT_A_TIME]]
        for row in connection.rows("leads_by_id", ids=ids, first_id=min(ids), last_id=max(ids)):
            details[row["lead_id"]] = row
    leads = [
        make(**details[row["lead_id"]] | {name: row[name] for name in row if name != "total"})
        for row in found
    ]
    return leads, found[0]["total"] if found else 0
