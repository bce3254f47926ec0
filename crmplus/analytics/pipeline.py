"""The open pipeline (M1), as it stands now or as it stood at the end of a day (M10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.period import months_before
from crmplus.analytics.pipeline_figures import Pipeline, PipelineFigures, PipelineFilter
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.phase import Phase
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.tables import PHASE

__all__ = [
    "Parts",
    "Pipeline",
    "PipelineFigures",
    "PipelineFilter",
    "Standing",
    "list_pipeline_leads",
    "measure_parts",
    "measure_pipeline",
    "measure_standing",
    "same_day_last_month",
]

_MONTH_ENDS = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """The pipeline of a day beside that of the same day last month, and the way that led to it.

    `course` has the totals at the ends of the twelve months before and of the day, oldest first.
    """

    pipeline: Pipeline
    day_before: date
    before: Pipeline
    course: tuple[tuple[date, PipelineFigures], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The pipeline in parts, those with the most weighted value first; None has the leads of nobody.

    Owners share the leads of the chosen account type; account types all that the other filters leave.
    """

    by_owner: tuple[tuple[UUID | None, PipelineFigures], ...]
    by_account_type: tuple[tuple[UUID, PipelineFigures], ...]


def measure_pipeline(database: Database, actor: Actor, chosen: PipelineFilter) -> Pipeline:
    """M1: per phase, sum(value x score / 100) over the open leads that stand, or stood, in it."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        phases = PHASE.where(connection)
        if chosen.as_of:
            return _pipelines_at(connection, chosen, [chosen.as_of], phases)[chosen.as_of]
        return _pipeline_now(connection, chosen, phases)


def measure_standing(database: Database, actor: Actor, chosen: PipelineFilter, today: date) -> Standing:
    """The pipeline of today, or of the day that `chosen` has, and how it came about (M10)."""
    actor.require(Permission.VIEW)
    day = chosen.as_of or today
    day_before = same_day_last_month(day)
    ends = [months_before(day, count) - timedelta(days=1) for count in reversed(range(_MONTH_ENDS))]
    days = {day_before, *ends, *([chosen.as_of] if chosen.as_of else [])}
    with database.read(actor.sight) as connection:
        phases = PHASE.where(connection)
        found = _pipelines_at(connection, chosen, days, phases)
        pipeline = found[day] if chosen.as_of else _pipeline_now(connection, chosen, phases)
    course = [(end, found[end].total) for end in ends]
    return Standing(pipeline, day_before, found[day_before], (*course, (day, pipeline.total)))


def measure_parts(database: Database, actor: Actor, chosen: PipelineFilter) -> Parts:
    """M1 by owner and by account type, now or as of the day that `chosen` has."""
    actor.require(Permission.VIEW)
    parameters = chosen.parameters_of_all_types()
    with database.read(actor.sight) as connection:
        if chosen.as_of:
            rows = connection.rows("pipeline_parts_at", moment=chosen.end_of(chosen.as_of), **parameters)
        else:
            rows = connection.rows("pipeline_parts", **parameters)
    own = [row for row in rows if chosen.account_type_id in (None, row["account_type_id"])]
    return Parts(
        tuple(sorted(_added(own, "owner_id").items(), key=_heaviest_first)),
        tuple(sorted(_added(rows, "account_type_id").items(), key=_heaviest_first)),
    )


def list_pipeline_leads(
    database: Database,
    actor: Actor,
    chosen: PipelineFilter,
    phase_id: UUID | None,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the leads that M1 counts, in a phase or in all, heaviest first, and how many in all.

    `amount` is the weighted value. As of a day, phase, owner, score, values and expected close date
    are those of its end, and `moment` is its last second.
    """
    actor.require(Permission.VIEW)
    parameters = chosen.parameters() | {"phase_id": phase_id}
    with database.read(actor.sight) as connection:
        if chosen.as_of is None:
            return leads_behind(connection, "pipeline_leads", parameters, limit, offset)
        at = {"moment": chosen.end_of(chosen.as_of)}
        return leads_behind(connection, "pipeline_leads_at", parameters | at, limit, offset)


def same_day_last_month(day: date) -> date:
    """The day of that number a month earlier, the last one where that month is shorter."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _pipeline_now(connection: Connection, chosen: PipelineFilter, phases: Iterable[Phase]) -> Pipeline:
    rows = connection.rows("pipeline_by_phase", **chosen.parameters())
    return _pipeline(chosen, phases, {row["phase_id"]: PipelineFigures.of(row) for row in rows})


def _pipelines_at(
    connection: Connection, chosen: PipelineFilter, days: Iterable[date], phases: Iterable[Phase]
) -> dict[date, Pipeline]:
    """The pipeline at the end of each day."""
    ends = {chosen.end_of(day): day for day in days}
    found: dict[datetime, dict[UUID, PipelineFigures]] = {end: {} for end in ends}
    moments = {"moments": list(ends), "first_moment": min(ends), "last_moment": max(ends)}
    for row in connection.rows("pipeline_by_phase_at", **moments, **chosen.parameters()):
        found[row["moment"]][row["phase_id"]] = PipelineFigures.of(row)
    return {day: _pipeline(chosen, phases, found[end]) for end, day in ends.items()}


def _pipeline(
    chosen: PipelineFilter, phases: Iterable[Phase], figures: Mapping[UUID, PipelineFigures]
) -> Pipeline:
    shown = [p for p in phases if p.id in figures or _is_in_funnel(p, chosen.account_type_id)]
    return Pipeline(
        tuple((p, figures.get(p.id, PipelineFigures())) for p in sorted(shown, key=lambda p: p.sort_key)),
        sum(figures.values(), PipelineFigures()),
    )


def _is_in_funnel(phase: Phase, account_type_id: UUID | None) -> bool:
    return phase.archived_at_utc is None and account_type_id in (None, phase.account_type_id)


def _added(rows: Iterable[Mapping[str, Any]], column: str) -> dict[Any, PipelineFigures]:
    """The figures of each value of a column, put together."""
    found: dict[Any, PipelineFigures] = {}
    for row in rows:
        found[row[column]] = found.get(row[column], PipelineFigures()) + PipelineFigures.of(row)
    return found


def _heaviest_first(part: tuple[UUID | None, PipelineFigures]) -> tuple[Decimal, int, str]:
    key, figures = part
    return -figures.weighted_value, -figures.lead_count, str(key)
