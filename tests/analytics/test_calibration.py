"""Calibration (M9): known leads, exact numbers, and a recount."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics.calibration import (
    ALL_SCORES,
    BANDS,
    Calibration,
    Leaning,
    Scored,
    ScoredPart,
    list_leads_without_score,
    list_scored_leads,
    measure_calibration,
)
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import Period
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.lead import Lead
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import reopen_lead
from crmplus.store.database import Database
from crmplus.store.derived import derive_anew
from crmplus.store.identity import new_id
from crmplus.store.tables import CLOSING_REASON, LEAD
from tests.analytics.scored import at, closed_with, duplicate, travelled
from tests.world import ADMIN, account_type, customer_with_lead, person, phase, reason

D = Decimal
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 3, 20)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31), AMSTERDAM)


def measure(database: Database, choice: Choice | None = None, phase_id: Any = None) -> Calibration:
    return measure_calibration(database, ADMIN, choice or Choice(period=YEAR), TODAY, phase_id)


def listed(database: Database, part: ScoredPart, phase_id: Any = None, **of: Any) -> list[tuple[Any, Any]]:
    chosen = Choice(period=YEAR, **of)
    found, total = list_scored_leads(database, ADMIN, chosen, part, phase_id, 100)
    assert total == len(found)
    return [(lead.lead_id, lead.amount) for lead in found]


def test_m9_without_closed_leads_there_is_nothing_to_judge(database: Database) -> None:
    customer_with_lead(database)
    measured = measure(database)
    assert measured.total == measured.before == Scored()
    assert measured.bands == (Scored(),) * 10
    assert (measured.by_owner, measured.without_score, measured.most_telling) == ((), 0, None)
    nothing = measured.total
    assert nothing.share_won is nothing.mean_score is nothing.brier is nothing.difference is None
    assert (nothing.leaning(), nothing.deviation) == (Leaning.UNKNOWN, 0.0)


def test_the_worked_example_of_calibration(database: Database) -> None:
    closed_with(database, "WON", 70, 70, 30, 30)
    closed_with(database, "LOST", *[70] * 8, *[30] * 8, None)
    closed_with(database, duplicate(database), 50)
    measured = measure(database)
    total, high, low = measured.total, measured.bands[6], measured.bands[2]
    assert (total.lead_count, total.won_count, measured.without_score) == (20, 4, 1)
    assert (total.share_won, total.mean_score, total.difference) == (D("0.2"), D(50), D(30))
    assert (total.brier, total.brier_of_a_constant) == (D("0.29"), D("0.16"))
    assert total.leaning() is Leaning.HIGH
    assert (high.share_won, high.mean_score, high.difference) == (D("0.2"), D(70), D(50))
    assert (low.share_won, low.mean_score, low.difference) == (D("0.2"), D(30), D(10))
    assert high.leaning() is Leaning.HIGH
    assert low.leaning() is Leaning.UNCLEAR
    assert measured.most_telling == 6


def test_m9_one_lead_is_counted_and_not_judged(database: Database) -> None:
    closed_with(database, "WON", 40)
    total = measure(database).total
    assert (total.brier, total.mean_score, total.leaning()) == (D("0.36"), D(40), Leaning.UNKNOWN)
    assert not total.is_enough


def test_bands_of_ten_begin_at_1_and_end_at_100(database: Database) -> None:
    closed_with(database, "WON", 1, 10, 11, 20, 21, 90, 91, 100)
    counts = [band.lead_count for band in measure(database).bands]
    assert counts == [2, 2, 1, 0, 0, 0, 0, 0, 1, 2]
    assert (BANDS[0], BANDS[6], BANDS[9]) == ((1, 10), (61, 70), (91, 100))


def test_a_lead_that_is_open_reopened_or_neither_is_not_counted(database: Database) -> None:
    customer_with_lead(database)
    closed_with(database, duplicate(database), 80, None)
    (lead,) = closed_with(database, "LOST", 60)
    meeting = phase(database, "LEAD-MEETING").id
    reopen_lead(database, ADMIN, lead.id, lead.version, meeting, at("2026-03-11T12:00"))
    measured = measure(database)
    assert (measured.total, measured.without_score) == (Scored(), 0)
    assert listed(database, ScoredPart()) == []


def test_owners_stand_by_number_of_leads_and_leads_of_nobody_among_them(database: Database) -> None:
    ann, bob = person(database, "Ann", "AN"), person(database, "Bob", "BO")
    closed_with(database, "WON", 90, owner_id=ann.id)
    closed_with(database, "LOST", 10, 20, 30, owner_id=bob.id)
    leads = closed_with(database, "LOST", 50, 60)
    measured = measure(database)
    assert [(owner, part.lead_count) for owner, part in measured.by_owner] == [
        (bob.id, 3),
        (None, 2),
        (ann.id, 1),
    ]
    assert dict(measured.by_owner)[bob.id].mean_score == D(20)
    nobody = listed(database, ScoredPart(is_of_nobody=True))
    assert {lead_id for lead_id, _ in nobody} == {lead.id for lead in leads}
    assert len(listed(database, ScoredPart(), owner_id=bob.id)) == 3


def test_the_score_of_a_phase_is_the_one_recorded_last_in_it(database: Database) -> None:
    travelled(database, "WON", 20, 90)
    travelled(database, "LOST", 40, 10)
    travelled(database, "LOST", None, 30)
    closed_with(database, "WON", 70)  # never in Meeting
    call, meeting = phase(database, "LEAD-CALL").id, phase(database, "LEAD-MEETING").id
    in_call, in_meeting = measure(database, phase_id=call), measure(database, phase_id=meeting)
    assert (in_call.total.lead_count, in_call.total.score_sum) == (3, 20 + 40 + 70)
    assert (in_call.unrecorded, in_call.never_there) == (1, 0)
    assert (in_meeting.total.lead_count, in_meeting.total.score_sum) == (3, 90 + 10 + 30)
    assert (in_meeting.unrecorded, in_meeting.never_there) == (0, 1)
    assert measure(database).total.score_sum == 90 + 10 + 30 + 70
    assert sorted(amount for _, amount in listed(database, ScoredPart(), meeting)) == [D(10), D(30), D(90)]


def test_leads_without_a_score_are_listed_with_those_never_in_the_phase(database: Database) -> None:
    half = travelled(database, "LOST", None, 30)
    (straight,) = closed_with(database, "WON", 70, closed="2026-03-11T12:00")
    (blank,) = closed_with(database, "LOST", None, closed="2026-03-12T12:00")
    chosen = Choice(account_type(database).id, None, YEAR)

    def without(phase_id: Any = None) -> list[Any]:
        found, total = list_leads_without_score(database, ADMIN, chosen, phase_id, 100)
        assert total == len(found) == measure(database, chosen, phase_id).without_score
        return [lead.lead_id for lead in found]

    assert without() == [blank.id]
    assert without(phase(database, "LEAD-CALL").id) == [blank.id, half.id]
    assert without(phase(database, "LEAD-MEETING").id) == [blank.id, straight.id]


def test_lists_hold_the_leads_counted_page_by_page_the_one_closed_last_first(database: Database) -> None:
    (early,) = closed_with(database, "WON", 65, closed="2026-03-10T12:00")
    (late,) = closed_with(database, "LOST", 70, closed="2026-03-11T12:00")
    closed_with(database, "LOST", 60, 71)
    band = ScoredPart((61, 70))
    assert listed(database, band) == [(late.id, D(70)), (early.id, D(65))]
    assert listed(database, replace(band, is_won=True)) == [(early.id, D(65))]
    assert listed(database, replace(band, is_won=False)) == [(late.id, D(70))]
    assert len(listed(database, ScoredPart(ALL_SCORES))) == 4
    chosen = Choice(period=YEAR)
    for offset, expected in ((1, [early.id]), (5, [])):
        found, total = list_scored_leads(database, ADMIN, chosen, band, None, 1, offset)
        assert ([lead.lead_id for lead in found], total) == (expected, 2)


def test_days_of_the_period_are_those_of_the_workspace(database: Database) -> None:
    for closed in ("2026-03-28T22:59", "2026-03-28T23:00", "2026-03-29T21:59", "2026-03-29T22:00"):
        closed_with(database, "WON", 50, closed=closed)
    day = Choice(period=Period(date(2026, 3, 29), date(2026, 3, 29), AMSTERDAM))
    measured = measure(database, day)
    assert (measured.total.lead_count, measured.before.lead_count) == (2, 1)
    assert measure(database, Choice()).total.lead_count == 4
    assert measure(database, Choice(account_type(database, "PROSPECT").id)).total == Scored()


def test_months_are_twelve_up_to_the_last_whatever_the_period(database: Database) -> None:
    closed_with(database, "WON", 50, closed="2025-03-31T21:59")  # still March in Amsterdam
    closed_with(database, "WON", 60, closed="2025-03-31T22:00")  # April
    closed_with(database, "LOST", 30, None, closed="2026-03-02T12:00")
    closed_with(database, "LOST", 90, closed="2026-04-02T12:00")
    march = Period(date(2026, 3, 1), date(2026, 3, 31), AMSTERDAM)
    months = measure(database, Choice(period=march)).by_month
    assert [f"{month:%Y-%m}" for month, _ in months] == [
        *(f"2025-{number:02}" for number in range(4, 13)),
        *("2026-01", "2026-02", "2026-03"),
    ]
    counted = {f"{month:%Y-%m}": part for month, part in months if part.lead_count}
    assert {month: (p.lead_count, p.score_sum) for month, p in counted.items()} == {
        "2025-04": (1, 60),
        "2026-03": (1, 30),
    }
    assert counted["2026-03"] == measure(database, Choice(period=march)).total


@pytest.mark.parametrize(
    ("scored", "leaning"),
    [
        # 20 leads at 50 vary by 2 x sqrt(20 x 0.25) = 4.47 leads around 10.
        (Scored(20, 9, 1000, 0, 50_000), Leaning.RIGHT),
        (Scored(20, 8, 1000, 0, 50_000), Leaning.UNCLEAR),
        (Scored(20, 6, 1000, 0, 50_000), Leaning.UNCLEAR),
        (Scored(20, 5, 1000, 0, 50_000), Leaning.HIGH),
        (Scored(20, 14, 1000, 0, 50_000), Leaning.UNCLEAR),
        (Scored(20, 15, 1000, 0, 50_000), Leaning.LOW),
        (Scored(9, 0, 900, 0, 0), Leaning.UNKNOWN),
        # All scored 100: chance explains nothing, but two points are little.
        (Scored(10, 9, 1000, 0, 0), Leaning.HIGH),
        (Scored(100, 99, 10_000, 0, 0), Leaning.RIGHT),
        (Scored(100, 98, 10_000, 0, 0), Leaning.HIGH),
        # Of a million leads a difference of one point is no chance, but nothing to act on.
        (Scored(1_000_000, 490_000, 50_000_000, 0, 2_500_000_000), Leaning.RIGHT),
        (Scored(1_000_000, 480_000, 50_000_000, 0, 2_500_000_000), Leaning.HIGH),
    ],
)
def test_scores_are_off_by_two_points_and_more_than_chance_explains(scored: Scored, leaning: Leaning) -> None:
    assert scored.leaning() is leaning


def test_the_most_telling_band_leans_to_the_side_of_the_total() -> None:
    high, low = Scored(40, 0, 2000, 0, 100_000), Scored(20, 20, 600, 0, 42_000)
    none = (Scored(),) * 8
    assert Calibration(high, (high, low, *none)).most_telling == 0
    assert Calibration(low, (high, low, *none)).most_telling == 1
    right = Scored(60, 30, 3000, 0, 150_000)
    assert Calibration(right, (right, low, *none)).most_telling == 1
    barely = Scored(20, 15, 1000, 0, 50_000)  # 2.2 standard errors: too low, but one of ten
    assert barely.leaning() is Leaning.LOW
    assert Calibration(right, (right, barely, *none)).most_telling is None
    assert Calibration(low, (right, barely, *none)).most_telling == 1
    assert Calibration(right, (right, Scored(9, 9, 90, 0, 8100), *none)).most_telling is None
    assert low.surprise > right.surprise == 0


def test_a_certain_score_that_failed_is_the_least_explained() -> None:
    assert Scored(10, 9, 1000, 0, 0).surprise == D("Infinity")


def test_every_kind_of_lead_recounts(database: Database) -> None:
    ann = person(database)
    _, lead = customer_with_lead(database)
    reasons = [reason(database, code).id for code in ("WON", "LOST", "COMPETITOR")]
    reasons.append(reason(database, duplicate(database)).id)
    rng = random.Random(9)

    def closed() -> Lead:
        end = at("2025-11-01T00:00") + timedelta(minutes=rng.randrange(600 * 1440))
        return replace(
            lead,
            id=new_id(),
            owner_id=rng.choice([None, ann.id]),
            score=rng.choice([None, *range(1, 101)]),
            closed_at_utc=end,
            closing_reason_id=rng.choice(reasons),
        )

    columns, leads = list(Lead.__slots__), [closed() for _ in range(800)]
    with database.transaction(EVERYTHING) as connection:
        values = [LEAD.values(each) for each in leads]
        connection.append("lead", columns, [tuple(row[column] for column in columns) for row in values])
        connection.flush()
        derive_anew(connection)
    for choice in (Choice(), Choice(period=YEAR), Choice(owner_id=ann.id, period=YEAR)):
        assert_recounted(database, choice, leads)


def assert_recounted(database: Database, choice: Choice, leads: list[Lead]) -> None:
    with database.read(EVERYTHING) as connection:
        outcomes = {each.id: each.outcome for each in CLOSING_REASON.where(connection)}

    def counts(lead: Lead, period: Period) -> bool:
        assert lead.closed_at_utc and lead.closing_reason_id
        day = lead.closed_at_utc.astimezone(period.zone).date()
        return (
            outcomes[lead.closing_reason_id] is not Outcome.NEITHER
            and (choice.owner_id is None or lead.owner_id == choice.owner_id)
            and (period.start is None or period.start <= day)
            and (period.end is None or day <= period.end)
        )

    def pairs(period: Period) -> list[tuple[int, int]]:
        return [
            (lead.score, int(outcomes[lead.closing_reason_id] is Outcome.WON))
            for lead in leads
            if lead.score is not None and lead.closing_reason_id and counts(lead, period)
        ]

    def assert_same(part: Scored, expected: list[tuple[int, int]]) -> None:
        assert part.lead_count == len(expected)
        if expected:
            errors = [(Fraction(score, 100) - won) ** 2 for score, won in expected]
            assert abs(Fraction(part.brier or 0) - sum(errors) / len(errors)) < Fraction(1, 10**20)
            assert part.won_count == sum(won for _, won in expected)
            assert part.score_sum == sum(score for score, _ in expected)
            assert part.chance_sum == sum(score * (100 - score) for score, _ in expected)

    measured = measure(database, choice)
    assert_same(measured.total, pairs(choice.period))
    for (lowest, highest), band in zip(BANDS, measured.bands, strict=True):
        assert_same(band, [pair for pair in pairs(choice.period) if lowest <= pair[0] <= highest])
    assert_same(measured.before, pairs(choice.period.before) if choice.period.before else [])
    for month, part in measured.by_month:
        end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        assert_same(part, pairs(Period(month, end, choice.period.zone)))
    assert sum((part for _, part in measured.by_owner), Scored()) == measured.total
    unscored = [lead for lead in leads if lead.score is None and counts(lead, choice.period)]
    assert measured.without_score == len(unscored)
