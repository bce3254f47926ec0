"""The bridge between two days (M10): known leads, exact numbers; then that it adds up after any life."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmplus.analytics.bridge import (
    list_bridge_leads,
    measure_bridge,
    measure_parts,
    measure_standing,
)
from crmplus.analytics.bridge_figures import (
    Amounts,
    Business,
    End,
    Kind,
    Measure,
    Missing,
    Part,
    Step,
    Steps,
)
from crmplus.analytics.choice import Choice
from crmplus.analytics.period import Period
from crmplus.domain.actor import Actor
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.customer import Customer, CustomerDraft
from crmplus.domain.lead import Lead, LeadValues
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.customers import add_customer, change_customer
from crmplus.services.leads import close_lead, describe_lead, list_leads_of_customer, reopen_lead, save_lead
from crmplus.store.database import Database
from tests.analytics.lives import LIVES, Deed, live, lives, many_deeds, new_world
from tests.world import ADMIN, account_type, draft_of, person, phase, query, reason

D = Decimal
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 5, 20)
MAY = Period(date(2026, 5, 1), date(2026, 5, 31), AMSTERDAM)
APRIL = Period(date(2026, 4, 1), date(2026, 4, 30), AMSTERDAM)
VALUES = (Measure.EXPECTED, Measure.WEIGHTED, Measure.RECURRING, Measure.WEIGHTED_RECURRING)
ALL_ROWS = 100_000


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Sales:
    """Customers with one lead each, by name; what is done to them at which time, in UTC."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.customers: dict[str, Customer] = {}
        self.leads: dict[str, Lead] = {}

    def start(self, name: str, when: str, owner_id: UUID | None = None) -> None:
        draft = CustomerDraft(name, account_type(self.database).id, owner_id=owner_id)
        self.customers[name] = made = add_customer(self.database, ADMIN, draft, at(when))
        (self.leads[name],) = list_leads_of_customer(self.database, ADMIN, made.id)

    def save(
        self, name: str, when: str, score: int | None, value: object = None, recurring: object = None
    ) -> None:
        self.leads[name] = save_lead(*self._call(name), values_of(score, value, recurring), at(when))

    def close(
        self, name: str, when: str, code: str, score: int | None, value: object, recurring: object = None
    ) -> None:
        end, why = phase(self.database, "LEAD-CLOSED").id, reason(self.database, code).id
        values = values_of(score, value, recurring)
        self.leads[name] = close_lead(*self._call(name), end, why, values, at(when))

    def reopen(self, name: str, when: str) -> None:
        self.leads[name] = reopen_lead(*self._call(name), phase(self.database, "LEAD-CALL").id, at(when))

    def hand_over(self, name: str, when: str, owner_id: UUID | None) -> None:
        self.leads[name] = describe_lead(*self._call(name), "", owner_id, at(when))

    def _call(self, name: str) -> tuple[Database, Actor, UUID, int]:
        return self.database, ADMIN, self.leads[name].id, self.leads[name].version


def values_of(score: int | None, value: object, recurring: object) -> LeadValues:
    def amount(given: object) -> Decimal | None:
        return None if given is None else D(str(given))

    return LeadValues(score, amount(value), amount(recurring))


@pytest.fixture
def sales(database: Database) -> Sales:
    return Sales(database)


def steps_of(steps: Steps, measure: Measure = Measure.EXPECTED) -> dict[Kind, tuple[Decimal, int]]:
    """What is not nothing: amount and number of changes."""
    return {s.kind: (s.amount, s.change_count) for s in steps.of(measure) if s.change_count}


def listed(sales: Sales, chosen: Choice, which: Kind | Business | End, measure: Measure = Measure.EXPECTED):  # type: ignore[no-untyped-def]
    leads, total = list_bridge_leads(sales.database, ADMIN, chosen, measure, which, ALL_ROWS)
    assert total == len(leads)
    return leads


def test_the_worked_example_of_m10(sales: Sales) -> None:
    add_closing_reason(
        sales.database,
        ADMIN,
        ClosingReasonDraft("DOUBLE", "Double", 9, Outcome.NEITHER),
        at("2026-05-01T00:00"),
    )
    for name, score, value in (("A", 20, 10_000), ("B", 50, 8_000), ("C", 30, 4_000), ("D", 10, 3_000)):
        sales.start(name, "2026-04-10T12:00")
        sales.save(name, "2026-04-10T12:01", score, value)
    sales.save("A", "2026-05-04T12:00", 40, 12_000)
    sales.close("B", "2026-05-05T12:00", "WON", 100, 7_500)
    sales.close("C", "2026-05-06T12:00", "LOST", 30, 4_000)
    sales.close("D", "2026-05-07T12:00", "DOUBLE", 10, 3_000)
    sales.start("E", "2026-05-08T12:00")
    sales.save("E", "2026-05-09T12:00", 20, 5_000)
    sales.reopen("C", "2026-05-10T12:00")
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY)
    assert (bridge.opening.expected, bridge.closing.expected) == (D(25_000), D(21_000))
    assert steps_of(bridge.steps) == {
        Kind.NEW: (D(0), 1),
        Kind.REOPENED: (D(4_000), 1),
        Kind.RAISED: (D(7_000), 2),
        Kind.LOWERED: (D(-500), 1),
        Kind.WON: (D(-7_500), 1),
        Kind.LOST: (D(-4_000), 1),
        Kind.NEITHER: (D(-3_000), 1),
    }
    assert bridge.steps.first_value(Measure.EXPECTED) == Step(Kind.RAISED, D(5_000), 1)
    assert bridge.steps.new_business(Measure.EXPECTED) == D(5_000)
    assert (bridge.opening.weighted, bridge.closing.weighted) == (D(7_500), D(7_000))
    assert steps_of(bridge.steps, Measure.WEIGHTED) == {
        Kind.NEW: (D(0), 1),
        Kind.REOPENED: (D(1_200), 1),
        Kind.RAISED: (D(2_800) + D(3_500) + D(1_000), 3),
        Kind.WON: (D(-7_500), 1),
        Kind.LOST: (D(-1_200), 1),
        Kind.NEITHER: (D(-300), 1),
    }
    assert steps_of(bridge.steps, Measure.LEADS) == {
        Kind.NEW: (D(1), 1),
        Kind.REOPENED: (D(1), 1),
        Kind.WON: (D(-1), 1),
        Kind.LOST: (D(-1), 1),
        Kind.NEITHER: (D(-1), 1),
    }


def test_m10_without_leads_is_nothing(database: Database) -> None:
    bridge = measure_bridge(database, ADMIN, Choice(period=MAY), TODAY)
    assert (bridge.opening, bridge.closing, bridge.steps) == (Amounts(), Amounts(), Steps())
    assert (bridge.missing, bridge.course) == (Missing(), (Amounts(),) * 12)
    for which in (*Kind, *End, *Business):
        assert list_bridge_leads(database, ADMIN, Choice(), Measure.WEIGHTED, which, 50) == ([], 0)
    assert measure_parts(database, ADMIN, Choice(period=MAY), Part.OWNER) == ()


def test_m10_one_lead_in_a_period_in_which_nothing_happened(sales: Sales) -> None:
    sales.start("A", "2026-04-10T12:00")
    sales.save("A", "2026-04-11T12:00", 50, "0.01", "3.50")
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY)
    assert bridge.opening == bridge.closing == Amounts(D("0.01"), D("0.005"), D("3.5"), D("1.75"), 1)
    assert bridge.steps == Steps()


def test_m10_at_any_time_begins_at_nothing_and_ends_now(sales: Sales) -> None:
    sales.start("A", "2026-04-10T12:00")
    sales.save("A", "2026-04-11T12:00", 50, 100)
    sales.save("A", "2026-05-11T12:00", 50, 70)
    bridge = measure_bridge(sales.database, ADMIN, Choice(), TODAY)
    assert bridge.opening == Amounts()
    assert bridge.earlier is None
    assert steps_of(bridge.steps) == {
        Kind.NEW: (D(0), 1),
        Kind.RAISED: (D(100), 1),
        Kind.LOWERED: (D(-30), 1),
    }
    assert [each.expected for each in bridge.course] == [D(0)] * 10 + [D(100), D(70)]
    assert listed(sales, Choice(), End.OPENING) == []
    assert [lead.amount for lead in listed(sales, Choice(), End.CLOSING)] == [D(70)]


def test_m10_days_begin_at_midnight_of_the_workspace(sales: Sales) -> None:
    sales.start("A", "2026-04-30T21:59")
    sales.start("B", "2026-04-30T22:00")
    sales.start("C", "2026-05-31T21:59")
    sales.start("D", "2026-05-31T22:00")
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY)
    assert (bridge.opening.leads, bridge.closing.leads) == (1, 3)
    assert {lead.customer for lead in listed(sales, Choice(period=MAY), Kind.NEW, Measure.LEADS)} == {
        "B",
        "C",
    }


def test_m10_each_change_is_booked_on_its_own(sales: Sales) -> None:
    """Raised, lowered and raised again is no raise once; so is won, reopened and lost."""
    sales.start("A", "2026-04-10T12:00")
    for day, value in enumerate((100, 300, 250, 400), 2):
        sales.save("A", f"2026-05-0{day}T12:00", 50, value)
    sales.close("A", "2026-05-10T12:00", "WON", 50, 400)
    sales.reopen("A", "2026-05-11T12:00")
    sales.close("A", "2026-05-12T12:00", "LOST", 50, 450)
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY)
    assert steps_of(bridge.steps) == {
        Kind.REOPENED: (D(400), 1),
        Kind.RAISED: (D(100 + 200 + 150 + 50), 4),
        Kind.LOWERED: (D(-50), 1),
        Kind.WON: (D(-400), 1),
        Kind.LOST: (D(-450), 1),
    }
    raised = listed(sales, Choice(period=MAY), Kind.RAISED)
    assert [(lead.expected_before, lead.expected_after, lead.amount) for lead in raised] == [
        (D(100), D(300), D(200)),
        (D(250), D(400), D(150)),
        (None, D(100), D(100)),
        (D(400), D(450), D(50)),
    ]
    assert [lead.moment for lead in listed(sales, Choice(period=MAY), Business.FIRST_VALUE)] == [
        at("2026-05-02T12:00")
    ]
    assert [lead.amount for lead in listed(sales, Choice(period=MAY), Business.RAISED_FURTHER)] == [
        200,
        150,
        50,
    ]


def test_m10_a_score_alone_moves_what_is_weighted(sales: Sales) -> None:
    sales.start("A", "2026-04-10T12:00")
    sales.save("A", "2026-04-11T12:00", 40, 10_000, 60)
    sales.save("A", "2026-05-11T12:00", 60, 10_000, 60)
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY)
    found = {m: bridge.steps.step(m, Kind.RAISED).amount for m in Measure}
    assert found == {
        Measure.EXPECTED: D(0),
        Measure.WEIGHTED: D(2_000),
        Measure.RECURRING: D(0),
        Measure.WEIGHTED_RECURRING: D(12),
        Measure.LEADS: D(0),
    }
    (change,) = listed(sales, Choice(period=MAY), Kind.RAISED, Measure.WEIGHTED)
    assert (change.score_before, change.score_after, change.amount) == (40, 60, D(2_000))


def test_m10_a_lead_that_changes_hands_goes_out_of_one_bridge_and_into_another(sales: Sales) -> None:
    ann, bob = person(sales.database, "Ann", "AN"), person(sales.database, "Bob", "BO")
    sales.start("A", "2026-04-10T12:00", ann.id)
    sales.save("A", "2026-04-11T12:00", 50, 100)
    sales.hand_over("A", "2026-05-02T12:00", bob.id)
    sales.save("A", "2026-05-03T12:00", 50, 150)
    found = {
        owner: steps_of(measure_bridge(sales.database, ADMIN, Choice(None, owner, MAY), TODAY).steps)
        for owner in (None, ann.id, bob.id)
    }
    assert found[None] == {Kind.RAISED: (D(50), 1)}
    assert found[ann.id] == {Kind.HANDED_OVER: (D(-100), 1)}
    assert found[bob.id] == {Kind.TAKEN_OVER: (D(100), 1), Kind.RAISED: (D(50), 1)}
    parts = measure_parts(sales.database, ADMIN, Choice(period=MAY), Part.OWNER)
    assert {p.id: (p.opening.expected, p.closing.expected) for p in parts} == {
        ann.id: (D(100), D(0)),
        bob.id: (D(0), D(150)),
    }


def test_m10_a_lead_that_goes_on_under_another_account_type_is_handed_over(sales: Sales) -> None:
    sales.start("A", "2026-04-10T12:00")
    sales.save("A", "2026-04-11T12:00", 50, 100)
    other = account_type(sales.database, "PROSPECT")
    draft = draft_of(sales.customers["A"], account_type_id=other.id)
    to = next(
        p
        for p in query(sales.database, "SELECT id, account_type_id, phase_type FROM phase")
        if p[1] == other.id
    )
    where = {sales.leads["A"].id: to[0]}
    change_customer(
        sales.database,
        ADMIN,
        sales.customers["A"].id,
        sales.customers["A"].version,
        draft,
        at("2026-05-05T12:00"),
        where,
    )
    own, theirs = (
        steps_of(measure_bridge(sales.database, ADMIN, Choice(kind.id, None, MAY), TODAY).steps)
        for kind in (account_type(sales.database), other)
    )
    assert (own, theirs) == ({Kind.HANDED_OVER: (D(-100), 1)}, {Kind.TAKEN_OVER: (D(100), 1)})


def test_m10_handed_over_and_closed_at_one_moment_is_handed_over(sales: Sales) -> None:
    ann, bob = person(sales.database, "Ann", "AN"), person(sales.database, "Bob", "BO")
    sales.start("A", "2026-04-10T12:00", ann.id)
    sales.save("A", "2026-04-11T12:00", 50, 100)
    sales.hand_over("A", "2026-05-02T12:00", bob.id)
    sales.close("A", "2026-05-02T12:00", "WON", 50, 100)
    found = [
        steps_of(measure_bridge(sales.database, ADMIN, Choice(None, owner, MAY), TODAY).steps)
        for owner in (None, ann.id, bob.id)
    ]
    assert found == [{Kind.WON: (D(-100), 1)}, {Kind.HANDED_OVER: (D(-100), 1)}, {}]


def test_m10_says_what_is_missing_at_the_closing(sales: Sales) -> None:
    sales.start("A", "2026-05-10T12:00")
    sales.start("B", "2026-05-10T12:00")
    sales.save("B", "2026-05-10T12:01", 50, None, 7)
    sales.start("C", "2026-05-10T12:00")
    sales.save("C", "2026-05-10T12:01", None, 5)
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY)
    assert bridge.missing == Missing(score=2, expected=2, recurring=2)
    assert bridge.closing.weighted == D(0)


def test_m10_is_held_against_the_period_before(sales: Sales) -> None:
    sales.start("A", "2026-04-10T12:00")
    sales.save("A", "2026-04-11T12:00", 50, 100)
    sales.save("A", "2026-05-11T12:00", 50, 130)
    earlier = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY).earlier
    assert earlier == measure_bridge(sales.database, ADMIN, Choice(period=APRIL), TODAY).steps


def test_m10_dates_in_the_wrong_order_are_a_period_without_days(sales: Sales) -> None:
    sales.start("A", "2026-05-10T12:00")
    wrong = Period(date(2026, 5, 20), date(2026, 5, 1), AMSTERDAM)
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=wrong), TODAY)
    assert (bridge.opening, bridge.steps) == (bridge.closing, Steps())


def test_m10_sums_of_the_largest_values_are_exact(sales: Sales) -> None:
    for number in range(3):
        sales.start(f"{number}", "2026-05-10T12:00")
        sales.save(f"{number}", "2026-05-10T12:01", 99, "9999999999999.99", "0.01")
    bridge = measure_bridge(sales.database, ADMIN, Choice(period=MAY), TODAY)
    assert bridge.closing == Amounts(
        D("29999999999999.97"), D("29699999999999.9703"), D("0.03"), D("0.0297"), 3
    )
    assert bridge.steps.step(Measure.WEIGHTED, Kind.RAISED).amount == D("29699999999999.9703")


def test_a_list_has_pages_and_says_how_many_there_are_in_all(sales: Sales) -> None:
    for number in range(5):
        sales.start(f"{number}", "2026-05-10T12:00")
        sales.save(f"{number}", f"2026-05-1{number}T12:01", 50, number + 1)
    asked = (sales.database, ADMIN, Choice(period=MAY), Measure.EXPECTED, Kind.RAISED)
    page, total = list_bridge_leads(*asked, 2, 2)
    assert ([lead.amount for lead in page], total) == ([D(3), D(2)], 5)
    assert list_bridge_leads(*asked, 2, 50) == ([], 5)


# That it adds up, after any life


@contextmanager
def lived(starter: Path, doing: list[Deed]) -> Iterator[tuple[Database, datetime]]:
    """A workspace after such a life, and the time then."""
    with new_world(starter) as world:
        live(world, doing)
        yield world.database, world.at


def filters(database: Database, number: int) -> list[Choice]:
    """All leads, those of an owner, and those of an account type, of an owner or of all."""
    types = [row[0] for row in query(database, "SELECT DISTINCT account_type_id FROM lead_span ORDER BY 1")]
    owners = [row[0] for row in query(database, "SELECT id FROM person ORDER BY initials")]
    kind, owner = types[number % len(types)], owners[number // 2 % len(owners)]
    return [Choice(), Choice(owner_id=owner), Choice(kind, owner if number % 3 == 0 else None)]


def days_of(database: Database, number: int) -> list[date]:
    """Three days in order, of those on which something happened and their neighbours."""
    moments = query(database, "SELECT DISTINCT valid_from_utc FROM lead_span ORDER BY 1")
    days = sorted({m.astimezone(AMSTERDAM).date() + timedelta(days=d) for (m,) in moments for d in (-1, 0)})
    return sorted(days[number * step % len(days)] for step in (1, 7, 31))


def period(first: date | None, last: date | None) -> Period:
    """From the day after the first to the last, so that periods follow each other."""
    return Period(first and first + timedelta(days=1), last, AMSTERDAM)


@LIVES
@given(doing=lives, number=st.integers(1, 997))
def test_after_any_life_opening_and_steps_are_the_closing(
    starter_file: Path, doing: list[Deed], number: int
) -> None:
    with lived(starter_file, doing) as (database, now):
        early, middle, late = days_of(database, number)
        asked = [(early, middle), (None, late), (middle, None)]
        for who, (first, last) in zip(filters(database, number), asked, strict=True):
            chosen = replace(who, period=period(first, last))
            bridge = measure_bridge(database, ADMIN, chosen, now.date())
            assert_adds_up(database, chosen, bridge.opening, bridge.steps, bridge.closing)
            parts = measure_parts(database, ADMIN, chosen, Part.OWNER)
            assert sum((p.opening for p in parts), Amounts()) == bridge.opening
            assert sum((p.closing for p in parts), Amounts()) == bridge.closing


def assert_adds_up(
    database: Database, chosen: Choice, opening: Amounts, steps: Steps, closing: Amounts
) -> None:
    """Each end on its own, as of its moment, and the way from one to the other."""
    start, end = chosen.period.from_utc, chosen.period.before_utc
    far = datetime(9999, 12, 31, tzinfo=UTC)
    assert opening == (measure_standing(database, ADMIN, chosen, start)[0] if start else Amounts())
    assert closing == measure_standing(database, ADMIN, chosen, end or far)[0]
    for measure in Measure:
        total = sum((step.amount for step in steps.of(measure)), opening.of(measure))
        assert total == closing.of(measure)
        assert all(s.amount >= 0 for s in steps.of(measure) if s.kind in list(Kind)[:4])
        assert all(s.amount <= 0 for s in steps.of(measure) if s.kind in list(Kind)[4:])


@LIVES
@given(doing=lives, number=st.integers(1, 997))
def test_after_any_life_two_periods_in_a_row_are_the_one_of_both(
    starter_file: Path, doing: list[Deed], number: int
) -> None:
    with lived(starter_file, doing) as (database, now):
        early, middle, late = days_of(database, number)
        for who in filters(database, number):
            one, two, both = (
                measure_bridge(database, ADMIN, replace(who, period=period(*days)), now.date())
                for days in ((early, middle), (middle, late), (early, late))
            )
            assert one.closing == two.opening
            assert one.steps + two.steps == both.steps
            assert (both.opening, both.closing) == (one.opening, two.closing)


@LIVES
@given(doing=lives, number=st.integers(1, 997))
def test_after_any_life_the_lists_are_the_bars(starter_file: Path, doing: list[Deed], number: int) -> None:
    with lived(starter_file, doing) as (database, now):
        early, middle, _ = days_of(database, number)
        for who, measure in zip(filters(database, number), [*Measure][number % 3 :], strict=False):
            chosen = replace(who, period=period(early, middle))
            bridge = measure_bridge(database, ADMIN, chosen, now.date())
            for step in bridge.steps.of(measure):
                assert_listed(database, chosen, measure, step.kind, step.amount, step.change_count)
            first, new = bridge.steps.first_value(measure), bridge.steps.new_business(measure)
            raised = bridge.steps.step(measure, Kind.RAISED)
            further = raised.amount - first.amount, raised.change_count - first.change_count
            assert_listed(database, chosen, measure, Business.FIRST_VALUE, first.amount, first.change_count)
            assert_listed(database, chosen, measure, Business.RAISED_FURTHER, *further)
            assert_listed(database, chosen, measure, Business.NEW, new)
            for end, amounts in ((End.OPENING, bridge.opening), (End.CLOSING, bridge.closing)):
                assert_listed(database, chosen, measure, end, amounts.of(measure), amounts.leads)


def assert_listed(
    database: Database,
    chosen: Choice,
    measure: Measure,
    which: Kind | Business | End,
    amount: Decimal,
    count: int | None = None,
) -> None:
    rows, total = list_bridge_leads(database, ADMIN, chosen, measure, which, ALL_ROWS)
    assert sum((row.amount or D(0) for row in rows), D(0)) == amount
    assert len(rows) == total
    assert count is None or count == total


@LIVES
@given(doing=lives, number=st.integers(1, 997))
def test_after_any_life_the_closing_of_today_is_what_is_open_now(
    starter_file: Path, doing: list[Deed], number: int
) -> None:
    sql = """
        SELECT
            coalesce(sum(expected_value), 0), coalesce(sum(expected_value * score), 0),
            coalesce(sum(recurring_value), 0), coalesce(sum(recurring_value * score), 0), count(*)
        FROM lead
        WHERE closed_at_utc IS NULL
          AND ($kind IS NULL OR account_type_id = $kind) AND ($owner IS NULL OR owner_id = $owner)
    """
    with lived(starter_file, doing) as (database, now):
        for who in filters(database, number):
            ((expected, weighted, recurring, both, leads),) = query(
                database, sql, kind=who.account_type_id, owner=who.owner_id
            )
            today = now.astimezone(AMSTERDAM).date()
            bridge = measure_bridge(database, ADMIN, replace(who, period=period(None, today)), today)
            assert bridge.closing == Amounts(expected, weighted / 100, recurring, both / 100, leads)


def test_such_lives_have_steps_of_every_kind(starter_file: Path) -> None:
    """The lives above are worth something: each kind of step occurs."""
    found: Counter[Kind] = Counter()
    for seed in (1, 2):
        with lived(starter_file, many_deeds(seed, 120)) as (database, now):
            for who in filters(database, seed):
                steps = measure_bridge(database, ADMIN, who, now.date()).steps
                found.update({s.kind: s.change_count for s in steps.of(Measure.WEIGHTED)})
    assert [kind for kind in Kind if not found[kind]] == []


def test_amounts_of_a_measure_are_exact_and_hashable() -> None:
    amounts = Amounts(D("1.10"), D("2.20"), D("3.30"), D("4.40"), 5)
    assert [amounts.of(m) for m in VALUES] == [D("1.1"), D("2.2"), D("3.3"), D("4.4")]
    assert amounts + -amounts == Amounts()
    assert hash(Steps()) == hash(Steps() + Steps())
