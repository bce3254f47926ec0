"""One question to a measure and to the recount, and what is needed to compare the answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from crmplus.analytics.behind import LeadBehind
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import Period
from crmplus.store.database import Database
from tests.recount.history import Asked, History, Life

ALL = 100_000


@dataclass(frozen=True, slots=True)
class Case:
    database: Database
    history: History
    asked: Asked
    today: date

    @property
    def chosen(self) -> Choice:
        asked = self.asked
        return Choice(asked.account_type_id, asked.owner_id, Period(asked.first, asked.last, asked.zone))


Claim = Callable[[Case], None]


def ids(listed: tuple[list[LeadBehind], int]) -> set[UUID]:
    """The keys of a list of leads, which has each once and says how many there are."""
    leads, total = listed
    found = {lead.lead_id for lead in leads}
    assert len(found) == len(leads) == total
    return found


def keys(lives: Iterable[Life]) -> set[UUID]:
    return {life.now.lead_id for life in lives}


def close_to(found: Decimal | None, wanted: Decimal | None) -> bool:
    """Quotients of the same numbers, whatever was divided first."""
    if found is None or wanted is None:
        return found is wanted
    return abs(found - wanted) <= abs(wanted) * Decimal("1e-20")


def month_before(day: date, count: int) -> date:
    number = 12 * day.year + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def last_of(month: date) -> date:
    return month_before(month, -1) - timedelta(days=1)
