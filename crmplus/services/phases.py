"""Lead phases: what a manager does with them (rules P1 to P5)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crmplus.domain import journey
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.errors import Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.lead import weighted
from crmplus.domain.message import say, say_count
from crmplus.domain.phase import Phase, PhaseDraft, PhaseType
from crmplus.domain.sight import EVERYTHING
from crmplus.services import rows
from crmplus.services.lead_rows import funnel_of, load_standing, store_step
from crmplus.services.settings import Kind, require_free_code
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import ACCOUNT_TYPE, LEAD, PHASE


@dataclass(frozen=True, slots=True)
class ArchivePreview:
    """What archiving a phase would do: the open leads that move, and what they are worth."""

    lead_count: int
    expected_value: Decimal
    weighted_value: Decimal


def list_phases(database: Database, actor: Actor, *, with_archived: bool = False) -> list[Phase]:
    """All phases, in funnel order within each account type (P2)."""
    found = _KIND.listed(database, actor, with_archived=with_archived)
    return sorted(found, key=lambda p: p.sort_key)


def get_funnel(database: Database, actor: Actor, account_type_id: UUID) -> Funnel:
    actor.require(Permission.VIEW)
    with database.read(EVERYTHING) as connection:
        return funnel_of(connection, account_type_id)


def count_open_leads(database: Database, actor: Actor) -> dict[UUID, int]:
    """How many open leads in sight stand in each phase, by the phase's id."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        return {row["phase_id"]: row["lead_count"] for row in connection.rows("open_leads_by_phase")}


def add_phase(
    database: Database, actor: Actor, draft: PhaseDraft, at: datetime, new: UUID | None = None
) -> Phase:
    """Raises: NotPermitted, Invalid, Refused for a second qualification phase (P3)."""
    return _KIND.add(database, actor, draft, at, new)


def change_phase(
    database: Database, actor: Actor, phase_id: UUID, version: int, draft: PhaseDraft, at: datetime
) -> Phase:
    """Raises: NotPermitted, Invalid, Conflict, Refused (P3, and P4 for a phase in use)."""
    return _KIND.change(database, actor, phase_id, version, draft, at)


def preview_archive(database: Database, actor: Actor, phase_id: UUID) -> ArchivePreview:
    """What archiving would move, before it happens (P4). Raises: NotPermitted, as archiving does."""
    _require_archiver(actor)
    with database.read(actor.sight) as connection:
        leads = [lead for lead in LEAD.where(connection, phase_id=phase_id) if lead.is_open]
    return ArchivePreview(
        lead_count=len(leads),
        expected_value=sum((lead.expected_value or Decimal(0) for lead in leads), Decimal(0)),
        weighted_value=sum((weighted(lead.expected_value, lead.score) for lead in leads), Decimal(0)),
    )


def archive_phase(
    database: Database,
    actor: Actor,
    phase_id: UUID,
    version: int,
    at: datetime,
    move_to: UUID | None = None,
) -> int:
    """Move the open leads that stand in it to another phase, then archive it (P4).

    Returns how many leads were moved. Raises: NotPermitted, also for who sees a part of the leads;
    Conflict, NotFound, Refused where leads stand in it and `move_to` names no phase.
    """
    _require_archiver(actor)
    with database.transaction(actor.sight) as connection:
        phase = rows.load(connection, PHASE, phase_id, version)
        standing = connection.rows("open_leads_in_phase", phase_id=phase_id)
        if standing:
            target = funnel_of(connection, phase.account_type_id).phase(
                _target(phase, move_to, len(standing))
            )
            for row in standing:
                _relocate(connection, actor, at, row["id"], target)
        _KIND.archive(database, actor, phase_id, version, at)
        return len(standing)


def restore_phase(database: Database, actor: Actor, phase_id: UUID, version: int, at: datetime) -> Phase:
    """Raises: NotPermitted, Conflict, Refused for a second qualification phase (P3)."""
    return _KIND.restore(database, actor, phase_id, version, at)


def delete_phase(database: Database, actor: Actor, phase_id: UUID, version: int, at: datetime) -> None:
    """Raises: NotPermitted, Conflict, Refused where a lead ever visited it (P4)."""
    _KIND.delete(database, actor, phase_id, version, at)


def reorder_phase(database: Database, actor: Actor, phase_id: UUID, by: int, at: datetime) -> None:
    """Move it `by` places among the phases of its type. Raises: NotPermitted, NotFound."""
    actor.require(Permission.CONFIGURE)
    with database.transaction(actor.sight) as connection:
        row = rows.load(connection, PHASE, phase_id)
        siblings = funnel_of(connection, row.account_type_id).of_type(row.phase_type)
        _KIND.reorder(database, actor, phase_id, by, at, siblings)


def _require_archiver(actor: Actor) -> None:
    """Raises: NotPermitted."""
    actor.require(Permission.CONFIGURE)
    actor.require_whole_sight(
        say(
            "Archiving a phase moves everybody's leads out of it, and you see a part of them. "
            "Ask somebody who sees everything."
        )
    )


def _target(phase: Phase, move_to: UUID | None, count: int) -> UUID:
    if move_to is None or move_to == phase.id:
        raise Refused(
            say_count(
                "{count} open lead stands in {phase}. Choose the phase it moves to.",
                "{count} open leads stand in {phase}. Choose the phase they move to.",
                count,
                phase=phase.description,
            )
        )
    return move_to


def _relocate(connection: Connection, actor: Actor, at: datetime, lead_id: UUID, target: Phase) -> None:
    standing = load_standing(connection, lead_id)
    funnel = funnel_of(connection, standing.lead.account_type_id)
    step = journey.relocate(standing.lead, standing.record, funnel, target, at)
    store_step(connection, actor, at, "lead_relocated", standing, step)


def _require_allowed(connection: Connection, before: Phase | None, after: Phase) -> None:
    """Raises: Invalid, Refused (P1, P3, P4)."""
    if after.archived_at_utc and before and before.archived_at_utc is None:
        return  # archiving breaks no rule: the leads were moved first
    require_free_code(connection, PHASE, after)
    if before is None or before.account_type_id != after.account_type_id or before.archived_at_utc:
        _require_funnel(connection, after)
    if after.phase_type is PhaseType.QUALIFICATION and after.archived_at_utc is None:
        _require_only_start(connection, after)
    if before and after.account_type_id != before.account_type_id:
        _require_unvisited(connection, before)
    if before and after.phase_type is not before.phase_type:
        _require_empty(connection, before)


def _require_funnel(connection: Connection, row: Phase) -> None:
    """Raises: Refused where its account type has no funnel to put it in (P1)."""
    account_type = rows.load(connection, ACCOUNT_TYPE, row.account_type_id)
    if not account_type.uses_phases:
        raise Refused(
            say(
                "{account_type} has lead phases switched off. Switch them on first.",
                account_type=account_type.description,
            )
        )


def _require_only_start(connection: Connection, row: Phase) -> None:
    """Raises: Refused where the funnel has a qualification phase already (P3)."""
    for other in funnel_of(connection, row.account_type_id).of_type(PhaseType.QUALIFICATION):
        if other.id != row.id:
            raise Refused(
                say(
                    "{phase} is the qualification phase already, and a lead can start in one only. "
                    "Make this one regular, or archive the other first.",
                    phase=other.description,
                )
            )


def _require_unvisited(connection: Connection, row: Phase) -> None:
    if connection.value("visits_to_phase", phase_id=row.id):
        raise Refused(
            say(
                "Leads have passed through this phase, so it stays with its account type. Archive it instead."
            )
        )


def _require_empty(connection: Connection, row: Phase) -> None:
    """Raises: Refused, saying how many leads stand in it to who sees them all."""
    owners = connection.rows("standing_in_phase", phase_id=row.id)
    connection.sight.require_all(
        (owner["owner_id"] for owner in owners),
        say(
            "Others have leads in this phase, which you don't see, so its type stays. "
            "Ask somebody who sees everything."
        ),
    )
    if owners:
        raise Refused(
            say_count(
                "{count} lead stands in this phase, so its type stays. Archive it and add another.",
                "{count} leads stand in this phase, so its type stays. Archive it and add another.",
                sum(owner["lead_count"] for owner in owners),
            )
        )


_KIND = Kind(PHASE, Phase, Permission.CONFIGURE, _require_allowed)
