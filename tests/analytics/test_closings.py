"""Win rate (M4), cycle (M5) and won value: known leads, exact numbers, and a recount."""

import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import (
    ClosingFigures,
    Closings,
    Medians,
    OutcomeFigures,
    measure_closings,
)
from crmplus.analytics.period import Period
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.leads import close_lead, reopen_lead, start_lead
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import CLOSING_REASON, LEAD
from tests.small_world import make_small_world
from tests.world import ADMIN, NOW, account_type, customer, customer_with_lead, person, phase, reason

D = Decimal
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def closed_lead(
    database: Database,
    code: str,
    opened: str,
    closed: str,
    value: str | None = None,
    recurring: str | None = None,
    **of: object,
) -> Lead:
    """A lead that was closed with the reason of this code; times in UTC."""
    made, _ = customer_with_lead(database, "A", **of)
    lead = start_lead(database, ADMIN, made.id, at(opened))
    values = LeadValues(50, D(value) if value else None, D(recurring) if recurring else None)
    end, why = phase(database, "LEAD-CLOSED").id, reason(database, code).id
    return close_lead(database, ADMIN, lead.id, 1, end, why, values, at(closed))


def won(database: Database, *values: str | None, closed: str = "2026-03-10T12:00") -> None:
    for value in values:
        closed_lead(database, "WON", "2026-03-01T12:00", closed, value)


def duplicate(database: Database) -> str:
    """A reason that is neither won nor lost."""
    draft = ClosingReasonDraft("DUPLICATE", "Duplicate", 90, Outcome.NEITHER)
    return add_closing_reason(database, ADMIN, draft, NOW).code


def measure(
    database: Database,
    start: date | None = None,
    end: date | None = None,
    zone: ZoneInfo = AMSTERDAM,
    **whose: Any,
) -> Closings:
    return measure_closings(database, ADMIN, Choice(**whose, period=Period(start, end, zone)))


def months(measured: Closings) -> dict[str, tuple[int, int]]:
    return {
        f"{day:%Y-%m}": (figures.won.lead_count, figures.lost.lead_count)
        for day, figures in measured.by_month
    }


def test_m4_without_closed_leads_there_is_no_rate_and_no_period(database: Database) -> None:
    customer_with_lead(database)
    measured = measure(database)
    assert measured == Closings(ClosingFigures(), Medians(), (), (), (), ())
    assert measured.total.win_rate is measured.total.win_rate_in_value is None
    assert measured.total.won.average_value is measured.total.won.mean_days is None


def test_m4_the_worked_example_of_the_documents(database: Database) -> None:
    closed_lead(database, "WON", "2026-01-05T12:00", "2026-03-02T12:00", "10000")
    closed_lead(database, "WON", "2026-01-05T12:00", "2026-03-03T12:00", "2000")
    closed_lead(database, "WON", "2026-01-05T12:00", "2026-03-04T12:00")
    closed_lead(database, "LOST", "2026-01-05T12:00", "2026-03-02T12:00", "8000")
    closed_lead(database, duplicate(database), "2026-01-05T12:00", "2026-03-02T12:00", "500")
    measured = measure(database)
    total = measured.total
    assert (total.won.lead_count, total.lost.lead_count, total.neither.lead_count) == (3, 1, 1)
    assert (total.win_rate, total.win_rate_in_value) == (D("0.75"), D("0.6"))
    assert (total.won.value, total.won.value_missing) == (D(12_000), 1)
    assert (total.won.average_value, measured.medians.won_value) == (D(6_000), D(6_000))
    assert total.closed_count == 5
    assert (total.won.days, total.won.mean_days) == (56 + 57 + 58, D(57))
    assert (measured.medians.won_days, measured.medians.lost_days) == (D(57), D(56))
    assert (total.decided.mean_days, measured.medians.decided_days) == (D("56.75"), D("56.5"))


def test_m4_one_lead_alone(database: Database) -> None:
    closed_lead(database, "LOST", "2026-03-01T12:00", "2026-03-01T13:00", "70")
    measured = measure(database)
    assert (measured.total.win_rate, measured.total.win_rate_in_value) == (D(0), D(0))
    assert measured.medians == Medians(None, None, D(0), D(0))
    assert measured.total.lost == OutcomeFigures(1, D(70), 0, D(0), 0)


def test_m4_leads_worth_nothing_give_a_rate_in_leads_but_none_in_value(database: Database) -> None:
    won(database, None, "0")
    total = measure(database).total
    assert (total.win_rate, total.win_rate_in_value) == (D(1), None)
    assert (total.won.value_missing, total.won.average_value) == (1, D(0))


def test_m4_only_neither_gives_no_rate_and_no_cycle(database: Database) -> None:
    closed_lead(database, duplicate(database), "2026-01-05T12:00", "2026-03-02T12:00", "500", "5")
    measured = measure(database)
    assert measured.total.neither == OutcomeFigures(1, D(500), 0, D(5), 56)
    assert (measured.total.win_rate, measured.total.decided) == (None, OutcomeFigures())
    assert measured.medians == Medians()
    assert months(measured) == {"2026-03": (0, 0)}


def test_m4_a_reopened_lead_has_no_outcome_any_more(database: Database) -> None:
    lead = closed_lead(database, "LOST", "2026-03-01T12:00", "2026-03-10T12:00", "70")
    meeting, end = phase(database, "LEAD-MEETING").id, phase(database, "LEAD-CLOSED").id
    again = reopen_lead(database, ADMIN, lead.id, lead.version, meeting, at("2026-03-11T12:00"))
    assert measure(database).total == ClosingFigures()
    values = LeadValues(50, D(90))
    why = reason(database, "WON").id
    close_lead(database, ADMIN, lead.id, again.version, end, why, values, at("2026-04-02T12:00"))
    measured = measure(database)
    assert measured.total == ClosingFigures(won=OutcomeFigures(1, D(90), 0, D(0), 32))
    assert months(measured) == {"2026-04": (1, 0)}


def test_recurring_value_of_leads_won_is_summed_apart(database: Database) -> None:
    closed_lead(database, "WON", "2026-03-01T12:00", "2026-03-10T12:00", "70", "10.10")
    closed_lead(database, "WON", "2026-03-01T12:00", "2026-03-10T12:00", None, "0.05")
    closed_lead(database, "LOST", "2026-03-01T12:00", "2026-03-10T12:00", None, "99")
    total = measure(database).total
    assert (total.won.value, total.won.recurring_value) == (D(70), D("10.15"))


@pytest.mark.parametrize(
    ("values", "middle"),
    [
        (["5"], "5"),
        (["1", "1000", "3"], "3"),
        (["0.01", "0.02"], "0.015"),
        (["1", "2", "4", "100"], "3"),
        (["7", None, "9"], "8"),
        (["9999999999999.99", "9999999999999.98"], "9999999999999.985"),
        ([None], None),
    ],
)
def test_the_median_of_won_value_is_exact(
    database: Database, values: list[str | None], middle: str | None
) -> None:
    won(database, *values)
    assert measure(database).medians.won_value == (D(middle) if middle else None)


def test_sums_of_the_largest_values_are_exact_and_no_number_is_a_float(database: Database) -> None:
    won(database, *["9999999999999.99"] * 3)
    measured = measure(database)
    assert measured.total.won.value == D("29999999999999.97")
    assert measured.total.won.average_value == D("9999999999999.99")
    for part in (measured.total.won, measured.total.lost, measured.by_owner[0][1].won):
        assert all(type(getattr(part, f.name)) in (int, Decimal) for f in fields(part))


def test_m5_a_cycle_counts_the_leap_day(database: Database) -> None:
    closed_lead(database, "WON", "2024-02-28T12:00", "2024-03-01T12:00")
    closed_lead(database, "LOST", "2023-02-28T12:00", "2023-03-01T12:00")
    medians = measure(database).medians
    assert (medians.won_days, medians.lost_days, medians.decided_days) == (D(2), D(1), D("1.5"))


def test_m5_a_cycle_counts_calendar_days_not_spans_of_24_hours(database: Database) -> None:
    # In Amsterdam from 23:30 to 0:30, an hour apart, and from 0:30 to 23:30 of one day.
    closed_lead(database, "WON", "2026-01-05T22:30", "2026-01-05T23:30")
    closed_lead(database, "LOST", "2026-01-05T23:30", "2026-01-06T22:30")
    medians = measure(database).medians
    assert (medians.won_days, medians.lost_days) == (D(1), D(0))


def test_m5_the_day_on_which_the_clock_goes_forward_is_one_day(database: Database) -> None:
    # 29 March lasts from 23:00 UTC to 22:00 UTC.
    closed_lead(database, "WON", "2026-03-28T22:59", "2026-03-29T22:00")
    closed_lead(database, "LOST", "2026-03-28T23:00", "2026-03-29T21:59")
    medians = measure(database).medians
    assert (medians.won_days, medians.lost_days) == (D(2), D(0))


def test_a_midnight_that_comes_twice_begins_the_day_the_first_time(database: Database) -> None:
    # In Havana the clock goes from 1:00 back to 0:00 of 1 November 2026, at 5:00 UTC.
    closed_lead(database, "WON", "2026-11-01T03:59", "2026-11-01T04:00")
    closed_lead(database, "LOST", "2026-11-01T04:00", "2026-11-02T04:59")
    medians = measure(database, zone=ZoneInfo("America/Havana")).medians
    assert (medians.won_days, medians.lost_days) == (D(1), D(0))


def test_a_closing_counts_in_the_month_of_the_workspaces_calendar(database: Database) -> None:
    won(database, "1", closed="2026-03-31T21:59")
    won(database, "1", closed="2026-03-31T23:30")
    assert months(measure(database)) == {"2026-03": (1, 0), "2026-04": (1, 0)}
    assert months(measure(database, zone=ZoneInfo("UTC"))) == {"2026-03": (2, 0)}
    assert months(measure(database, zone=ZoneInfo("America/New_York"))) == {"2026-03": (2, 0)}


def test_a_zone_a_quarter_of_an_hour_off_has_its_own_midnight(database: Database) -> None:
    # Kathmandu is 5:45 ahead: its April begins at 18:15 UTC.
    won(database, "1", closed="2026-03-31T18:14:59")
    won(database, "1", closed="2026-03-31T18:15")
    assert months(measure(database, zone=ZoneInfo("Asia/Kathmandu"))) == {
        "2026-03": (1, 0),
        "2026-04": (1, 0),
    }


def test_months_and_quarters_without_a_closing_stand_there_too(database: Database) -> None:
    won(database, "5", closed="2026-03-15T12:00")
    won(database, "7", closed="2026-10-15T12:00")
    closed_lead(database, "LOST", "2026-03-01T12:00", "2026-12-15T12:00", "4")
    measured = measure(database)
    assert [day.month for day, _ in measured.by_month] == list(range(3, 13))
    assert [(day, f.won.value, f.lost.lead_count) for day, f in measured.by_quarter] == [
        (date(2026, 1, 1), D(5), 0),
        (date(2026, 4, 1), D(0), 0),
        (date(2026, 7, 1), D(0), 0),
        (date(2026, 10, 1), D(7), 1),
    ]
    assert dict(measured.by_month)[date(2026, 4, 1)].win_rate is None


def test_owners_stand_by_won_value_and_leads_of_nobody_among_them(database: Database) -> None:
    ann, bob = person(database, "Ann", "AN"), person(database, "Bob", "BO")
    for value, owner in (("10", ann), ("20", None), ("15", bob), ("30", ann)):
        of = {"owner_id": owner.id} if owner else {}
        closed_lead(database, "WON", "2026-03-01T12:00", "2026-03-03T12:00", value, **of)
    closed_lead(database, "LOST", "2026-03-01T12:00", "2026-03-09T12:00", "5", owner_id=bob.id)
    by_owner = measure(database).by_owner
    assert [(owner_id, f.won.value) for owner_id, f in by_owner] == [
        (ann.id, D(40)),
        (None, D(20)),
        (bob.id, D(15)),
    ]
    bobs = by_owner[2][1]
    assert (bobs.win_rate, bobs.win_rate_in_value, bobs.decided.mean_days) == (D("0.5"), D("0.75"), D(5))


def test_filters_narrow_to_owner_account_type_and_days_both_included(database: Database) -> None:
    ann = person(database)
    closed_lead(database, "WON", "2026-03-01T12:00", "2026-03-28T22:59", "1", owner_id=ann.id)
    closed_lead(database, "WON", "2026-03-01T12:00", "2026-03-28T23:00", "10")
    closed_lead(database, "WON", "2026-03-01T12:00", "2026-03-29T21:59", "100")
    closed_lead(database, "WON", "2026-03-01T12:00", "2026-03-29T22:00", "1000")

    def value(**asked: Any) -> tuple[Decimal, Decimal | None]:
        measured = measure(database, **asked)
        return measured.total.won.value, measured.medians.won_value

    day = date(2026, 3, 29)
    assert value() == (D(1111), D(55))
    assert value(owner_id=ann.id) == (D(1), D(1))
    assert value(start=day) == (D(1110), D(100))
    assert value(end=day) == (D(111), D(10))
    assert value(start=day, end=day) == (D(110), D(55))
    assert value(account_type_id=account_type(database).id) == (D(1111), D(55))
    assert value(account_type_id=account_type(database, "PROSPECT").id) == (D(0), None)


# Recounts in plain Python


def recount(database: Database, zone: ZoneInfo) -> dict[Outcome, list[tuple[Lead, int, str]]]:
    """By outcome each closed lead, the days it took and the month it was closed in."""
    with database.read(EVERYTHING) as connection:
        outcomes = {r.id: r.outcome for r in CLOSING_REASON.where(connection)}
        leads = LEAD.where(connection)
    found: dict[Outcome, list[tuple[Lead, int, str]]] = {outcome: [] for outcome in Outcome}
    for lead in leads:
        if lead.closed_at_utc and lead.closing_reason_id:
            ended = lead.closed_at_utc.astimezone(zone).date()
            days = (ended - lead.opened_at_utc.astimezone(zone).date()).days
            found[outcomes[lead.closing_reason_id]].append((lead, days, f"{ended:%Y-%m}"))
    return found


def assert_recounted(database: Database, zone: ZoneInfo) -> None:
    measured, found = measure(database, zone=zone), recount(database, zone)
    for outcome, closed in found.items():
        values = [lead.expected_value for lead, _, _ in closed if lead.expected_value is not None]
        assert getattr(measured.total, outcome.value) == OutcomeFigures(
            len(closed),
            sum(values, D(0)),
            len(closed) - len(values),
            sum((lead.recurring_value or D(0) for lead, _, _ in closed), D(0)),
            sum(days for _, days, _ in closed),
        )
    ended = {outcome: [days for _, days, _ in closed] for outcome, closed in found.items()}
    assert measured.medians == Medians(
        median([x.expected_value for x, _, _ in found[Outcome.WON] if x.expected_value is not None]),
        *(D(str(median(ended[outcome]))) for outcome in (Outcome.WON, Outcome.LOST)),
        D(str(median(ended[Outcome.WON] + ended[Outcome.LOST]))),
    )
    for month, (won_count, lost_count) in months(measured).items():
        assert won_count == sum(month == m for _, _, m in found[Outcome.WON])
        assert lost_count == sum(month == m for _, _, m in found[Outcome.LOST])
    for owner_id, figures in measured.by_owner:
        own = [lead.expected_value or D(0) for lead, _, _ in found[Outcome.WON] if lead.owner_id == owner_id]
        assert (figures.won.lead_count, figures.won.value) == (len(own), sum(own, D(0)))
    for parts in (measured.by_owner, measured.by_month, measured.by_quarter):
        assert sum((figures for _, figures in parts), ClosingFigures()) == measured.total


def test_the_small_world_recounts(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "small.duckdb"
    path.write_bytes(starter_file.read_bytes())
    make_small_world(path)
    database = Database.open(path)
    assert_recounted(database, AMSTERDAM)
    database.close()


@pytest.fixture(scope="module")
def many(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """1,500 leads at any minute of three years, with and without owner, values and closing."""
    path = tmp_path_factory.mktemp("many") / "many.duckdb"
    path.write_bytes(starter_file.read_bytes())
    opened = Database.open(path)
    duplicate(opened)
    _, lead = customer_with_lead(opened)
    owners = [None, *(person(opened, name, name[:2].upper()).id for name in ("Ann", "Bob"))]
    reasons = [reason(opened, code).id for code in ("WON", "LOST", "COMPETITOR", "DUPLICATE")]
    rng = random.Random(5)

    def amount() -> Decimal | None:
        return rng.choice([None, D(0), D(rng.randrange(10 ** rng.randint(1, 12))) / 100])

    def closed() -> Lead:
        start = at("2023-12-31T00:00") + timedelta(minutes=rng.randrange(3 * 366 * 1440))
        end = start + timedelta(minutes=rng.randrange(10 ** rng.randint(1, 5)))
        return replace(
            lead,
            id=new_id(),
            owner_id=rng.choice(owners),
            expected_value=amount(),
            recurring_value=amount(),
            opened_at_utc=start,
            closed_at_utc=end,
            closing_reason_id=rng.choice(reasons),
        )

    columns = list(Lead.__slots__)
    with opened.transaction(EVERYTHING) as connection:
        rows = [LEAD.values(closed()) for _ in range(1500)]
        connection.append("lead", columns, [tuple(row[column] for column in columns) for row in rows])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "zone",
    ["Europe/Amsterdam", "UTC", "Pacific/Chatham", "America/St_Johns", "America/Havana", "Atlantic/Azores"],
)
def test_leads_of_any_kind_recount_in_any_zone(many: Database, zone: str) -> None:
    assert_recounted(many, ZoneInfo(zone))


def test_the_figures_can_be_remembered_by() -> None:
    assert hash(ClosingFigures()) == hash(ClosingFigures(OutcomeFigures()))


def test_a_customer_without_leads_changes_nothing(database: Database) -> None:
    customer(database, "B", "CUSTOMER")
    assert measure(database).by_owner == ()
