"""Closed leads with scores, for tests of what is made of scores."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.leads import close_lead, move_lead, start_lead
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, customer_with_lead, phase, reason


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def closed_with(
    database: Database,
    code: str,
    *scores: int | None,
    closed: str = "2026-03-10T12:00",
    owner_id: UUID | None = None,
) -> list[Lead]:
    """Leads straight closed from the first phase, with the reason of this code, one a score."""
    made, _ = customer_with_lead(database, "A", owner_id=owner_id)
    end, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    with database.transaction(EVERYTHING):
        leads = [start_lead(database, ADMIN, made.id, at("2026-03-01T12:00")) for _score in scores]
        return [
            close_lead(database, ADMIN, lead.id, 1, end, why, LeadValues(score), at(closed))
            for lead, score in zip(leads, scores, strict=True)
        ]


def travelled(
    database: Database,
    code: str,
    in_call: int | None,
    in_meeting: int | None,
    value: str | None = None,
    closed: str = "2026-03-10T12:00",
) -> Lead:
    """A lead that was in Call appointment and in Meeting, each with its score, then closed."""
    made, _ = customer_with_lead(database, "A")
    lead = start_lead(database, ADMIN, made.id, at("2026-03-01T12:00"))
    worth = Decimal(value) if value else None
    meeting = phase(database, "LEAD-MEETING").id  # unlike completing, moving needs no score
    lead = move_lead(database, ADMIN, lead.id, 1, meeting, LeadValues(in_call, worth), at("2026-03-02T12:00"))
    end, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    values = LeadValues(in_meeting, worth)
    return close_lead(database, ADMIN, lead.id, lead.version, end, why, values, at(closed))


def duplicate(database: Database) -> str:
    """A reason that is neither won nor lost."""
    draft = ClosingReasonDraft("DUPLICATE", "Duplicate", 90, Outcome.NEITHER)
    return add_closing_reason(database, ADMIN, draft, NOW).code
