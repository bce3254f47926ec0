"""The targets of the demo: what each rep is to win in each month of this year and the next."""

import random
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.domain.actor import Actor
from crmplus.domain.target import TargetChange
from crmplus.services.demo_plan import office_moments
from crmplus.services.targets import set_targets
from crmplus.store.database import Database

_LEAST, _MOST, _UNIT = 3_000, 6_000, 250
_QUIET_MONTHS = {7: Decimal("0.7"), 8: Decimal("0.7"), 12: Decimal("0.8")}
_GROWTH = Decimal("1.05")
"""From one year to the next."""


def add_targets(
    database: Database,
    actor: Actor,
    owner_ids: Iterable[UUID],
    at: datetime,
    zone: ZoneInfo,
    rng: random.Random,
) -> None:
    """As somebody set them on the working day before `at`."""
    (moment,) = office_moments(rng, [1], at, zone)
    this = at.astimezone(zone).year
    changes = []
    for owner_id in owner_ids:
        usual = Decimal(rng.randrange(_LEAST, _MOST, _UNIT))
        for number in range(24):
            month = date(this + number // 12, number % 12 + 1, 1)
            drawn = usual * _QUIET_MONTHS.get(month.month, Decimal(1)) * _GROWTH ** (number // 12)
            amount = Decimal(round(drawn / _UNIT) * _UNIT)
            changes.append(TargetChange(owner_id, month, amount, None))
    set_targets(database, actor, changes, moment)
