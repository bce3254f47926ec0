"""Score calibration (M9): do leads scored 70 win 70 times in 100?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import midnight, months_before
from crmplus.domain.actor import Actor, Permission
from crmplus.store.database import Database

ENOUGH = 10
"""Fewer leads say nothing: no share, no mean and no judgement is shown of them."""

STANDARD_ERRORS = 2
"""Up to so many, chance explains a difference."""

_STANDARD_ERRORS_TO_STAND_OUT = 3
"""What one of ten bands is held to where all together are right: some are off by chance alone."""

_NEGLIGIBLE, _CONSIDERABLE = 2, 10
"""Points of difference that are about right however many leads they rest on, or call for more leads."""

ALL_SCORES = (1, 100)
BANDS = tuple((lowest, lowest + 9) for lowest in range(1, 100, 10))
"""The lowest and the highest score of each band."""

_MONTHS = 12
_BEFORE = _MONTHS
"""The number of the stretch before: it comes after the months."""


class Leaning(StrEnum):
    """How the mean score of leads lies to the share of them that was won."""

    UNKNOWN = "unknown"
    """Fewer than `ENOUGH` leads."""
    HIGH = "high"
    LOW = "low"
    RIGHT = "right"
    """Within what chance explains, or hardly apart."""
    UNCLEAR = "unclear"
    """Ten points apart or more, yet of so few leads that chance explains it."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Leads won and lost that had a score, and the whole numbers that all of M9 is made of.

    `error_sum` adds up (score - 100) squared of leads won and score squared of leads lost;
    `chance_sum` adds up score x (100 - score).
    """

    lead_count: int = 0
    won_count: int = 0
    score_sum: int = 0
    error_sum: int = 0
    chance_sum: int = 0

    def __add__(self, other: "Scored") -> "Scored":
        return Scored(
            self.lead_count + other.lead_count,
            self.won_count + other.won_count,
            self.score_sum + other.score_sum,
            self.error_sum + other.error_sum,
            self.chance_sum + other.chance_sum,
        )

    @property
    def is_enough(self) -> bool:
        return self.lead_count >= ENOUGH

    @property
    def share_won(self) -> Decimal | None:
        """From 0 to 1; None without leads, like all that follows."""
        return Decimal(self.won_count) / self.lead_count if self.lead_count else None

    @property
    def mean_score(self) -> Decimal | None:
        return Decimal(self.score_sum) / self.lead_count if self.lead_count else None

    @property
    def difference(self) -> Decimal | None:
        """Mean score - leads won in 100: above 0 where scores promised more than came."""
        return Decimal(self._excess) / self.lead_count if self.lead_count else None

    @property
    def brier(self) -> Decimal | None:
        """The mean of (score / 100 - won) squared, won being 1 or 0: 0 at best, 1 at worst."""
        return Decimal(self.error_sum) / (10_000 * self.lead_count) if self.lead_count else None

    @property
    def brier_of_a_constant(self) -> Decimal | None:
        """The Brier score of giving every lead the share won as its score."""
        share = self.share_won
        return None if share is None else share * (1 - share)

    @property
    def deviation(self) -> float:
        """The standard error of the leads won in 100, were each score the chance to win; to draw with."""
        return float(Decimal(self.chance_sum).sqrt() / self.lead_count) if self.lead_count else 0.0

    def leaning(self, standard_errors: int = STANDARD_ERRORS) -> Leaning:
        """Whether mean score and share won differ by two points, and by more than chance explains.

        Were each score the chance to win, the leads won would vary around the sum of scores / 100
        with a variance of the sum of score / 100 x (1 - score / 100).
        """
        if not self.is_enough:
            return Leaning.UNKNOWN
        is_by_chance = self._excess**2 <= standard_errors**2 * self.chance_sum
        if is_by_chance and abs(self._excess) >= _CONSIDERABLE * self.lead_count:
            return Leaning.UNCLEAR
        if is_by_chance or abs(self._excess) < _NEGLIGIBLE * self.lead_count:
            return Leaning.RIGHT
        return Leaning.HIGH if self._excess > 0 else Leaning.LOW

    @property
    def surprise(self) -> Decimal:
        """The difference in standard errors, squared; endless where chance explains none of it."""
        if not self._excess:
            return Decimal(0)
        return Decimal(self._excess**2) / self.chance_sum if self.chance_sum else Decimal("Infinity")

    @property
    def _excess(self) -> int:
        return self.score_sum - 100 * self.won_count


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scored leads, all and in parts.

    Bands in order, all ten; owners by number of leads, most first, None for leads of nobody.
    `unrecorded` counts leads won and lost without a score then, `never_there` those that were
    never in the phase whose scores are looked at. `before` are those of the period before, none
    where there is no such; months by their first day, oldest first.
    """

    total: Scored = field(default_factory=Scored)
    bands: tuple[Scored, ...] = ()
    by_owner: tuple[tuple[UUID | None, Scored], ...] = ()
    unrecorded: int = 0
    never_there: int = 0
    before: Scored = field(default_factory=Scored)
    by_month: tuple[tuple[date, Scored], ...] = ()

    @property
    def without_score(self) -> int:
        return self.unrecorded + self.never_there

    @property
    def most_telling(self) -> int | None:
        """The place of the band that is least explained by chance, if any band is off.

        Where the total leans to a side, of those that lean to it; else of those far off.
        """
        side = self.total.leaning()
        if side is Leaning.UNKNOWN:
            return None
        is_off = side in (Leaning.HIGH, Leaning.LOW)
        sides = (side,) if is_off else (Leaning.HIGH, Leaning.LOW)
        errors = STANDARD_ERRORS if is_off else _STANDARD_ERRORS_TO_STAND_OUT
        off = [place for place, band in enumerate(self.bands) if band.leaning(errors) in sides]
        return max(off, key=lambda place: self.bands[place].surprise, default=None)


@dataclass(frozen=True, slots=True)
class ScoredPart:
    """Which of the leads measured: with scores of a band, won or lost, of nobody."""

    scores: tuple[int, int] = ALL_SCORES
    is_won: bool | None = None
    is_of_nobody: bool = False


Row = Mapping[str, Any]


def measure_calibration(
    database: Database, actor: Actor, chosen: Choice, last: date, phase_id: UUID | None = None
) -> Calibration:
    """M9 over the leads closed in the period as won or lost, and of the twelve months up to `last`.

    By the score they were closed with; with a `phase_id` by the one recorded last in that phase.
    """
    actor.require(Permission.VIEW)
    months = [months_before(last, _MONTHS - 1 - place) for place in range(_MONTHS)]
    asked = chosen.parameters() | {"phase_id": phase_id} | _stretches(chosen, months)
    with database.read(actor.sight) as connection:
        rows = connection.rows("scores", **asked)
        decided_count = connection.value("decided_count", **chosen.parameters()) if phase_id else None
    of_stretch = {row["stretch"]: _scored(row) for row in rows if row["stretch"] is not None}
    in_period = [row for row in rows if row["stretch"] is None]
    scored = [row for row in in_period if row["band"] is not None]
    bands, found_count = _by("band", scored), sum(row["lead_count"] for row in in_period)
    return Calibration(
        sum(bands.values(), Scored()),
        tuple(bands.get(place, Scored()) for place in range(len(BANDS))),
        tuple(sorted(_by("owner_id", scored).items(), key=_most_leads_first)),
        found_count - sum(row["lead_count"] for row in scored),
        0 if decided_count is None else decided_count - found_count,
        of_stretch.get(_BEFORE, Scored()),
        tuple((month, of_stretch.get(number, Scored())) for number, month in enumerate(months)),
    )


def list_scored_leads(
    database: Database,
    actor: Actor,
    chosen: Choice,
    part: ScoredPart,
    phase_id: UUID | None,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the leads of a part of M9, the one closed last first; `amount` is the score counted."""
    actor.require(Permission.VIEW)
    asked = chosen.parameters() | {
        "phase_id": phase_id,
        "lowest": part.scores[0],
        "highest": part.scores[1],
        "is_won": part.is_won,
        "of_nobody": part.is_of_nobody,
    }
    with database.read(actor.sight) as connection:
        return leads_behind(connection, "leads_scored", asked, limit, offset)


def list_leads_without_score(
    database: Database, actor: Actor, chosen: Choice, phase_id: UUID | None, limit: int, offset: int = 0
) -> tuple[list[LeadBehind], int]:
    """One page of the leads that M9 leaves out for want of a score, the one closed last first."""
    actor.require(Permission.VIEW)
    asked = chosen.parameters() | {"phase_id": phase_id}
    with database.read(actor.sight) as connection:
        return leads_behind(connection, "leads_without_score", asked, limit, offset)


def _stretches(chosen: Choice, months: Sequence[date]) -> dict[str, object]:
    """The twelve months and the period before, numbered, and what of time all of them lie in."""
    zone, period, before = chosen.period.zone, chosen.period, chosen.before
    bounds = [midnight(month, zone) for month in (*months, months_before(months[-1], -1))]
    starts, ends = bounds[:-1], bounds[1:]
    if before and before.period.from_utc and before.period.before_utc:
        starts, ends = [*starts, before.period.from_utc], [*ends, before.period.before_utc]
    return {
        "numbers": list(range(len(starts))),
        "starts_utc": starts,
        "ends_utc": ends,
        "since_utc": period.from_utc and min(period.from_utc, *starts),
        "until_utc": period.before_utc and max(period.before_utc, *ends),
    }


def _by(column: str, rows: Iterable[Row]) -> dict[Any, Scored]:
    """The figures of each value of a column, put together."""
    found: dict[Any, Scored] = {}
    for row in rows:
        found[row[column]] = found.get(row[column], Scored()) + _scored(row)
    return found


def _scored(row: Row) -> Scored:
    return Scored(
        *(int(row[name]) for name in ("lead_count", "won_count", "score_sum", "error_sum", "chance_sum"))
    )


def _most_leads_first(owned: tuple[UUID | None, Scored]) -> tuple[int, str]:
    return -owned[1].lead_count, str(owned[0])
