"""What a newer file changes in rows that we have: by the domain's own moves, one row at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.journey import Step
from crmplus.domain.lead import Lead, LeadValues, PhaseRecord
from crmplus.domain.message import say
from crmplus.services import rows
from crmplus.services.lead_rows import Standing, funnel_of, load_standing
from crmplus.store.connection import Connection
from crmplus.store.tables import CLOSING_REASON, CUSTOMER

_OF_CUSTOMER = ("contact", "email", "phone", "street", "postal_code", "city", "country", "remark")
_OF_LEAD = ("score", "expected_value", "recurring_value", "expected_close_date")


@dataclass(frozen=True, slots=True)
class CustomerChange:
    line: int
    before: Customer
    after: Customer


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a lead, what it is called in the history, and when it happened."""

    action: str
    step: Step
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangedLead:
    line: int
    key: str
    fingerprint: str
    standing: Standing
    steps: tuple[Move, ...]

    @property
    def after(self) -> Lead:
        return self.steps[-1].step.lead


def change_of_customer(
    connection: Connection, row: Mapping[str, Any], says_active: bool, says_account_type: bool
) -> CustomerChange:
    """The customer as it is, and as the file has it; what the file leaves empty stays."""
    before = rows.load(connection, CUSTOMER, row["existing_id"])
    said: dict[str, Any] = {name: row[name] for name in _OF_CUSTOMER if row[name]}
    if not row["key"].startswith("k:"):
        said["name"] = row["name"]
    if row["number"] and row["number"].lower() != before.number.lower():
        said["number"] = row["number"]
    if row["owner_id"]:
        said["owner_id"] = UUID(row["owner_id"])
    if says_active:
        said["is_active"] = row["is_active"]
    if says_account_type:
        said["account_type_id"] = UUID(row["account_type_id"])
    return CustomerChange(row["line"], before, replace(before, **said))


def change_of_lead(connection: Connection, row: Mapping[str, Any], at: datetime) -> ChangedLead:
    """The moves that bring our lead to where the file has it. Raises: Refused, Invalid."""
    standing = load_standing(connection, row["lead_id"])
    lead = standing.lead
    if row["customer_id"] != lead.customer_id:
        raise Refused(say("This lead belongs to another customer here, and a lead stays with its customer."))
    if UUID(row["account_type_id"]) != lead.account_type_id:
        raise Refused(say("This lead travels through another funnel here. Change it on its customer's card."))
    course = Course(lead, standing.record, funnel_of(connection, lead.account_type_id))
    course.describe(row, at)
    values = course.values(row)
    if row["closing_reason_id"]:
        reason = rows.load(connection, CLOSING_REASON, UUID(row["closing_reason_id"]))
        closed_at = row["closed_at_utc"] or lead.closed_at_utc or at
        is_there = lead.closing_reason_id == reason.id and lead.closed_at_utc == closed_at
        if lead.is_open or not is_there or course.differs(values):
            if not lead.is_open:
                course.reopen(UUID(row["phase_id"]), closed_at)
            course.close(UUID(row["closing_phase_id"]), reason, values, closed_at)
    else:
        if not lead.is_open:
            course.reopen(UUID(row["phase_id"]), at)
        course.stand(UUID(row["phase_id"]), values, row["entered_at_utc"] or at, at)
    return ChangedLead(row["line"], row["key"], row["fingerprint"], standing, tuple(course.steps))


class Course:
    """A lead on its way: each move starts from where the last one ended."""

    def __init__(self, lead: Lead, record: PhaseRecord, funnel: Funnel) -> None:
        self.lead, self.record, self.funnel = lead, record, funnel
        self.steps: list[Move] = []

    def describe(self, row: Mapping[str, Any], at: datetime) -> None:
        """Another title, owner or opening, of an open or a closed lead."""
        after = replace(
            self.lead,
            title=row["title"] or self.lead.title,
            owner_id=UUID(row["owner_id"]) if row["owner_id"] else self.lead.owner_id,
            opened_at_utc=row["opened_at_utc"] or self.lead.opened_at_utc,
        )
        if after != self.lead:
            self._take("lead_described", Step(after, self.record), at)

    def values(self, row: Mapping[str, Any]) -> LeadValues:
        """What the file says, and ours where it says nothing."""
        said = {n: row[n] if row[n] is not None else getattr(self.lead, n) for n in _OF_LEAD}
        return LeadValues(**said, note=row["note"] or self.record.note)

    def differs(self, values: LeadValues) -> bool:
        return values.note != self.record.note or any(
            getattr(values, name) != getattr(self.lead, name) for name in _OF_LEAD
        )

    def stand(self, phase_id: UUID, values: LeadValues, entered_at: datetime, at: datetime) -> None:
        """Be in a phase, by a move where it is another one, and have these values from `at` on."""
        entered_at = max(entered_at, self.lead.phase_entered_at_utc)
        if phase_id != self.lead.phase_id:
            target = self.funnel.phase(phase_id)
            kept = _recorded(self.record)
            step = journey.move(self.lead, self.record, self.funnel, target, kept, entered_at)
            self._take("lead_moved", step, entered_at)
        if self.differs(values):
            self._take("lead_saved", journey.save(self.lead, self.record, values), at)

    def reopen(self, phase_id: UUID, at: datetime) -> None:
        target = self.funnel.phase(phase_id)
        self._take("lead_reopened", journey.reopen(self.lead, self.funnel, target, at), at)

    def close(self, phase_id: UUID, reason: Any, values: LeadValues, at: datetime) -> None:
        phase = self.funnel.phase(phase_id)
        step = journey.close(self.lead, self.record, self.funnel, phase, reason, values, at)
        self._take("lead_closed", step, at)

    def _take(self, action: str, step: Step, at: datetime) -> None:
        self.steps.append(Move(action, step, at))
        self.lead = step.lead
        if step.added:
            self.record = step.added[-1]
        elif step.changed:
            self.record = step.changed


def _recorded(record: PhaseRecord) -> LeadValues:
    return LeadValues(
        record.score,
        record.expected_value,
        record.recurring_value,
        record.expected_close_date,
        record.note,
    )
