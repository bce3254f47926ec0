"""The recount itself, against numbers that were worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from tests.recount import bridge, forecast, time_in_phase
from tests.recount.conversion import reached_funnel
from tests.recount.history import Asked, History, Life, Phase, State, Visit
from tests.recount.pipeline import standing_as_of
from tests.recount.scores import bands, brier

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
KIND, CALL, QUOTE, END, WON, ANN, BOB = (uuid4() for _ in range(7))
PHASES = (
    Phase(QUOTE, KIND, "QUOTE", "regular", 1, None, None),
    Phase(END, KIND, "END", "closing", 0, None, None),
    Phase(CALL, KIND, "CALL", "qualification", 9, None, 3),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def state(version: int = 1, value: str = "100", **more: object) -> State:
    begun = at("2026-03-01T12:00")
    first = State(
        UUID(int=1), version, KIND, CALL, ANN, 50, Decimal(value), None, None, None, begun, begun, None
    )
    return replace(first, **more)  # type: ignore[arg-type]


def closed(version: int, value: str, moment: str) -> State:
    return state(version, value, phase_id=END, closing_reason_id=WON, closed_at_utc=at(moment))


def history(*versions: tuple[str, State], visits: tuple[Visit, ...] = ()) -> History:
    life = Life(versions[-1][1], tuple((at(moment), held) for moment, held in versions), visits)
    return History((life,), PHASES, (), {WON: "won"}, (KIND,), (ANN, BOB), AMSTERDAM)


def visit(number: int, phase_id: UUID, how: str, entered: str, left: str | None) -> Visit:
    return Visit(
        UUID(int=1), number, phase_id, how, at(entered), at(left) if left else None, None, None, None
    )


RAISED_AND_WON = history(
    ("2026-03-01T12:00", state()),
    ("2026-03-02T12:00", state(2, "130")),
    ("2026-03-03T12:00", closed(3, "120", "2026-03-03T12:00")),
)


def booked(told: History, **asked: object) -> list[tuple[str, Decimal]]:
    found = bridge.bookings(told, Asked(**asked), bridge.MEASURES["expected"])  # type: ignore[arg-type]
    return [(booking.kind, booking.amount) for booking in found]


def test_a_lead_that_is_closed_with_less_is_lowered_before_it_is_won() -> None:
    assert booked(RAISED_AND_WON) == [("new", 100), ("raised", 30), ("lowered", -10), ("won", -120)]
    second = Asked(first=date(2026, 3, 2), last=date(2026, 3, 2))
    assert bridge.opening(RAISED_AND_WON, second, bridge.MEASURES["weighted"]) == 50
    assert bridge.closing(RAISED_AND_WON, second, bridge.MEASURES["weighted"]) == 65


def test_a_lead_that_changes_hands_goes_from_one_to_the_other() -> None:
    told = history(("2026-03-01T12:00", state()), ("2026-03-02T12:00", state(2, "130", owner_id=BOB)))
    assert booked(told, owner_id=ANN) == [("new", 100), ("handed over", -100)]
    assert booked(told, owner_id=BOB) == [("taken over", 130)]
    assert booked(told) == [("new", 100), ("raised", 30)]


def test_what_was_undone_never_was() -> None:
    """A third version that holds from before the second."""
    told = history(
        ("2026-03-01T12:00", state()),
        ("2026-03-09T12:00", state(2, "900")),
        ("2026-03-05T12:00", state(3, "100")),
    )
    assert [step.state.version for step in told.lives[0].steps] == [1, 3]
    assert booked(told) == [("new", 100)]


def test_a_day_ends_at_midnight_in_its_zone() -> None:
    told = history(("2026-03-28T22:59", state()), ("2026-03-29T22:00", state(2, "130")))
    amsterdam = Asked(zone=AMSTERDAM)
    values = [
        [found.expected_value for found in standing_as_of(told, amsterdam, date(2026, 3, day))]
        for day in (27, 28, 29, 30)
    ]
    assert values == [[], [100], [100], [130]]


def test_skips_count_as_passed_where_the_lead_went_on_and_all_phases_once_it_is_won() -> None:
    visits = (
        visit(1, CALL, "completed", "2026-03-01T12:00", "2026-03-03T12:00"),
        visit(2, QUOTE, "skipped", "2026-03-03T12:00", "2026-03-03T12:00"),
        visit(3, END, "closed", "2026-03-03T12:00", "2026-03-03T12:00"),
    )
    won = history(("2026-03-03T12:00", closed(1, "1", "2026-03-03T12:00")), visits=visits)
    asked = Asked(account_type_id=KIND)
    assert [(s.phase_id, len(s.leads), len(s.skipped)) for s in reached_funnel(won, asked)] == [
        (CALL, 1, 0),
        (QUOTE, 1, 1),
        (None, 1, 0),
    ]
    call, quote, end = reached_funnel(replace(won, outcomes={WON: "lost"}), asked)
    assert (len(call.leads), quote.leads, end.leads, call.lost[WON]) == (1, set(), set(), call.leads)


def test_visits_add_up_and_the_age_counts_days_of_the_calendar() -> None:
    visits = (
        visit(1, CALL, "left", "2026-03-01T12:00", "2026-03-03T12:00"),
        visit(2, QUOTE, "left", "2026-03-03T12:00", "2026-03-03T13:00"),
        visit(3, CALL, "left", "2026-03-03T13:00", "2026-03-03T14:00"),
    )
    told = history(("2026-03-01T12:00", state()), visits=visits)
    assert list(time_in_phase.seconds_in(told, Asked(), CALL).values()) == [2 * 86_400 + 3_600]
    assert time_in_phase.seconds_in(told, Asked(last=date(2026, 3, 2)), CALL) == {}
    ages = [time_in_phase.ages(told, Asked(), date(2026, 3, day))[0] for day in (1, 4, 5)]
    assert [(age.days, age.is_ageing) for age in ages] == [(0, False), (3, False), (4, True)]


def test_medians_and_percentiles() -> None:
    assert (time_in_phase.median([5, 1, 3]), time_in_phase.median([4, 1])) == (3, 2.5)
    assert time_in_phase.ninetieth([*range(1, 11)]) == 9
    assert time_in_phase.ninetieth([*range(1, 12)]) == 10
    assert time_in_phase.median([]) is time_in_phase.ninetieth([]) is None


def test_the_outlook_of_two_leads_looks_at_all_four_endings() -> None:
    """1,000 at 50 % and 200 at 20 %: 0 in 40 of 100, 200 in 10, 1,000 in 40, 1,200 in 10."""
    lives = [
        Life(replace(state(value=value), score=score), (), ()) for value, score in (("1000", 50), ("200", 20))
    ]
    assert forecast.outlook(lives) == (0, 200, 1000)
    assert forecast.PERCENTILES[1] == Fraction(1, 2)


def test_scores_in_bands_and_their_brier() -> None:
    found = [(1, False), (10, True), (11, False), (100, True)]
    assert {band: len(own) for band, own in bands(found).items()} == {0: 2, 1: 1, 9: 1}
    assert brier([(70, True), (70, False)]) == Decimal("0.29")
