"""Writing what a plan says: bulk statements for what is made, the domain's moves for what changes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import Actor
from crmplus.domain.closing_reason import ClosingReason, ClosingReasonDraft
from crmplus.domain.lead import PhaseRecord
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.phase import Phase, PhaseDraft
from crmplus.exchange.changes import ChangedLead, CustomerChange
from crmplus.exchange.histories import History, store_history
from crmplus.exchange.meanings import Made
from crmplus.exchange.shapes import Shape, moment_of
from crmplus.services import rows
from crmplus.services.account_types import add_account_type
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.lead_rows import Standing, store_step
from crmplus.services.people import add_person
from crmplus.services.phases import add_phase
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.derived import derive_leads
from crmplus.store.history import Change, record_change
from crmplus.store.tables import CUSTOMER, PHASE_RECORD

Progress = Callable[[float], None]
_ROW_COLUMNS = ("import_id", "entity", "entity_id", "version", "before_json")
_KEY_COLUMNS = ("entity", "source", "key", "entity_id", "import_id", "fingerprint")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one import in the transaction of `connection`; what `progress` raises ends it."""

    connection: Connection
    actor: Actor
    at: datetime
    import_id: UUID
    source: str
    progress: Progress

    def make_settings(self, database: Database, made: Sequence[Made]) -> None:
        """By the services, so that their rules hold. Raises: Invalid, Refused, NotPermitted."""
        for row in made:
            _make(database, self.actor, self.at, row)
            self._remember(_entity_of(row), row.id, 1, "")

    def make_customers(self) -> None:
        highest = self.connection.value("highest_incoming_number")
        self.connection.rows("insert_customers", highest=highest)
        self.progress(0.3)
        self.connection.rows("log_customers", **self._who())
        self.connection.rows("keep_new_customer_keys", import_id=self.import_id)
        self.connection.rows("keep_customer_fingerprints")
        self.connection.rows("keep_made_customers", import_id=self.import_id)
        self.progress(0.5)

    def make_leads(self, shapes: Sequence[Shape]) -> None:
        self._store_shapes(shapes)
        self.connection.rows("date_leads", at_utc=self.at)
        self.connection.rows("insert_leads")
        self.progress(0.6)
        self.connection.rows("insert_phase_records")
        self.progress(0.7)
        self.connection.rows("insert_lead_versions")
        derive_leads(self.connection, "touch_made_leads")
        self.progress(0.8)
        self.connection.rows("log_leads", **self._who())
        self.connection.rows("keep_new_lead_keys", source=self.source, import_id=self.import_id)
        self.connection.rows("keep_made_leads", import_id=self.import_id)
        self.progress(0.9)

    def make_histories(self, histories: Sequence[History]) -> None:
        for done, history in enumerate(histories):
            store_history(self.connection, history)
            lead = history.lead
            after = {**rows.as_values(lead), "note": history.note}
            change = Change("lead_imported", "lead", lead.id, lead.version, None, after, lead.customer_id)
            record_change(self.connection, self.actor, self.at, change)
            self._keep_key("lead", history.key, lead.id, history.fingerprint)
            self._remember("lead", lead.id, lead.version, "")
            if done % 500 == 0:
                self.progress(0.5 + 0.4 * done / len(histories))

    def change_customers(self, changes: Sequence[CustomerChange]) -> None:
        for change in changes:
            saved = rows.change(
                self.connection, self.actor, self.at, CUSTOMER, change.before, change.after, change.before.id
            )
            before = {
                name: str(value) if isinstance(value, UUID) else value
                for name, value in rows.as_values(change.before).items()
            }
            self._remember("customer", saved.id, saved.version, json.dumps(before, ensure_ascii=False))

    def change_leads(self, changes: Sequence[ChangedLead]) -> None:
        for done, change in enumerate(changes):
            standing = change.standing
            for move in change.steps:
                if move.first:
                    PHASE_RECORD.update(self.connection, move.first)
                lead = store_step(
                    self.connection, self.actor, self.at, move.action, standing, move.step, move.at
                )
                standing = Standing(lead, _record_after(standing.record, move.step.changed, move.step.added))
            before = {"version": change.standing.lead.version, "note": change.standing.record.note}
            self._remember("lead", standing.lead.id, standing.lead.version, json.dumps(before))
            if done % 100 == 0:
                self.progress(0.9)

    def keep_fingerprints(self, changes: Sequence[ChangedLead], *, is_history: bool) -> None:
        """What the file says now of leads that it named before, also where nothing had to change."""
        if not is_history:
            self.connection.rows("keep_lead_fingerprints", source=self.source)
            return
        for change in changes:
            said = {"key": change.key, "fingerprint": change.fingerprint}
            self.connection.rows("keep_history_fingerprint", source=self.source, **said)

    def _store_shapes(self, shapes: Sequence[Shape]) -> None:
        self.connection.rows("make_shape_records")
        self.connection.rows("make_shape_versions")
        for number, shape in enumerate(shapes):
            last = len(shape.versions)
            self.connection.append(
                "shape_record", _RECORD_COLUMNS, [_shape_record(number, record) for record in shape.records]
            )
            self.connection.append(
                "shape_version",
                _VERSION_COLUMNS,
                [
                    (
                        number,
                        lead.version,
                        lead.phase_id,
                        lead.closing_reason_id,
                        moment_of(lead.closed_at_utc or lead.phase_entered_at_utc),
                        moment_of(lead.phase_entered_at_utc),
                        lead.visit_number,
                        lead.version == last,
                    )
                    for lead in shape.versions
                ],
            )
        self.connection.flush()

    def _who(self) -> dict[str, object]:
        return {"at_utc": self.at, "actor_id": self.actor.person_id, "actor_name": self.actor.name}

    def _remember(self, entity: str, entity_id: UUID, version: int, before_json: str) -> None:
        self.connection.append(
            "import_row", _ROW_COLUMNS, [(self.import_id, entity, entity_id, version, before_json)]
        )

    def _keep_key(self, entity: str, key: str, entity_id: UUID, fingerprint: str) -> None:
        self.connection.append(
            "import_key",
            _KEY_COLUMNS,
            [(entity, self.source, key, entity_id, self.import_id, fingerprint)],
        )


_RECORD_COLUMNS = (
    "shape",
    "visit_number",
    "phase_id",
    "state",
    "entered_moment",
    "left_moment",
    "has_values",
    "has_note",
    "closing_reason_id",
)
_VERSION_COLUMNS = (
    "shape",
    "version",
    "phase_id",
    "closing_reason_id",
    "valid_from_moment",
    "entered_moment",
    "visit_number",
    "is_last",
)


def _shape_record(shape: int, record: PhaseRecord) -> tuple[object, ...]:
    return (
        shape,
        record.visit_number,
        record.phase_id,
        record.state,
        moment_of(record.entered_at_utc),
        moment_of(record.left_at_utc),
        record.score is not None,
        record.note != "",
        record.closing_reason_id,
    )


def _record_after(
    record: PhaseRecord, changed: PhaseRecord | None, added: Sequence[PhaseRecord]
) -> PhaseRecord:
    """The record of the visit that a lead is in after a step."""
    return added[-1] if added else changed or record


def _entity_of(row: Made) -> str:
    match row:
        case AccountType():
            return "account_type"
        case Phase():
            return "phase"
        case ClosingReason():
            return "closing_reason"
    return "person"


def _make(database: Database, actor: Actor, at: datetime, row: Made) -> None:
    match row:
        case AccountType():
            add_account_type(database, actor, _draft(AccountTypeDraft, row), at, row.id)
        case Phase():
            add_phase(database, actor, _draft(PhaseDraft, row), at, row.id)
        case ClosingReason():
            add_closing_reason(database, actor, _draft(ClosingReasonDraft, row), at, row.id)
        case Person():
            add_person(database, actor, _draft(PersonDraft, row), at, row.id)


def _draft(draft_type: type[Any], row: Made) -> Any:
    return draft_type(**{name: getattr(row, name) for name in draft_type.__dataclass_fields__})
