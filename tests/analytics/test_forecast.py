"""The forecast (M7): known leads, exact numbers, and a recount."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from crmplus.analytics.chances import HEAVIEST, Chance, Range, range_of
from crmplus.analytics.choice import Choice
from crmplus.analytics.figures.forecast import MonthBar, forecast_bars
from crmplus.analytics.forecast import list_expected_leads, list_won_leads, measure_forecast
from crmplus.analytics.forecast_figures import Expected, Expecting, Forecast, Outlook, Won
from crmplus.analytics.period import Period
from crmplus.domain.lead import Lead, LeadValues, weighted
from crmplus.domain.person import Person
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.target import TargetChange
from crmplus.services.leads import close_lead, list_leads_of_customer, reopen_lead, save_lead
from crmplus.services.targets import set_targets
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import LEAD
from tests.world import ADMIN, NOW, account_type, customer, person, phase, reason

D = Decimal
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 3, 16)
FEB, MARCH, APRIL, MAY = (date(2026, number, 1) for number in (2, 3, 4, 5))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), AMSTERDAM)
SPRING = Period(MARCH, date(2026, 5, 31), AMSTERDAM)
ALL = Period(zone=AMSTERDAM)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def open_lead(
    database: Database,
    value: str | None,
    score: int | None,
    close: date | None,
    recurring: str | None = None,
    code: str = "LEAD",
    **of: Any,
) -> Lead:
    """The lead that a new customer of this type begins with."""
    made = customer(database, "A", code, **of)
    (lead,) = list_leads_of_customer(database, ADMIN, made.id)
    values = LeadValues(score, D(value) if value else None, D(recurring) if recurring else None, close)
    return save_lead(database, ADMIN, lead.id, lead.version, values, NOW)


def closed_lead(
    database: Database,
    value: str | None,
    closed: str,
    code: str = "WON",
    recurring: str | None = None,
    **of: Any,
) -> Lead:
    lead = open_lead(database, None, None, None, **of)
    values = LeadValues(50, D(value) if value else None, D(recurring) if recurring else None)
    end, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    return close_lead(database, ADMIN, lead.id, lead.version, end, why, values, at(closed))


def aim(database: Database, owner: Person, month: date, amount: str) -> None:
    set_targets(database, ADMIN, [TargetChange(owner.id, month, D(amount), None)], NOW)


def measure(database: Database, period: Period = SPRING, *, recurring: bool = False, **who: UUID) -> Forecast:
    return measure_forecast(database, ADMIN, Choice(period=period, **who), TODAY, recurring)


def month_of(found: Forecast, month: date) -> Outlook:
    return dict(found.months)[month]


def weighted_by_month(found: Forecast) -> dict[date, Decimal]:
    return {month: outlook.expected.weighted_value for month, outlook in found.months}


def test_m7_without_leads_every_month_is_there_and_empty(database: Database) -> None:
    found = measure(database)
    assert [month for month, _outlook in found.months] == [MARCH, APRIL, MAY]
    assert all(outlook == Outlook() for _month, outlook in found.months)
    assert (found.total, found.by_owner, found.all_open) == (Outlook(), (), Expected())
    assert found.won_lately == (D(0),) * 12
    assert found.won_then == 0
    assert [month for month, _outlook in measure(database, ALL).months] == [MARCH]


def test_the_worked_example_of_the_forecast(database: Database) -> None:
    ann = person(database)
    aim(database, ann, MARCH, "12000")
    aim(database, ann, APRIL, "10000")
    closed_lead(database, "5000", "2026-03-10T12:00", owner_id=ann.id)
    open_lead(database, "8000", 50, date(2026, 3, 10), owner_id=ann.id)
    open_lead(database, "2000", 25, date(2026, 3, 31), owner_id=ann.id)
    open_lead(database, "10000", 30, date(2026, 4, 1), owner_id=ann.id)
    open_lead(database, "700", 90, date(2026, 2, 28))
    open_lead(database, "400", 10, None)
    open_lead(database, "900", 60, date(2026, 6, 1))
    found = measure(database)
    march = month_of(found, MARCH)
    assert march.expected == Expected(2, D(10_000), D(4_500), D(16_750_000), 0, 0, past_due_count=1)
    assert march.won == Won(1, D(5_000))
    assert (march.target, march.gap) == (D(12_000), D(2_500))
    assert march.range == Range(D(0), D(2_000), D(10_000))
    april = month_of(found, APRIL)
    assert (april.expected.weighted_value, april.gap) == (D(3_000), D(7_000))
    assert april.range == Range(D(0), D(0), D(10_000))
    assert month_of(found, MAY) == Outlook()
    assert (found.overdue.lead_count, found.overdue.weighted_value) == (1, D(630))
    assert (found.undated.lead_count, found.undated.weighted_value) == (1, D(40))
    assert (found.outside.lead_count, found.outside.weighted_value) == (1, D(540))
    assert (found.total.target, found.total.gap) == (D(22_000), D(9_500))
    assert found.total.range == Range(D(0), D(8_000), D(18_000))
    assert found.all_open.lead_count == 6


def test_m7_a_lead_without_a_value_or_score_counts_and_weighs_nothing(database: Database) -> None:
    open_lead(database, None, 50, APRIL)
    open_lead(database, "1000", None, APRIL)
    expected = month_of(measure(database), APRIL).expected
    assert expected == Expected(2, D(1_000), D(0), D(0), value_missing=1, score_missing=1)
    assert month_of(measure(database), APRIL).range == Range(D(0), D(0), D(0))


def test_m7_today_and_later_is_not_past_due_and_yesterday_is(database: Database) -> None:
    for day in (14, 15, 16, 17):
        open_lead(database, "100", 50, date(2026, 3, day))
    found = measure(database)
    assert month_of(found, MARCH).expected.lead_count == 4
    assert month_of(found, MARCH).expected.past_due_count == 2
    leads, total = list_expected_leads(
        database, ADMIN, Choice(), Expecting(MARCH, date(2026, 3, 15)), False, False, 10
    )
    assert total == len(leads) == 2


def test_m7_won_counts_in_the_month_of_the_workspaces_clock(database: Database) -> None:
    closed_lead(database, "10", "2026-03-31T21:59")
    closed_lead(database, "20", "2026-03-31T22:00")
    found = measure(database)
    assert month_of(found, MARCH).won == Won(1, D(10))
    assert month_of(found, APRIL).won == Won(1, D(20))


def test_m7_lost_and_reopened_leads_are_not_won(database: Database) -> None:
    closed_lead(database, "10", "2026-03-05T12:00", code="LOST")
    lead = closed_lead(database, "20", "2026-03-05T12:00")
    assert measure(database).total.won == Won(1, D(20))
    meeting = phase(database, "LEAD-MEETING").id
    reopen_lead(database, ADMIN, lead.id, lead.version, meeting, at("2026-03-06T12:00"))
    found = measure(database)
    assert found.total.won == Won()
    assert found.undated.lead_count == 1


def test_m7_one_off_and_recurring_are_apart_and_recurring_has_no_target(database: Database) -> None:
    ann = person(database)
    aim(database, ann, APRIL, "500")
    open_lead(database, "1000", 50, APRIL, recurring="30", owner_id=ann.id)
    closed_lead(database, "70", "2026-03-05T12:00", recurring="4", owner_id=ann.id)
    found = measure(database, recurring=True)
    assert (found.total.expected.value, found.total.expected.weighted_value) == (D(30), D(15))
    assert found.total.won == Won(1, D(4))
    assert found.total.target is found.total.gap is None
    assert found.total.range == Range(D(0), D(0), D(30))


def test_m7_past_months_of_the_year_show_what_was_won_against_the_target(database: Database) -> None:
    ann = person(database)
    aim(database, ann, FEB, "100")
    closed_lead(database, "70", "2026-02-05T12:00", owner_id=ann.id)
    open_lead(database, "1000", 50, date(2026, 2, 20), owner_id=ann.id)
    found = measure(database, YEAR)
    february = month_of(found, FEB)
    assert (february.won.value, february.expected, february.gap) == (D(70), Expected(), D(30))
    assert february.range is None
    assert found.overdue.lead_count == 1
    assert len(found.months) == 12


def test_m7_a_target_that_is_passed_leaves_a_gap_below_zero(database: Database) -> None:
    ann = person(database)
    aim(database, ann, MARCH, "0")
    closed_lead(database, "70", "2026-03-05T12:00")
    assert month_of(measure(database), MARCH).gap == -70


def test_m7_filters_choose_leads_and_targets(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    for owner, amount in ((ann, "100"), (bea, "40")):
        aim(database, owner, APRIL, amount)
        open_lead(database, amount, 50, APRIL, owner_id=owner.id)
        closed_lead(database, amount, "2026-03-05T12:00", owner_id=owner.id)
    open_lead(database, "1000", 50, APRIL, code="PROSPECT", owner_id=bea.id)
    found = measure(database, owner_id=bea.id)
    assert (found.total.target, found.total.won.value) == (D(40), D(40))
    assert found.total.expected.weighted_value == D(520)
    found = measure(database, account_type_id=account_type(database, "PROSPECT").id)
    assert found.total.expected.weighted_value == D(500)
    assert found.total.target is None


def test_m7_owners_have_what_is_theirs_in_the_period_and_nobody_too(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    aim(database, bea, MAY, "300")
    open_lead(database, "100", 50, APRIL, owner_id=ann.id)
    open_lead(database, "100", 50, date(2026, 7, 1), owner_id=ann.id)
    open_lead(database, "100", 50, date(2026, 2, 1), owner_id=ann.id)
    open_lead(database, "400", 50, MAY)
    closed_lead(database, "7", "2026-03-02T12:00", owner_id=ann.id)
    closed_lead(database, "9", "2026-02-02T12:00", owner_id=ann.id)
    found = measure(database)
    assert [owner for owner, _outlook in found.by_owner] == [None, ann.id, bea.id]
    assert found.by_owner[1][1] == Outlook(Expected(1, D(100), D(50), D(2_500)), Won(1, D(7)))
    assert found.by_owner[2][1] == Outlook(target=D(300))
    assert replace(sum((o for _id, o in found.by_owner), Outlook()), range=found.total.range) == found.total


def test_m7_all_months_are_those_that_hold_anything(database: Database) -> None:
    ann = person(database)
    aim(database, ann, date(2027, 1, 1), "5")
    open_lead(database, "100", 50, date(2026, 9, 9))
    closed_lead(database, "7", "2024-11-02T12:00")
    found = measure(database, ALL)
    assert [f"{month:%Y-%m}" for month, _o in found.months] == ["2024-11", "2026-03", "2026-09", "2027-01"]
    assert found.compared is found.won_then is None
    assert found.outside == Expected()


def test_m7_won_so_far_is_held_against_the_same_days_of_the_period_before(database: Database) -> None:
    closed_lead(database, "1", "2025-03-16T22:59")  # the last minute of 16 March in Amsterdam
    closed_lead(database, "2", "2025-03-16T23:00")
    closed_lead(database, "4", "2025-01-01T12:00")
    closed_lead(database, "8", "2024-12-31T12:00")
    found = measure(database, YEAR)
    assert found.compared is not None
    assert (found.compared.start, found.compared.end) == (date(2025, 1, 1), date(2025, 3, 16))
    assert found.won_then == 5
    quarter = measure(database, replace(YEAR, end=date(2026, 3, 31)))
    assert quarter.compared is not None
    assert (quarter.compared.start, quarter.compared.end) == (date(2025, 10, 1), date(2025, 12, 16))


def test_m7_twelve_months_of_won_value_end_with_this_one(database: Database) -> None:
    for month, value in (("2025-03", "1"), ("2025-04", "2"), ("2026-02", "4"), ("2026-03", "8")):
        closed_lead(database, value, f"{month}-10T12:00")
    for period in (SPRING, ALL):
        assert measure(database, period).won_lately == (D(2), *[D(0)] * 9, D(4), D(8))


def test_m7_the_lists_hold_exactly_the_leads_counted(database: Database) -> None:
    ann = person(database)
    heavy = open_lead(database, "900.05", 33, APRIL, owner_id=ann.id)
    light = open_lead(database, "100", None, date(2026, 4, 30))
    open_lead(database, "100", 50, MAY)
    open_lead(database, "100", 50, None)
    april = Expecting(APRIL, date(2026, 4, 30))
    leads, total = list_expected_leads(database, ADMIN, Choice(), april, False, False, 10)
    assert [(lead.lead_id, lead.amount) for lead in leads] == [(heavy.id, D("297.0165")), (light.id, D(0))]
    assert total == 2
    assert (
        sum(lead.amount or 0 for lead in leads) == month_of(measure(database), APRIL).expected.weighted_value
    )
    leads, _total = list_expected_leads(database, ADMIN, Choice(), april, False, True, 10)
    assert [lead.lead_id for lead in leads] == [light.id]
    leads, total = list_expected_leads(database, ADMIN, Choice(), april, False, False, 1, 1)
    assert ([lead.lead_id for lead in leads], total) == ([light.id], 2)
    undated = Expecting(is_undated=True)
    assert list_expected_leads(database, ADMIN, Choice(), undated, False, False, 10)[1] == 1


def test_m7_the_list_of_leads_won_holds_exactly_those_of_the_period(database: Database) -> None:
    ann = person(database)
    mine = closed_lead(database, "5", "2026-03-05T12:00", owner_id=ann.id)
    other = closed_lead(database, None, "2026-03-06T12:00")
    closed_lead(database, "5", "2026-02-05T12:00")
    closed_lead(database, "5", "2026-03-05T12:00", code="LOST")
    march = Choice(period=replace(SPRING, end=date(2026, 3, 31)))
    leads, total = list_won_leads(database, ADMIN, march, False, False, 10)
    assert [(lead.lead_id, lead.amount) for lead in leads] == [(mine.id, D(5)), (other.id, D(0))]
    assert total == 2
    assert leads[0].moment == at("2026-03-05T12:00")
    assert [lead.lead_id for lead in list_won_leads(database, ADMIN, march, False, True, 10)[0]] == [other.id]


def crowd(like: Lead, count: int) -> list[Lead]:
    """Open leads of four months with values in cents."""
    rng = random.Random(7)
    return [
        replace(
            like,
            id=new_id(),
            expected_value=D(rng.randint(10_000, 9_000_000)) / 100,
            score=rng.randint(1, 99),
            expected_close_date=date(2026, rng.choice((3, 4, 5, 6)), rng.randint(1, 28)),
        )
        for _ in range(count)
    ]


def test_m7_many_leads_equal_a_recount(database: Database) -> None:
    many = crowd(open_lead(database, "1", 1, None), 5 * HEAVIEST)
    names = list(LEAD.values(many[0]))
    with database.transaction(EVERYTHING) as connection:
        connection.append("lead", names, [tuple(LEAD.values(lead).values()) for lead in many])
    with database.read(EVERYTHING) as connection:
        leads = LEAD.where(connection)
    found = measure(database)
    for month, outlook in found.months:
        own = [x for x in leads if x.expected_close_date and x.expected_close_date.replace(day=1) == month]
        assert outlook.expected.lead_count == len(own)
        assert outlook.expected.weighted_value == sum(weighted(x.expected_value, x.score) for x in own)
        chances = [Chance(x.expected_value or D(0), x.score or 0) for x in own]
        variance = sum((chance.variance for chance in chances), D(0))
        assert outlook.expected.variance == variance
        assert outlook.range == range_of(chances, outlook.expected.weighted_value, variance)
    inside = [x for x in leads if x.expected_close_date and x.expected_close_date < date(2026, 6, 1)]
    chances = [Chance(x.expected_value or D(0), x.score or 0) for x in inside]
    total = found.total.expected
    assert found.total.range == range_of(chances, total.weighted_value, total.variance)
    assert found.all_open.lead_count == len(leads)


def test_the_figure_stacks_to_come_on_won_and_draws_targets_as_wide_as_a_month() -> None:
    months = [
        MonthBar("Mar 2026", D(5), D(4), "won-3", "open-3", "three", D(12), D(1), D(3), D(8)),
        MonthBar("Apr <b>", D(0), D(2), "won-4", "open-4", "four", None, D(0), D(2), D(2)),
        MonthBar("May 2026", D(0), D(0), "won-5", "open-5", "five", D(20)),
    ]
    for is_dark in (False, True):
        figure = forecast_bars(months, "won", "to come", "target", "range", is_dark=is_dark)
        won, to_come, ranges = figure.data
        assert (list(won.y), list(to_come.y)) == ([5, 0, 0], [4, 2, 0])
        assert list(to_come.customdata) == ["open-3", "open-4", "open-5"]
        assert (won.marker.pattern.shape, to_come.marker.pattern.shape) == ("", "/")
        assert list(ranges.x) == ["Mar 2026", "Apr &lt;b&gt;"]
        assert list(ranges.y) == [8, 2]
        assert (list(ranges.error_y.array), list(ranges.error_y.arrayminus)) == ([5, 0], [2, 2])
        assert [(line.x0, line.y0, line.showlegend) for line in figure.layout.shapes] == [
            (-0.42, 12, True),
            (1.58, 20, False),
        ]
        assert figure.layout.yaxis.range[1] > 20


def test_a_figure_without_months_can_be_drawn() -> None:
    assert forecast_bars([], "won", "to come", "target", "range").layout.yaxis.range == (0, 1)
