"""Sight, enforced where rows are read: tables that are cut down to what somebody may see.

Temporary views of a cursor stand before the tables of the same names, so every statement that the cursor
runs, whoever wrote it, finds only the rows it may.
"""

from functools import cache
from pathlib import Path
from uuid import UUID

from crmplus.domain.contact_person import ContactPerson
from crmplus.domain.customer import Customer
from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStep
from crmplus.domain.note import Note
from crmplus.domain.target import Target
from crmplus.store.connection import Connection
from crmplus.store.tables import CUSTOMER, LEAD

_SQL = Path(__file__).with_name("sight.sql")


def narrow(connection: Connection) -> None:
    """Cut a reading cursor down to what its sight takes in."""
    if connection.sight.owners is None:
        return
    owners = ", ".join(f"'{UUID(str(owner))}'" for owner in sorted(connection.sight.owners))
    connection.cursor.execute("SET VARIABLE seen_owners = CAST([" + owners + "] AS UUID[])")
    (catalog,) = connection.execute("SELECT current_database()")[0]
    for view in _views():
        connection.cursor.execute(view.replace("{catalog}", '"' + catalog.replace('"', '""') + '"'))


def sees(connection: Connection, row: object) -> bool:
    """Whether a row lies in sight; in a transaction the tables are whole, so it is asked for each."""
    sight = connection.sight
    if sight.is_whole:
        return True
    match row:
        case Lead(owner_id=owner_id) | Target(owner_id=owner_id):
            return sight.takes_in(owner_id)
        case NextStep(lead_id=lead_id) | Note(lead_id=lead_id):
            lead = LEAD.get(connection, lead_id)
            return lead is not None and sight.takes_in(lead.owner_id)
        case Customer(id=customer_id, owner_id=owner_id):
            return sight.takes_in(owner_id) or _has_seen_lead(connection, customer_id)
        case ContactPerson(customer_id=customer_id):
            customer = CUSTOMER.get(connection, customer_id)
            return customer is not None and sees(connection, customer)
        case _:
            return True


def _has_seen_lead(connection: Connection, customer_id: UUID) -> bool:
    leads = LEAD.where(connection, customer_id=customer_id)
    return any(connection.sight.takes_in(lead.owner_id) for lead in leads)


@cache
def _views() -> list[str]:
    return [part for part in _SQL.read_text(encoding="utf-8").split(";") if part.strip()]
