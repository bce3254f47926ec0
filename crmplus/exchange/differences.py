"""What an import changes in rows that we have, field by field, in codes and not in keys of the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crmplus.domain.account_type import AccountType
from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.phase import Phase
from crmplus.exchange.changes import ChangedLead
from crmplus.exchange.imports import Check
from crmplus.exchange.meanings import Settings
from crmplus.services.rows import as_values

_OURS = {"version", "visit_number"}
"""Fields that count, and say nothing to people."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a customer or lead of ours: its value now, and as the file has it.

    `line` is that of the row in the file; `number` is empty for leads, which have none, and `name` of
    a lead its title, or its key in the other system where it has no title.
    """

    line: int
    entity: str
    number: str
    name: str
    field: str
    before: object
    after: object


def differences(check: Check) -> Iterator[Difference]:
    """Every field that an import would change, of customers first."""
    codes = _codes(check.settings)
    for customer in check.plan.customers:
        before, after = as_values(customer.before), as_values(customer.after)
        for field in _changed(before, after):
            yield Difference(
                customer.line,
                "customer",
                customer.before.number,
                customer.before.name,
                field,
                _in_codes(before[field], codes),
                _in_codes(after[field], codes),
            )
    for lead in check.plan.leads:
        before, after = _values(lead)
        name = lead.standing.lead.title or lead.key.partition(":")[2]
        for field in _changed(before, after):
            yield Difference(
                lead.line,
                "lead",
                "",
                name,
                field,
                _in_codes(before[field], codes),
                _in_codes(after[field], codes),
            )


def _values(lead: ChangedLead) -> tuple[dict[str, Any], dict[str, Any]]:
    """A lead before and after all its steps, with the note of the visit that it is in."""
    before, after = as_values(lead.standing.lead), as_values(lead.after)
    step = lead.steps[-1].step
    record = step.added[-1] if step.added else step.changed
    before["note"] = lead.standing.record.note
    after["note"] = record.note if record else before["note"]
    return before, after


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [field for field in before if field not in _OURS and before[field] != after[field]]


def _codes(settings: Settings) -> dict[UUID, str]:
    """What settings and people are called in mappings and exports, by their key."""
    rows: list[AccountType | Phase | ClosingReason] = [
        *settings.account_types,
        *settings.phases,
        *settings.reasons,
        *settings.archived_reasons,
    ]
    return {row.id: row.code for row in rows} | {row.id: row.initials for row in settings.people}


def _in_codes(value: object, codes: Mapping[UUID, str]) -> object:
    return codes.get(value, value) if isinstance(value, UUID) else value
