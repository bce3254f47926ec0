"""A real file of 8,800 rows: what others published of it comes out of our measures, to the digit."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import Closings, measure_closings
from crmplus.analytics.period import Period
from crmplus.analytics.pipeline import PipelineFilter, measure_pipeline
from crmplus.exchange.detect import detect
from crmplus.exchange.imports import run_import
from crmplus.exchange.mapping import to_json
from crmplus.exchange.problems import NO_OPENING, PLACEHOLDER
from crmplus.exchange.reading import DateOrder
from crmplus.exchange.source import open_source
from crmplus.exchange.undo import list_imports, preview_undo, undo_import
from crmplus.store.database import Database
from tests.maven_world import (
    FILE,
    MAPPING_FILE,
    VARIANTS,
    check_maven,
    import_maven,
    maven_mapping,
    published_rows,
    skip_without_the_file,
)
from tests.world import ADMIN, NOW, TABLES, account_type, orphans, query

D = Decimal
ZONE = ZoneInfo("Europe/Amsterdam")
ENGAGED = datetime(2016, 10, 20, tzinfo=ZONE)
CLOSED = datetime(2017, 3, 1, tzinfo=ZONE)
LATER = NOW + timedelta(days=1)
_KEY = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def maven(maven_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """All of the file, to look at only."""
    opened = Database.open(Path(shutil.copy(maven_file, tmp_path_factory.mktemp("db") / "read.duckdb")))
    yield opened
    opened.close()


@pytest.fixture
def own(maven_file: Path, tmp_path: Path) -> Iterator[Database]:
    """All of the file, to do something with."""
    opened = Database.open(Path(shutil.copy(maven_file, tmp_path / "own.duckdb")))
    yield opened
    opened.close()


def measured(database: Database) -> Closings:
    return measure_closings(database, ADMIN, Choice(period=Period(zone=ZONE)))


def percent(share: Decimal | None) -> str:
    assert share is not None
    return str(round(100 * share, 2))


def in_phases(database: Database) -> dict[str, int]:
    chosen = PipelineFilter(account_type(database).id, zone=ZONE)
    return {p.code: f.lead_count for p, f in measure_pipeline(database, ADMIN, chosen).phases}


# The mapping


def test_the_shipped_mapping_is_as_the_program_writes_it() -> None:
    assert MAPPING_FILE.read_text(encoding="utf-8") == to_json(maven_mapping()) + "\n"


@pytest.mark.parametrize(
    ("file", "order"),
    [
        (FILE, None),  # with the year in front, the order says nothing
        (VARIANTS[0], DateOrder.MONTH_FIRST),
        (VARIANTS[1], DateOrder.DAY_FIRST),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_how_each_variant_writes_dates_is_detected(file: Path, order: DateOrder | None) -> None:
    skip_without_the_file()
    reading = detect(open_source(file, file.name)).reading
    assert (reading.delimiter, reading.header_row) == (",", 1)
    assert order in (None, reading.date_order)


# What is there


def test_every_row_is_a_lead_of_its_account(maven: Database) -> None:
    rows = published_rows()
    assert query(
        maven,
        "SELECT customer.name, person.name, lead.title, import_key.key FROM lead "
        "JOIN customer ON customer.id = lead.customer_id JOIN person ON person.id = lead.owner_id "
        "JOIN import_key ON import_key.entity_id = lead.id ORDER BY import_key.key",
    ) == sorted(
        (
            (
                row["account"] or "Unknown account",
                row["sales_agent"],
                row["product"],
                "x:" + row["opportunity_id"],
            )
            for row in rows
        ),
        key=lambda row: row[3],
    )
    assert query(maven, "SELECT count(*) FROM customer") == [(86,)]
    assert orphans(maven) == []


def test_rows_without_an_account_go_to_the_placeholder_and_the_check_says_so(database: Database) -> None:
    check = check_maven(database)
    assert (check.row_count, check.refused_count, check.problems) == (8800, 0, [])
    counts = check.counts
    assert (counts.customers_made, counts.leads_made, counts.first_leads) == (86, 8800, 0)
    assert Counter(type(row).__name__ for row in check.settings.made) == {"Person": 30}
    assert sorted((note.count, str(note.message)) for note in check.notes) == [
        (500, str(NO_OPENING)),
        (1425, str(PLACEHOLDER)),
    ]
    assert query(database, "SELECT count(*) FROM lead") == [(0,)]


def test_leads_without_an_account_stand_with_the_placeholder(maven: Database) -> None:
    assert query(
        maven,
        "SELECT phase.code, count(*) FROM lead JOIN customer ON customer.id = lead.customer_id "
        "JOIN phase ON phase.id = lead.phase_id WHERE name = 'Unknown account' GROUP BY 1 ORDER BY 1",
    ) == [("LEAD-CALL", 337), ("LEAD-MEETING", 1088)]


def test_a_row_has_its_visits_its_values_and_its_days(maven: Database) -> None:
    """1C1I7A6R: GTX Plus Basic for Cancity, won; engaged 2016-10-20, closed 2017-03-01, at 1,054."""
    lead = "(SELECT entity_id FROM import_key WHERE key = 'x:1C1I7A6R')"
    assert query(
        maven, f"SELECT opened_at_utc, closed_at_utc, expected_value FROM lead WHERE id = {lead}"
    ) == [(ENGAGED, CLOSED, D("1054.00"))]
    visits = query(
        maven,
        "SELECT phase.code, state, entered_at_utc FROM phase_record "
        f"JOIN phase ON phase.id = phase_id WHERE lead_id = {lead} ORDER BY visit_number",
    )
    assert visits == [
        ("LEAD-CALL", "completed", ENGAGED),
        ("LEAD-MEETING", "skipped", CLOSED),
        ("LEAD-CALC", "skipped", CLOSED),
        ("LEAD-QUOTE", "skipped", CLOSED),
        ("LEAD-CLOSED", "closed", CLOSED),
    ]


# The published figures


def test_rows_by_stage(maven: Database) -> None:
    total = measured(maven).total
    assert (total.won.lead_count, total.lost.lead_count, total.neither.lead_count) == (4238, 2473, 0)
    assert in_phases(maven) == {
        "LEAD-CALL": 500,
        "LEAD-MEETING": 1589,
        "LEAD-CALC": 0,
        "LEAD-QUOTE": 0,
        "LEAD-CLOSED": 0,
    }


def test_won_value_and_win_rate(maven: Database) -> None:
    found = measured(maven)
    assert found.total.won.value == D(10_005_534)
    assert round(found.total.won.average_value or D(0), 2) == D("2360.91")
    assert found.medians.won_value == D(1117)
    assert percent(found.total.win_rate) == "63.15"


def test_days_from_engaging_to_closing(maven: Database) -> None:
    found = measured(maven)
    parts = (found.total.won, found.total.lost, found.total.decided)
    assert [round(part.mean_days or D(0), 2) for part in parts] == [D("51.78"), D("41.48"), D("47.99")]
    medians = found.medians
    assert (medians.won_days, medians.lost_days, medians.decided_days) == (57, 14, 45)


def test_the_top_five_agents(maven: Database) -> None:
    by_owner = measured(maven).by_owner
    names: dict[Any, str] = dict(query(maven, "SELECT id, name FROM person"))
    assert [(names[owner], figures.won.value) for owner, figures in by_owner[:5]] == [
        ("Darcel Schlecht", D(1_153_214)),
        ("Vicki Laflamme", D(478_396)),
        ("Kary Hendrixson", D(454_298)),
        ("Cassey Cress", D(450_489)),
        ("Donn Cantrell", D(445_860)),
    ]
    best = by_owner[0][1]
    assert (best.won.lead_count, best.lost.lead_count, percent(best.win_rate)) == (349, 204, "63.11")
    assert len(by_owner) == 30


def test_close_quarters(maven: Database) -> None:
    by_quarter = measured(maven).by_quarter
    assert [(day, f.won.lead_count, f.lost.lead_count, f.won.value) for day, f in by_quarter] == [
        (date(2017, 1, 1), 531, 116, D(1_134_672)),
        (date(2017, 4, 1), 1254, 778, D(3_086_111)),
        (date(2017, 7, 1), 1257, 790, D(2_982_255)),
        (date(2017, 10, 1), 1196, 789, D(2_802_496)),
    ]


def test_win_rate_by_close_month(maven: Database) -> None:
    assert [(day.month, percent(figures.win_rate)) for day, figures in measured(maven).by_month] == [
        (3, "82.07"),
        (4, "48.63"),
        (5, "54.41"),
        (6, "82.84"),
        (7, "49.12"),
        (8, "56.82"),
        (9, "79.21"),
        (10, "49.29"),
        (11, "52.86"),
        (12, "78.49"),
    ]


# The same again


def without_keys(database: Database) -> dict[str, list[str]]:
    """Every row of every table, each key in it replaced by what it is the key of: a person's name, a
    setting's code, a customer's number, a lead's own id; other keys by a word.

    Two columns are left out: the name of the imported file, and the fingerprint of what it said of
    a row, in which the keys of people are.
    """
    called = {
        str(key): str(name)
        for table, name in (
            ("person", "name"),
            ("account_type", "code"),
            ("phase", "code"),
            ("closing_reason", "code"),
            ("customer", "number"),
            ("import_key", "key"),
        )
        for key, name in query(
            database,
            f"SELECT {'entity_id' if table == 'import_key' else 'id'}, {name} FROM {table} "
            + ("WHERE entity = 'lead'" if table == "import_key" else ""),
        )
    }
    omitted = {"import_run": "EXCLUDE (file_name)", "import_key": "EXCLUDE (fingerprint)"}
    return {
        table: sorted(
            _KEY.sub(lambda key: called.get(key[0], "key"), str(row))
            for (row,) in query(
                database, f"SELECT CAST(t AS VARCHAR) FROM (SELECT * {omitted.get(table, '')} FROM {table}) t"
            )
        )
        for table in TABLES
    }


def marks(database: Database) -> dict[str, object]:
    """A number a table that is the same only for the same rows."""
    return {table: query(database, f"SELECT count(*), sum(hash(t)) FROM {table} t") for table in TABLES}


@pytest.fixture(scope="module")
def named(maven: Database) -> dict[str, list[str]]:
    return without_keys(maven)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda file: file.stem)
def test_a_variant_gives_the_same_workspace(
    database: Database, named: dict[str, list[str]], variant: Path
) -> None:
    import_maven(database, variant)
    found = without_keys(database)
    for table in TABLES:
        assert found[table] == named[table], table
    assert len(found["lead_version"]) > 8800 and len(found["change_log"]) > 8800


@pytest.mark.parametrize("file", [FILE, *VARIANTS], ids=lambda file: file.stem)
def test_importing_it_or_a_variant_again_changes_nothing(own: Database, file: Path) -> None:
    before = marks(own)
    check = check_maven(own, file, LATER)
    assert check.does_nothing
    counts = check.counts
    assert (counts.customers_kept, counts.leads_kept, check.refused_count) == (86, 8800, 0)
    run_import(own, ADMIN, check, LATER)
    after = marks(own)
    assert {table for table in TABLES if after[table] != before[table]} == {"import_run"}


# A newer version of it


def mended(folder: Path) -> Path:
    """The file with four rows that say something else: a value, a lead won since, one that moved on,
    another owner; and with a lead more."""
    lines = FILE.read_text(encoding="utf-8-sig").splitlines()
    kinds = [line.split(",")[4] for line in lines]
    engaging, prospecting = kinds.index("Engaging"), kinds.index("Prospecting")
    for place, cells in {
        1: {7: "2000"},
        2: {1: "Moses Frase"},
        engaging: {4: "Won", 6: "2017-12-31", 7: "777"},
        prospecting: {4: "Engaging", 5: "2017-11-01"},
    }.items():
        row = lines[place].split(",")
        for cell, text in cells.items():
            row[cell] = text
        lines[place] = ",".join(row)
    lines.append("NEW00001,Moses Frase,GTX Basic,Cancity,Lost,2017-12-01,2017-12-31,0")
    (folder / "newer.csv").write_text("\n".join(lines) + "\n")
    return folder / "newer.csv"


def test_a_newer_version_changes_only_what_differs_and_the_check_says_what(
    own: Database, tmp_path: Path
) -> None:
    before, was = marks(own), measured(own).total
    check = check_maven(own, mended(tmp_path), LATER)
    counts = check.counts
    assert (counts.customers_made, counts.customers_changed, counts.customers_kept) == (0, 0, 86)
    assert (counts.leads_made, counts.leads_changed, counts.leads_kept) == (1, 4, 8796)
    kinds = [row["deal_stage"] for row in published_rows()]
    won, moved = kinds.index("Engaging") + 2, kinds.index("Prospecting") + 2
    said = {lead.line: [move.action for move in lead.steps] for lead in check.plan.leads}
    assert said == {
        2: ["lead_reopened", "lead_closed"],
        3: ["lead_described"],
        won: ["lead_closed"],
        moved: ["lead_described", "lead_moved"],
    }

    run_import(own, ADMIN, check, LATER)
    assert marks(own)["customer"] == before["customer"]
    assert query(own, "SELECT count(*) FROM import_row GROUP BY import_id ORDER BY 1") == [(5,), (8916,)]
    now = measured(own).total
    assert (now.won.lead_count, now.lost.lead_count) == (was.won.lead_count + 1, was.lost.lead_count + 1)
    assert now.won.value == was.won.value + (2000 - 1054) + 777
    assert in_phases(own)["LEAD-CALL"] == 499
    assert in_phases(own)["LEAD-MEETING"] == 1589
    assert check_maven(own, tmp_path / "newer.csv", LATER).does_nothing


# Undone


def test_an_undone_import_leaves_no_customer_lead_or_visit_and_can_be_made_again(own: Database) -> None:
    import_id = list_imports(own, ADMIN)[0].id
    promised = preview_undo(own, ADMIN, import_id)
    assert (promised.removed, promised.restored, promised.kept) == (86 + 8800, 0, ())
    assert undo_import(own, ADMIN, import_id, LATER) == promised
    for table in ("customer", "lead", "phase_record", "import_key"):
        assert query(own, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert query(own, "SELECT count(*) FROM person WHERE archived_at_utc IS NULL") == [(0,)]
    assert measured(own).total.closed_count == 0
    assert query(own, "SELECT count(*) > 8800 FROM lead_version") == [(True,)]  # the history stays

    import_maven(own, at=LATER + timedelta(days=1))
    assert measured(own).total.won.value == D(10_005_534)
