"""The bridge: what made the open pipeline of one moment that of another (M10)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.bridge_figures import (
    PLACES,
    Amounts,
    Business,
    End,
    Kind,
    Measure,
    Missing,
    Part,
    Step,
    Steps,
)
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import midnight, months_before
from crmplus.domain.actor import Actor, Permission
from crmplus.store.connection import Connection
from crmplus.store.database import Database

_MONTHS_SHOWN = 12
_CUTS = tuple(f"cut_{number}" for number in range(1, 14))
"""Eleven ends of months and four of periods leave thirteen between the first and the last."""
_LOWERED, _FIRST_VALUE = 1, 2
"""What a direction of `bridge_steps` says."""
_FIRST_MOMENT = datetime(1, 1, 1, tzinfo=UTC)
_LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)
"""Until then holds what holds still; see `lead_span`."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """From the opening, over the steps, to the closing.

    `missing` is of the leads at the closing. `earlier` are the steps of the period before, None where
    there is none. `course` is what stood at the ends of the eleven months before and at the closing.
    """

    opening: Amounts
    steps: Steps
    closing: Amounts
    missing: Missing = field(default_factory=Missing)
    earlier: Steps | None = None
    course: tuple[Amounts, ...] = ()


@dataclass(frozen=True, slots=True)
class PartChange:
    """What an owner or a phase had open at both ends; `id` is None for nobody."""

    id: UUID | None
    opening: Amounts
    closing: Amounts


@dataclass(frozen=True, slots=True)
class LeadChange(LeadBehind):
    """One change of a lead, with its state before and after it; None where nothing was recorded."""

    score_before: int | None = None
    score_after: int | None = None
    expected_before: Decimal | None = None
    expected_after: Decimal | None = None
    recurring_before: Decimal | None = None
    recurring_after: Decimal | None = None


def measure_bridge(database: Database, actor: Actor, chosen: Choice, today: date) -> Bridge:
    """M10 over the period: owner and account type are those that a lead had at each moment.

    Open at its start, a period begins before the first lead. `today`, in the workspace's time zone,
    is where the course of a period ends that is open at its end. The time between all moments asked
    for is read once, in pieces that are then added up.
    """
    actor.require(Permission.VIEW)
    start, end = _ends(chosen)
    months = [midnight(day, chosen.period.zone) for day in _months_until(chosen.period.end or today)]
    earlier = _ends(chosen.before) if chosen.before else None
    cuts = sorted({start, end, *months, *(earlier or ())})
    with database.read(actor.sight) as connection:
        standing = connection.rows("bridge_standing", **_who(chosen), at_utc=end, part=None)
        pieces = _pieces(connection, chosen, cuts)
    closing = _amounts(standing[0]) if standing else Amounts()

    def between(first: datetime, last: datetime) -> Steps:
        found = (steps for (begin, until), steps in pieces.items() if first <= begin and until <= last)
        return sum(found, Steps())

    steps = between(start, end)
    return Bridge(
        opening=closing + -steps.net,
        steps=steps,
        closing=closing,
        missing=_missing(standing[0]) if standing else Missing(),
        earlier=between(*earlier) if earlier else None,
        course=(*(closing + -between(month, end).net for month in months), closing),
    )


def measure_standing(
    database: Database, actor: Actor, chosen: Choice, at_utc: datetime
) -> tuple[Amounts, Missing]:
    """What stood open just before a moment, on its own; the period chosen plays no part."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        rows = connection.rows("bridge_standing", **_who(chosen), at_utc=at_utc, part=None)
    return (_amounts(rows[0]), _missing(rows[0])) if rows else (Amounts(), Missing())


def measure_parts(database: Database, actor: Actor, chosen: Choice, part: Part) -> tuple[PartChange, ...]:
    """What each owner or phase had open at both ends of the period, in no order."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        ends = [
            {
                row["part_id"]: _amounts(row)
                for row in connection.rows("bridge_standing", **_who(chosen), at_utc=moment, part=part)
            }
            for moment in _ends(chosen)
        ]
    opening, closing = ends
    return tuple(
        PartChange(each, opening.get(each, Amounts()), closing.get(each, Amounts()))
        for each in opening | closing
    )


def list_bridge_leads(
    database: Database,
    actor: Actor,
    chosen: Choice,
    measure: Measure,
    which: Kind | Business | End,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of what is behind a bar, as `LeadChange`, and how many in all.

    Behind a step stand its changes, those that add or take most first: a lead that was changed twice
    is there twice. Behind an end stand the leads open then.
    """
    actor.require(Permission.VIEW)
    start, end = _ends(chosen)
    asked: dict[str, object] = {**_who(chosen), "measure": measure}
    if isinstance(which, End):
        statement, asked["at_utc"] = "bridge_leads", start if which is End.OPENING else end
    else:
        statement = "bridge_changes"
        asked |= {"kind": which, "from_utc": start, "before_utc": end}
    with database.read(actor.sight) as connection:
        return leads_behind(connection, statement, asked, limit, offset, LeadChange)


def _ends(chosen: Choice) -> tuple[datetime, datetime]:
    """The first moment of the period and the first after it, the latter never before the former."""
    start = chosen.period.from_utc or _FIRST_MOMENT
    return start, max(start, chosen.period.before_utc or _LAST_MOMENT)


def _months_until(day: date) -> Iterable[date]:
    """The first days of the month of a day and of those before it."""
    return (months_before(day, count) for count in range(_MONTHS_SHOWN - 2, -1, -1))


def _who(chosen: Choice) -> dict[str, object]:
    return {"account_type_id": chosen.account_type_id, "owner_id": chosen.owner_id}


def _amounts(row: Mapping[str, Any]) -> Amounts:
    return Amounts(
        row["expected_value"],
        row["expected_times_score"] / 100,
        row["recurring_value"],
        row["recurring_times_score"] / 100,
        row["lead_count"],
    )


def _missing(row: Mapping[str, Any]) -> Missing:
    return Missing(row["score_missing"], row["expected_missing"], row["recurring_missing"])


def _pieces(
    connection: Connection, chosen: Choice, cuts: Sequence[datetime]
) -> dict[tuple[datetime, datetime], Steps]:
    """The steps between each of some moments, in order, and the next."""
    inner = dict.fromkeys(_CUTS, cuts[-1]) | dict(zip(_CUTS, cuts[1:-1], strict=False))
    rows: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    asked = {**_who(chosen), **inner, "from_utc": cuts[0], "before_utc": cuts[-1]}
    for row in connection.rows("bridge_steps", **asked):
        if row["booking"]:
            rows[row["piece"]].append(row)
    return {ends: _steps(rows[place]) for place, ends in enumerate(pairwise(cuts))}


def _steps(rows: Iterable[Mapping[str, Any]]) -> Steps:
    """The steps of one piece of time."""
    total = {measure: {kind: Step(kind) for kind in Kind} for measure in Measure}
    first = {measure: Step(Kind.RAISED) for measure in Measure}
    for row in rows:
        for measure, steps in total.items():
            for step, is_first in _booked(row, measure):
                steps[step.kind] += step
                if is_first:
                    first[measure] += step
    return Steps(tuple(tuple(steps.values()) for steps in total.values()), tuple(first.values()))


def _booked(row: Mapping[str, Any], measure: Measure) -> Iterator[tuple[Step, bool]]:
    """The steps that a row of sums counts in, in one measure; whether one is of first values."""
    before, after, direction = _worth(row, measure)
    count = row["change_count"]
    if row["booking"] == Kind.HANDED_OVER:
        yield Step(Kind.HANDED_OVER, -before, count), False
    elif row["booking"] != "settled":
        yield Step(Kind(row["booking"]), after, count), False
    else:
        if direction:
            kind = Kind.LOWERED if direction == _LOWERED else Kind.RAISED
            yield Step(kind, after - before, count), direction == _FIRST_VALUE
        if row["outcome"]:
            yield Step(Kind(row["outcome"]), -after, count), False


def _worth(row: Mapping[str, Any], measure: Measure) -> tuple[Decimal, Decimal, int]:
    """The sums before and after, and which way each change of the row went."""
    if measure is Measure.LEADS:
        return Decimal(row["change_count"]), Decimal(row["change_count"]), 0
    column = measure.replace("-", "_")
    part = 100 if measure in (Measure.WEIGHTED, Measure.WEIGHTED_RECURRING) else 1
    direction = row["direction"] // 4 ** PLACES[measure] % 4
    return row[f"{column}_before"] / part, row[column] / part, direction
