"""All rows about one customer, and taking their words out of what is kept for good.

Beside erasing a demo this is the one place that changes history: the law asks for it.
"""

import json
from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from crmplus.domain.customer import search_key
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
_SEARCHES = frozenset({"search", "text"})
"""Filters that somebody types words into."""
_SHORTEST_PART = 3
"""Characters; a shorter part of a text is a part of many."""
_LEADS = "(SELECT lead_id FROM lead_version WHERE customer_id = $id)"
"""Those of history too: an undone import took some away, and left what was told of them."""
_OF_LEADS = f"lead_id IN {_LEADS}"
_OF_EITHER = f"entity_id = $id OR entity_id IN {_LEADS}"
_ABOUT = (
    ("customer", "id = $id"),
    ("contact_person", "customer_id = $id"),
    ("lead", "customer_id = $id"),
    ("phase_record", _OF_LEADS),
    ("lead_version", "customer_id = $id"),
    ("next_step", _OF_LEADS),
    ("note", _OF_LEADS),
    ("change_log", "customer_id = $id"),
    ("import_row", _OF_EITHER),
    ("import_key", _OF_EITHER),
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
    connection.count("UPDATE lead_version SET title = '' WHERE customer_id = $id", about)
    connection.count(f"UPDATE phase_record SET note = '' WHERE {_OF_LEADS}", about)
    connection.count(f"DELETE FROM import_key WHERE {_OF_EITHER}", about)
    for row in connection.rows("import_rows_of_customer", customer_id=customer_id):
        connection.count(
            "UPDATE import_row SET before_json = $after WHERE import_id = $import_id"
            " AND entity_id = $entity_id AND version = $version",
            {"after": _scrubbed(row.pop("before_json"), instead), **row},
        )


def texts_about(connection: Connection, customer_id: UUID) -> set[str]:
    """Every text about a customer that is kept, now or in its history, folded to be searched for."""
    texts: set[str] = set()
    for found in rows_about(connection, customer_id).values():
        for row in found:
            states = [json.loads(row[name] or "{}") for name in ("before_json", "after_json") if name in row]
            for state in (row, *states):
                texts |= {search_key(str(state[name])) for name in PERSONAL & state.keys() if state[name]}
    return texts


def scrub_searches(connection: Connection, texts: Collection[str], instead: str) -> None:
    """Put `instead` in the place of what saved views look for, now and in their history, where that is of
    `texts` or they are of it. What others are found by as well says nothing about anybody, and stays."""
    connection.flush()
    for view in connection.rows("searches_of_views"):
        query = _without(connection, view["query"], texts, instead)
        connection.count("UPDATE saved_view SET query = $query WHERE id = $id", view | {"query": query})
    for change in connection.rows("history_of_views"):
        for name in ("before_json", "after_json"):
            held: dict[str, Any] = json.loads(change[name])
            if "query" in held:
                held["query"] = _without(connection, held["query"], texts, instead)
                change[name] = json.dumps(held, ensure_ascii=False)
        connection.count(
            "UPDATE change_log SET before_json = $before_json, after_json = $after_json WHERE id = $id",
            change,
        )


def _without(connection: Connection, query: str, texts: Collection[str], instead: str) -> str:
    """The address's part of a view, without words that are of `texts` alone."""
    filters = parse_qsl(query, keep_blank_values=True)
    kept = [
        (name, instead if name in _SEARCHES and _tells_of(connection, value, texts) else value)
        for name, value in filters
    ]
    return query if kept == filters else urlencode(kept)


def _tells_of(connection: Connection, value: str, texts: Collection[str]) -> bool:
    typed = search_key(value.strip())
    parts = (sorted((typed, text), key=len) for text in texts)
    tells = any(part == whole or (len(part) >= _SHORTEST_PART and part in whole) for part, whole in parts)
    return bool(typed) and tells and not connection.value("is_searched_by_others", search=typed)


def _scrubbed(text: str, instead: str) -> str:
    if not text:
        return text
    held: dict[str, Any] = json.loads(text)
    return json.dumps(
        {name: instead if name in PERSONAL and value else value for name, value in held.items()},
        ensure_ascii=False,
    )
