"""Single fields of an open lead, changed where they are shown: the list edited in place."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeAlias
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.journey import Step
from crmplus.domain.lead import Lead, LeadValues, PhaseRecord
from crmplus.domain.message import say
from crmplus.services import rows
from crmplus.services.lead_rows import Standing, load_standing, store_step
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PERSON


class Untouched(Enum):
    """A field that an edit does not name; None empties the field."""

    UNTOUCHED = "untouched"


UNTOUCHED = Untouched.UNTOUCHED
_Untouched: TypeAlias = Literal[Untouched.UNTOUCHED]


@dataclass(frozen=True, slots=True)
class LeadEdit:
    """The fields that are typed over, in the workspace's currency; all others stay as they are."""

    score: int | _Untouched | None = UNTOUCHED
    expected_value: Decimal | _Untouched | None = UNTOUCHED
    recurring_value: Decimal | _Untouched | None = UNTOUCHED
    expected_close_date: date | _Untouched | None = UNTOUCHED
    owner_id: UUID | _Untouched | None = UNTOUCHED

    @property
    def named(self) -> dict[str, object]:
        """Field name to value, of the fields that are named."""
        return {name: value for name, value in rows.as_values(self).items() if value is not UNTOUCHED}


def edit_lead(
    database: Database, actor: Actor, lead_id: UUID, version: int, edit: LeadEdit, at: datetime
) -> Lead:
    """Change the named fields in the phase the lead stands in (L1), from that version (L6).

    Raises: NotPermitted, NotFound, Invalid, Conflict, Refused on a closed lead or for an archived owner.
    """
    actor.require(Permission.WORK)
    with database.transaction(actor.sight) as connection:
        standing = load_standing(connection, lead_id, version)
        step = edited(standing, edit)
        if step.lead.owner_id != standing.lead.owner_id:
            require_owner(connection, step.lead.owner_id)
        action = "lead_described" if edit.named.keys() <= {"owner_id"} else "lead_saved"
        return store_step(connection, actor, at, action, standing, step)


def edited(standing: Standing, edit: LeadEdit) -> Step:
    """The lead after an edit; the note of its phase stays. Raises: Invalid, Refused on a closed lead."""
    named = edit.named
    owner_id: UUID | None = named.pop("owner_id", standing.lead.owner_id)  # type: ignore[assignment]
    values = replace(values_of(standing.record), **named)  # type: ignore[arg-type]
    step = journey.save(standing.lead, standing.record, values)
    return Step(replace(step.lead, owner_id=owner_id), step.changed)


def values_of(record: PhaseRecord) -> LeadValues:
    """What is recorded in a visit."""
    return LeadValues(
        record.score,
        record.expected_value,
        record.recurring_value,
        record.expected_close_date,
        record.note,
    )


def require_owner(connection: Connection, owner_id: UUID | None) -> None:
    """Somebody who can own a lead, or nobody. Raises: NotFound, Refused for somebody archived."""
    if owner_id and rows.load(connection, PERSON, owner_id).archived_at_utc:
        raise Refused(say("This person is archived. Choose another owner."))
