"""Velocity (M6): what the open leads can be expected to bring in a day, going by what was won."""

from dataclasses import dataclass
from decimal import Decimal

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import ClosingFigures
from crmplus.domain.actor import Actor, Permission
from crmplus.store.database import Database


@dataclass(frozen=True, slots=True)
class Velocity:
    """The four parts of M6. The rate is a share from 0 to 1; the value is in the workspace's currency."""

    open_count: int
    win_rate: Decimal | None
    mean_won_value: Decimal | None
    mean_won_days: Decimal | None

    @property
    def per_day(self) -> Decimal | None:
        """Value a calendar day; None where a part is missing, or leads are won on the day they open."""
        if self.win_rate is None or self.mean_won_value is None or not self.mean_won_days:
            return None
        return self.open_count * self.win_rate * self.mean_won_value / self.mean_won_days


def measure_velocity(database: Database, actor: Actor, chosen: Choice, closed: ClosingFigures) -> Velocity:
    """M6 of the leads open now, of the owner and account type of `chosen`, and of what was `closed`."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        open_count: int = connection.value("open_lead_count", **_whose(chosen))
    return Velocity(open_count, closed.win_rate, closed.won.average_value, closed.won.mean_days)


def list_open_leads(
    database: Database, actor: Actor, chosen: Choice, limit: int, offset: int = 0
) -> tuple[list[LeadBehind], int]:
    """One page of the leads that M6 counts as open, highest value first, and how many in all."""
    actor.require(Permission.VIEW)
    with database.read(actor.sight) as connection:
        return leads_behind(connection, "open_leads", _whose(chosen), limit, offset)


def _whose(chosen: Choice) -> dict[str, object]:
    return {"account_type_id": chosen.account_type_id, "owner_id": chosen.owner_id}
