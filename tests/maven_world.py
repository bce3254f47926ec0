"""The leads of a published file as rows of ours, to compare what we measure with what others did."""

import csv
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from crmplus.domain.lead import Lead
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import LEAD
from tests.world import account_type, customer, person, phase, reason

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "../shared/data/maven_crm/sales_pipeline.csv"
ZONE = ZoneInfo("Europe/Amsterdam")


def published_leads() -> list[dict[str, str]]:
    """The rows of the file; the test is skipped where it is not there."""
    if not FILE.exists():
        pytest.skip(f"no {FILE.parent.parent}: the real files are not part of the project")
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def make_maven_world(database: Database) -> None:
    """Fill a starter with its closed leads and the open ones that have an opening date."""
    rows = [row for row in published_leads() if row["engage_date"]]
    agents = sorted({row["sales_agent"] for row in rows})
    owners = {name: person(database, name, f"P{number}").id for number, name in enumerate(agents)}
    of_all = customer(database, "Everybody", "CUSTOMER").id
    columns = list(Lead.__slots__)
    with database.transaction() as connection:
        common = {
            "customer_id": of_all,
            "account_type_id": account_type(database).id,
            "phase_id": phase(database, "LEAD-CLOSED").id,
        }
        reasons = {"Won": reason(database, "WON").id, "Lost": reason(database, "LOST").id, "Engaging": None}
        leads = [_lead(row, owners[row["sales_agent"]], reasons[row["deal_stage"]], common) for row in rows]
        connection.append("lead", columns, [tuple(LEAD.values(lead)[c] for c in columns) for lead in leads])


def _lead(row: dict[str, str], owner_id: UUID, reason_id: UUID | None, common: dict[str, Any]) -> Lead:
    opened = _moment(row["engage_date"])
    return Lead(
        id=new_id(),
        owner_id=owner_id,
        title=row["opportunity_id"],
        score=None,
        expected_value=Decimal(row["close_value"]) if row["close_value"] else None,
        recurring_value=None,
        expected_close_date=None,
        closing_reason_id=reason_id,
        opened_at_utc=opened,
        phase_entered_at_utc=opened,
        closed_at_utc=_moment(row["close_date"]) if row["close_date"] else None,
        visit_number=1,
        version=1,
        **common,
    )


def _moment(day: str) -> datetime:
    """Midnight where the workspace is: the evening before in UTC, another day there."""
    return datetime.combine(date.fromisoformat(day), time(), ZONE).astimezone(UTC)
