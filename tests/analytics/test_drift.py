"""Drift (M9): how scores and values went from phase to phase, of leads won and leads lost."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from crmplus.analytics.choice import Choice
from crmplus.analytics.drift import PhaseDrift, Recorded, first_parting, list_valued_leads, measure_drift
from crmplus.analytics.period import Period
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.phase import Phase
from crmplus.domain.sight import EVERYTHING
from crmplus.services.phases import archive_phase
from crmplus.store.database import Database
from tests.analytics.scored import closed_with, duplicate, travelled
from tests.world import ADMIN, NOW, account_type, new_phase, phase

D = Decimal


def choice(database: Database, **of: Any) -> Choice:
    return Choice(account_type(database).id, **of)


def by_code(database: Database, **of: Any) -> dict[str, PhaseDrift]:
    return {each.phase.code: each for each in measure_drift(database, ADMIN, choice(database, **of))}


def test_the_worked_example_of_drift(database: Database) -> None:
    with database.transaction(EVERYTHING):
        for number in range(10):
            travelled(database, "WON", 40 if number % 2 else 60, 80, "1000")
            travelled(database, "LOST", 30 if number % 2 else 50, 20, "2000")
    drift = by_code(database)
    assert list(drift) == ["LEAD-CALL", "LEAD-MEETING", "LEAD-CALC", "LEAD-QUOTE", "LEAD-CLOSED"]
    call, meeting = drift["LEAD-CALL"], drift["LEAD-MEETING"]
    assert (call.won.mean_score, call.lost.mean_score, call.difference) == (D(50), D(40), D(10))
    # Each mean has a standard error, squared, of 100 x 10 / 9 / 10; 10 x 10 > 4 x 2 x 100 / 9.
    assert round(call.won.error_squared * 9, 20) == 100
    assert call.is_beyond_chance
    assert (meeting.won.mean_score, meeting.lost.mean_score) == (D(80), D(20))
    assert (meeting.won.mean_value, meeting.lost.mean_value) == (D(1000), D(2000))
    assert (drift["LEAD-CALC"].won, drift["LEAD-CALC"].lost) == (Recorded(), Recorded())
    assert first_parting(tuple(drift.values())) == call


def test_an_empty_period_has_all_phases_and_no_means(database: Database) -> None:
    drift = by_code(database)
    assert len(drift) == 5
    assert all(
        (each.won, each.lost, each.difference) == (Recorded(), Recorded(), None) for each in drift.values()
    )
    assert first_parting(tuple(drift.values())) is None


def test_nine_leads_are_counted_and_have_no_mean(database: Database) -> None:
    with database.transaction(EVERYTHING):
        for _ in range(9):
            travelled(database, "WON", 50, 50, "1000")
    won = by_code(database)["LEAD-CALL"].won
    assert (won.score_count, won.score_sum, won.value_count, won.value_sum) == (9, 450, 9, D(9000))
    assert won.mean_score is won.mean_value is None


def test_means_rest_on_the_leads_that_have_a_score_or_a_value(database: Database) -> None:
    travelled(database, "WON", None, 30)
    travelled(database, "WON", 20, None, "500.50")
    travelled(database, duplicate(database), 99, 99, "9")
    won = by_code(database)["LEAD-CALL"].won
    assert won == Recorded(1, 20, 400, 1, D("500.50"))
    assert by_code(database)["LEAD-MEETING"].won == Recorded(1, 30, 900, 1, D("500.50"))


def test_phases_that_were_skipped_have_no_part(database: Database) -> None:
    closed_with(database, "LOST", 40)
    drift = by_code(database)
    assert [code for code, each in drift.items() if each.lost.score_count] == ["LEAD-CALL", "LEAD-CLOSED"]


def test_a_filter_narrows_to_the_period_of_closing(database: Database) -> None:
    travelled(database, "WON", 10, 20, closed="2026-03-10T12:00")
    travelled(database, "WON", 30, 40, closed="2026-04-10T12:00")
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert by_code(database, period=march)["LEAD-CALL"].won.score_sum == 10
    assert by_code(database)["LEAD-CALL"].won.score_sum == 40


def test_an_archived_phase_stays_where_leads_were_in_it(database: Database) -> None:
    travelled(database, "WON", 10, 20)
    for row in (phase(database, "LEAD-MEETING"), new_phase(database, "UNUSED")):
        archive_phase(database, ADMIN, row.id, row.version, NOW)
    assert "LEAD-MEETING" in by_code(database)
    assert "UNUSED" not in by_code(database)


def test_the_leads_behind_a_mean_value_are_those_with_one(database: Database) -> None:
    first = travelled(database, "WON", 10, 20, "500")
    travelled(database, "WON", 10, 20)
    travelled(database, "LOST", 10, 20, "700")
    asked = choice(database, period=Period(date(2026, 1, 1), date(2026, 12, 31)))
    meeting = phase(database, "LEAD-MEETING").id
    found, total = list_valued_leads(database, ADMIN, asked, meeting, Outcome.WON, 10)
    assert ([(lead.lead_id, lead.amount) for lead in found], total) == ([(first.id, D(500))], 1)
    found, total = list_valued_leads(database, ADMIN, asked, meeting, Outcome.LOST, 10)
    assert ([lead.amount for lead in found], total) == ([D(700)], 1)


def part(database: Database, won: Recorded, lost: Recorded) -> PhaseDrift:
    return PhaseDrift(phase(database, "LEAD-CALL"), won, lost)


def test_a_difference_within_two_standard_errors_is_chance(database: Database) -> None:
    # Scores 40 and 60, five each; the other's mean 9 lower: 81 <= 4 x 200 / 9.
    wide = Recorded(10, 500, 26_000)
    lower = Recorded(10, 410, 10 * 41 * 41 + 1000)
    assert part(database, wide, lower).difference == D(9)
    assert not part(database, wide, lower).is_beyond_chance
    assert part(database, wide, Recorded(10, 400, 17_000)).is_beyond_chance
    same = Recorded(10, 500, 25_000)
    assert not part(database, same, same).is_beyond_chance


def test_the_first_phase_that_parts_them_is_found_in_funnel_order(database: Database) -> None:
    def of(code: str) -> Phase:
        return replace(phase(database, code), archived_at_utc=datetime(2026, 1, 1, tzinfo=UTC))

    same, high = Recorded(10, 500, 25_000), Recorded(10, 900, 81_000)
    drift = tuple(
        PhaseDrift(of(code), won, same)
        for code, won in (("LEAD-CALL", same), ("LEAD-MEETING", high), ("LEAD-CALC", high))
    )
    parted = first_parting(drift)
    assert parted is not None and parted.phase.code == "LEAD-MEETING"
