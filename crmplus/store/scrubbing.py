"""All rows about one customer, and taking their words out of what is kept for good.

Beside erasing a demo this is the one place that changes history: the law asks for it.
"""

import json
from typing import Any
from uuid import UUID

from crmplus.store.connection import Connection

PERSONAL = frozenset(
    {
        "name",
        "contact",
        "email",
        "phone",
        "street",
        "postal_code",
        "city",
        "country",
        "remark",
        "title",
        "note",
        "text",
        "description",
        "job_title",
    }
)
"""Fields of a customer, and of what hangs on one, in which somebody may be named."""
_ABOUT = (
    ("customer", "id = $id"),
    ("contact_person", "customer_id = $id"),
    ("lead", "customer_id = $id"),
    ("phase_record", "lead_id IN (SELECT id FROM lead WHERE customer_id = $id)"),
    ("lead_version", "customer_id = $id"),
    ("next_step", "lead_id IN (SELECT id FROM lead WHERE customer_id = $id)"),
    ("note", "lead_id IN (SELECT id FROM lead WHERE customer_id = $id)"),
    ("change_log", "customer_id = $id"),
    ("import_row", "entity_id = $id OR entity_id IN (SELECT id FROM lead WHERE customer_id = $id)"),
    ("import_key", "entity_id = $id OR entity_id IN (SELECT id FROM lead WHERE customer_id = $id)"),
)


def rows_about(connection: Connection, customer_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row about a customer, by table, as column name to value; those derived from others left out."""
    found = {}
    for table, condition in _ABOUT:
        values = connection.execute(f"SELECT * FROM {table} WHERE {condition}", {"id": customer_id})
        names = [column[0] for column in connection.cursor.description or ()]
        found[table] = [dict(zip(names, row, strict=True)) for row in values]
    return found


def scrub(connection: Connection, customer_id: UUID, instead: str) -> None:
    """Put `instead` in the place of every word about a customer in the history, in the phases of its leads
    and in what imports left behind. Figures rest on none of them."""
    connection.flush()
    about: dict[str, object] = {"id": customer_id}
    for change in connection.rows("history_of_customer", customer_id=customer_id):
        texts = {name: _scrubbed(change[name], instead) for name in ("before_json", "after_json")}
        connection.count(
            "UPDATE change_log SET before_json = $before_json, after_json = $after_json WHERE id = $id",
            texts | {"id": change["id"]},
        )
    of_leads = "lead_id IN (SELECT id FROM lead WHERE customer_id = $id)"
    connection.count("UPDATE lead_version SET title = '' WHERE customer_id = $id", about)
    connection.count(f"UPDATE phase_record SET note = '' WHERE {of_leads}", about)
    of_either = "entity_id = $id OR entity_id IN (SELECT id FROM lead WHERE customer_id = $id)"
    connection.count(f"DELETE FROM import_key WHERE {of_either}", about)
    for row in connection.rows("import_rows_of_customer", customer_id=customer_id):
        connection.count(
            "UPDATE import_row SET before_json = $after WHERE import_id = $import_id"
            " AND entity_id = $entity_id AND version = $version",
            {"after": _scrubbed(row.pop("before_json"), instead), **row},
        )


def _scrubbed(text: str, instead: str) -> str:
    if not text:
        return text
    held: dict[str, Any] = json.loads(text)
    return json.dumps(
        {name: instead if name in PERSONAL and value else value for name, value in held.items()},
        ensure_ascii=False,
    )
