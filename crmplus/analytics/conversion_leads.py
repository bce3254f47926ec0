"""The leads behind the reached funnel (M2): those that it counts in a part."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.analytics.conversion import passable_phases, places_of
from crmplus.domain.actor import Actor, Permission
from crmplus.store.database import Database


class Part(StrEnum):
    """Which leads of the cohort to list."""

    REACHED = "reached"
    WENT_ON = "on"
    SKIPPED = "skipped"
    DROPPED = "dropped"
    CLOSED = "closed"
    """Lost or neither."""
    OPEN = "open"
    LOST = "lost"
    NEITHER = "neither"
    WON = "won"


@dataclass(frozen=True, slots=True)
class Which:
    """A part of the cohort, at one phase, where it names one, and with one closing reason."""

    part: Part
    phase_id: UUID | None = None
    closing_reason_id: UUID | None = None


def list_conversion_leads(
    database: Database, actor: Actor, chosen: Choice, which: Which, limit: int, offset: int = 0
) -> tuple[list[LeadBehind], int]:
    """One page of the leads that M2 counts in a part, the one opened last first, and how many in all."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        phases = passable_phases(connection, chosen)
        parameters = {
            **chosen.parameters(),
            **places_of(phases),
            **_condition(which, [phase.id for phase in phases]),
        }
        return leads_behind(connection, "reached_funnel_leads", parameters, limit, offset)


def _condition(which: Which, phase_ids: Sequence[UUID]) -> dict[str, object]:
    """What a lead must have reached, and how it must stand, to belong to a part.

    Raises: ValueError where the phase is none that leads pass on their way to Won.
    """
    won_place = len(phase_ids) + 1
    least, most = 1, won_place
    place = None if which.phase_id is None else phase_ids.index(which.phase_id) + 1
    match which.part:
        case Part.REACHED | Part.SKIPPED:
            least = place or least
        case Part.WENT_ON:
            least = (place or 0) + 1
        case Part.WON:
            least = won_place
        case _dropped:
            least, most = place or least, place or won_place - 1
    standing = which.part.value if which.part in (Part.OPEN, Part.LOST, Part.NEITHER) else None
    return {
        "won_place": won_place,
        "least_place": least,
        "most_place": most,
        "standing": standing,
        "other_standing": Part.OPEN.value if which.part is Part.CLOSED else None,
        "closing_reason_id": which.closing_reason_id,
        "skipped_phase_id": which.phase_id if which.part is Part.SKIPPED else None,
    }
