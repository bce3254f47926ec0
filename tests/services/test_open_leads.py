"""Open leads, filtered, in order and a page at a time: what plain Python makes of the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crmplus.domain.actor import Role
from crmplus.domain.customer import Customer, name_key, search_key
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.next_step import NextStep, NextStepDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.customers import change_customer
from crmplus.services.leads import (
    close_lead,
    complete_phase,
    describe_lead,
    reopen_lead,
    save_lead,
    start_lead,
)
from crmplus.services.next_steps import add_next_step, finish_next_step
from crmplus.services.open_leads import (
    ColumnTotal,
    LeadQuery,
    LeadSort,
    OpenLead,
    list_leads_by_phase,
    list_open_leads,
    measure_columns,
)
from crmplus.services.people import list_people
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import CUSTOMER, LEAD, NEXT_STEP, PERSON, PHASE
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    account_type,
    customer,
    customer_with_lead,
    draft_of,
    person,
    phase,
)
from tests.world import reason as closing_reason

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = NOW.date()
ANY = LeadQuery(TODAY, AMSTERDAM)
AMOUNTS = (
    None,
    Decimal(0),
    Decimal("0.01"),
    Decimal("250"),
    Decimal("250"),
    Decimal("999.99"),
    Decimal("7500.50"),
)
SCORES = (None, 1, 33, 50, 50, 100)
TITLES = ("", "", "Oven", "oven line", "Örgel", "Zaal 100%", "a_b", "日本")
DAYS = tuple(TODAY + timedelta(days=days) for days in (-400, -8, -1, 0, 1, 13))
TIMES = (None, time(0, 0), time(9, 30), time(23, 59))
PHASES = ("LEAD-CALL", "LEAD-MEETING", "LEAD-QUOTE", "PROSPECT-CALL", "PROSPECT-QUOTE")
HOURS = tuple(24 * days + hour for days in (0, 1, 14, 15, 21, 22, 90) for hour in (-10, -9, 5))
"""Around the midnights that make the days in a phase, the limits of the starter among them."""
PICK = st.integers(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class Planned:
    """Numbers that choose what a lead is, and its steps: day, time, and whether it is done."""

    place: int
    title: int
    score: int
    expected: int
    recurring: int
    close: int
    entered: int
    steps: list[tuple[int, int, bool]]


PLANS = st.lists(
    st.builds(
        Planned,
        *[PICK] * 7,
        st.lists(st.tuples(PICK, PICK, st.booleans()), max_size=3),
    ),
    max_size=25,
)
QUERIES = st.builds(
    lambda which, search, value, score, due, without, ageing: (
        which,
        search,
        value,
        score,
        due,
        without,
        ageing,
    ),
    PICK,
    st.sampled_from(
        ["", "", "", "oven", " OVEN ", "oven c-00002", "c-00002", "bakkerij", "100%", "_", "nowhere"]
    ),
    st.sampled_from([None, None, Decimal(0), Decimal(250), Decimal("999.99")]),
    st.sampled_from([None, None, 1, 50, 100]),
    st.sampled_from([None, None, *DAYS]),
    st.booleans(),
    st.booleans(),
)
SEARCHING = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class World:
    """The same rows in a database, and as plain Python looks at them."""

    database: Database
    leads: list[Lead]
    steps: list[NextStep]
    customers: dict[UUID, Customer]
    owners: dict[UUID, str]
    limits: dict[UUID, int | None]


def pick(choices: tuple[object, ...], number: int) -> object:
    return choices[number % len(choices)]


@contextmanager
def world(starter_file: Path, plans: list[Planned]) -> Iterator[World]:
    """Leads written as they are, which the services would take many deeds for; some are closed."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"ATTACH '{starter_file}' AS starter (READ_ONLY)")
    connection.execute("COPY FROM DATABASE starter TO memory")
    connection.execute("SET threads = 1")
    database = Database(connection)
    try:
        yield filled(database, plans)
    finally:
        database.close()


def filled(database: Database, plans: list[Planned]) -> World:
    for name, initials in (("Ann", "AN"), ("Éva", "EV")):
        person(database, name, initials)
    owners = {found.id: found.name for found in list_people(database, ADMIN)}
    customers = [
        customer(database, name, "CUSTOMER", city=city)
        for name, city in (("Bakkerij Één B.V.", "Zwolle"), ("Smid", ""), ("smid", "Luik"))
    ]
    leads = [made(database, plan, customers, [*owners, None]) for plan in plans]
    steps = [
        NextStep(
            new_id(),
            lead.id,
            f"Step {number}",
            DAYS[day % len(DAYS)],
            TIMES[hour % len(TIMES)],
            NOW if is_done else None,
            1,
        )
        for plan, lead in zip(plans, leads, strict=True)
        for number, (day, hour, is_done) in enumerate(plan.steps)
    ]
    with database.transaction(EVERYTHING) as connection:
        LEAD.insert(connection, *leads)
        NEXT_STEP.insert(connection, *steps)
        phases = PHASE.where(connection)
    by_id = {found.id: found for found in customers}
    return World(database, leads, steps, by_id, owners, {found.id: found.limit_days for found in phases})


def made(database: Database, plan: Planned, customers: list[Customer], owners: list[UUID | None]) -> Lead:
    stands_in = phase(database, str(pick(PHASES, plan.place)))
    entered = NOW - timedelta(hours=HOURS[plan.entered % len(HOURS)])
    is_closed = plan.place % 7 == 0
    return Lead(
        id=new_id(),
        customer_id=customers[plan.title % len(customers)].id,
        account_type_id=stands_in.account_type_id,
        phase_id=stands_in.id,
        owner_id=owners[plan.score % len(owners)],
        title=TITLES[plan.title % len(TITLES)],
        score=SCORES[plan.score % len(SCORES)],
        expected_value=AMOUNTS[plan.expected % len(AMOUNTS)],
        recurring_value=AMOUNTS[plan.recurring % len(AMOUNTS)],
        expected_close_date=(None, *DAYS)[plan.close % (len(DAYS) + 1)],
        closing_reason_id=closing_reason(database).id if is_closed else None,
        opened_at_utc=entered - timedelta(days=plan.close % 3),
        phase_entered_at_utc=entered,
        closed_at_utc=NOW if is_closed else None,
        visit_number=1,
        version=1 + plan.title % 4,
    )


# The same in plain Python


def first_step(world: World, lead: Lead) -> NextStep | None:
    """The one due first; of those of one day the ones without a time come last."""
    found = [step for step in world.steps if step.lead_id == lead.id and step.done_at_utc is None]
    return min(
        found, key=lambda s: (s.due_date, s.due_time is None, s.due_time or time(), s.id), default=None
    )


def days_in_phase(lead: Lead) -> int:
    return (TODAY - lead.phase_entered_at_utc.astimezone(AMSTERDAM).date()).days


def passes(world: World, query: LeadQuery, lead: Lead) -> bool:
    step, buyer = first_step(world, lead), world.customers[lead.customer_id]
    limit = world.limits[lead.phase_id]
    words = search_key(query.search).split()
    text = "\n".join((buyer.number, buyer.name, buyer.contact, buyer.email, buyer.city))
    return all(
        (
            lead.closed_at_utc is None,
            query.account_type_id in (None, lead.account_type_id),
            query.phase_id in (None, lead.phase_id),
            query.owner_id in (None, lead.owner_id),
            all(word in search_key(text) or word in search_key(lead.title) for word in words),
            query.least_value is None
            or (lead.expected_value is not None and lead.expected_value >= query.least_value),
            query.least_score is None or (lead.score is not None and lead.score >= query.least_score),
            query.due_until is None or (step is not None and step.due_date <= query.due_until),
            not query.is_without_step or step is None,
            not query.is_ageing or (limit is not None and days_in_phase(lead) > limit),
        )
    )


def sort_value(world: World, sort: LeadSort, lead: Lead) -> object:
    """What it is put in order by, None where it has nothing of the kind."""
    step = first_step(world, lead)
    match sort:
        case LeadSort.DUE:
            return step and (step.due_date, step.due_time or time(23, 59, 59))
        case LeadSort.AGE:
            return NOW - lead.phase_entered_at_utc
        case LeadSort.CUSTOMER:
            return name_key(world.customers[lead.customer_id].name) or None
        case LeadSort.TITLE:
            return search_key(lead.title) or None
        case LeadSort.OWNER:
            return world.owners[lead.owner_id].lower() if lead.owner_id else None
        case LeadSort.WEIGHTED_VALUE:
            return (lead.expected_value or Decimal(0)) * (lead.score or 0)
    return getattr(lead, sort.value)


def in_order(world: World, query: LeadQuery) -> list[Lead]:
    """Those that pass: by what they have, those without it last, equal ones by key."""
    found = sorted((lead for lead in world.leads if passes(world, query, lead)), key=lambda lead: lead.id)
    valued = [lead for lead in found if sort_value(world, query.sort, lead) is not None]
    valued.sort(key=lambda lead: sort_value(world, query.sort, lead), reverse=query.descending)  # type: ignore[arg-type, return-value]
    if query.descending:  # sorting backwards keeps equal ones in their order
        assert all(
            a.id < b.id
            for a, b in pairwise(valued)
            if sort_value(world, query.sort, a) == sort_value(world, query.sort, b)
        )
    return valued + [lead for lead in found if lead not in valued]


def totals(world: World, query: LeadQuery) -> dict[UUID, ColumnTotal]:
    found: dict[UUID, ColumnTotal] = {}
    for lead in in_order(world, query):
        so_far = found.get(lead.phase_id, ColumnTotal())
        value = lead.expected_value or Decimal(0)
        found[lead.phase_id] = ColumnTotal(
            so_far.lead_count + 1,
            so_far.expected_value + value,
            so_far.weighted_value + value * (lead.score or 0) / 100,
        )
    return found


def asked(world: World, numbers: tuple[object, ...], sort: LeadSort, descending: bool) -> LeadQuery:
    which, search, value, score, due, without, ageing = numbers
    choice = int(str(which))
    stands_in = phase(world.database, str(pick(PHASES, choice)))
    return LeadQuery(
        TODAY,
        AMSTERDAM,
        account_type_id=stands_in.account_type_id if choice % 3 == 0 else None,
        phase_id=stands_in.id if choice % 4 == 0 else None,
        owner_id=[*world.owners][choice % 2] if choice % 5 == 0 else None,
        search=str(search),
        least_value=value,  # type: ignore[arg-type]
        least_score=score,  # type: ignore[arg-type]
        is_ageing=bool(ageing) and choice % 2 == 0,
        due_until=due,  # type: ignore[arg-type]
        is_without_step=bool(without) and due is None,
        sort=sort,
        descending=descending,
    )


@SEARCHING
@given(plans=PLANS, queries=st.lists(QUERIES, min_size=3, max_size=3))
def test_whatever_is_asked_the_leads_and_totals_are_those_of_a_recount(
    starter_file: Path, plans: list[Planned], queries: list[tuple[object, ...]]
) -> None:
    with world(starter_file, plans) as made_world:
        database = made_world.database
        for number, numbers in enumerate(queries):
            sort = list(LeadSort)[(number + len(plans)) % len(LeadSort)]
            query = asked(made_world, numbers, sort, descending=len(plans) % 2 == 0)
            wanted = in_order(made_world, query)
            found, total = list_open_leads(database, ADMIN, query, 100)
            assert [lead.id for lead in found] == [lead.id for lead in wanted]
            assert total == len(wanted)
            assert measure_columns(database, ADMIN, query) == totals(made_world, query)


@SEARCHING
@given(plans=PLANS)
def test_every_order_both_ways_puts_what_is_missing_last_and_equal_ones_by_key(
    starter_file: Path, plans: list[Planned]
) -> None:
    with world(starter_file, plans) as made_world:
        for sort, descending in product(LeadSort, (False, True)):
            query = replace(ANY, sort=sort, descending=descending)
            found, _total = list_open_leads(made_world.database, ADMIN, query, 100)
            assert [lead.id for lead in found] == [lead.id for lead in in_order(made_world, query)], (
                query.sort
            )


@SEARCHING
@given(plans=PLANS, size=st.integers(1, 4))
def test_pages_hold_every_lead_once_in_the_order_of_the_whole_by_phase_and_together(
    starter_file: Path, plans: list[Planned], size: int
) -> None:
    with world(starter_file, plans) as made_world:
        database, query = made_world.database, replace(ANY, sort=LeadSort.TITLE)
        wanted = [lead.id for lead in in_order(made_world, query)]
        together: list[UUID] = []
        columns: dict[UUID, list[UUID]] = {}
        for offset in range(0, len(plans) + size, size):
            page, total = list_open_leads(database, ADMIN, query, size, offset)
            assert len(page) <= size and total == len(wanted)
            together += [lead.id for lead in page]
            for phase_id, column in list_leads_by_phase(database, ADMIN, query, size, offset).items():
                assert 0 < len(column) <= size
                columns.setdefault(phase_id, []).extend(lead.id for lead in column)
        assert together == wanted
        by_key = {lead.id: lead for lead in made_world.leads}
        assert columns == {
            phase_id: [key for key in wanted if by_key[key].phase_id == phase_id]
            for phase_id in {by_key[key].phase_id for key in wanted}
        }


@SEARCHING
@given(plans=PLANS)
def test_a_row_says_what_the_lead_its_customer_and_its_first_step_say(
    starter_file: Path, plans: list[Planned]
) -> None:
    with world(starter_file, plans) as made_world:
        found, _total = list_open_leads(made_world.database, ADMIN, ANY, 100)
        by_key = {lead.id: lead for lead in made_world.leads}
        for row in found:
            lead, step = by_key[row.id], first_step(made_world, by_key[row.id])
            buyer, limit = made_world.customers[lead.customer_id], made_world.limits[lead.phase_id]
            own = {name: getattr(lead, name) for name in OpenLead.__slots__ if hasattr(lead, name)}
            assert {name: getattr(row, name) for name in own} == own
            assert (row.customer_id, row.number, row.customer) == (buyer.id, buyer.number, buyer.name)
            assert (row.step_id, row.step, row.step_version) == (
                (step.id, step.description, step.version) if step else (None, None, None)
            )
            assert (row.due_date, row.due_time) == ((step.due_date, step.due_time) if step else (None, None))
            assert (row.days_in_phase, row.limit_days) == (days_in_phase(lead), limit)
            assert row.is_ageing == (limit is not None and days_in_phase(lead) > limit)


# What a rep does, and what is to be seen of it then


def shown(database: Database, query: LeadQuery = ANY) -> list[OpenLead]:
    return list_open_leads(database, ADMIN, query, 100)[0]


def titles(database: Database, **filters: object) -> set[str]:
    return {lead.title for lead in shown(database, replace(ANY, **filters))}  # type: ignore[arg-type]


def started(database: Database, title: str, name: str = "Acme", **fields: object) -> Lead:
    buyer = customer(database, name, "CUSTOMER", **fields)
    draft = draft_of(buyer, account_type_id=account_type(database).id)
    change_customer(database, ADMIN, buyer.id, buyer.version, draft, NOW)
    (lead,) = [found for found in shown(database) if found.customer_id == buyer.id]
    return describe_lead(database, ADMIN, lead.id, lead.version, title, None, NOW)


def test_without_leads_there_are_no_rows_and_no_columns(database: Database) -> None:
    assert list_open_leads(database, ADMIN, ANY, 10) == ([], 0)
    assert list_leads_by_phase(database, ADMIN, ANY, 10) == {}
    assert measure_columns(database, ADMIN, ANY) == {}


def test_a_page_beyond_the_last_one_is_empty_and_says_how_many_there_are(database: Database) -> None:
    customer_with_lead(database)
    assert list_open_leads(database, ADMIN, ANY, 10, 10) == ([], 1)
    assert list_leads_by_phase(database, ADMIN, ANY, 10, 10) == {}


def test_weighted_totals_are_exact_to_a_hundredth_of_a_cent_and_beyond_what_a_float_holds(
    database: Database,
) -> None:
    for _lead in range(2):
        _, lead = customer_with_lead(database)
        values = LeadValues(score=33, expected_value=Decimal("9999999999999.99"))
        save_lead(database, ADMIN, lead.id, lead.version, values, NOW)
    (column,) = measure_columns(database, ADMIN, ANY).values()
    assert column == ColumnTotal(2, Decimal("19999999999999.98"), Decimal("6599999999999.9934"))
    assert shown(database)[0].weighted_value == Decimal("3299999999999.9967")


def test_a_closed_lead_is_not_shown_and_counts_with_its_step_again_once_it_is_reopened(
    database: Database,
) -> None:
    _, lead = customer_with_lead(database)
    add_next_step(database, ADMIN, lead.id, NextStepDraft("Call", TODAY), NOW)
    ending = phase(database, "LEAD-CLOSED").id
    why = closing_reason(database).id
    lead = close_lead(database, ADMIN, lead.id, lead.version, ending, why, VALUES, NOW)
    assert shown(database) == [] and measure_columns(database, ADMIN, ANY) == {}
    call = phase(database, "LEAD-CALL").id
    reopen_lead(database, ADMIN, lead.id, lead.version, call, NOW)
    assert [(row.step, row.phase_id) for row in shown(database)] == [("Call", call)]


def test_once_the_first_step_is_done_the_one_after_it_shows_and_then_none(database: Database) -> None:
    _, lead = customer_with_lead(database)
    late = NextStepDraft("Later", TODAY, None)
    first = add_next_step(database, ADMIN, lead.id, NextStepDraft("First", TODAY, time(17, 0)), NOW)
    second = add_next_step(database, ADMIN, lead.id, late, NOW)
    assert shown(database)[0].step == "First", "one with a time comes before one of that day without"
    finish_next_step(database, ADMIN, first.id, first.version, NOW)
    assert (shown(database)[0].step_id, shown(database)[0].step) == (second.id, "Later")
    finish_next_step(database, ADMIN, second.id, second.version, NOW)
    assert shown(database)[0].step is None
    assert len(shown(database, replace(ANY, is_without_step=True))) == 1


@pytest.mark.parametrize("sort", LeadSort)
def test_a_phase_that_is_left_takes_the_lead_to_the_other_column(database: Database, sort: LeadSort) -> None:
    _, lead = customer_with_lead(database)
    query = replace(ANY, sort=sort)
    assert list(list_leads_by_phase(database, ADMIN, query, 5)) == [phase(database, "LEAD-CALL").id]
    complete_phase(database, ADMIN, lead.id, lead.version, VALUES, NOW + timedelta(hours=1))
    assert list(list_leads_by_phase(database, ADMIN, query, 5)) == [phase(database, "LEAD-MEETING").id]


def test_days_in_phase_are_days_of_the_zone_and_ageing_begins_the_day_after_the_limit(
    database: Database,
) -> None:
    """23:30 UTC on the 15th is the 16th in Amsterdam; the limit of the first phase is 14 days."""
    customer_with_lead(database)
    buyer = customer(database, "Late", "CUSTOMER")
    late = datetime(2026, 2, 15, 23, 30, tzinfo=UTC)
    draft = draft_of(buyer, account_type_id=account_type(database).id)
    change_customer(database, ADMIN, buyer.id, buyer.version, draft, late)
    for day, days, is_ageing in ((date(2026, 3, 2), 14, False), (date(2026, 3, 3), 15, True)):
        for zone, more in ((AMSTERDAM, 0), (ZoneInfo("UTC"), 1)):
            query = replace(ANY, today=day, zone=zone)
            (row,) = [lead for lead in shown(database, query) if lead.customer == "Late"]
            assert row.days_in_phase == days + more
            found = [lead.customer for lead in shown(database, replace(query, is_ageing=True))]
            assert found == (["Late"] if is_ageing or more else [])
            assert row.is_ageing == bool(found)


def test_age_sorts_the_longest_in_phase_first_when_it_descends(database: Database) -> None:
    for days in (1, 9, 4):
        buyer = customer(database, f"{days} days", "CUSTOMER")
        draft = draft_of(buyer, account_type_id=account_type(database).id)
        change_customer(database, ADMIN, buyer.id, buyer.version, draft, NOW - timedelta(days=days))
    found = shown(database, replace(ANY, sort=LeadSort.AGE, descending=True))
    assert [lead.customer for lead in found] == ["9 days", "4 days", "1 days"]


@pytest.mark.parametrize(
    "typed",
    [
        *("BAKKERIJ", "een", "Één", "  één ", "zwolle", "c-00001", "cafe LINE", "Café", "info@", "120 m²"),
        *("zwolle bakkerij", "line een café", "M2"),
    ],
)
def test_search_finds_a_customer_or_a_title_in_any_case_and_without_accents(
    database: Database, typed: str
) -> None:
    title = "Café-line of 120 m²"
    started(database, title, "Bakkerij Één", city="Zwolle", email="info@een.example")
    started(database, "Forge", "Smithy")
    assert titles(database, search=typed) == {title}


@pytest.mark.parametrize("typed", ["%", "_", "'", "x", "\\", "*", "\n"])
def test_search_takes_signs_as_they_are(database: Database, typed: str) -> None:
    started(database, "Oven", "Bakery")
    assert titles(database, search=typed) == ({"Oven"} if typed.strip() == "" else set())


def test_a_further_lead_of_a_customer_is_found_by_the_customers_name_too(database: Database) -> None:
    made_customer, _ = customer_with_lead(database, "Bakery")
    start_lead(database, ADMIN, made_customer.id, NOW, "Oven")
    assert titles(database, search="bakery") == {"", "Oven"}


def test_a_filter_by_value_lets_none_through_that_has_no_value(database: Database) -> None:
    _, lead = customer_with_lead(database)
    assert len(shown(database, replace(ANY, least_value=Decimal(0)))) == 0
    save_lead(database, ADMIN, lead.id, lead.version, LeadValues(expected_value=Decimal(0)), NOW)
    assert len(shown(database, replace(ANY, least_value=Decimal(0)))) == 1
    assert len(shown(database, replace(ANY, least_value=Decimal("0.01")))) == 0


def test_owners_sort_by_name_and_leads_of_nobody_come_last_both_ways(database: Database) -> None:
    bea, ann = person(database, "Bea", "BE"), person(database, "ann", "AN", Role.MANAGER)
    for owner in (None, bea.id, ann.id):
        _, lead = customer_with_lead(database)
        describe_lead(database, ADMIN, lead.id, lead.version, "", owner, NOW)
    with database.read(EVERYTHING) as connection:
        names = {found.id: found.name for found in PERSON.where(connection)}
        assert CUSTOMER.where(connection)
    for descending, wanted in ((False, ["ann", "Bea", None]), (True, ["Bea", "ann", None])):
        query = replace(ANY, sort=LeadSort.OWNER, descending=descending)
        assert [names.get(lead.owner_id) for lead in shown(database, query)] == wanted  # type: ignore[arg-type]
