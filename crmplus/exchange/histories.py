"""Leads whose whole history is in a file: every row is a visit to a phase, or a change within one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby, zip_longest
from typing import Any
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.errors import CrmError, Refused
from crmplus.domain.lead import Lead, PhaseRecord
from crmplus.domain.message import say
from crmplus.exchange.changes import ChangedLead, Course, require_may_be_open, require_same_place
from crmplus.exchange.meanings import Settings
from crmplus.exchange.problems import Problem
from crmplus.exchange.staging import fingerprint
from crmplus.services.lead_rows import load_standing
from crmplus.store.connection import Connection
from crmplus.store.history import append_lead_version
from crmplus.store.tables import LEAD, PHASE_RECORD

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """A new lead with all that its rows tell: `versions` with the moment each came to hold."""

    line: int
    key: str
    fingerprint: str
    lead: Lead
    records: tuple[PhaseRecord, ...]
    versions: tuple[tuple[Lead, datetime], ...]
    note: str


@dataclass(slots=True)
class Histories:
    """What a file of histories would do: new leads, further steps of leads that we have, and the
    rows that the rules refuse."""

    made: list[History] = field(default_factory=list)
    changed: list[ChangedLead] = field(default_factory=list)
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """The keys of the leads whose rows are refused, all of them: a history has no gaps."""


class HistoryReader:
    """Plays the rows of each lead, oldest first, by the domain's moves."""

    def __init__(
        self, connection: Connection, settings: Settings, at: datetime, broken: Collection[str]
    ) -> None:
        self._connection, self._settings, self._at, self._broken = connection, settings, at, broken

    def read(self) -> Histories:
        found = Histories()
        for key, rows in self._leads():
            try:
                self._one(key, rows, found)
            except CrmError as error:
                found.refused.append(key)
                found.problems += [
                    Problem(row["line"], "", key.removeprefix("x:"), error.message) for row in rows
                ]
        return found

    def _leads(self) -> Iterator[tuple[str, list[Row]]]:
        for key, rows in groupby(self._connection.rows("history_rows"), key=lambda row: row["key"]):
            yield str(key), list(rows)

    def _one(self, key: str, rows: list[Row], found: Histories) -> None:
        if key in self._broken:
            raise Refused(say("Another row of this lead is refused, and a history can't have a gap."))
        if len({row["customer_id"] for row in rows}) > 1:
            raise Refused(say("The rows of this lead name more than one customer."))
        mark = fingerprint([row["fingerprint"] for row in rows])
        known = rows[0]["existing_id"]
        if known is None:
            found.made.append(self._new(key, mark, rows))
            return
        changed = self._further(key, mark, rows) if mark != rows[0]["known_fingerprint"] else None
        if changed and changed.steps:
            found.changed.append(changed)
        else:
            found.kept += 1

    def _new(self, key: str, mark: str, rows: list[Row]) -> History:
        """Raises: Refused, Invalid."""
        first = rows[0]
        funnel = self._settings.funnel(UUID(first["account_type_id"]))
        opened_at = first["opened_at_utc"] or first["moment"] or self._at
        owner_id = UUID(first["owner_id"]) if first["owner_id"] else None
        start = journey.start(
            UUID(first["new_id"]), first["customer_id"], owner_id, first["title"], funnel.first, opened_at
        )
        course = Course(start.lead, start.added[-1], self._settings, tells_visits=True)
        self._follow(course, rows)
        if course.lead.is_open:
            require_may_be_open(first)
        versions = [(start.lead, opened_at), *((move.step.lead, move.at) for move in course.steps)]
        numbered = [(replace(lead, version=n), at) for n, (lead, at) in enumerate(versions, 1)]
        records = {record.visit_number: record for record in start.added}
        for move in course.steps:
            for record in (move.step.changed, *move.step.added):
                if record:
                    records[record.visit_number] = record
        in_order = tuple(records[number] for number in sorted(records))
        return History(
            first["line"], key, mark, numbered[-1][0], in_order, tuple(numbered), course.record.note
        )

    def _further(self, key: str, mark: str, rows: list[Row]) -> ChangedLead:
        """The steps of those rows that are newer than all we know. Raises: Refused, Invalid."""
        standing = load_standing(self._connection, rows[0]["existing_id"])
        require_same_place(standing.lead, rows[0])
        latest = self._connection.value("latest_version_moment", lead_id=standing.lead.id)
        course = Course(standing.lead, standing.record, self._settings, tells_visits=True)
        newer = [row for row in rows if row["moment"] and row["moment"] > latest]
        self._follow(course, newer)
        if course.lead.is_open and not standing.lead.is_open:
            require_may_be_open(rows[0])
        return ChangedLead(rows[0]["line"], key, mark, standing, tuple(course.steps))

    def _follow(self, course: Course, rows: Sequence[Row]) -> None:
        for row, further in zip_longest(rows, rows[1:]):
            at = max(row["moment"] or self._at, course.lead.phase_entered_at_utc)
            course.describe({**row, "opened_at_utc": None}, at)  # the first row says when
            closed_at = row["closed_at_utc"] and max(row["closed_at_utc"], at)
            said = {**row, "entered_at_utc": at, "closed_at_utc": closed_at}
            if row["phase_id"] and further and further["closing_reason_id"]:
                said["closing_reason_id"] = None  # how it ended stands on every row of some files
            course.follow(said, at)


def store_history(connection: Connection, history: History) -> None:
    """Append all rows of a new lead; its one line of the change log is the caller's."""
    values = LEAD.values(history.lead)
    connection.append("lead", values, [tuple(values.values())])
    for record in history.records:
        named = PHASE_RECORD.values(record)
        connection.append("phase_record", named, [tuple(named.values())])
    for lead, valid_from in history.versions:
        append_lead_version(connection, lead, valid_from)
