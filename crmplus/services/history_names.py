"""What the lines of a history are about: the log holds only what differed, the words are in earlier lines."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from operator import itemgetter
from typing import Any, Self
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.store.database import Database

_TEXTS = {"next_step": "description", "note": "text", "contact_person": "name"}
"""The field that says what a row is, by its entity."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A next step, note or contact person as it was after a change, or before the one that removed it.

    `lead_id` is None for what is the customer's own; the due ones are None for all but next steps.
    """

    text: str
    lead_id: UUID | None = None
    due_date: date | None = None
    due_time: time | None = None

    @classmethod
    def of(cls, entity: str, state: Mapping[str, Any]) -> Self:
        return cls(
            text=state.get(_TEXTS[entity], ""),
            lead_id=UUID(state["lead_id"]) if "lead_id" in state else None,
            due_date=date.fromisoformat(state["due_date"]) if "due_date" in state else None,
            due_time=time.fromisoformat(state["due_time"]) if state.get("due_time") else None,
        )


def list_subjects(database: Database, actor: Actor, customer_id: UUID) -> dict[tuple[UUID, int], Subject]:
    """What each line of a customer's history is about, by the key and version that the line names."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        found = connection.rows("changes_of_subjects", customer_id=customer_id)
    subjects: dict[tuple[UUID, int], Subject] = {}
    for entity_id, changes in groupby(found, itemgetter("entity_id")):
        state: dict[str, Any] = {}
        for change in changes:
            state |= json.loads(change["after_json"])
            subjects[entity_id, change["version"]] = Subject.of(change["entity"], state)
    return subjects
