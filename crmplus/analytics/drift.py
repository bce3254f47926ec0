"""Drift (part of M9): how score and value went from phase to phase, of leads won against leads lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.calibration import ENOUGH
from crmplus.analytics.choice import Choice
from crmplus.domain.actor import Actor, Permission
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.phase import Phase
from crmplus.store.database import Database
from crmplus.store.tables import PHASE

_STANDARD_ERRORS = 2


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded last in a phase, of leads that ended alike.

    Values in the workspace's currency. `square_sum` adds up the squares of scores.
    """

    score_count: int = 0
    score_sum: int = 0
    square_sum: int = 0
    value_count: int = 0
    value_sum: Decimal = Decimal(0)

    @property
    def mean_score(self) -> Decimal | None:
        """Over the leads with a score; None where fewer than `ENOUGH` have one."""
        return Decimal(self.score_sum) / self.score_count if self.score_count >= ENOUGH else None

    @property
    def mean_value(self) -> Decimal | None:
        """Over the leads with an expected value; None where fewer than `ENOUGH` have one."""
        return self.value_sum / self.value_count if self.value_count >= ENOUGH else None

    @property
    def error_squared(self) -> Decimal:
        """The standard error of the mean score, squared; over two leads or more."""
        count = self.score_count
        return Decimal(count * self.square_sum - self.score_sum**2) / (count * count * (count - 1))


@dataclass(frozen=True, slots=True)
class PhaseDrift:
    """One phase of the funnel, and what was recorded in it of leads that were won, or lost, later."""

    phase: Phase
    won: Recorded = field(default_factory=Recorded)
    lost: Recorded = field(default_factory=Recorded)

    @property
    def difference(self) -> Decimal | None:
        """The mean score of leads won - that of leads lost; None where either has too few."""
        won, lost = self.won.mean_score, self.lost.mean_score
        return None if won is None or lost is None else won - lost

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the mean scores differ by more than two standard errors of that difference."""
        if self.difference is None:
            return False
        error_squared = self.won.error_squared + self.lost.error_squared
        return self.difference**2 > _STANDARD_ERRORS**2 * error_squared


def measure_drift(database: Database, actor: Actor, chosen: Choice) -> tuple[PhaseDrift, ...]:
    """Per phase of the funnel, what was recorded of the leads closed in the period as won or lost.

    Needs an account type. All its phases in funnel order, archived ones where a lead of these was in
    them.
    """
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        rows = connection.rows("drift", **chosen.parameters())
        phases = PHASE.where(connection, account_type_id=chosen.account_type_id)
    found: dict[UUID, dict[str, Recorded]] = {}
    for row in rows:
        found.setdefault(row["phase_id"], {})[row["outcome"]] = _recorded(row)
    return tuple(
        PhaseDrift(phase, **found.get(phase.id, {}))
        for phase in sorted(phases, key=lambda phase: phase.sort_key)
        if phase.archived_at_utc is None or phase.id in found
    )


def first_parting(drift: tuple[PhaseDrift, ...]) -> PhaseDrift | None:
    """The first phase in which leads won and lost scored differently beyond chance; None: nowhere."""
    return next((each for each in drift if each.is_beyond_chance), None)


def list_valued_leads(
    database: Database,
    actor: Actor,
    chosen: Choice,
    phase_id: UUID,
    outcome: Outcome,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the leads that a mean value of the drift rests on; `amount` is the value counted.

    Those of a mean score are listed by `calibration.list_scored_leads`.
    """
    actor.require(Permission.VIEW)
    asked = chosen.parameters() | {"phase_id": phase_id, "is_won": outcome is Outcome.WON}
    with database.read(actor.sight) as connection:
        return leads_behind(connection, "leads_valued_in_phase", asked, limit, offset)


def _recorded(row: Mapping[str, Any]) -> Recorded:
    return Recorded(
        row["score_count"],
        int(row["score_sum"]),
        int(row["square_sum"]),
        row["value_count"],
        row["value_sum"],
    )
