"""What is open, now and on any day, and what will come of it: M1, the ages of M3, M7, M10 as of a day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from crmplus.analytics.ageing import list_leads_by_age, measure_ageing
from crmplus.analytics.chances import Range
from crmplus.analytics.forecast import list_expected_leads, list_won_leads, measure_forecast
from crmplus.analytics.forecast_figures import Expected, Expecting, Outlook
from crmplus.analytics.owners import measure_owners
from crmplus.analytics.period import Period
from crmplus.analytics.pipeline import (
    PipelineFigures,
    PipelineFilter,
    list_pipeline_leads,
    measure_parts,
    measure_pipeline,
    measure_standing,
)
from tests.analytics.case import ALL, Case, Claim, ids, keys, last_of, month_before
from tests.recount import forecast, pipeline, time_in_phase
from tests.recount.history import Asked, Life, State
from tests.recount.pipeline import worth
from tests.world import ADMIN

# M1


def filtered(case: Case, **more: Any) -> PipelineFilter:
    asked = case.asked
    return PipelineFilter(asked.account_type_id, asked.owner_id, zone=asked.zone, **more)


def figures(states: Iterable[State]) -> PipelineFigures:
    found = worth(states)
    return PipelineFigures(
        found.leads,
        found.expected,
        found.weighted,
        found.recurring,
        found.weighted_recurring,
        found.without_score,
        found.without_expected,
        found.without_recurring,
    )


def assert_pipeline(case: Case, chosen: PipelineFilter, states: list[State]) -> None:
    """Phases, total and the leads of each phase."""
    measured = measure_pipeline(case.database, ADMIN, chosen)
    assert measured.total == figures(states)
    found = {phase.id: measured_figures for phase, measured_figures in measured.phases}
    for phase_id, measured_figures in found.items():
        own = [state for state in states if state.phase_id == phase_id]
        assert measured_figures == figures(own)
        behind = ids(list_pipeline_leads(case.database, ADMIN, chosen, phase_id, ALL))
        assert behind == {state.lead_id for state in own}
    assert {state.phase_id for state in states} <= found.keys()
    if case.asked.account_type_id:
        in_use = [phase.id for phase in case.history.funnel(case.asked.account_type_id)]
        assert [phase_id for phase_id in found if phase_id in in_use] == in_use


def the_pipeline_of_now(case: Case) -> None:
    states = pipeline.standing_now(case.history, case.asked)
    assert_pipeline(case, filtered(case), states)
    opened = filtered(case, opened_from=case.asked.first, opened_to=case.asked.last)
    assert_pipeline(case, opened, [state for state in states if case.asked.covers(state.opened_at_utc)])


def the_pipeline_as_of_a_day(case: Case) -> None:
    day = case.asked.last or case.today - timedelta(days=30)
    states = pipeline.standing_as_of(case.history, case.asked, day)
    assert_pipeline(case, filtered(case, as_of=day), states)


def the_pipeline_as_of_today_is_that_of_now(case: Case) -> None:
    now = measure_pipeline(case.database, ADMIN, filtered(case))
    for day in (case.today, case.today + timedelta(days=40)):
        then = measure_pipeline(case.database, ADMIN, filtered(case, as_of=day))
        assert then == now
        replayed = pipeline.standing_as_of(case.history, case.asked, day)
        assert sorted(replayed, key=str) == sorted(pipeline.standing_now(case.history, case.asked), key=str)


def the_course_of_the_pipeline(case: Case) -> None:
    measured = measure_standing(case.database, ADMIN, filtered(case), case.today)
    for day, total in measured.course:
        assert total == figures(pipeline.standing_as_of(case.history, case.asked, day))
    before = pipeline.standing_as_of(case.history, case.asked, measured.day_before)
    assert measured.before.total == figures(before)
    assert measured.pipeline.total == figures(pipeline.standing_now(case.history, case.asked))


def the_parts_of_the_pipeline(case: Case) -> None:
    for day in (None, case.asked.last):
        everybody = Asked(owner_id=case.asked.owner_id, zone=case.asked.zone)
        states = (
            pipeline.standing_as_of(case.history, everybody, day)
            if day
            else pipeline.standing_now(case.history, everybody)
        )
        measured = measure_parts(case.database, ADMIN, filtered(case, as_of=day))
        types = {state.account_type_id for state in states}
        assert dict(measured.by_account_type) == {
            key: figures([state for state in states if state.account_type_id == key]) for key in types
        }
        own = [state for state in states if case.asked.account_type_id in (None, state.account_type_id)]
        assert dict(measured.by_owner) == {
            key: figures([state for state in own if state.owner_id == key])
            for key in {state.owner_id for state in own}
        }


# M3: ages


def the_age_of_open_leads(case: Case) -> None:
    assert_ages(case)


def the_age_of_open_leads_on_the_day_of_their_limit(case: Case) -> None:
    """On that day a lead is not ageing yet, on the next it is, be it in since the very midnight."""
    on_the_edge = set()
    for life in case.history.open(case.asked):
        limit = case.history.phase[life.now.phase_id].limit_days
        entered = life.now.phase_entered_at_utc.astimezone(case.asked.zone)
        if limit is not None:
            on_the_edge.add((entered.time() != time(), entered.date() + timedelta(days=limit)))
    for _, day in sorted(on_the_edge)[:1]:  # one that came in at midnight, if any
        assert_ages(replace(case, today=day))
        assert_ages(replace(case, today=day + timedelta(days=1)))


def assert_ages(case: Case) -> None:
    found = time_in_phase.ages(case.history, case.asked, case.today)
    now = {life.now.lead_id: life.now for life in case.history.lives}
    measured = measure_ageing(case.database, ADMIN, case.chosen, case.today)
    assert measured.open_count == len(found)
    for phase, ages in measured.phases:
        own = [age for age in found if age.phase_id == phase.id]
        ageing = [age.lead_id for age in own if age.is_ageing]
        ageing_worth = worth(now[lead_id] for lead_id in ageing)
        median = time_in_phase.median([age.days for age in own])
        assert ages.open_count == len(own)
        assert ages.median_days == (None if median is None else Decimal(median))
        assert ages.oldest_days == max((age.days for age in own), default=None)
        assert ages.ageing_count == len(ageing)
        assert ages.weighted_value == ageing_worth.weighted
        assert ages.weighted_recurring_value == ageing_worth.weighted_recurring
        args = case.database, ADMIN, case.chosen, case.today, phase.id
        assert ids(list_leads_by_age(*args, True, ALL)) == set(ageing)
        assert ids(list_leads_by_age(*args, False, ALL)) == {age.lead_id for age in own}


# Owners side by side


def the_owners(case: Case) -> None:
    history, asked = case.history, case.asked
    measured = measure_owners(case.database, ADMIN, case.chosen, case.today)
    ageing = {a.lead_id for a in time_in_phase.ages(history, asked, case.today) if a.is_ageing}
    opened = history.open(asked)
    for owner_id, each in measured.by_owner:
        own = [life.now for life in opened if life.now.owner_id == owner_id]
        assert (each.open.open_count, each.open.weighted_value) == (len(own), worth(own).weighted)
        assert each.open.ageing_count == sum(state.lead_id in ageing for state in own)
        targets = [t for t in history.targets if t.owner_id == owner_id]
        due = [t.amount for t in targets if is_due(asked, t.month, case.today)]
        assert each.target == (sum(due, Decimal(0)) if due else None)
    assert measured.total.open.open_count == len(opened)
    assert measured.total.open.ageing_count == len(ageing)


def is_due(asked: Asked, month: date, today: date) -> bool:
    """Whether a month's target counts: those of whole months, up to the present one."""
    last = today if asked.last is None or asked.last > today else asked.last
    are_months = (asked.first is None or asked.first.day == 1) and last in (today, last_of(last))
    return (
        are_months
        and not asked.account_type_id
        and (asked.first is None or month >= asked.first)
        and month <= last
    )


# M7


def the_forecast(case: Case) -> None:
    """Seen from today and from a day on which more was still to come."""
    asked = in_whole_months(case.asked)
    dates = [life.now.expected_close_date for life in case.history.open(asked)]
    earliest = min((day for day in dates if day), default=case.today)
    for today in {case.today, earliest}:
        for is_recurring in (False, True):
            assert_forecast(replace(case, asked=asked, today=today), is_recurring)


def in_whole_months(asked: Asked) -> Asked:
    """The months that the days asked for touch."""
    first = asked.first and asked.first.replace(day=1)
    last = asked.last and last_of(asked.last)
    return Asked(asked.account_type_id, asked.owner_id, first, last, asked.zone)


def assert_forecast(case: Case, is_recurring: bool) -> None:
    history, asked, this_month = case.history, case.asked, case.today.replace(day=1)
    measured = measure_forecast(case.database, ADMIN, case.chosen, case.today, is_recurring)
    expected = forecast.expected_in(history, asked)
    past_due = keys(forecast.past_due(history, asked, case.today))
    won = forecast.won_in(history, asked, is_recurring)

    def is_as_counted(found: Expected, lives: list[Life]) -> None:
        wanted = worth(life.now for life in lives)
        one_off = wanted.leads, wanted.expected, wanted.weighted, wanted.without_expected
        recurring = wanted.leads, wanted.recurring, wanted.weighted_recurring, wanted.without_recurring
        assert (found.lead_count, found.value, found.weighted_value, found.value_missing) == (
            recurring if is_recurring else one_off
        )
        assert found.score_missing == wanted.without_score
        assert found.past_due_count == len(keys(lives) & past_due)

    def is_listed(when: Expecting, lives: list[Life]) -> None:
        args = case.database, ADMIN, case.chosen, when, is_recurring, False, ALL
        assert ids(list_expected_leads(*args)) == keys(lives)

    everything, shown = history.open(asked), []
    for month, outlook in measured.months:
        lives = expected.get(month, []) if month >= this_month else []
        shown += lives
        is_as_counted(outlook.expected, lives)
        is_listed(Expecting(max(month, this_month), last_of(month)), lives)
        assert outlook.won.value == won.get(month, Decimal(0))
        target = None if is_recurring else forecast.target_of(history, asked, month)
        assert outlook.target == target
        if target is not None:
            assert outlook.gap == target - outlook.won.value - outlook.expected.weighted_value
        assert_range(outlook, lives, is_recurring)
    assert_months(case, [month for month, _ in measured.months], [*won, *expected])
    is_as_counted(measured.total.expected, shown)
    assert_range(measured.total, shown, is_recurring)
    assert measured.total.won.value == sum(won.values(), Decimal(0))
    overdue = [life for month, own in expected.items() if month and month < this_month for life in own]
    is_as_counted(measured.overdue, overdue)
    is_listed(Expecting(last_day=this_month - timedelta(days=1)), overdue)
    is_as_counted(measured.undated, expected.get(None, []))
    is_listed(Expecting(is_undated=True), expected.get(None, []))
    is_as_counted(measured.all_open, everything)
    for owner_id, outlook in measured.by_owner:
        is_as_counted(outlook.expected, [life for life in shown if life.now.owner_id == owner_id])
    won_leads = list_won_leads(case.database, ADMIN, case.chosen, is_recurring, False, ALL)
    assert ids(won_leads) == keys(history.closed(asked, "won"))


def assert_months(case: Case, months: list[date], found: list[date | None]) -> None:
    """All of the period; where it is open at a side, all in which something was won or is to come."""
    this_month, asked = case.today.replace(day=1), case.asked
    assert months == sorted(set(months))
    if asked.first and asked.last:
        assert (months[0], months[-1]) == (asked.first, asked.last.replace(day=1))
        assert all(month_before(later, 1) == month for month, later in pairwise(months))
    inside = {
        m
        for m in found
        if m and (not asked.first or m >= asked.first) and (not asked.last or m <= asked.last)
    }
    won = forecast.won_in(case.history, asked)
    assert {month for month in inside if month >= this_month or month in won} <= set(months)


def assert_range(outlook: Outlook, lives: list[Life], is_recurring: bool) -> None:
    """Where every way in which it can end can be looked at."""
    if not lives:
        assert outlook.range is None
    elif len(lives) <= 10:
        assert outlook.range == Range(*forecast.outlook(lives, is_recurring))


def the_forecast_of_lately(case: Case) -> None:
    """What was won in the twelve months up to this one, whatever the days asked for."""
    asked = in_whole_months(case.asked)
    chosen = replace(case, asked=asked).chosen
    measured = measure_forecast(case.database, ADMIN, chosen, case.today)
    ever = Asked(asked.account_type_id, asked.owner_id, zone=asked.zone)
    won = forecast.won_in(case.history, ever)
    months = [month_before(case.today, ago) for ago in reversed(range(12))]
    assert list(measured.won_lately) == [won.get(month, Decimal(0)) for month in months]
    if measured.compared is None:
        assert asked.first is None or asked.last is None or asked.first > case.today
        return
    then: Period = measured.compared
    within = Asked(asked.account_type_id, asked.owner_id, then.start, then.end, asked.zone)
    wanted = forecast.won_in(case.history, within)
    assert measured.won_then == sum(wanted.values(), Decimal(0))


CLAIMS: tuple[Claim, ...] = (
    the_pipeline_of_now,
    the_pipeline_as_of_a_day,
    the_pipeline_as_of_today_is_that_of_now,
    the_course_of_the_pipeline,
    the_parts_of_the_pipeline,
    the_age_of_open_leads,
    the_age_of_open_leads_on_the_day_of_their_limit,
    the_owners,
    the_forecast,
    the_forecast_of_lately,
)
