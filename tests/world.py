"""What the tests build their cases from, and what they look at afterwards."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import LOCAL_ADMIN, Role
from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.customer import Customer, CustomerDraft
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.person import Person, PersonDraft
from crmplus.domain.phase import Phase, PhaseDraft, PhaseType
from crmplus.domain.sight import EVERYTHING
from crmplus.services.account_types import add_account_type, list_account_types
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.customers import add_customer
from crmplus.services.leads import list_leads_of_customer
from crmplus.services.people import add_person
from crmplus.services.phases import add_phase, list_phases
from crmplus.store.database import Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADMIN = LOCAL_ADMIN
VALUES = LeadValues(score=40, expected_value=Decimal("1000.00"), recurring_value=Decimal("25.50"), note="met")
NASTY_TEXTS = (
    "*bold* $x$ <img src=x>",
    "e\u0301",
    "日本",
    "\u202eright to left\u200f",
    "'; DROP TABLE lead --",
)


def account_type(database: Database, code: str = "LEAD") -> AccountType:
    return next(t for t in list_account_types(database, ADMIN, with_archived=True) if t.code == code)


def phase(database: Database, code: str) -> Phase:
    """By its starter code: LEAD-CALL, LEAD-MEETING, LEAD-CALC, LEAD-QUOTE, LEAD-CLOSED, PROSPECT-..."""
    return next(p for p in list_phases(database, ADMIN, with_archived=True) if p.code == code)


def reason(database: Database, code: str = "WON") -> ClosingReason:
    return next(r for r in list_closing_reasons(database, ADMIN, with_archived=True) if r.code == code)


def person(database: Database, name: str = "Ann", initials: str = "AN", role: Role = Role.REP) -> Person:
    return add_person(database, ADMIN, PersonDraft(name, initials, role), NOW)


def customer(database: Database, name: str = "Acme", code: str = "LEAD", **fields: Any) -> Customer:
    draft = CustomerDraft(name=name, account_type_id=account_type(database, code).id, **fields)
    return add_customer(database, ADMIN, draft, NOW)


def customer_with_lead(database: Database, name: str = "Acme", **fields: Any) -> tuple[Customer, Lead]:
    """A customer of the type Lead, and the lead that began with it in LEAD-CALL."""
    made = customer(database, name, **fields)
    return made, list_leads_of_customer(database, ADMIN, made.id)[0]


def draft_of(row: Customer, **changed: Any) -> CustomerDraft:
    """The form of a customer as it opens, with these fields typed over."""
    kept = {name: getattr(row, name) for name in CustomerDraft.__slots__}
    return replace(CustomerDraft(**kept), **changed)


def new_account_type(
    database: Database, code: str, *, uses_phases: bool = True, is_default: bool = False
) -> AccountType:
    draft = AccountTypeDraft(code, code.title(), 50, uses_phases, is_default)
    return add_account_type(database, ADMIN, draft, NOW)


def new_phase(
    database: Database,
    code: str,
    phase_type: PhaseType = PhaseType.REGULAR,
    of: str = "LEAD",
    order_number: int = 25,
) -> Phase:
    draft = PhaseDraft(account_type(database, of).id, code, code.title(), phase_type, order_number)
    return add_phase(database, ADMIN, draft, NOW)


def phase_draft(row: Phase, **changed: Any) -> PhaseDraft:
    kept = {name: getattr(row, name) for name in PhaseDraft.__slots__}
    return replace(PhaseDraft(**kept), **changed)


TABLES = (
    "workspace",
    "person",
    "account_type",
    "phase",
    "closing_reason",
    "customer",
    "lead",
    "phase_record",
    "change_log",
    "lead_version",
    "import_mapping",
    "import_run",
    "import_row",
    "import_key",
    "target",
    "next_step",
    "note",
    "contact_person",
    "saved_view",
    "team",
    "team_member",
    "credential",
    "sign_in_session",
    "invitation",
    "audit_event",
    "lead_span",
    "lead_stay",
)


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables: two snapshots that are equal mean that nothing was written."""
    with database.read(EVERYTHING) as connection:
        return {name: sorted(connection.execute(f"FROM {name}"), key=repr) for name in TABLES}


def query(database: Database, sql: str, **values: object) -> list[tuple[Any, ...]]:
    with database.read(EVERYTHING) as connection:
        return connection.execute(sql, values)


def logged(database: Database) -> list[tuple[str, int]]:
    """The change log as (action, version), oldest first."""
    return query(database, "SELECT action, version FROM change_log ORDER BY id")


def logged_since(database: Database, count: int) -> list[tuple[str, int]]:
    return logged(database)[count:]


_REFERENCES = (
    ("phase", "account_type_id", "account_type"),
    ("customer", "account_type_id", "account_type"),
    ("customer", "owner_id", "person"),
    ("lead", "customer_id", "customer"),
    ("lead", "account_type_id", "account_type"),
    ("lead", "phase_id", "phase"),
    ("lead", "owner_id", "person"),
    ("lead", "closing_reason_id", "closing_reason"),
    ("phase_record", "lead_id", "lead"),
    ("phase_record", "phase_id", "phase"),
    ("phase_record", "closing_reason_id", "closing_reason"),
    ("target", "owner_id", "person"),
    ("team_member", "team_id", "team"),
    ("team_member", "person_id", "person"),
    ("credential", "person_id", "person"),
    ("sign_in_session", "person_id", "person"),
    ("invitation", "person_id", "person"),
    ("next_step", "lead_id", "lead"),
    ("note", "lead_id", "lead"),
    ("note", "author_id", "person"),
    ("contact_person", "customer_id", "customer"),
    ("saved_view", "owner_id", "person"),
    ("lead_version", "lead_id", "lead"),
    ("lead_version", "customer_id", "customer"),
    ("lead_version", "account_type_id", "account_type"),
    ("lead_version", "phase_id", "phase"),
    ("lead_version", "owner_id", "person"),
    ("lead_version", "closing_reason_id", "closing_reason"),
    ("change_log", "customer_id", "customer"),
    ("change_log", "actor_id", "person"),
)


def orphans(database: Database) -> list[tuple[str, str, UUID]]:
    """Every reference to a row that does not exist: table, column and the key it names."""
    found = []
    for table, column, parent in _REFERENCES:
        sql = (
            f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL "
            f"AND {column} NOT IN (SELECT id FROM {parent})"
        )
        found += [(table, column, row[0]) for row in query(database, sql)]
    return found
