"""Whose lead it is."""

from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import Customer
from crmplus.services import rows
from crmplus.store.database import Database
from crmplus.store.tables import CUSTOMER, LEAD


def get_customer_of_lead(database: Database, actor: Actor, lead_id: UUID) -> Customer:
    """The customer that a lead, open or closed, belongs to. Raises: NotPermitted, NotFound."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        lead = rows.load(connection, LEAD, lead_id)
        return rows.load(connection, CUSTOMER, lead.customer_id)
