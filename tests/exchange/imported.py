"""Files whose columns are called as our fields are, imported by a mapping made by hand."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from crmplus.analytics.pipeline import PipelineFilter, measure_pipeline
from crmplus.domain.actor import Actor
from crmplus.domain.importing import ImportRun
from crmplus.domain.lead import Lead, PhaseRecord
from crmplus.domain.sight import EVERYTHING
from crmplus.exchange.fields import FIELDS, Kind
from crmplus.exchange.imports import Check, check_file, run_import
from crmplus.exchange.mapping import Action, Choice, ImportMapping
from crmplus.exchange.reading import Reading
from crmplus.services.account_types import list_account_types
from crmplus.store.database import Database
from crmplus.store.restore import check_restored
from crmplus.store.schema import read_schema
from crmplus.store.tables import LEAD, PHASE_RECORD
from tests.exchange.files import text_source
from tests.services.test_lives import recount
from tests.world import ADMIN, NOW, query

LATER = NOW + timedelta(days=30)
"""When files are imported, if a test does not say otherwise."""
USE, MAKE, EMPTY, REFUSE = Action.USE, Action.MAKE, Action.EMPTY, Action.REFUSE
VALUES = {
    "phase": {
        "Call": Choice(USE, "LEAD-CALL"),
        "Meeting": Choice(USE, "LEAD-MEETING"),
        "Quote": Choice(USE, "LEAD-QUOTE"),
        "Ended": Choice(USE, "LEAD-CLOSED"),
        "Gained": Choice(USE, "LEAD-CLOSED", "WON"),
        "Gone": Choice(USE, "LEAD-CLOSED", "LOST"),
        "Demo": Choice(MAKE),
    },
    "status": {
        "open": Choice(EMPTY),
        "won": Choice(USE, reason="WON"),
        "lost": Choice(USE, reason="LOST"),
    },
    "closing_reason": {
        "Won": Choice(USE, "WON"),
        "Competitor": Choice(USE, "COMPETITOR"),
        "Price": Choice(MAKE, outcome="lost"),
    },
    "account_type": {
        "Lead": Choice(USE, "LEAD"),
        "Prospect": Choice(USE, "PROSPECT"),
        "Customer": Choice(USE, "CUSTOMER"),
    },
    "lead_owner": {"Ann": Choice(USE, "AN"), "Bo": Choice(MAKE)},
    "customer_owner": {"Ann": Choice(USE, "AN"), "Bo": Choice(MAKE)},
}


def mapping_of(text: str, kind: Kind, **decided: Any) -> ImportMapping:
    """The mapping of a file by its first line; columns with other names are left out."""
    columns = {name: name for name in text.split("\n")[0].split(";") if name in FIELDS}
    return replace(ImportMapping(kind, columns, "LEAD", source="sheet", values=VALUES), **decided)


def check(
    database: Database,
    folder: Path,
    text: str,
    kind: Kind = Kind.LEADS,
    at: datetime = LATER,
    actor: Actor = ADMIN,
    **decided: Any,
) -> Check:
    source = text_source(folder, text)
    return check_file(database, actor, source, Reading(delimiter=";"), mapping_of(text, kind, **decided), at)


def load(
    database: Database, folder: Path, text: str, kind: Kind = Kind.LEADS, at: datetime = LATER, **decided: Any
) -> tuple[Check, ImportRun]:
    """Check and import; what comes of it is sound."""
    checked = check(database, folder, text, kind, at, **decided)
    run = run_import(database, ADMIN, checked, at)
    assert_sound(database)
    return checked, run


def reasons(checked: Check) -> list[tuple[int, str, str]]:
    """Line, column and sentence of every refused row."""
    return [(found.line, found.column, str(found.reason)) for found in checked.problems]


def leads(database: Database) -> dict[str, Lead]:
    """By title."""
    with database.read(EVERYTHING) as connection:
        return {lead.title: lead for lead in LEAD.where(connection)}


def visits(database: Database, lead: Lead) -> list[PhaseRecord]:
    with database.read(EVERYTHING) as connection:
        return sorted(PHASE_RECORD.where(connection, lead_id=lead.id), key=lambda r: r.visit_number)


def journey(database: Database, lead: Lead) -> list[tuple[str, str]]:
    """The phases it visited, by code without the account type's, and how each visit ended."""
    codes = dict(query(database, "SELECT id, code FROM phase"))
    return [(codes[r.phase_id].partition("-")[2], r.state.value) for r in visits(database, lead)]


def customers(database: Database) -> list[tuple[Any, ...]]:
    """Number and name of each."""
    return query(database, "SELECT number, name FROM customer ORDER BY number")


def standing(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All customers, leads and visits, without the version numbers that only ever grow."""
    return {
        table: sorted(query(database, f"SELECT * {left_out} FROM {table}"), key=repr)
        for table, left_out in (
            ("customer", "EXCLUDE (version)"),
            ("lead", "EXCLUDE (version)"),
            ("phase_record", ""),
        )
    }


_NOT_OF_THE_STATE = (
    *("lead_id", "version", "valid_from_utc", "valid_to_utc", "was_open", "previous_account_type_id"),
    *("previous_owner_id", "previous_phase_id", "previous_score", "previous_expected_value"),
    "previous_recurring_value",
)


def past(database: Database) -> dict[Any, list[tuple[Any, ...]]]:
    """All that ever held of each lead and from when, by its key: what figures over time are measured from."""
    held: dict[Any, list[tuple[Any, ...]]] = {}
    for lead_id, begins, *state in query(
        database,
        f"SELECT lead_id, valid_from_utc, * EXCLUDE ({', '.join(_NOT_OF_THE_STATE)}) FROM lead_span "
        "ORDER BY lead_id, valid_from_utc",
    ):
        own = held.setdefault(lead_id, [])
        if not own or own[-1][1] != state:
            own.append((begins, state))
    return held


def assert_sound(database: Database) -> None:
    """What holds of any workspace, imported or not."""
    with database.read(EVERYTHING) as connection:
        check_restored(connection, read_schema(connection))
        found = LEAD.where(connection)
        records = PHASE_RECORD.where(connection)
    by_lead: dict[Any, list[PhaseRecord]] = {}
    for record in sorted(records, key=lambda r: r.visit_number):
        by_lead.setdefault(record.lead_id, []).append(record)
    assert by_lead.keys() == {lead.id for lead in found}
    for lead in found:
        own = by_lead[lead.id]
        states = [record.state.value for record in own]
        assert [record.visit_number for record in own] == list(range(1, lead.visit_number + 1))
        assert states.count("current") == (1 if lead.is_open else 0)
        assert lead.is_open or (states[-1] == "closed" and lead.closing_reason_id)
        assert lead.opened_at_utc == own[0].entered_at_utc <= lead.phase_entered_at_utc
        assert all(r.left_at_utc is None or r.entered_at_utc <= r.left_at_utc for r in own)
        assert lead.closed_at_utc is None or lead.opened_at_utc <= lead.closed_at_utc
    versions = query(
        database,
        "SELECT lead_id, count(*), max(lead_version.version), lead.version FROM lead_version "
        "JOIN lead ON lead.id = lead_id GROUP BY lead_id, lead.version",
    )
    assert all(count == highest == current for _, count, highest, current in versions)
    forbidden = query(
        database,
        "SELECT customer.number FROM lead JOIN customer ON customer.id = lead.customer_id "
        "JOIN phase ON phase.id = lead.phase_id WHERE lead.closed_at_utc IS NULL AND "
        "(NOT is_active OR customer.account_type_id <> lead.account_type_id OR archived_at_utc IS NOT NULL)",
    )
    assert forbidden == [], "open leads that a rule forbids"
    unlogged = query(
        database,
        "SELECT id, version FROM customer UNION ALL SELECT id, version FROM lead "
        "EXCEPT SELECT entity_id, version FROM change_log",
    )
    assert unlogged == []
    for kind in list_account_types(database, ADMIN):
        own_leads = [lead for lead in found if lead.is_open and lead.account_type_id == kind.id]
        assert measure_pipeline(database, ADMIN, PipelineFilter(kind.id)).total == recount(own_leads)


def as_of(database: Database, lead: Lead, at: datetime) -> tuple[str, Any, bool] | None:
    """Phase code, expected value and whether it was open at a time; None where it was not there."""
    found = query(
        database,
        "SELECT phase.code, expected_value, closed_at_utc IS NULL FROM lead_version "
        "JOIN phase ON phase.id = phase_id "
        "WHERE lead_id = $lead_id AND valid_from_utc <= $at ORDER BY lead_version.version DESC LIMIT 1",
        lead_id=lead.id,
        at=at,
    )
    return (found[0][0].partition("-")[2], found[0][1], found[0][2]) if found else None
