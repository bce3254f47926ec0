"""What will come in (M7): open leads by expected close month, beside what was won and the targets."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from crmplus.analytics.behind import LeadBehind, leads_behind
from crmplus.analytics.chances import HEAVIEST, Chance, range_of
from crmplus.analytics.choice import Choice
from crmplus.analytics.forecast_figures import Expected, Expecting, Forecast, Outlook, Won
from crmplus.analytics.period import Period, midnight, months_before
from crmplus.domain.actor import Actor, Permission
from crmplus.store.database import Database

MONTHS_LATELY = 12

Row = Mapping[str, Any]
Key = TypeVar("Key")


def measure_forecast(
    database: Database, actor: Actor, chosen: Choice, today: date, is_recurring: bool = False
) -> Forecast:
    """M7 over the months of the period; where it is open at a side, over those that hold anything.

    The period begins on the first day of a month and ends on the last of one. Targets are those of
    owners for one-off value of all account types: with recurring value, or an account type chosen,
    there are none.
    """
    actor.require(Permission.VIEW)
    this_month, period = today.replace(day=1), chosen.period
    first = max(this_month, period.start or this_month)
    won_from = min(months_before(today, MONTHS_LATELY - 1), period.start or date.min)
    who = _who(chosen) | {"is_recurring": is_recurring}
    ahead = who | {"first_day": first, "last_day": period.end}
    compared = _compared(period, today)
    with database.read(actor.sight) as connection:
        opened = connection.rows("forecast_open", **ahead, today=today, this_month=this_month)
        heaviest = connection.rows("forecast_heaviest", **ahead, most=HEAVIEST)
        won = connection.rows(
            "forecast_won",
            **who,
            **period.parameters(),
            won_from_utc=midnight(won_from, period.zone) if period.start else None,
            zone=period.zone.key,
        )
        targets = (
            []
            if is_recurring or chosen.account_type_id
            else connection.rows(
                "forecast_targets", owner_id=chosen.owner_id, first_day=period.start, last_day=period.end
            )
        )
        forecast = _forecast(period, today, opened, heaviest, won, targets)
        if compared is None:
            return forecast
        then = connection.value("forecast_won_between", **who, **compared.parameters())
    return replace(forecast, compared=compared, won_then=then)


def list_expected_leads(
    database: Database,
    actor: Actor,
    chosen: Choice,
    when: Expecting,
    is_recurring: bool,
    of_nobody: bool,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the open leads that M7 counts there, heaviest first, and how many in all.

    What each adds is its weighted value. The period of the choice has no part in it.
    """
    actor.require(Permission.VIEW)
    days = {"first_day": when.first_day, "last_day": when.last_day, "is_undated": when.is_undated}
    asked = _who(chosen) | days | {"is_recurring": is_recurring, "of_nobody": of_nobody}
    with database.read(actor.sight) as connection:
        return leads_behind(connection, "forecast_open_leads", asked, limit, offset)


def list_won_leads(
    database: Database,
    actor: Actor,
    chosen: Choice,
    is_recurring: bool,
    of_nobody: bool,
    limit: int,
    offset: int = 0,
) -> tuple[list[LeadBehind], int]:
    """One page of the leads won in the period of the choice, highest value first, and how many in all."""
    actor.require(Permission.VIEW)
    asked = _who(chosen) | chosen.period.parameters()
    asked |= {"is_recurring": is_recurring, "of_nobody": of_nobody}
    with database.read(actor.sight) as connection:
        return leads_behind(connection, "forecast_won_leads", asked, limit, offset)


def last_day_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _who(chosen: Choice) -> dict[str, object]:
    return {"account_type_id": chosen.account_type_id, "owner_id": chosen.owner_id}


def _compared(period: Period, today: date) -> Period | None:
    """The days of the period up to today, moved back by as many months as the period has."""
    if period.start is None or period.end is None or period.start > today:
        return None
    months = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month + 1
    return replace(period, end=min(today, period.end), months=months).before


def _forecast(
    period: Period,
    today: date,
    opened: Sequence[Row],
    heaviest: Sequence[Row],
    won: Sequence[Row],
    targets: Sequence[Row],
) -> Forecast:
    """The rows of the statements, put together."""
    expected = {row["month"]: _expected(row) for row in opened if row["month"]}
    without = {
        row["is_undated"]: _expected(row) for row in opened if row["grain"] == "month" and not row["month"]
    }
    won_in = {row["month"]: _won(row) for row in won if row["month"]}
    aims = _added((row["month"], row["amount"]) for row in targets)
    months = _months(period, {today.replace(day=1), *expected, *won_in, *aims})
    chances: dict[date, list[Chance]] = {month: [] for month in months}
    for row in heaviest:
        chances[row["month"]].append(Chance(row["value"], row["score"], int(row["lead_count"])))
    outlooks = {
        month: Outlook(expected.get(month, Expected()), won_in.get(month, Won()), aims.get(month))
        for month in months
    }
    total = sum(outlooks.values(), Outlook())
    return Forecast(
        months=tuple((month, _ranged(outlook, chances[month])) for month, outlook in outlooks.items()),
        total=_ranged(total, chain.from_iterable(chances.values())),
        outside=sum((each for month, each in expected.items() if month not in outlooks), Expected()),
        overdue=without.get(False, Expected()),
        undated=without.get(True, Expected()),
        by_owner=_by_owner(opened, won, targets),
        won_lately=tuple(
            won_in.get(months_before(today, ago), Won()).value for ago in reversed(range(MONTHS_LATELY))
        ),
    )


def _by_owner(
    opened: Iterable[Row], won: Iterable[Row], targets: Iterable[Row]
) -> tuple[tuple[UUID | None, Outlook], ...]:
    """Everybody with something in the period, most to come first."""
    expected = {
        row["owner_id"]: _expected(row) for row in opened if row["grain"] == "owner" and row["is_inside"]
    }
    won_by = {row["owner_id"]: _won(row) for row in won if row["grain"] == "owner" and row["is_inside"]}
    aims = _added((row["owner_id"], row["amount"]) for row in targets)
    found = [
        (owner, Outlook(expected.get(owner, Expected()), won_by.get(owner, Won()), aims.get(owner)))
        for owner in {*expected, *won_by, *aims}
    ]
    return tuple(sorted(found, key=_most_first))


def _most_first(owned: tuple[UUID | None, Outlook]) -> tuple[Decimal, Decimal, Decimal, str]:
    owner_id, outlook = owned
    return (
        -outlook.expected.weighted_value,
        -outlook.won.value,
        -(outlook.target or Decimal(0)),
        str(owner_id),
    )


def _expected(row: Row) -> Expected:
    return Expected(
        row["lead_count"],
        row["value"],
        row["value_times_score"] / 100,
        row["variance_part"] / 10_000,
        row["value_missing"],
        row["score_missing"],
        row["past_due_count"],
    )


def _won(row: Row) -> Won:
    return Won(row["lead_count"], row["value"], row["value_missing"])


def _added(amounts: Iterable[tuple[Key, Decimal]]) -> dict[Key, Decimal]:
    found: dict[Key, Decimal] = {}
    for key, amount in amounts:
        found[key] = found.get(key, Decimal(0)) + amount
    return found


def _months(period: Period, found: Iterable[date]) -> list[date]:
    """All months of the period; where it is open at a side, those found in it."""
    if period.start and period.end:
        count = 12 * (period.end.year - period.start.year) + period.end.month - period.start.month + 1
        return [months_before(period.start, -number) for number in range(count)]
    first, last = period.start or date.min, period.end or date.max
    return sorted(month for month in found if first <= month <= last)


def _ranged(outlook: Outlook, chances: Iterable[Chance]) -> Outlook:
    """With the range of its open leads, where there are any."""
    expected = outlook.expected
    if not expected.lead_count:
        return outlook
    return replace(outlook, range=range_of(chances, expected.weighted_value, expected.variance))
