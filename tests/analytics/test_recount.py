"""Every measure against an independent recount in plain Python over the raw history.

On random lives, on a long one, and on the demo; asked for any account type, owner, days and zone.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmplus.services.demo import make_demo
from crmplus.services.setup import default_workspace
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.migrate import migrate
from tests.analytics import claims_closed, claims_moved, claims_open
from tests.analytics.case import Case, Claim
from tests.analytics.lives import AMSTERDAM, LIVES, Deed, live, lives, many_deeds, new_world
from tests.recount.history import Asked, History, read_history
from tests.world import ADMIN

CLAIMS = (*claims_open.CLAIMS, *claims_closed.CLAIMS, *claims_moved.CLAIMS)
ELSEWHERE = [ZoneInfo(name) for name in ("UTC", "America/St_Johns", "Pacific/Chatham", "Asia/Kathmandu")]
DEMO_NOW = datetime(2026, 4, 2, 10, 30, tzinfo=UTC)
"""Four days after the clock went forward."""


def any_case(rng: random.Random, database: Database, history: History, now: datetime) -> Case:
    """Whatever somebody may ask: with and without each filter, of long, short and empty periods.

    Days at whose very beginning something happened are asked for most: they lie on the edge.
    """
    zone = rng.choice([AMSTERDAM, rng.choice(ELSEWHERE)])
    moments = [at.astimezone(zone) for life in history.lives for at, _ in life.versions]
    days = [at.date() for at in moments] + [now.astimezone(zone).date(), date(2026, 3, 29)]
    edges = [at.date() for at in moments if at.time() == time()] or days
    first, last = rng.choice([edges, edges, days]), rng.choice([edges, edges, days])
    first, last = sorted([rng.choice(first), rng.choice(last) - timedelta(days=1)])
    if rng.random() < 0.1:
        last = first - timedelta(days=1)  # no day at all
    asked = Asked(
        rng.choice([None, *history.account_type_ids[:2]]),
        rng.choice([None, None, *history.person_ids]),
        rng.choice([None, first, first, first]),
        rng.choice([None, last, last, last]),
        zone,
    )
    return Case(database, history, asked, now.astimezone(zone).date())


def cases_on_the_edge(database: Database, history: History, now: datetime) -> list[Case]:
    """From a midnight at which a lead was opened, changed, left a phase or was closed, to another."""
    kind, today = history.account_type_ids[0], now.astimezone(AMSTERDAM).date()
    own = list(history.of(Asked(kind)))
    opened = [life.now.opened_at_utc for life in own]
    left = [visit.left_at_utc for life in own for visit in life.visits if visit.left_at_utc]
    closed = [life.now.closed_at_utc for life in own if life.now.closed_at_utc]
    steps = [step for life in history.lives for step in life.steps]
    changed = [step.at for step in steps if step.state.is_open and step.state.account_type_id == kind]
    cases = []
    for moments in (opened, changed, left, closed):
        local = (moment.astimezone(AMSTERDAM) for moment in moments)
        edges = sorted({at.date() for at in local if at.time() == time()})
        assert len(edges) > 1, "the long life has too few midnights: choose another seed"
        asked = Asked(kind, None, edges[0], edges[-1] - timedelta(days=1), AMSTERDAM)
        cases.append(Case(database, history, asked, today))
    return cases


@LIVES
@given(doing=lives, choice=st.integers(0, 9_999))
def test_every_measure_equals_its_recount_after_any_life(
    starter_file: Path, doing: list[Deed], choice: int
) -> None:
    with new_world(starter_file) as world:
        live(world, doing)
        history, rng = read_history(world.database), random.Random(choice)
        for claim in CLAIMS:
            claim(any_case(rng, world.database, history, world.at))


Told = tuple[Database, History, datetime]


@pytest.fixture(scope="module")
def long_life(starter_file: Path) -> Iterator[Told]:
    with new_world(starter_file) as world:
        live(world, many_deeds(3, 150))
        yield world.database, read_history(world.database), world.at


@pytest.fixture(scope="session")
def demo() -> Iterator[Told]:
    connection = duckdb.connect(":memory:")
    migrate(Connection(connection))
    connection.execute("SET threads = 1")  # quicker on so few rows
    database = Database(connection)
    make_demo(database, ADMIN, default_workspace("en", "Europe/Amsterdam"), DEMO_NOW)
    yield database, read_history(database), DEMO_NOW
    database.close()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_every_measure_equals_its_recount_after_a_long_life(long_life: Told, claim: Claim) -> None:
    rng = random.Random(f"long {claim.__name__}")
    for case in (*cases_on_the_edge(*long_life), *(any_case(rng, *long_life) for _ in range(3))):
        claim(case)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_every_measure_equals_its_recount_on_the_demo(demo: Told, claim: Claim) -> None:
    rng = random.Random(f"demo {claim.__name__}")
    database, history, now = demo
    zone = history.zone
    today = now.astimezone(zone).date()
    claim(Case(database, history, Asked(zone=zone), today))
    for account_type_id in history.account_type_ids[:2]:
        last_quarter = Asked(account_type_id, None, date(2026, 1, 1), date(2026, 3, 31), zone)
        claim(Case(database, history, last_quarter, today))
    claim(any_case(rng, *demo))
