"""Saved mappings: the decisions about a file, kept by name and offered for the next one like it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import search_key
from crmplus.domain.errors import NotFound
from crmplus.domain.fields import Check
from crmplus.domain.importing import SavedMapping
from crmplus.domain.message import say
from crmplus.exchange.mapping import ImportMapping, to_json
from crmplus.services import rows
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import IMPORT_MAPPING


def list_mappings(database: Database, actor: Actor) -> list[SavedMapping]:
    """By name."""
    actor.require(Permission.CONFIGURE)
    with database.read(actor.sight) as connection:
        return sorted(IMPORT_MAPPING.where(connection), key=lambda saved: search_key(saved.name))


def find_mapping(database: Database, actor: Actor, name: str) -> SavedMapping:
    """The one with this name, whatever its case. Raises: NotPermitted, NotFound."""
    for saved in list_mappings(database, actor):
        if search_key(saved.name) == search_key(name.strip()):
            return saved
    raise NotFound(say("There is no saved mapping {name}.", name=name))


def save_mapping(
    database: Database, actor: Actor, name: str, mapping: ImportMapping, at: datetime
) -> SavedMapping:
    """Keep the decisions under a name; those kept under it before are replaced.

    Raises: NotPermitted, Invalid without a name.
    """
    actor.require(Permission.CONFIGURE)
    check = Check()
    clean = check.text("name", name, 80, required=True)
    check.done()
    with database.transaction(actor.sight) as connection:
        for saved in list_mappings(database, actor):
            if search_key(saved.name) == search_key(clean):
                after = replace(saved, name=clean, content_json=to_json(mapping))
                return rows.change(connection, actor, at, IMPORT_MAPPING, saved, after)
        made = SavedMapping(new_id(), clean, to_json(mapping), version=1)
        return rows.make(connection, actor, at, IMPORT_MAPPING, made)


def delete_mapping(database: Database, actor: Actor, mapping_id: UUID, at: datetime) -> None:
    """Raises: NotPermitted, NotFound."""
    actor.require(Permission.CONFIGURE)
    with database.transaction(actor.sight) as connection:
        saved = rows.load(connection, IMPORT_MAPPING, mapping_id)
        rows.delete(connection, actor, at, IMPORT_MAPPING, saved)
