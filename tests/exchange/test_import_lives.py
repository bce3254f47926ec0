"""Random files into a workspace where people work: whatever they say, what comes of it is sound."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crmplus.domain.errors import CrmError
from crmplus.domain.lead import LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.exchange.fields import Kind
from crmplus.exchange.imports import run_import
from crmplus.exchange.undo import undo_import
from crmplus.services.customers import CustomerQuery, change_customer, get_customer, list_customers
from crmplus.services.leads import close_lead, move_lead, save_lead
from crmplus.store.database import Database
from crmplus.store.tables import LEAD
from tests.exchange.imported import LATER, assert_sound, check, load, past, standing
from tests.world import ADMIN, NOW, customer, draft_of, everything, person, phase, reason

DAYS = ["2025-11-03", "2026-01-05", "2026-01-05 14:30", "2026-02-20", "2026-03-29", "2026-04-01"]
CUSTOMERS = {"1": "Acme", "2": "Bakery", "3": "Ours", "4": "日本"}
PLACES = [
    *[(phase, status, "") for phase in ("", "Call", "Meeting", "Quote", "Demo") for status in ("", "open")],
    *[(phase, "won", reason) for phase in ("", "Meeting", "Gained") for reason in ("", "Won")],
    *[("Quote", "lost", reason) for reason in ("", "Competitor", "Price")],
    ("Gone", "", ""),
    ("Ended", "", "Price"),
]
"""Phase, status and closing reason that go together."""
WRONG = {
    "customer_name": ["", "Off", "ACME b.v."],
    "customer_number": ["N1", "n1", "C-00002"],
    "account_type": ["Prospect", "Customer"],
    "is_active": ["yes", "no"],
    "status": ["won", "lost"],
    "score": ["101"],
    "expected_value": ["x"],
    "opened_at": ["2026-03-29"],
    "closed_at": ["2025-11-03", "2027-01-01"],
}
"""What often can't be beside the rest of a row."""
HEADERS = (
    *("lead_id", "customer_name", "customer_number", "account_type", "is_active", "city", "title"),
    *("phase", "status", "closing_reason", "lead_owner", "score", "expected_value", "note"),
    *("opened_at", "phase_entered_at", "closed_at"),
)


@st.composite
def rows(draw: st.DrawFn) -> tuple[str, ...]:
    """A row that is good, but for one cell in a few of them."""
    key = draw(st.sampled_from("1234"))
    days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=3, max_size=3)))
    row = dict.fromkeys(HEADERS, "") | {"lead_id": key, "customer_name": CUSTOMERS[key]}
    row["phase"], row["status"], row["closing_reason"] = draw(st.sampled_from(PLACES))
    for name, day in zip(("opened_at", "phase_entered_at", "closed_at"), days, strict=True):
        row[name] = draw(st.sampled_from(["", day, day]))
    for name, values in (
        ("city", ["", "Delft", "*bold*"]),
        ("title", ["", "Oven", "Hob"]),
        ("lead_owner", ["", "Ann", "Bo"]),
        ("score", ["", "0", "33.3", "100"]),
        ("expected_value", ["", "0", "10.50", "9999999999999.99"]),
        ("note", ["", "met", "a <img>"]),
    ):
        row[name] = draw(st.sampled_from(values))
    if draw(st.integers(0, 9)) == 9:
        wrong = draw(st.sampled_from(sorted(WRONG)))
        row[wrong] = draw(st.sampled_from(WRONG[wrong]))
    return tuple(row.values())


def files(kind: Kind) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """Of a history many rows of a lead, else one."""
    if kind is Kind.HISTORY:
        return st.lists(rows(), min_size=1, max_size=8)
    return st.lists(rows(), min_size=1, max_size=4, unique_by=lambda row: row[0])


kinds = st.sampled_from([Kind.LEADS, Kind.HISTORY, Kind.CUSTOMERS])
pairs = kinds.flatmap(lambda kind: st.tuples(st.just(kind), files(kind)))
columns = st.sets(st.sampled_from(sorted({*HEADERS} - {"customer_name", "lead_id", "phase"})), max_size=4)
LIVES = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=list(HealthCheck),
)


def written(kind: Kind, left_out: set[str], lines: list[tuple[str, ...]]) -> str:
    """A file of such rows without some of its columns."""
    kept = [place for place, name in enumerate(HEADERS) if name not in left_out]
    names = list(HEADERS)
    table = [[names[place] for place in kept], *([line[place] for place in kept] for line in lines)]
    return "".join(";".join(cells) + "\n" for cells in table)


@contextmanager
def workspace(starter: Path) -> Iterator[tuple[Database, Path]]:
    """The starter with three customers, one with a lead and one not active, and a folder for files."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"ATTACH '{starter}' AS starter (READ_ONLY)")
    connection.execute("COPY FROM DATABASE starter TO memory")
    connection.execute("DETACH starter")
    connection.execute("SET threads = 1")
    database = Database(connection)
    person(database)
    customer(database, "Ours")
    customer(database, "Off", is_active=False)
    customer(database, "Elsewhere", "PROSPECT", number="N1")
    with TemporaryDirectory() as folder:
        yield database, Path(folder)
    database.close()


def imported(database: Database, folder: Path, text: str, kind: Kind, at: datetime):  # type: ignore[no-untyped-def]
    """Check and import, where the file can be; None where it is refused as a whole."""
    before = everything(database)
    try:
        checked = check(database, folder, text, kind, at, placeholder_customer="Somebody", starts_leads=True)
    except CrmError:
        assert everything(database) == before
        return None
    assert everything(database) == before
    run = run_import(database, ADMIN, checked, at)
    assert_sound(database)
    return run


def work(database: Database, choice: int, at: datetime) -> None:
    """Somebody does something with each lead and customer, or with some."""
    with database.read(EVERYTHING) as connection:
        found = sorted(LEAD.where(connection), key=lambda lead: (lead.opened_at_utc, str(lead.id)))
    for place, lead in enumerate(found):
        typed = LeadValues(score=50 + place, expected_value=Decimal(77))
        call = (database, ADMIN, lead.id, lead.version)
        try:
            match (choice + place) % 4:
                case 0:
                    save_lead(*call, typed, at)
                case 1:
                    move_lead(*call, phase(database, "LEAD-CALC").id, typed, at)
                case 2:
                    close_lead(*call, phase(database, "LEAD-CLOSED").id, reason(database).id, typed, at)
        except CrmError:
            continue
    for row in list_customers(database, ADMIN, CustomerQuery(), 20)[0][choice % 3 :: 3]:
        own = get_customer(database, ADMIN, row.number)
        change_customer(database, ADMIN, own.id, own.version, draft_of(own, remark="seen"), at)


@LIVES
@given(first=pairs, left_out=columns, second=pairs)
def test_whatever_files_say_it_is_sound_and_twice_is_once_and_undone_is_as_before(
    starter_file: Path,
    first: tuple[Kind, list[tuple[str, ...]]],
    left_out: set[str],
    second: tuple[Kind, list[tuple[str, ...]]],
) -> None:
    with workspace(starter_file) as (database, folder):
        states = [(standing(database), past(database))]
        runs = []
        for number, ((each, lines), without) in enumerate(((first, left_out), (second, set()))):
            text = written(each, without, lines)
            run = imported(database, folder, text, each, LATER + timedelta(days=number))
            if run is None:
                continue
            again = imported(database, folder, text, each, LATER + timedelta(days=number, hours=1))
            assert again is None or (again.customers_made, again.leads_made) == (0, 0)
            changed = again and again.customers_changed + again.leads_changed
            assert not changed
            runs.append(run)
            states.append((standing(database), past(database)))
        for run in reversed(runs):
            assert (standing(database), past(database)) == states.pop()
            done = undo_import(database, ADMIN, run.id, LATER + timedelta(days=9))
            assert [row for row in done.kept if row.entity in ("customer", "lead")] == []
            assert_sound(database)
        assert (standing(database), past(database)) == states.pop()


@LIVES
@given(first=pairs, second=pairs, choice=st.integers(0, 11))
def test_with_work_in_between_it_is_sound_and_the_same_file_overwrites_none_of_it(
    starter_file: Path,
    first: tuple[Kind, list[tuple[str, ...]]],
    second: tuple[Kind, list[tuple[str, ...]]],
    choice: int,
) -> None:
    with workspace(starter_file) as (database, folder):
        kind, lines = first
        text = written(kind, set(), lines)
        run = imported(database, folder, text, kind, LATER)
        work(database, choice, LATER + timedelta(hours=2))
        assert_sound(database)
        worked = standing(database)
        if run and run.refused_count == 0:
            imported(database, folder, text, kind, LATER + timedelta(hours=3))
            assert standing(database) == worked
        later = imported(
            database, folder, written(second[0], set(), second[1]), second[0], LATER + timedelta(days=1)
        )
        work(database, choice + 1, LATER + timedelta(days=1, hours=2))
        for undone in (later, run):
            if undone:
                undo_import(database, ADMIN, undone.id, LATER + timedelta(days=2))
                assert_sound(database)


def test_a_life_is_imported_at_all(database: Database, tmp_path: Path) -> None:
    """The strategies above are worth something: such a file makes customers and leads."""
    person(database)
    lines = [
        (
            "1",
            "Acme",
            "",
            "",
            "",
            "Delft",
            "Oven",
            "Quote",
            "",
            "",
            "Ann",
            "33.3",
            "10.50",
            "met",
            "2026-01-05",
            "2026-02-20",
            "",
        )
    ]
    _, run = load(database, tmp_path, written(Kind.LEADS, set(), lines))
    assert (run.leads_made, run.refused_count, run.at_utc > NOW) == (1, 0, True)
