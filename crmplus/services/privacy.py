"""Privacy: all that is kept on one customer, to hand over, and erasing it, as the GDPR asks."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.audit import AuditAction
from crmplus.domain.customer import Customer, search_key
from crmplus.domain.errors import NotFound, Refused
from crmplus.domain.message import say, say_count
from crmplus.locale.language import Language
from crmplus.services import rows
from crmplus.services.audit import record
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.history import Change, record_change
from crmplus.store.scrubbing import rows_about, scrub, scrub_searches, texts_about
from crmplus.store.tables import CONTACT_PERSON, CUSTOMER, LEAD, NEXT_STEP, NOTE, WORKSPACE

_ABOUT = (
    "These are all rows that CRM+ keeps on this customer, by table, with the names of its columns. "
    "Backups made until now hold them too."
)

_MOST_GONE = 20


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing takes away; leads, their phases, values and dates stay, so figures do."""

    lead_count: int
    open_lead_count: int
    contact_person_count: int
    note_count: int
    next_step_count: int


@dataclass(frozen=True, slots=True)
class GoneCustomer:
    """A customer that an import made and its undo took away: what it was called is in the history still."""

    id: UUID
    number: str
    name: str
    gone_at_utc: datetime
    version: int


def export_customer(database: Database, actor: Actor, customer_id: UUID, at: datetime) -> bytes:
    """A JSON document in UTF-8, which the audit tells of. Raises: NotPermitted, NotFound."""
    actor.require(Permission.ADMINISTER)
    with database.read(actor.sight) as connection:
        gone = _gone(connection, "", customer_id)
        number = gone[0].number if gone else rows.load(connection, CUSTOMER, customer_id).number
        tables = rows_about(connection, customer_id)
    record(database, actor, AuditAction.CUSTOMER_EXPORTED, at, number)
    document = {"about": _ABOUT, "customer": number, "made_at_utc": at.isoformat(), "tables": tables}
    return json.dumps(document, default=str, ensure_ascii=False, indent=1).encode()


def preview_erasure(database: Database, actor: Actor, customer_id: UUID) -> Erasure:
    """Raises: NotPermitted, NotFound."""
    actor.require(Permission.ADMINISTER)
    with database.read(actor.sight) as connection:
        rows.load(connection, CUSTOMER, customer_id)
        leads = LEAD.where(connection, customer_id=customer_id)
        return Erasure(
            lead_count=len(leads),
            open_lead_count=sum(lead.is_open for lead in leads),
            contact_person_count=len(CONTACT_PERSON.where(connection, customer_id=customer_id)),
            note_count=sum(len(NOTE.where(connection, lead_id=lead.id)) for lead in leads),
            next_step_count=sum(len(NEXT_STEP.where(connection, lead_id=lead.id)) for lead in leads),
        )


def erase_customer(
    database: Database, actor: Actor, customer_id: UUID, version: int, at: datetime
) -> Customer:
    """Take away who it was: name, addresses, contact persons, notes, next steps, titles, and every word of
    them in the history, which goes on to say what happened and when. Leads, values and dates stay.

    Raises: NotPermitted, NotFound, Conflict, Refused while leads are open.
    """
    actor.require(Permission.ADMINISTER)
    with database.transaction(actor.sight) as connection:
        before = rows.load(connection, CUSTOMER, customer_id, version)
        leads = LEAD.where(connection, customer_id=customer_id)
        if open_count := sum(lead.is_open for lead in leads):
            raise Refused(
                say_count(
                    "{count} lead of this customer is open. Close it first, with a reason.",
                    "{count} leads of this customer are open. Close them first, with a reason.",
                    open_count,
                ),
                (before.number,),
            )
        erased = _words(connection)
        texts = texts_about(connection, customer_id)
        _take_away(connection, actor, at, customer_id, [lead.id for lead in leads])
        after = replace(_emptied(before), name=erased, is_active=False, version=before.version + 1)
        CUSTOMER.update(connection, after, from_version=before.version)
        for lead in leads:
            LEAD.update(connection, replace(lead, title=""))
        known = {"is_active": before.is_active}, {"is_active": False}
        change = Change("customer_erased", "customer", customer_id, after.version, *known, customer_id)
        record_change(connection, actor, at, change)
        scrub(connection, customer_id, f"({erased})")
        scrub_searches(connection, texts, f"({erased})")
        return after


def list_gone_customers(database: Database, actor: Actor, words: str) -> list[GoneCustomer]:
    """At most 20 whose history holds `words`, the last gone first. Raises: NotPermitted."""
    actor.require(Permission.ADMINISTER)
    with database.read(actor.sight) as connection:
        return _gone(connection, search_key(words.strip())) if words.strip() else []


def erase_gone_customer(database: Database, actor: Actor, customer_id: UUID, at: datetime) -> None:
    """Take away every word of a customer of which only the history is left.

    Raises: NotPermitted, NotFound also where it is there, or was erased already.
    """
    actor.require(Permission.ADMINISTER)
    with database.transaction(actor.sight) as connection:
        gone = _gone(connection, "", customer_id)
        if not gone:
            raise NotFound(say("This does not exist any more. Go back to the list."))
        erased = _words(connection)
        texts = texts_about(connection, customer_id)
        scrub(connection, customer_id, f"({erased})")
        scrub_searches(connection, texts, f"({erased})")
        version = gone[0].version + 1
        change = Change("customer_erased", "customer", customer_id, version, None, None, customer_id)
        record_change(connection, actor, at, change)


def _gone(connection: Connection, search: str, customer_id: UUID | None = None) -> list[GoneCustomer]:
    found = connection.rows("gone_customers", search=search, id=customer_id, limit=_MOST_GONE)
    return [GoneCustomer(**row) for row in found]


def _emptied(customer: Customer) -> Customer:
    return replace(
        customer,
        contact="",
        email="",
        phone="",
        street="",
        postal_code="",
        city="",
        country="",
        remark="",
    )


def _words(connection: Connection) -> str:
    """What an erased customer is called, in the workspace's language."""
    workspace = WORKSPACE.where(connection)[0]
    return Language(workspace.language, workspace.zone).message(say("Erased customer"))


def _take_away(
    connection: Connection, actor: Actor, at: datetime, customer_id: UUID, lead_ids: list[UUID]
) -> None:
    for person in CONTACT_PERSON.where(connection, customer_id=customer_id):
        rows.delete(connection, actor, at, CONTACT_PERSON, person, customer_id)
    for lead_id in lead_ids:
        for note in NOTE.where(connection, lead_id=lead_id):
            rows.delete(connection, actor, at, NOTE, note, customer_id)
        for step in NEXT_STEP.where(connection, lead_id=lead_id):
            rows.delete(connection, actor, at, NEXT_STEP, step, customer_id)
