"""Time in phase, age and ageing (M3): known leads, exact numbers."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics.ageing import Ageing, Ages, age_in_days, list_leads_by_age, measure_ageing
from crmplus.analytics.choice import Choice
from crmplus.analytics.figures.durations import Duration, duration_bars
from crmplus.analytics.period import Period
from crmplus.analytics.time_in_phase import (
    TimeInPhase,
    list_leads_that_left,
    measure_months_in_phase,
    measure_time_in_phase,
    slowest,
)
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.phase import Phase
from crmplus.domain.sight import EVERYTHING
from crmplus.services.customers import add_customer
from crmplus.services.leads import close_lead, list_leads_of_customer, move_lead, reopen_lead
from crmplus.services.phases import archive_phase, change_phase
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import ADMIN, NOW, VALUES, account_type, person, phase, phase_draft, reason

D = Decimal
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 3, 31)
NOTHING = LeadValues()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def travel(
    database: Database, entered: str, *moves: tuple[str, str], values: LeadValues = VALUES, **of: Any
) -> Lead:
    """A lead that began in LEAD-CALL and went on to these phases at these moments, in UTC."""
    of = {"account_type_id": account_type(database).id} | of
    made = add_customer(database, ADMIN, CustomerDraft(name="A", **of), at(entered))
    (lead,) = list_leads_of_customer(database, ADMIN, made.id)
    for code, moment in moves:
        lead = move(database, lead, code, moment, values)
    return lead


def move(database: Database, lead: Lead, code: str, moment: str, values: LeadValues = VALUES) -> Lead:
    target = phase(database, f"LEAD-{code}").id
    return move_lead(database, ADMIN, lead.id, lead.version, target, values, at(moment))


def close(database: Database, lead: Lead, moment: str, code: str = "WON") -> Lead:
    end, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    return close_lead(database, ADMIN, lead.id, lead.version, end, why, VALUES, at(moment))


def limit(database: Database, code: str, days: int | None) -> Phase:
    row = phase(database, f"LEAD-{code}")
    return change_phase(database, ADMIN, row.id, row.version, phase_draft(row, limit_days=days), NOW)


def asked(database: Database, start: str = "", end: str = "", **of: Any) -> Choice:
    """All leads of the type Lead, of those that left from one day to another."""
    first, last = (date.fromisoformat(day) if day else None for day in (start, end))
    of = {"account_type_id": account_type(database).id} | of
    return Choice(**of, period=Period(first, last, AMSTERDAM))


def times(database: Database, *days: str, **of: Any) -> dict[str, TimeInPhase]:
    """The phases that leads left, by code."""
    measured = measure_time_in_phase(database, ADMIN, asked(database, *days, **of))
    return {row.code.removeprefix("LEAD-"): figures for row, figures in measured if figures.lead_count}


def ages(database: Database, today: date = TODAY, **of: Any) -> dict[str, Ages]:
    """The phases that open leads stand in, by code."""
    measured = measure(database, today, **of)
    return {row.code.removeprefix("LEAD-"): figures for row, figures in measured.phases if figures.open_count}


def measure(database: Database, today: date = TODAY, **of: Any) -> Ageing:
    return measure_ageing(database, ADMIN, asked(database, **of), today)


def days(number: int, seconds: int = 0) -> Decimal:
    return number + D(seconds) / 86_400


def test_m3_without_leads_every_phase_is_there_and_empty(database: Database) -> None:
    measured = measure_time_in_phase(database, ADMIN, asked(database))
    assert [row.code for row, _ in measured] == [
        "LEAD-CALL",
        "LEAD-MEETING",
        "LEAD-CALC",
        "LEAD-QUOTE",
        "LEAD-CLOSED",
    ]
    assert {figures for _, figures in measured} == {TimeInPhase()}
    assert slowest(measured) is None
    standing = measure(database)
    assert {figures for _, figures in standing.phases} == {Ages()}
    assert (standing.open_count, standing.ageing_count, standing.oldest) == (0, 0, None)
    assert standing.has_limits


def test_the_worked_example_of_time_in_phase(database: Database) -> None:
    travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-03T12:00"))
    travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-05T12:00"))
    travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-11T18:00"))
    back = travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-02T12:00"), ("CALL", "2026-03-08T12:00"))
    move(database, back, "MEETING", "2026-03-12T12:00")
    travel(database, "2026-03-01T12:00")
    # 2, 4, 10.25 days; 1 + 4 of the one that came back; the last one is still there.
    assert times(database)["CALL"] == TimeInPhase(4, 1, D("4.5"), D("10.25"))


def test_the_worked_example_of_ageing(database: Database) -> None:
    limit(database, "CALL", 7)
    for entered in ("2026-03-10T12:00", "2026-03-23T12:00", "2026-03-24T12:00"):
        travel(database, entered)
    travel(database, "2026-01-05T12:00", ("MEETING", "2026-03-29T12:00"))
    # 21, 8 and 7 days against a limit of 7: two are ageing, the one at the limit is not.
    assert ages(database)["CALL"] == Ages(3, D(8), 21, 2, weightless_count=2)
    assert ages(database)["MEETING"] == Ages(1, D(2), 2)


def test_m3_one_lead_is_its_own_median_and_percentile(database: Database) -> None:
    travel(database, "2026-03-01T12:00:00", ("CALC", "2026-03-02T13:00:01"))
    figures = times(database)["CALL"]
    assert figures == TimeInPhase(1, 0, days(1, 3601), days(1, 3601))
    assert "MEETING" not in times(database), "a phase that was skipped was not left"


def test_m3_a_lead_that_is_in_the_phase_again_has_not_left_it(database: Database) -> None:
    lead = travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-02T12:00"), ("CALL", "2026-03-05T12:00"))
    assert set(times(database)) == {"MEETING"}
    move(database, lead, "QUOTE", "2026-03-06T12:00")
    assert times(database)["CALL"] == TimeInPhase(1, 1, days(2), days(2))


def test_m3_a_reopened_lead_adds_its_new_visit_once_that_ends(database: Database) -> None:
    lead = close(database, travel(database, "2026-03-01T12:00"), "2026-03-04T12:00")
    assert times(database)["CALL"].median_days == 3
    assert times(database)["CLOSED"].median_days == 0
    lead = reopen_lead(
        database, ADMIN, lead.id, lead.version, phase(database, "LEAD-CALL").id, at("2026-03-10T12:00")
    )
    assert "CALL" not in times(database)
    close(database, lead, "2026-03-14T12:00")
    assert times(database)["CALL"] == TimeInPhase(1, 1, days(7), days(7))


def test_m3_counts_by_the_day_of_the_last_leaving_in_the_zone(database: Database) -> None:
    # Half past eleven at night in UTC is the first of March in Amsterdam.
    travel(database, "2026-02-20T23:30", ("MEETING", "2026-02-28T23:30"))
    assert times(database, "2026-03-01", "2026-03-01")["CALL"].lead_count == 1
    assert "CALL" not in times(database, "2026-02-01", "2026-02-28")
    assert "CALL" not in times(database, "2026-03-02")


def test_m3_days_are_elapsed_ones_whatever_the_clocks_do(database: Database) -> None:
    """From noon to noon over the night in which clocks go forward it is 23 hours."""
    travel(database, "2026-03-28T11:00", ("MEETING", "2026-03-29T10:00"))
    assert times(database)["CALL"].median_days == days(0, 23 * 3600)


def test_m3_is_narrowed_by_the_owner_and_type_that_a_lead_has_now(database: Database) -> None:
    ann = person(database)
    travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-02T12:00"), owner_id=ann.id)
    travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-04T12:00"))
    assert times(database)["CALL"].lead_count == 2
    assert times(database, owner_id=ann.id)["CALL"] == TimeInPhase(1, 0, days(1), days(1))
    assert ages(database, owner_id=ann.id)["MEETING"].open_count == 1
    assert times(database, account_type_id=account_type(database, "PROSPECT").id) == {}
    assert times(database, account_type_id=None)["CALL"].lead_count == 2
    assert measure(database, account_type_id=None).open_count == 2


def test_m3_an_archived_phase_stays_where_leads_left_it(database: Database) -> None:
    travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-02T12:00"), ("CALC", "2026-03-05T12:00"))
    row = phase(database, "LEAD-MEETING")
    archive_phase(database, ADMIN, row.id, row.version, at("2026-03-20T12:00"))
    assert times(database)["MEETING"].median_days == 3
    without = measure_time_in_phase(database, ADMIN, asked(database, "2026-04-01"))
    assert row.id not in [other.id for other, _ in without]
    assert row.id not in [other.id for other, _ in measure(database).phases]


@pytest.mark.parametrize("count", [1, 2, 3, 9, 10, 11, 19, 20, 21, 99, 100, 101, 1000])
def test_m3_median_and_percentile_are_exact_for_any_number_of_leads(database: Database, count: int) -> None:
    rng = random.Random(count)
    seconds = [rng.choice((rng.randint(0, 9), rng.randint(0, 10**7))) for _ in range(count)]
    add_stays(database, phase(database, "LEAD-CALL"), seconds)
    in_order = sorted(seconds)
    middle = D(in_order[(count - 1) // 2] + in_order[count // 2]) / 2
    ninetieth = next(n for n in in_order if 10 * sum(other <= n for other in in_order) >= 9 * count)
    assert times(database)["CALL"] == TimeInPhase(count, 0, middle / 86_400, D(ninetieth) / 86_400)


def test_the_slowest_phase_has_the_highest_median_and_of_equals_is_the_first(database: Database) -> None:
    add_stays(database, phase(database, "LEAD-CALL"), [10, 10, 900])
    add_stays(database, phase(database, "LEAD-MEETING"), [50, 50])
    add_stays(database, phase(database, "LEAD-CALC"), [50])
    found = slowest(measure_time_in_phase(database, ADMIN, asked(database)))
    assert found and found[0].code == "LEAD-MEETING"


def test_the_median_by_month_of_leaving_knows_the_zone_and_months_without(database: Database) -> None:
    call = phase(database, "LEAD-CALL")
    add_stays(database, call, [86_400, 3 * 86_400], at("2026-03-10T12:00"))
    add_stays(database, call, [5 * 86_400], at("2026-02-28T23:30"))
    add_stays(database, call, [7 * 86_400], at("2026-01-31T22:30"))
    add_stays(database, call, [9 * 86_400], at("2025-01-31T22:30"))
    add_stays(database, phase(database, "LEAD-CALC"), [11 * 86_400], at("2026-02-10T12:00"))
    months = measure_months_in_phase(database, ADMIN, asked(database, "2026-03-05"), call.id, TODAY)
    assert months == (*[None] * 9, D(7), None, D(3))
    assert measure_months_in_phase(database, ADMIN, asked(database), call.id, TODAY, 1) == (D(3),)


def test_the_leads_that_left_are_those_counted_the_longest_first(database: Database) -> None:
    quick = travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-02T12:00"))
    slow = travel(database, "2026-03-01T12:00", ("MEETING", "2026-03-09T12:00"))
    twice = travel(
        database, "2026-03-01T12:00", ("MEETING", "2026-03-02T12:00"), ("CALL", "2026-03-05T12:00")
    )
    move(database, twice, "CALC", "2026-03-08T12:00")
    travel(database, "2026-03-01T12:00", ("MEETING", "2026-04-09T12:00"))
    choice, call = asked(database, "2026-03-01", "2026-03-31"), phase(database, "LEAD-CALL").id
    leads, total = list_leads_that_left(database, ADMIN, choice, call, False, 10)
    assert [(lead.lead_id, lead.amount) for lead in leads] == [
        (slow.id, D(8)),
        (twice.id, D(4)),
        (quick.id, D(1)),
    ]
    assert total == times(database, "2026-03-01", "2026-03-31")["CALL"].lead_count == 3
    assert leads[0].moment == at("2026-03-09T12:00")
    leads, total = list_leads_that_left(database, ADMIN, choice, call, True, 10)
    assert ([lead.lead_id for lead in leads], total) == ([twice.id], 1)
    assert list_leads_that_left(database, ADMIN, choice, call, False, 10, 50) == ([], 3)


def test_m3_age_is_in_calendar_days_of_the_zone(database: Database) -> None:
    # Half past eleven at night in UTC is the next day in Amsterdam, an hour short of it is not.
    assert age_in_days(at("2026-03-29T22:30"), TODAY, AMSTERDAM) == 1
    assert age_in_days(at("2026-03-29T21:30"), TODAY, AMSTERDAM) == 2
    limit(database, "CALL", 1)
    travel(database, "2026-03-29T22:30")
    assert ages(database)["CALL"].ageing_count == 0
    travel(database, "2026-03-29T21:30")
    assert ages(database)["CALL"].ageing_count == 1


def test_m3_a_lead_is_ageing_on_the_day_after_its_limit(database: Database) -> None:
    limit(database, "CALL", 30)
    travel(database, "2026-03-01T23:59:59")
    assert ages(database, date(2026, 4, 1))["CALL"].ageing_count == 0
    assert ages(database, date(2026, 4, 2))["CALL"].ageing_count == 1


def test_m3_age_is_that_of_the_present_visit(database: Database) -> None:
    lead = travel(database, "2026-01-01T12:00", ("MEETING", "2026-02-01T12:00"), ("CALL", "2026-03-30T12:00"))
    assert ages(database) == {"CALL": Ages(1, D(1), 1)}
    lead = close(database, lead, "2026-03-30T13:00")
    assert ages(database) == {}
    meeting = phase(database, "LEAD-MEETING").id
    reopen_lead(database, ADMIN, lead.id, lead.version, meeting, at("2026-03-31T08:00"))
    assert ages(database) == {"MEETING": Ages(1, D(0), 0)}


def test_m3_without_a_limit_nothing_is_ageing(database: Database) -> None:
    for code in ("CALL", "MEETING", "CALC", "QUOTE", "CLOSED"):
        limit(database, code, None)
    travel(database, "2020-01-01T12:00")
    measured = measure(database)
    assert (measured.has_limits, measured.ageing_count, measured.open_count) == (False, 0, 1)
    choice = asked(database)
    assert list_leads_by_age(database, ADMIN, choice, TODAY, None, True, 10) == ([], 0)
    (lead,), _ = list_leads_by_age(database, ADMIN, choice, TODAY, None, False, 10)
    assert lead.amount is None


def test_m3_a_closed_lead_is_never_ageing(database: Database) -> None:
    limit(database, "CLOSED", 1)
    close(database, travel(database, "2025-01-01T12:00"), "2025-02-01T12:00")
    waiting = travel(database, "2025-01-01T12:00", ("CLOSED", "2025-02-01T12:00"))
    leads, total = list_leads_by_age(database, ADMIN, asked(database), TODAY, None, True, 10)
    assert ([lead.lead_id for lead in leads], total) == ([waiting.id], 1)


def test_m3_the_value_at_risk_is_weighted_exactly_and_says_what_weighs_nothing(database: Database) -> None:
    limit(database, "MEETING", 1)
    worth = replace(VALUES, score=33, expected_value=D("1000.01"), recurring_value=D("10.10"))
    for values in (worth, replace(worth, score=None), NOTHING):
        travel(database, "2026-01-01T12:00", ("MEETING", "2026-02-01T12:00"), values=values)
    travel(database, "2026-01-01T12:00", ("MEETING", "2026-03-31T12:00"), values=worth)
    measured = measure(database)
    assert measured.weighted_value == D("330.0033")
    assert measured.weighted_recurring_value == D("3.333")
    assert (measured.ageing_count, measured.weightless_count, measured.open_count) == (3, 2, 4)


def test_the_median_age_of_an_even_number_lies_between_the_two_in_the_middle(database: Database) -> None:
    for entered in ("2026-03-01T12:00", "2026-03-20T12:00", "2026-03-27T12:00", "2026-03-31T12:00"):
        travel(database, entered)
    figures = ages(database)["CALL"]
    assert (figures.median_days, figures.oldest_days) == (D("7.5"), 30)


def test_the_oldest_open_lead_may_stand_in_any_phase(database: Database) -> None:
    travel(database, "2026-01-01T12:00", ("MEETING", "2026-03-01T12:00"))
    travel(database, "2026-02-01T12:00")
    oldest = measure(database).oldest
    assert oldest and (oldest[0].code, oldest[1]) == ("LEAD-CALL", 58)


def test_the_leads_by_age_are_those_counted_the_oldest_first(database: Database) -> None:
    limit(database, "CALL", 7)
    limit(database, "MEETING", 20)
    limit(database, "CALC", None)
    young = travel(database, "2026-03-30T12:00")
    old = travel(database, "2026-03-20T12:00")
    older = travel(database, "2026-01-01T12:00", ("MEETING", "2026-03-01T12:00"))
    oldest = travel(database, "2026-01-01T12:00", ("CALC", "2026-02-01T12:00"))
    choice, call = asked(database), phase(database, "LEAD-CALL").id

    def listed(phase_id: UUID | None, only_ageing: bool) -> Sequence[object]:
        leads, total = list_leads_by_age(database, ADMIN, choice, TODAY, phase_id, only_ageing, 10)
        assert total == len(leads)
        return [(lead.lead_id, lead.amount) for lead in leads]

    everybody = [(oldest.id, None), (older.id, D(20)), (old.id, D(7)), (young.id, D(7))]
    assert listed(None, False) == everybody
    assert listed(None, True) == everybody[1:3]
    assert listed(call, True) == everybody[2:3]
    assert listed(call, False) == everybody[2:]
    assert measure(database).ageing_count == 2
    (second,), total = list_leads_by_age(database, ADMIN, choice, TODAY, None, True, 1, 1)
    assert (second.lead_id, total) == (old.id, 2)


def test_the_figure_says_each_phase_in_marks_that_differ_in_shape() -> None:
    bars = [
        Duration("left.A", "Call <b>", 3.5, 9.0, 7, "3.5 · 9.0", "Call: median 3.5"),
        Duration("left.B", "Meeting", None, None, None, "–", "Meeting: no lead left it"),
    ]
    for is_dark in (False, True):
        figure = duration_bars(bars, "Median", "90th percentile", "Limit", is_dark=is_dark)
        medians, ninetieths, limits, labels = figure.data
        assert list(medians.x) == [3.5, 0]
        assert list(medians.y) == ["1. Call &lt;b&gt;", "2. Meeting"]
        assert list(medians.customdata) == ["left.A", "left.B"]
        assert list(ninetieths.x) == [9.0, 3.5, None]
        assert (list(limits.x), list(limits.customdata), limits.marker.symbol) == ([7], ["left.A"], "line-ns")
        assert [text.strip() for text in labels.text] == ["3.5 · 9.0", "–"]
        assert list(labels.x) == [9.0, 0]
    assert not duration_bars(bars[1:], "M", "N", "L").data[2].showlegend
    assert duration_bars([], "M", "N", "L").layout.xaxis.range == (0, 1)


def add_stays(database: Database, of: Phase, seconds: Sequence[int], left: datetime = NOW) -> None:
    """Leads that were in a phase for so many seconds, as derived from some history."""
    columns = ["lead_id", "phase_id", "visit_count", "seconds_spent", "left_at_utc"]
    columns += ["is_last_before_closing", "account_type_id", "opened_at_utc"]
    with database.transaction(EVERYTHING) as connection:
        connection.append(
            "lead_stay",
            columns,
            [
                (new_id(), of.id, 1, n, left, False, of.account_type_id, left - timedelta(seconds=n))
                for n in seconds
            ],
        )
