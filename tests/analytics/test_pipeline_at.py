"""The pipeline as of any day (M10): known leads, exact numbers; then whole lives against a replay."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from crmplus.analytics.pipeline import (
    PipelineFigures,
    PipelineFilter,
    list_pipeline_leads,
    measure_parts,
    measure_pipeline,
    measure_standing,
    same_day_last_month,
)
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.services.customers import change_customer
from crmplus.services.leads import close_lead, describe_lead, move_lead, reopen_lead, save_lead
from crmplus.services.phases import archive_phase
from crmplus.store.database import Database
from tests.analytics.lives import LIVES, Deed, live, lives, new_world, rows_of
from tests.world import ADMIN, NOW, account_type, customer_with_lead, draft_of, person, phase, query, reason

D = Decimal
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = NOW.date()
"""2 March: the day on which leads of tests/world.py begin, at 9 in UTC."""
NIGHT = timedelta(days=1)


def chosen(database: Database, as_of: date | None, code: str = "LEAD", **asked: object) -> PipelineFilter:
    return PipelineFilter(account_type(database, code).id, as_of=as_of, **asked)


def worth(score: int | None, expected: str, recurring: str | None = None) -> LeadValues:
    return LeadValues(score, D(expected), D(recurring) if recurring else None)


def total(database: Database, as_of: date | None, **asked: object) -> PipelineFigures:
    return measure_pipeline(database, ADMIN, chosen(database, as_of, **asked)).total


def counts(database: Database, as_of: date | None, **asked: object) -> dict[str, int]:
    """The phases that leads stood in."""
    found = measure_pipeline(database, ADMIN, chosen(database, as_of, **asked)).phases
    return {p.code: figures.lead_count for p, figures in found if figures.lead_count}


def test_the_worked_example_of_the_pipeline_as_of_a_day(database: Database) -> None:
    _, lead = customer_with_lead(database, "A")
    lead = save_lead(database, ADMIN, lead.id, 1, worth(20, "10000.00", "50.00"), NOW)
    later = NOW + 10 * NIGHT
    meeting = phase(database, "LEAD-MEETING").id
    lead = move_lead(database, ADMIN, lead.id, 2, meeting, worth(40, "12000.00", "50.00"), later)
    standing = measure_standing(database, ADMIN, chosen(database, date(2026, 4, 5)), DAY)
    assert standing.day_before == date(2026, 3, 5)
    assert standing.before.total == PipelineFigures(1, D(10_000), D(2_000), D(50), D(10))
    assert standing.pipeline.total == PipelineFigures(1, D(12_000), D(4_800), D(50), D(20))
    assert counts(database, date(2026, 3, 5)) == {"LEAD-CALL": 1}
    assert counts(database, date(2026, 4, 5)) == {"LEAD-MEETING": 1}


def test_a_day_before_the_first_lead_is_empty_and_shows_the_phases(database: Database) -> None:
    customer_with_lead(database)
    measured = measure_pipeline(database, ADMIN, chosen(database, DAY - NIGHT))
    assert measured.total == PipelineFigures()
    assert [p.code for p, _ in measured.phases][0::4] == ["LEAD-CALL", "LEAD-CLOSED"]
    assert list_pipeline_leads(database, ADMIN, chosen(database, DAY - NIGHT), None, 9) == ([], 0)


def test_a_day_ends_at_midnight_of_the_workspace(database: Database) -> None:
    _, lead = customer_with_lead(database)
    # The clock goes forward on 29 March: that day ends at 22:00 UTC, the one before at 23:00.
    for version, (day, hour, score) in enumerate([(28, 22, 10), (28, 23, 20), (29, 21, 30), (29, 22, 40)], 1):
        at = datetime(2026, 3, day, hour, 59 if hour in (22, 21) and score != 40 else 0, tzinfo=UTC)
        lead = save_lead(database, ADMIN, lead.id, version, worth(score, "100.00"), at)

    def score_of(day: int) -> Decimal:
        return total(database, date(2026, 3, day), zone=AMSTERDAM).weighted_value

    assert [score_of(day) for day in (27, 28, 29, 30)] == [0, 10, 30, 40]


def test_closed_leads_count_until_the_day_they_were_closed_and_again_once_reopened(
    database: Database,
) -> None:
    _, lead = customer_with_lead(database)
    end, why = phase(database, "LEAD-CLOSED").id, reason(database).id
    lead = close_lead(database, ADMIN, lead.id, 1, end, why, worth(50, "100.00"), NOW + 2 * NIGHT)
    call = phase(database, "LEAD-CALL").id
    reopen_lead(database, ADMIN, lead.id, lead.version, call, NOW + 4 * NIGHT)
    found = [total(database, DAY + days * NIGHT).lead_count for days in range(6)]
    assert found == [1, 1, 0, 0, 1, 1]


def test_a_lead_counts_for_the_owner_it_had_then(database: Database) -> None:
    ann, bo = person(database), person(database, "Bo", "BO")
    _, lead = customer_with_lead(database, owner_id=ann.id)
    describe_lead(database, ADMIN, lead.id, 1, "Oven", bo.id, NOW + NIGHT)
    assert [total(database, DAY, owner_id=p.id).lead_count for p in (ann, bo)] == [1, 0]
    assert [total(database, DAY + NIGHT, owner_id=p.id).lead_count for p in (ann, bo)] == [0, 1]
    parts = measure_parts(database, ADMIN, chosen(database, DAY))
    assert [(owner_id, figures.lead_count) for owner_id, figures in parts.by_owner] == [(ann.id, 1)]
    (shown,), _ = list_pipeline_leads(database, ADMIN, chosen(database, DAY), None, 9)
    assert shown.owner == "Ann"


def test_a_lead_counts_for_the_account_type_it_had_then(database: Database) -> None:
    made, lead = customer_with_lead(database)
    prospect = account_type(database, "PROSPECT")
    draft, there = draft_of(made, account_type_id=prospect.id), phase(database, "PROSPECT-CALL")
    change_customer(database, ADMIN, made.id, 1, draft, NOW + NIGHT, {lead.id: there.id})
    for day, code in ((DAY, "LEAD"), (DAY + NIGHT, "PROSPECT")):
        found = {t: total(database, day, code=t).lead_count for t in ("LEAD", "PROSPECT")}
        assert found == {"LEAD": 0, "PROSPECT": 0} | {code: 1}
        parts = measure_parts(database, ADMIN, chosen(database, day))
        assert [key for key, _ in parts.by_account_type] == [account_type(database, code).id]


def test_a_phase_archived_since_stands_in_its_place_while_leads_were_in_it(database: Database) -> None:
    customer_with_lead(database)
    row, target = phase(database, "LEAD-CALL"), phase(database, "LEAD-CALC")
    archive_phase(database, ADMIN, row.id, 1, NOW + NIGHT, move_to=target.id)
    then = measure_pipeline(database, ADMIN, chosen(database, DAY))
    assert [(p.code, f.lead_count) for p, f in then.phases][:2] == [("LEAD-CALL", 1), ("LEAD-MEETING", 0)]
    assert then.phases[0][0].archived_at_utc
    assert sum((f for _, f in then.phases), PipelineFigures()) == then.total
    now = measure_pipeline(database, ADMIN, chosen(database, None))
    assert "LEAD-CALL" not in [p.code for p, _ in now.phases]


def test_days_of_opening_narrow_a_past_day_too(database: Database) -> None:
    customer_with_lead(database)
    assert total(database, DAY, opened_from=DAY).lead_count == 1
    assert total(database, DAY, opened_to=DAY - NIGHT).lead_count == 0


def test_the_leads_of_a_past_day_are_listed_as_they_were(database: Database) -> None:
    ann = person(database)
    _, light = customer_with_lead(database, "Light", owner_id=ann.id)
    _, heavy = customer_with_lead(database, "Heavy")
    save_lead(database, ADMIN, light.id, 1, worth(50, "100.00", "7.00"), NOW)
    save_lead(database, ADMIN, heavy.id, 1, worth(90, "100.00"), NOW)
    end, why = phase(database, "LEAD-CLOSED").id, reason(database).id
    close_lead(database, ADMIN, light.id, 2, end, why, worth(99, "999.00"), NOW + NIGHT)
    call = phase(database, "LEAD-CALL").id
    first, count = list_pipeline_leads(database, ADMIN, chosen(database, DAY), call, 1)
    second, _ = list_pipeline_leads(database, ADMIN, chosen(database, DAY), call, 1, 1)
    assert (count, [lead.customer for lead in first + second]) == (2, ["Heavy", "Light"])
    assert second[0].amount == D(50)
    assert (second[0].phase, second[0].owner, second[0].score) == ("Call appointment", "Ann", 50)
    assert (second[0].expected_value, second[0].recurring_value) == (D(100), D(7))
    assert second[0].closing_reason == "Won", "what became of it since"
    assert second[0].moment == datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    assert list_pipeline_leads(database, ADMIN, chosen(database, DAY), call, 9, 9) == ([], 2)
    now, _ = list_pipeline_leads(database, ADMIN, chosen(database, None), None, 9)
    assert [(lead.customer, lead.moment) for lead in now] == [("Heavy", None)]


def test_the_leads_of_nobody_can_be_asked_for(database: Database) -> None:
    customer_with_lead(database, "Owned", owner_id=person(database).id)
    customer_with_lead(database, "Free")
    for day in (None, DAY):
        asked = chosen(database, day, of_nobody=True)
        found, count = list_pipeline_leads(database, ADMIN, asked, None, 9)
        assert (count, found[0].customer) == (1, "Free")
        assert measure_pipeline(database, ADMIN, asked).total.lead_count == 1
        assert [key for key, _ in measure_parts(database, ADMIN, asked).by_owner] == [None]


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        (date(2026, 11, 23), date(2026, 10, 23)),
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2028, 3, 30), date(2028, 2, 29)),
        (date(2026, 4, 30), date(2026, 3, 30)),
        (date(2026, 1, 1), date(2025, 12, 1)),
    ],
)
def test_the_same_day_last_month_is_the_last_one_of_a_shorter_month(day: date, earlier: date) -> None:
    assert same_day_last_month(day) == earlier


def test_the_course_goes_over_twelve_month_ends_to_the_day_itself(database: Database) -> None:
    customer_with_lead(database)
    today = date(2026, 5, 31)
    for as_of in (None, today):
        course = measure_standing(database, ADMIN, chosen(database, as_of), today).course
        days = [day for day, _ in course]
        assert (days[0], days[-3:]) == (date(2025, 5, 31), [date(2026, 3, 31), date(2026, 4, 30), today])
        assert len(days) == 13
        assert [figures.lead_count for _, figures in course] == [0] * 10 + [1] * 3


def test_account_types_stand_side_by_side_whichever_is_chosen(database: Database) -> None:
    _, lead = customer_with_lead(database, "A")
    save_lead(database, ADMIN, lead.id, 1, worth(50, "100.00"), NOW)
    _, other = customer_with_lead(database, "B")
    made, moved = customer_with_lead(database, "C")
    prospect = account_type(database, "PROSPECT").id
    there = {moved.id: phase(database, "PROSPECT-CALL").id}
    change_customer(database, ADMIN, made.id, 1, draft_of(made, account_type_id=prospect), NOW, there)
    for day in (None, DAY):
        parts = measure_parts(database, ADMIN, chosen(database, day, code="PROSPECT"))
        assert [(key, f.lead_count) for key, f in parts.by_account_type] == [
            (account_type(database).id, 2),
            (prospect, 1),
        ]
        assert [(key, f.lead_count) for key, f in parts.by_owner] == [(None, 1)]
        everything, count = list_pipeline_leads(database, ADMIN, PipelineFilter(as_of=day), None, 9)
        assert (count, everything[0].lead_id) == (3, lead.id)
        assert measure_pipeline(database, ADMIN, PipelineFilter(as_of=day)).total.lead_count == 3
    assert other.is_open


# Whole lives, against lead_version replayed in plain Python.

Version = dict[str, Any]


def replayed(versions: Iterable[Version], day: date, zone: ZoneInfo) -> list[Version]:
    """Each lead as the newest version that had begun by the end of a day left it, open ones only."""
    held: dict[UUID, Version] = {}
    for version in sorted(versions, key=lambda v: v["version"]):
        if version["valid_from_utc"].astimezone(zone).date() <= day:
            held[version["lead_id"]] = version
    return [version for version in held.values() if version["closed_at_utc"] is None]


def recounted(leads: Iterable[Version]) -> PipelineFigures:
    figures = PipelineFigures()
    for lead in leads:
        score, expected, recurring = lead["score"], lead["expected_value"], lead["recurring_value"]
        figures += PipelineFigures(
            1,
            expected or D(0),
            (expected or D(0)) * (score or 0) / 100,
            recurring or D(0),
            (recurring or D(0)) * (score or 0) / 100,
            score is None,
            expected is None,
            recurring is None,
        )
    return figures


def grouped(leads: Iterable[Version], column: str) -> dict[UUID | None, PipelineFigures]:
    rows = list(leads)
    keys = {lead[column] for lead in rows}
    return {key: recounted(lead for lead in rows if lead[column] == key) for key in keys}


@settings(LIVES, max_examples=6)
@given(doing=lives)
def test_any_day_equals_a_replay_of_the_history_up_to_it(starter_file: Path, doing: list[Deed]) -> None:
    with new_world(starter_file) as world:
        live(world, doing)
        database, last = world.database, world.at.astimezone(AMSTERDAM).date()
        with database.read(EVERYTHING) as connection:
            there = {row["id"] for row in rows_of(connection, "lead")}
            versions = [row for row in rows_of(connection, "lead_version") if row["lead_id"] in there]
        first = min(version["valid_from_utc"] for version in versions).date()
        days = {last - timedelta(days=back) for back in (0, 1, 2, 7, 30)} | {first, first - NIGHT}
        for (type_id,) in query(database, "SELECT id FROM account_type"):
            asked = PipelineFilter(type_id, zone=AMSTERDAM)
            for day in days:
                expect_replay(database, replace(asked, as_of=day), replayed(versions, day, AMSTERDAM))
            expect_today_to_be_now(database, asked, last)


def expect_replay(database: Database, asked: PipelineFilter, standing: list[Version]) -> None:
    own = [lead for lead in standing if lead["account_type_id"] == asked.account_type_id]
    measured = measure_pipeline(database, ADMIN, asked)
    found = {p.id: figures for p, figures in measured.phases if figures.lead_count}
    assert found == grouped(own, "phase_id")
    assert measured.total == recounted(own)
    parts = measure_parts(database, ADMIN, asked)
    assert dict(parts.by_owner) == grouped(own, "owner_id")
    assert dict(parts.by_account_type) == grouped(standing, "account_type_id")
    for owner_id, figures in parts.by_owner:
        one = replace(asked, owner_id=owner_id, of_nobody=owner_id is None)
        assert measure_pipeline(database, ADMIN, one).total == figures
    listed, count = list_pipeline_leads(database, ADMIN, asked, None, 999)
    assert count == len(listed)
    assert {lead.lead_id for lead in listed} == {lead["lead_id"] for lead in own}
    assert sum((lead.amount or D(0) for lead in listed), D(0)) == measured.total.weighted_value


def expect_today_to_be_now(database: Database, asked: PipelineFilter, today: date) -> None:
    as_of = replace(asked, as_of=today)
    assert measure_standing(database, ADMIN, as_of, today) == measure_standing(database, ADMIN, asked, today)
    assert measure_parts(database, ADMIN, as_of) == measure_parts(database, ADMIN, asked)
    then, now = (list_pipeline_leads(database, ADMIN, each, None, 999)[0] for each in (as_of, asked))
    assert [replace(lead, moment=None) for lead in then] == now


def test_the_leads_that_now_are_listed_add_up_to_each_phase(database: Database) -> None:
    for name, score in (("A", 10), ("B", 30)):
        lead: Lead = customer_with_lead(database, name)[1]
        save_lead(database, ADMIN, lead.id, 1, worth(score, "33.33"), NOW)
    for found, figures in measure_pipeline(database, ADMIN, chosen(database, None)).phases:
        listed, count = list_pipeline_leads(database, ADMIN, chosen(database, None), found.id, 9)
        assert count == figures.lead_count
        assert sum((lead.amount or D(0) for lead in listed), D(0)) == figures.weighted_value
