"""What a newer file changes in rows that we have: by the domain's own moves, one row at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Refused
from crmplus.domain.journey import Step
from crmplus.domain.lead import Lead, LeadValues, PhaseRecord, RecordState
from crmplus.domain.message import say
from crmplus.domain.phase import Phase, PhaseType
from crmplus.exchange.meanings import Settings
from crmplus.services import rows
from crmplus.services.lead_rows import Standing, load_standing
from crmplus.store.connection import Connection
from crmplus.store.tables import CUSTOMER, PHASE_RECORD

_OF_CUSTOMER = ("contact", "email", "phone", "street", "postal_code", "city", "country", "remark")
INACTIVE_CUSTOMER = say("This customer is not active, so it can't have an open lead.")
OTHER_FUNNEL = say("This customer has another account type than the lead's funnel.")
_OF_LEAD = ("score", "expected_value", "recurring_value", "expected_close_date")


@dataclass(frozen=True, slots=True)
class CustomerChange:
    line: int
    before: Customer
    after: Customer


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a lead, what it is called in the history, and when it happened.

    `first` is the lead's first visit, where another opening date changes that.
    """

    action: str
    step: Step
    at: datetime
    first: PhaseRecord | None = None


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


def change_of_customer(connection: Connection, row: Mapping[str, Any]) -> CustomerChange:
    """The customer as it is, and as the file has it; what the file leaves empty stays."""
    before = rows.load(connection, CUSTOMER, row["existing_id"])
    said: dict[str, Any] = {name: row[name] for name in _OF_CUSTOMER if row[name]}
    if row["says_name"] and not row["key"].startswith("k:"):
        said["name"] = row["name"]
    if row["number"] and row["number"].lower() != before.number.lower():
        said["number"] = row["number"]
    if row["owner_id"]:
        said["owner_id"] = UUID(row["owner_id"])
    if row["says_active"]:
        said["is_active"] = row["is_active"]
    if row["says_account_type"]:
        said["account_type_id"] = UUID(row["account_type_id"])
    return CustomerChange(row["line"], before, replace(before, **said))


def change_of_lead(
    connection: Connection, settings: Settings, row: Mapping[str, Any], at: datetime
) -> ChangedLead:
    """The moves that bring our lead to where the file has it. Raises: Refused, NotFound, Invalid."""
    standing = load_standing(connection, row["lead_id"])
    lead = standing.lead
    require_same_place(lead, row)
    course = Course(lead, standing.record, settings)
    course.visits = PHASE_RECORD.where(connection, lead_id=lead.id)
    course.describe(row, at)
    course.follow(row, at)
    course.require_order()
    if course.lead.is_open and not lead.is_open:
        require_may_be_open(row)
    return ChangedLead(row["line"], row["key"], row["fingerprint"], standing, tuple(course.steps))


def require_same_place(lead: Lead, row: Mapping[str, Any]) -> None:
    """Raises: Refused where the file has our lead with another customer, or in another funnel."""
    if row["customer_id"] != lead.customer_id:
        raise Refused(say("This lead belongs to another customer here, and a lead stays with its customer."))
    if UUID(row["account_type_id"]) != lead.account_type_id:
        raise Refused(say("This lead travels through another funnel here. Change it on its customer's card."))


def require_may_be_open(row: Mapping[str, Any]) -> None:
    """Raises: Refused where the lead's customer may have none that is open in its funnel (U4, U5)."""
    if not row["customer_is_active"]:
        raise Refused(INACTIVE_CUSTOMER)
    if row["customer_type_id"] != row["account_type_id"]:
        raise Refused(OTHER_FUNNEL)


class Course:
    """A lead on its way: each move starts from where the last one ended.

    `visits` are those of a lead that we have: what is noted in them is not written again. In a
    history, `tells_visits`, a closing is a visit of its own and leaves the one before it as it was.
    """

    def __init__(
        self, lead: Lead, record: PhaseRecord, settings: Settings, *, tells_visits: bool = False
    ) -> None:
        self.lead, self.record, self.tells_visits = lead, record, tells_visits
        self.settings, self.funnel = settings, settings.funnel(lead.account_type_id)
        self.steps: list[Move] = []
        self.visits: Sequence[PhaseRecord] = ()

    def describe(self, row: Mapping[str, Any], at: datetime) -> None:
        """Another title, owner or opening, of an open or a closed lead."""
        lead, record, first = self.lead, self.record, None
        after = replace(
            lead,
            title=row["title"] or lead.title,
            owner_id=UUID(row["owner_id"]) if row["owner_id"] else lead.owner_id,
            opened_at_utc=row["opened_at_utc"] or lead.opened_at_utc,
        )
        if after.opened_at_utc != lead.opened_at_utc:
            if lead.visit_number == 1:
                after = replace(after, phase_entered_at_utc=after.opened_at_utc)
                record = replace(record, entered_at_utc=after.opened_at_utc)
            else:
                first = next(visit for visit in self.visits if visit.visit_number == 1)
                first = replace(first, entered_at_utc=after.opened_at_utc)
        if after != lead:
            self._take("lead_described", Step(after, record), at, first)

    def follow(self, row: Mapping[str, Any], at: datetime) -> None:
        """Be where the row says; where it says nothing of that, stay, with the row's values."""
        if row["closing_reason_id"]:
            self._be_closed(row, UUID(row["closing_reason_id"]), at)
        elif row["phase_id"] or self.lead.closing_reason_id is None:
            self._be_open(row, at)
        else:
            self._be_closed(row, self.lead.closing_reason_id, at)

    def _be_open(self, row: Mapping[str, Any], at: datetime) -> None:
        phase_id = UUID(row["phase_id"]) if row["phase_id"] else self.lead.phase_id
        if self.lead.is_open:
            self._stand(phase_id, row["entered_at_utc"] or at)
        else:
            self._reopen(phase_id, at)
        values = self._values(row)
        if self._differs(values):
            self._take("lead_saved", journey.save(self.lead, self.record, values), at)

    def _be_closed(self, row: Mapping[str, Any], reason_id: UUID, at: datetime) -> None:
        """What is closed already is closed again where the row corrects it: reopened where it
        ended, not where it came from, as nobody worked on it in between. Closed later than we
        thought, it was still open until then, where it came from."""
        lead = self.lead
        closed_at = row["closed_at_utc"] or lead.closed_at_utc or at
        target = self._closing_phase(row)
        if lead.is_open:
            self._advance(row, closed_at)
        elif (
            (reason_id, closed_at) != (lead.closing_reason_id, lead.closed_at_utc)
            or (row["closing_phase_id"] and target.id != lead.phase_id)
            or self._differs(self._values(row))
        ):
            if lead.closed_at_utc and closed_at > lead.closed_at_utc:
                self._reopen(self._closed_from() or target.id, lead.closed_at_utc)
            else:
                self._reopen(target.id, closed_at)
        else:
            return
        reason, values = self.settings.reason_with(reason_id), self._values(row)
        is_own_visit = self.tells_visits and not row["phase_id"]
        left = _recorded(self.record) if is_own_visit else values
        step = journey.close(self.lead, self.record, self.funnel, target, reason, left, closed_at)
        if is_own_visit:
            step = _with_values(step, replace(values, note=row["note"] or ""))
        self._take("lead_closed", step, closed_at)

    def _closing_phase(self, row: Mapping[str, Any]) -> Phase:
        """The one that the row names, else the one it is in, else the funnel's first."""
        if row["closing_phase_id"]:
            return self.funnel.phase(UUID(row["closing_phase_id"]))
        closing = self.funnel.of_type(PhaseType.CLOSING)
        return next((phase for phase in closing if phase.id == self.lead.phase_id), closing[0])

    def _closed_from(self) -> UUID | None:
        """The phase, if still in use, that a lead of ours was in before it was closed, however often."""
        been = (v for v in self.visits if v.state not in (RecordState.SKIPPED, RecordState.CLOSED))
        last = max(been, key=lambda visit: visit.visit_number, default=None)
        return last.phase_id if last and last.phase_id in {p.id for p in self.funnel.phases} else None

    def _advance(self, row: Mapping[str, Any], closed_at: datetime) -> None:
        """Ahead to the phase that the row has it closed from; not back to one that it left."""
        if row["phase_id"]:
            here, there = (self.funnel.phase(key) for key in (self.lead.phase_id, UUID(row["phase_id"])))
            if there.sort_key > here.sort_key:
                self._stand(there.id, row["entered_at_utc"] or closed_at)

    def require_order(self) -> None:
        """Raises: Refused where a step was made before one that came before it."""
        moved = [(move.first, move.step.changed, *move.step.added) for move in self.steps]
        visits = [record for records in moved for record in records if record]
        if self.lead.opened_at_utc > self.lead.phase_entered_at_utc or any(
            visit.left_at_utc and visit.left_at_utc < visit.entered_at_utc for visit in visits
        ):
            raise Refused(say("This date lies before an earlier step of the same lead."))

    def _values(self, row: Mapping[str, Any]) -> LeadValues:
        """What the file says, and ours where it says nothing."""
        said = {n: row[n] if row[n] is not None else getattr(self.lead, n) for n in _OF_LEAD}
        is_new = row["note"] and row["note"] not in {visit.note for visit in self.visits}
        return LeadValues(**said, note=row["note"] if is_new else self.record.note)

    def _differs(self, values: LeadValues) -> bool:
        return values.note != self.record.note or any(
            getattr(values, name) != getattr(self.lead, name) for name in _OF_LEAD
        )

    def _stand(self, phase_id: UUID, entered_at: datetime) -> None:
        """Be in a phase, by a move where it is another one; what was recorded stays as it is."""
        if phase_id != self.lead.phase_id:
            entered_at = max(entered_at, self.lead.phase_entered_at_utc)
            target, kept = self.funnel.phase(phase_id), _recorded(self.record)
            step = journey.move(self.lead, self.record, self.funnel, target, kept, entered_at)
            self._take("lead_moved", step, entered_at)

    def _reopen(self, phase_id: UUID, at: datetime) -> None:
        target = self.funnel.phase(phase_id)
        self._take("lead_reopened", journey.reopen(self.lead, self.funnel, target, at), at)

    def _take(self, action: str, step: Step, at: datetime, first: PhaseRecord | None = None) -> None:
        self.steps.append(Move(action, step, at, first))
        self.lead = step.lead
        if step.added:
            self.record = step.added[-1]
        elif step.changed:
            self.record = step.changed


def _with_values(step: Step, values: LeadValues) -> Step:
    """A step whose last visit, and the lead, have these values."""
    said = {name: getattr(values, name) for name in _OF_LEAD}
    lead = replace(step.lead, **said)
    if not step.added:
        return Step(lead, step.changed and replace(step.changed, **said, note=values.note))
    *passed, last = step.added
    return Step(lead, step.changed, (*passed, replace(last, **said, note=values.note)))


def _recorded(record: PhaseRecord) -> LeadValues:
    return LeadValues(
        record.score,
        record.expected_value,
        record.recurring_value,
        record.expected_close_date,
        record.note,
    )
