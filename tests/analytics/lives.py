"""Whole lives of leads, made of numbers: whatever they are, something is done, or tried, with the services.

A deed names its lead, phase or reason by a number that chooses out of however many there are, so that
the same numbers make the same life whatever the keys of the rows are.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.errors import CrmError
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.exchange.fields import Kind
from crmplus.exchange.imports import run_import
from crmplus.exchange.undo import undo_import, undoable_imports
from crmplus.services import leads
from crmplus.services.closing_reasons import add_closing_reason, list_closing_reasons
from crmplus.services.customers import add_customer, change_customer
from crmplus.services.people import list_people
from crmplus.services.phases import archive_phase, list_phases, reorder_phase, restore_phase
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import ACCOUNT_TYPE, CUSTOMER, LEAD, PHASE
from tests.exchange.imported import check
from tests.world import ADMIN, draft_of, person

T = TypeVar("T")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
START = datetime(2026, 3, 25, 9, 30, tzinfo=UTC)
"""Four days before the clock goes forward in Europe."""
PAUSES = (
    *(timedelta(), timedelta(seconds=61.5), timedelta(hours=2), timedelta(hours=11)),
    *(timedelta(days=1), timedelta(days=2, microseconds=3), timedelta(days=9), timedelta(days=25)),
)
TO_MIDNIGHT = len(PAUSES)
JUST_BEFORE = TO_MIDNIGHT + 1
LONGEST = JUST_BEFORE + 2
"""All that is longer lasts to a midnight too: that is where days are cut."""
AMOUNTS = [None, *map(Decimal, ("0", "0.01", "250", "999.99", "1200", "1200", "7500.50", "9999999999999.99"))]
PLACES = (
    *[("Call", "", ""), ("Meeting", "", ""), ("Quote", "", ""), ("Demo", "open", ""), ("", "", "")],
    *[("Gained", "won", ""), ("", "won", ""), ("Quote", "lost", "Competitor"), ("Ended", "", "Price")],
)
LIVES = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,  # the same lives in CI as here
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done, how long after the deed before, and three numbers that say to what and how."""

    act: str
    pause: int
    which: int
    aim: int
    typed: int


@dataclass(slots=True)
class World:
    """A workspace in which deeds are done; `done` counts those that were not refused, by act."""

    database: Database
    folder: Path
    at: datetime = START
    done: dict[str, int] = field(default_factory=dict)
    known: list[UUID] = field(default_factory=list)

    def do(self, deed: Deed) -> None:
        """Let time pass, then try: what the rules forbid is not done."""
        self.at = passed(self.at, deed.pause)
        try:
            ACTS[deed.act](self, deed)
        except CrmError:
            return
        self.done[deed.act] = self.done.get(deed.act, 0) + 1

    def lead(self, number: int, *, is_open: bool = True) -> Lead | None:
        """One that is open, or closed; in the order in which they came to be."""
        with self.database.read(EVERYTHING) as connection:
            found = {lead.id: lead for lead in LEAD.where(connection)}
        fresh = [lead for lead in found.values() if lead.id not in self.known]
        self.known += [lead.id for lead in sorted(fresh, key=lambda x: (x.opened_at_utc, x.title, str(x.id)))]
        there = [found[key] for key in self.known if key in found]
        return chosen([lead for lead in there if lead.is_open is is_open], number)

    def phases(self, account_type_id: UUID, *types: str) -> list[UUID]:
        """Those in use, of these types or of any."""
        found = [p for p in list_phases(self.database, ADMIN) if p.account_type_id == account_type_id]
        return [p.id for p in found if not types or p.phase_type in types]

    def owner(self, number: int) -> UUID | None:
        people = sorted(list_people(self.database, ADMIN), key=lambda p: p.initials)
        return chosen([None, *(p.id for p in people)], number)


def chosen(among: list[T], number: int) -> T | None:
    return among[number % len(among)] if among else None


def passed(at: datetime, pause: int) -> datetime:
    """The moment after a pause, which can last to a midnight in Amsterdam, or to just before one."""
    if pause < TO_MIDNIGHT:
        return at + PAUSES[pause]
    midnight = datetime.combine(at.astimezone(AMSTERDAM).date() + timedelta(days=1), time(), AMSTERDAM)
    moment = midnight.astimezone(UTC) - timedelta(microseconds=pause == JUST_BEFORE)
    return max(at, moment)


def values_of(number: int, at: datetime) -> LeadValues:
    """What is typed: every number its own mixture, with fields left empty now and then."""
    return LeadValues(
        score=None if number % 11 == 0 else number * 37 % 100 + 1,
        expected_value=AMOUNTS[number % len(AMOUNTS)],
        recurring_value=AMOUNTS[number // 3 % (len(AMOUNTS) - 1)],
        expected_close_date=None if number % 4 == 0 else at.date() + timedelta(days=number * 7 % 150 - 40),
    )


# What is done to a lead.


def _start(world: World, deed: Deed) -> None:
    with world.database.read(EVERYTHING) as connection:
        customers = sorted(CUSTOMER.where(connection), key=lambda c: c.number)
    if customer := chosen(customers, deed.which):
        leads.start_lead(world.database, ADMIN, customer.id, world.at, "", world.owner(deed.aim))


def _save(world: World, deed: Deed) -> None:
    if lead := world.lead(deed.which):
        values = values_of(deed.typed, world.at)
        leads.save_lead(world.database, ADMIN, lead.id, lead.version, values, world.at)


def _complete(world: World, deed: Deed) -> None:
    if lead := world.lead(deed.which):
        values = replace(values_of(deed.typed, world.at), score=deed.typed % 100 + 1)
        leads.complete_phase(world.database, ADMIN, lead.id, lead.version, values, world.at)


def _move(world: World, deed: Deed) -> None:
    lead = world.lead(deed.which)
    if lead and (to := chosen(world.phases(lead.account_type_id), deed.aim)):
        values = values_of(deed.typed, world.at)
        leads.move_lead(world.database, ADMIN, lead.id, lead.version, to, values, world.at)


def _close(world: World, deed: Deed) -> None:
    lead = world.lead(deed.which)
    reasons = sorted(list_closing_reasons(world.database, ADMIN), key=lambda r: (r.order_number, r.code))
    why = chosen([reason.id for reason in reasons], deed.aim)
    if lead and (to := chosen(world.phases(lead.account_type_id, "closing"), deed.aim)):
        values = values_of(deed.typed, world.at)
        leads.close_lead(world.database, ADMIN, lead.id, lead.version, to, why, values, world.at)


def _reopen(world: World, deed: Deed) -> None:
    if lead := world.lead(deed.which, is_open=False):
        with world.database.read(EVERYTHING) as connection:
            customer = CUSTOMER.get(connection, lead.customer_id)
        assert customer
        if to := chosen(world.phases(customer.account_type_id), deed.aim):
            leads.reopen_lead(world.database, ADMIN, lead.id, lead.version, to, world.at)


def _describe(world: World, deed: Deed) -> None:
    if lead := world.lead(deed.which):
        title, owner = ("", "Oven", "Pan")[deed.typed % 3], world.owner(deed.aim)
        leads.describe_lead(world.database, ADMIN, lead.id, lead.version, title, owner, world.at)


def _hand_over_and_close(world: World, deed: Deed) -> None:
    """Both at one moment: only what comes of both ever held."""
    _describe(world, deed)
    _close(world, deed)


def _transfer(world: World, deed: Deed) -> None:
    """A customer becomes of another type, and its open leads go on in that funnel (U4)."""
    lead = world.lead(deed.which)
    with world.database.read(EVERYTHING) as connection:
        customer = CUSTOMER.get(connection, lead.customer_id) if lead else None
        own = LEAD.where(connection, customer_id=customer.id) if customer else []
        kinds = sorted(ACCOUNT_TYPE.where(connection), key=lambda kind: kind.order_number)
    other = chosen([k.id for k in kinds if customer and k.id != customer.account_type_id], deed.aim)
    if customer and other and (to := chosen(world.phases(other), deed.typed)):
        draft = draft_of(customer, account_type_id=other)
        where = {lead.id: to for lead in own if lead.is_open}
        change_customer(world.database, ADMIN, customer.id, customer.version, draft, world.at, where)


# What is done to customers and settings.


def _add_customer(world: World, deed: Deed) -> None:
    with world.database.read(EVERYTHING) as connection:
        kinds = sorted(ACCOUNT_TYPE.where(connection), key=lambda kind: kind.order_number)
    kind = kinds[deed.aim % 5 % len(kinds)]
    draft = CustomerDraft(f"Customer {deed.which}", kind.id, owner_id=world.owner(deed.typed))
    add_customer(world.database, ADMIN, draft, world.at)


def _archive(world: World, deed: Deed) -> None:
    """A regular phase, with the leads that stand in it."""
    regular = [p for p in list_phases(world.database, ADMIN) if p.phase_type == "regular"]
    if phase := chosen(regular, deed.which):
        to = chosen(world.phases(phase.account_type_id), deed.aim)
        archive_phase(world.database, ADMIN, phase.id, phase.version, world.at, to)


def _restore(world: World, deed: Deed) -> None:
    gone = [p for p in list_phases(world.database, ADMIN, with_archived=True) if p.archived_at_utc]
    if phase := chosen(gone, deed.which):
        restore_phase(world.database, ADMIN, phase.id, phase.version, world.at)


def _reorder(world: World, deed: Deed) -> None:
    if phase := chosen(list_phases(world.database, ADMIN), deed.which):
        reorder_phase(world.database, ADMIN, phase.id, deed.aim % 3 - 1, world.at)


def _limit(world: World, deed: Deed) -> None:
    if phase := chosen(list_phases(world.database, ADMIN), deed.which):
        with world.database.transaction(EVERYTHING) as connection:
            PHASE.update(connection, replace(phase, limit_days=chosen([None, 0, 1, 9, 30], deed.aim)))


def _target(world: World, deed: Deed) -> None:
    """At most one for an owner and a month."""
    owner_id, month = world.owner(deed.which), _months_on(world.at.date(), deed.aim % 5 - 2)
    with world.database.transaction(EVERYTHING) as connection:
        sql = "SELECT id FROM target WHERE owner_id = $owner_id AND month = $month"
        if owner_id and not connection.execute(sql, {"owner_id": owner_id, "month": month}):
            row = (new_id(), owner_id, month, Decimal(deed.typed * 100), 1)
            connection.append("target", ("id", "owner_id", "month", "amount", "version"), [row])


def _months_on(day: date, count: int) -> date:
    number = 12 * day.year + day.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


# What files say of the past.

HEADERS = (
    *("lead_id", "customer_name", "title", "phase", "status", "closing_reason", "lead_owner"),
    *("score", "expected_value", "opened_at", "phase_entered_at", "closed_at"),
)


def _import(world: World, deed: Deed) -> None:
    """One to four rows: of leads, or of the history of two; the same keys again and again."""
    rng = random.Random(deed.which * 1_000_003 + deed.typed)
    kind = Kind.HISTORY if deed.aim % 2 else Kind.LEADS
    keys = [rng.choice("12") for _ in range(4)] if kind is Kind.HISTORY else rng.sample("1234", k=3)
    lines = [HEADERS, *(_row(rng, key, world.at.date()) for key in keys)]
    text = "".join(";".join(cells) + "\n" for cells in lines)
    checked = check(world.database, world.folder, text, kind, world.at)
    run_import(world.database, ADMIN, checked, world.at)


def _row(rng: random.Random, key: str, today: date) -> tuple[str, ...]:
    phase, status, why = rng.choice(PLACES)
    days = [f"{today - timedelta(days=ago)}" for ago in sorted(rng.choices(range(90), k=3), reverse=True)]
    opened, entered, closed = (day + rng.choice(["", " 14:30"]) for day in days)
    return (
        *(
            key,
            f"Imported {key}",
            rng.choice(["", "Oven"]),
            phase,
            status,
            why,
            rng.choice(["", "Ann", "Bo"]),
        ),
        *(rng.choice(["", "33", "80"]), rng.choice(["", "10.50", "800"])),
        *(opened, rng.choice(["", entered]), rng.choice(["", closed])),
    )


def _undo(world: World, deed: Deed) -> None:
    imports = sorted(undoable_imports(world.database, ADMIN), key=str)
    if import_id := chosen(imports, deed.which):
        undo_import(world.database, ADMIN, import_id, world.at)


ACTS: dict[str, Callable[[World, Deed], None]] = {
    "add customer": _add_customer,
    "start": _start,
    "save": _save,
    "complete": _complete,
    "move": _move,
    "close": _close,
    "reopen": _reopen,
    "describe": _describe,
    "hand over and close": _hand_over_and_close,
    "transfer": _transfer,
    "archive phase": _archive,
    "restore phase": _restore,
    "reorder phase": _reorder,
    "limit": _limit,
    "target": _target,
    "import": _import,
    "undo": _undo,
}
OFTEN = ("start", "save", "complete", "complete", "move", "close", "close", "close", "reopen", "describe")
LIKELY = (*ACTS, *OFTEN)

numbers = st.integers(0, 997)
deeds = st.builds(Deed, st.sampled_from(LIKELY), st.integers(0, LONGEST), numbers, numbers, numbers)
lives = st.lists(deeds, min_size=20, max_size=45)


def many_deeds(seed: int, count: int) -> list[Deed]:
    """The same for the same seed; before all else an import is undone."""
    rng = random.Random(seed)
    return [
        Deed("import", 2, seed, 0, seed),
        Deed("undo", 2, 0, 0, 0),
        *(
            Deed(rng.choice(LIKELY), rng.randint(0, LONGEST), *(rng.randrange(998) for _ in range(3)))
            for _ in range(count)
        ),
    ]


@contextmanager
def new_world(starter: Path) -> Iterator[World]:
    """The starter with Ann and Cas, a reason that is neither, and two customers with a lead each."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"ATTACH '{starter}' AS starter (READ_ONLY)")
    connection.execute("COPY FROM DATABASE starter TO memory")
    connection.execute("DETACH starter")
    connection.execute("SET threads = 1")  # quicker on so few rows
    database = Database(connection)
    add_people_and_a_duplicate(database)
    with TemporaryDirectory() as folder:
        world = World(database, Path(folder))
        for number in (0, 1):
            world.do(Deed("add customer", 1, number, number, number))
        yield world
    database.close()


def add_people_and_a_duplicate(database: Database) -> None:
    person(database)
    person(database, "Cas", "CA")
    draft = ClosingReasonDraft("DOUBLE", "Double", 90, Outcome.NEITHER)
    add_closing_reason(database, ADMIN, draft, START)


def live(world: World, doing: Iterable[Deed]) -> None:
    for deed in doing:
        world.do(deed)


def rows_of(connection: Connection, table: str) -> list[dict[str, object]]:
    """All rows of a table, as column name to value."""
    found = connection.execute(f"FROM {table}")
    names = [column[0] for column in connection.cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found]
