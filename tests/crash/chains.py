"""Lost updates, looked for in the change log: each change of a lead begins where the one before it ended."""

import json
from typing import Any
from uuid import UUID

from crmplus.domain.customer import CustomerDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.customers import add_customer
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, account_type

LEADS = 20
_OF_ONE_VISIT = ("note", "skipped")
"""A lead that enters a phase begins there without these."""


def twenty_leads(database: Database) -> None:
    kind = account_type(database).id
    for number in range(LEADS):
        add_customer(database, ADMIN, CustomerDraft(name=f"Customer {number}", account_type_id=kind), NOW)


def lost_updates(database: Database) -> list[str]:
    """Changes made from a state that was not the newest any more, and versions left out or given twice."""
    with database.read(EVERYTHING) as connection:
        logged = connection.execute(
            "SELECT entity_id, version, before_json, after_json FROM change_log "
            "WHERE entity = 'lead' ORDER BY entity_id, version"
        )
    states: dict[UUID, dict[str, Any]] = {}
    versions: dict[UUID, int] = {}
    found = []
    for key, version, before, after in logged:
        state = states.setdefault(key, {})
        if version != versions.get(key, 0) + 1:
            found.append(f"lead {key} goes from version {versions.get(key, 0)} to {version}")
        for name, value in json.loads(before).items():
            if name not in _OF_ONE_VISIT and state.get(name) != value:
                found.append(f"lead {key}, version {version}: {name} was {state.get(name)}, not {value}")
        state.update(json.loads(after))
        versions[key] = version
    return found
