"""What figures over time are measured from: `lead_span` and `lead_stay`, derived from the history.

Both say nothing that the history does not: they can be thrown away and derived anew at any time.
"""

from crmplus.domain.customer import search_key
from crmplus.store.connection import Connection

DERIVED = frozenset({"lead_span", "lead_stay"})
"""Tables that nobody needs to keep, export or compare."""


def derive_anew(connection: Connection) -> None:
    """Derive the spans and stays of all leads, in one pass."""
    derive_leads(connection, "touch_every_lead")


def derive_leads(connection: Connection, statement: str) -> None:
    """Derive those of the leads that a named statement puts into `touched_lead`."""
    connection.rows(statement)
    _derive(connection)


def derive_touched(connection: Connection) -> None:
    """Derive those of the leads whose history grew in this transaction; its end does."""
    if not connection.touched_leads:
        return
    connection.rows("make_touched_leads")
    connection.append("touched_lead", ["lead_id"], [(lead_id,) for lead_id in connection.touched_leads])
    connection.touched_leads.clear()
    _derive(connection)


def derive_title_keys(connection: Connection) -> None:
    """Derive what the titles of all leads are found by."""
    titles = [row["title"] for row in connection.rows("titles")]
    connection.rows("set_title_keys", titles=titles, keys=[search_key(title) for title in titles])


def _derive(connection: Connection) -> None:
    (bounds,) = connection.rows("bounds_of_touched")
    for statement in ("forget_spans", "forget_stays", "derive_spans", "derive_stays"):
        connection.rows(statement, **bounds)
