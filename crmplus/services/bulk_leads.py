"""The leads that were picked for a bulk action, read together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar
from uuid import UUID

from crmplus.domain.lead import Lead, PhaseRecord, RecordState
from crmplus.services.lead_rows import Standing
from crmplus.store.connection import Connection

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Picked:
    """A lead as it stands now, and the number and name of its customer."""

    standing: Standing
    number: str
    customer: str

    @property
    def lead(self) -> Lead:
        return self.standing.lead


def load_picked(connection: Connection, lead_ids: Iterable[UUID]) -> dict[UUID, Picked]:
    """Those of the leads that exist, by their keys: two statements, however many there are."""
    wanted = list(lead_ids)
    records = {
        row["lead_id"]: _filled(PhaseRecord, row | {"state": RecordState(row["state"])})
        for row in connection.rows("picked_records", lead_ids=wanted)
    }
    return {
        row["id"]: Picked(Standing(_filled(Lead, row), records[row["id"]]), row["number"], row["customer"])
        for row in connection.rows("picked_leads", lead_ids=wanted)
    }


def _filled(row_type: type[Row], row: Mapping[str, Any]) -> Row:
    return row_type(**{field.name: row[field.name] for field in fields(row_type)})  # type: ignore[arg-type]
