"""A whole workspace out and in again: the same rows, the same figures, and life goes on."""

import csv
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import get_type_hints
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics.pipeline import Pipeline, PipelineFilter, measure_pipeline
from crmplus.domain.actor import Actor, Role
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.errors import NotPermitted, Refused, Unreadable
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.exchange import archive
from crmplus.exchange.workspace_files import export_workspace, import_workspace
from crmplus.exchange.workspace_readme import ABOUT
from crmplus.services.account_types import list_account_types
from crmplus.services.contact_persons import add_contact_person
from crmplus.services.customers import change_customer, get_customer, list_changes_of_customer
from crmplus.services.demo import make_demo
from crmplus.services.leads import list_leads_of_customer, save_lead
from crmplus.services.next_steps import add_next_step
from crmplus.services.notes import add_note
from crmplus.services.open_leads import LeadQuery, list_open_leads
from crmplus.services.setup import default_workspace
from crmplus.store import tables as store_tables
from crmplus.store.database import Database
from crmplus.store.restore import RULES, WORDS, check_restored, references
from crmplus.store.schema import DOOR, read_schema
from crmplus.store.table import Table
from tests.small_world import make_small_world, plan_small_world
from tests.world import ADMIN, NASTY_TEXTS, NOW, customer_with_lead, draft_of, orphans, query

Files = dict[str, bytes]


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything, in the order of its keys, of every table that the database has."""
    with database.read(EVERYTHING) as connection:
        return {
            table.name: connection.execute(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.order)}")
            for table in read_schema(connection)
        }


def figures(database: Database) -> list[Pipeline]:
    return [
        measure_pipeline(database, ADMIN, PipelineFilter(account_type.id))
        for account_type in list_account_types(database, ADMIN, with_archived=True)
    ]


@pytest.fixture(scope="module")
def world(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The small world, with customers whose texts are as odd as they come. Tests only read it."""
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("export") / "world.duckdb"))
    make_small_world(path)
    database = Database.open(path)
    plan_small_world(database)
    for text in (*NASTY_TEXTS, "=1+1", "'quoted", "+31 6", "\"a\",'b';"):
        made, lead = customer_with_lead(database, text, remark=f"{text}\nand\n{text}", contact=text)
        add_note(database, ADMIN, lead.id, f"{text}\n{text}", NOW)
        add_next_step(database, ADMIN, lead.id, NextStepDraft(text, NOW.date(), time(0, 0)), NOW)
        add_contact_person(database, ADMIN, made.id, ContactPersonDraft(text, text, text), NOW)
    yield database
    database.close()


@pytest.fixture(scope="module")
def exported(world: Database, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files of its export."""
    target = tmp_path_factory.mktemp("export") / "world.zip"
    export_workspace(world, ADMIN, target, NOW)
    with zipfile.ZipFile(target) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def zipped(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return path


def refusal(database: Database, source: Path) -> str:
    """The sentence with which it is refused; nothing of it stays."""
    with pytest.raises((Refused, Unreadable)) as refused:
        import_workspace(database, ADMIN, source)
    assert not any(rows(database).values())
    return str(refused.value)


# Out and in


def test_a_small_world_comes_back_row_by_row(world: Database, exported: Files, tmp_path: Path) -> None:
    restored = Database.open(tmp_path / "new.duckdb")
    counts = import_workspace(restored, ADMIN, zipped(tmp_path / "x.zip", exported))
    assert rows(restored) == rows(world)
    assert figures(restored) == figures(world)
    assert counts == {table: len(found) for table, found in rows(world).items()}
    assert counts["lead_version"] > 20
    restored.close()
    again = Database.open(tmp_path / "new.duckdb")
    assert rows(again) == rows(world), "it is in the file, too"
    again.close()


def test_a_day_of_work_comes_back_cell_by_cell_with_its_times(
    world: Database, empty_database: Database, exported: Files, tmp_path: Path
) -> None:
    import_workspace(empty_database, ADMIN, zipped(tmp_path / "x.zip", exported))
    for table in (store_tables.NEXT_STEP, store_tables.NOTE, store_tables.CONTACT_PERSON):
        with world.read(EVERYTHING) as ours, empty_database.read(EVERYTHING) as theirs:
            assert sorted(table.where(ours), key=repr) == sorted(table.where(theirs), key=repr) != []
    steps = list(csv.DictReader(exported["next_step.csv"].decode().splitlines()))
    assert {step["due_time"] for step in steps} == {"", "14:00:00", "00:00:00"}
    assert sum(step["done_at_utc"] != "" for step in steps) == 1
    (view,) = csv.DictReader(exported["saved_view.csv"].decode().splitlines())
    assert (view["query"], view["is_shared"]) == ("attention=overdue&owner=all", "true")
    assert orphans(empty_database) == []
    found, total = list_open_leads(empty_database, ADMIN, LeadQuery(NOW.date(), ZoneInfo("UTC")), 100)
    assert (found, total) == list_open_leads(world, ADMIN, LeadQuery(NOW.date(), ZoneInfo("UTC")), 100)
    assert found[0].step == "Call about the oven"


def test_the_view_of_open_leads_is_no_file(world: Database, exported: Files) -> None:
    views = query(world, "SELECT view_name FROM duckdb_views() WHERE NOT internal")
    assert ("open_lead",) in views
    assert not {f"{name}.csv" for (name,) in views} & exported.keys()


def test_the_demo_comes_back_row_by_row(empty_database: Database, tmp_path: Path) -> None:
    demo = Database.open(None)
    make_demo(demo, ADMIN, default_workspace("nl", "Europe/Amsterdam"), NOW)
    export_workspace(demo, ADMIN, tmp_path / "demo.zip", NOW)
    import_workspace(empty_database, ADMIN, tmp_path / "demo.zip")
    assert rows(empty_database) == rows(demo)
    assert figures(empty_database) == figures(demo)
    demo.close()


def test_exporting_again_gives_the_same_files_to_the_byte(
    empty_database: Database, exported: Files, tmp_path: Path
) -> None:
    import_workspace(empty_database, ADMIN, zipped(tmp_path / "x.zip", exported))
    export_workspace(empty_database, ADMIN, tmp_path / "again", NOW + timedelta(days=1))
    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert again.keys() == exported.keys()
    assert [name for name in again if again[name] != exported[name]] == ["manifest.json"]


def test_life_goes_on_in_what_was_brought_back(
    empty_database: Database, exported: Files, tmp_path: Path
) -> None:
    import_workspace(empty_database, ADMIN, zipped(tmp_path / "x.zip", exported))
    found = get_customer(empty_database, ADMIN, "C-00001")
    lead = list_leads_of_customer(empty_database, ADMIN, found.id)[0]
    before = list_changes_of_customer(empty_database, ADMIN, found.id, 100)[1]
    kept = LeadValues(77, Decimal("5000.00"), lead.recurring_value, None, "and on")
    at = NOW + timedelta(days=30)
    saved = save_lead(empty_database, ADMIN, lead.id, lead.version, kept, at)
    change_customer(empty_database, ADMIN, found.id, found.version, draft_of(found, city="Breda"), at)
    changes, count = list_changes_of_customer(empty_database, ADMIN, found.id, 100)
    assert saved.version == lead.version + 1
    assert count == before + 2
    assert [change.action for change in changes[:2]] == ["customer_changed", "lead_saved"]
    versions = query(empty_database, "SELECT max(version) FROM lead_version WHERE lead_id = $id", id=lead.id)
    assert versions == [(saved.version,)]


def test_a_folder_does_as_well_as_a_zip(world: Database, empty_database: Database, tmp_path: Path) -> None:
    export_workspace(world, ADMIN, tmp_path / "folder", NOW)
    import_workspace(empty_database, ADMIN, tmp_path / "folder")
    assert rows(empty_database) == rows(world)


def test_a_folder_that_holds_something_is_left_alone(world: Database, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for target in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(Refused, match="holds something already"):
            export_workspace(world, ADMIN, target, NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_export_over_an_older_one_replaces_it(world: Database, tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "x.zip"
    for _time in range(2):
        export_workspace(world, ADMIN, target, NOW)
    assert [path.name for path in target.parent.iterdir()] == ["x.zip"]


def test_what_a_lead_does_not_have_is_an_empty_cell(exported: Files) -> None:
    lines = list(csv.DictReader(exported["lead.csv"].decode().splitlines()))
    assert {line["closed_at_utc"] for line in lines} > {""}
    assert {line["title"] for line in lines} == {"", "Oven line"}


def test_cells_that_could_be_formulas_are_guarded_and_numbers_are_not(exported: Files) -> None:
    text = exported["customer.csv"].decode()
    assert ",'=1+1," in text
    assert ",''quoted," in text
    assert ",'+31 6," in text
    assert "12000.00" in exported["lead.csv"].decode()


def test_the_readme_names_every_file_and_column(world: Database, exported: Files) -> None:
    text = exported["README.md"].decode()
    with world.read(EVERYTHING) as connection:
        for table in read_schema(connection):
            section = text.split(f"## {table.name}.csv\n")[1].split("##")[0]
            for column in table.columns:
                assert f"| {column.name} | " in section, (table.name, column.name)
    assert exported.keys() - {f"{name}.csv" for name in rows(world)} == {"README.md", "manifest.json"}


def test_the_manifest_says_which_schema_and_how_many_rows(world: Database, exported: Files) -> None:
    manifest = json.loads(exported["manifest.json"])
    assert manifest["migrations"][0] == "0001_foundation"
    assert manifest["exported_at_utc"] == "2026-03-02T09:00:00+00:00"
    assert manifest["rows"] == {table: len(found) for table, found in rows(world).items()}


# Complete for tables to come


def test_every_table_has_a_sentence(world: Database) -> None:
    assert set(ABOUT) == rows(world).keys()


def test_every_key_of_another_table_is_looked_after(world: Database) -> None:
    with world.read(EVERYTHING) as connection:
        found = references(read_schema(connection))
    assert ("lead", "owner_id", "person") in found
    assert ("change_log", "actor_id", "person") in found
    assert ("lead_version", "closing_reason_id", "closing_reason") in found


def test_every_column_of_few_words_is_looked_after() -> None:
    held = {
        (table.name, field.name): get_type_hints(table._row_type)[field.name]
        for table in vars(store_tables).values()
        if isinstance(table, Table) and table.name not in DOOR
        for field in fields(table._row_type)
    }
    enums = {key: hint for key, hint in held.items() if isinstance(hint, type) and issubclass(hint, StrEnum)}
    assert enums.items() <= WORDS.items()


# Who may


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REP, Role.VIEWER])
def test_only_an_administrator_takes_everything_out_or_in(
    world: Database, empty_database: Database, exported: Files, tmp_path: Path, role: Role
) -> None:
    actor = Actor(None, "x", role, EVERYTHING)
    with pytest.raises(NotPermitted):
        export_workspace(world, actor, tmp_path / "out.zip", NOW)
    with pytest.raises(NotPermitted):
        import_workspace(empty_database, actor, zipped(tmp_path / "x.zip", exported))
    assert not (tmp_path / "out.zip").exists()
    assert not any(rows(empty_database).values())


def test_where_there_is_a_workspace_nothing_is_brought_back(
    database: Database, exported: Files, tmp_path: Path
) -> None:
    before = rows(database)
    with pytest.raises(Refused, match="There is a workspace here already"):
        import_workspace(database, ADMIN, zipped(tmp_path / "x.zip", exported))
    assert rows(database) == before


# Files that are no export


@pytest.mark.parametrize(
    "content", [b"", b"id,name\n1,x\n", b"PK\x03\x04 not really", b"PK\x05\x06" + b"\0" * 10]
)
def test_a_file_that_is_no_zip_is_refused(empty_database: Database, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    assert "is damaged, or is no ZIP" in refusal(empty_database, tmp_path / "x.zip")


def test_a_file_that_does_not_exist_is_refused(empty_database: Database, tmp_path: Path) -> None:
    assert "could not be unpacked" in refusal(empty_database, tmp_path / "none.zip")


def test_a_zip_with_a_damaged_file_is_refused(
    empty_database: Database, exported: Files, tmp_path: Path
) -> None:
    packed = bytearray(zipped(tmp_path / "x.zip", exported).read_bytes())
    place = packed.index(b"lead.csv") + 200
    packed[place : place + 50] = b"\0" * 50
    (tmp_path / "x.zip").write_bytes(packed)
    assert "is damaged" in refusal(empty_database, tmp_path / "x.zip")


def test_a_zip_cut_short_is_refused(empty_database: Database, exported: Files, tmp_path: Path) -> None:
    packed = zipped(tmp_path / "x.zip", exported).read_bytes()
    (tmp_path / "x.zip").write_bytes(packed[: len(packed) // 2])
    assert "is damaged" in refusal(empty_database, tmp_path / "x.zip")


def test_another_zip_is_refused(empty_database: Database, tmp_path: Path) -> None:
    assert "This is no export" in refusal(empty_database, zipped(tmp_path / "x.zip", {"a.txt": b"a"}))


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/etc/evil.csv", "folder/lead.csv", "..\\evil.csv", "C:evil.csv", "empty/"]
)
def test_a_zip_with_paths_is_refused_and_writes_nothing_anywhere(
    empty_database: Database, exported: Files, tmp_path: Path, name: str
) -> None:
    source = zipped(tmp_path / "x.zip", {**exported, name: b"evil"})
    sentence = refusal(empty_database, source)
    assert "side by side, each once, in no folder" in sentence
    assert [path.name for path in tmp_path.rglob("*")] == ["x.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_a_name_twice_is_refused(
    empty_database: Database, exported: Files, tmp_path: Path
) -> None:
    source = zipped(tmp_path / "x.zip", exported)
    with zipfile.ZipFile(source, "a") as packed:
        packed.writestr("lead.csv", b"")
    assert "each once" in refusal(empty_database, source)


def test_a_zip_that_would_burst_is_refused_before_it_is_unpacked(
    empty_database: Database, exported: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_HARMLESS_BYTES", 1_000_000)
    source = zipped(tmp_path / "x.zip", {**exported, "more.csv": b"\0" * 20_000_000})
    assert "far larger than it seems" in refusal(empty_database, source)


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_BYTES"])
def test_a_zip_beyond_the_limits_is_refused(
    empty_database: Database, exported: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(archive, limit, 3)
    assert "far larger" in refusal(empty_database, zipped(tmp_path / "x.zip", exported))


def test_a_locked_zip_is_refused(empty_database: Database, exported: Files, tmp_path: Path) -> None:
    packed = bytearray(zipped(tmp_path / "x.zip", exported).read_bytes())
    at = packed.index(b"PK\x01\x02")  # the directory's first entry: its flags say it is locked
    packed[at + 8] |= 1
    (tmp_path / "x.zip").write_bytes(packed)
    assert "locked with a password" in refusal(empty_database, tmp_path / "x.zip")


# Exports that were changed by hand


def manifest(**changed: object) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        found = json.loads(files["manifest.json"]) | changed
        files["manifest.json"] = json.dumps(found).encode()

    return change


def without(name: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        del files[name]

    return change


def holding(name: str, content: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({name: content})


def replaced(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        text = files[name].decode()
        assert old in text
        files[name] = text.replace(old, new, 1).encode()

    return change


def last_line_dropped(files: Files) -> None:
    files["closing_reason.csv"] = b"\n".join(files["closing_reason.csv"].splitlines()[:-1]) + b"\n"


CHANGES: dict[str, tuple[Callable[[Files], None], str]] = {
    "no manifest": (without("manifest.json"), "its manifest is missing or damaged"),
    "broken manifest": (holding("manifest.json", b"{"), "its manifest is missing or damaged"),
    "nested manifest": (holding("manifest.json", b"[" * 100_000), "its manifest is missing or damaged"),
    "list as manifest": (holding("manifest.json", b"[]"), "its manifest is missing or damaged"),
    "another format": (manifest(format="x"), "its manifest is missing or damaged"),
    "rows of text": (manifest(rows={"lead": "1"}), "its manifest is missing or damaged"),
    "newer": (manifest(migrations=["0001_foundation"] * 50), "made by a newer version"),
    "older": (manifest(migrations=[]), "made by an older version"),
    "a file missing": (without("lead.csv"), "lacks the file lead.csv"),
    "a file more": (holding("more.csv", b"id\n"), "does not belong there: more.csv"),
    "a column missing": (replaced("lead.csv", "title", "name"), "lead.csv lacks the column title"),
    "a row missing": (last_line_dropped, "closing_reason.csv holds 2 rows, and the manifest says 3"),
    "a cell": (replaced("lead.csv", "12000.00", "much"), "lead.csv, line"),
    "a time": (replaced("next_step.csv", "14:00:00", "25:00:00"), "next_step.csv, line"),
    "a time of the next day": (
        replaced("next_step.csv", "14:00:00", "24:00:00"),
        "column due_time: “24:00:00”",
    ),
    "a time cut short": (replaced("next_step.csv", "14:00:00", "14:00"), "column due_time: “14:00”"),
    "a time with a zone": (replaced("next_step.csv", "14:00:00", "14:00:00Z"), "column due_time"),
    "a due day": (replaced("next_step.csv", "2026-03-01", "2026-02-30"), "column due_date"),
    "a view half shared": (
        replaced("saved_view.csv", "true", "partly"),
        "saved_view.csv, line 2, column is_shared",
    ),
    "a word": (replaced("person.csv", ",manager,", ",boss,"), "person.role holds “boss”"),
    "a language": (replaced("workspace.csv", ",en,", ",xx,"), "settings that CRM+ does not know"),
    "a period": (replaced("workspace.csv", ",month,", ",day,"), "settings that CRM+ does not know"),
    "another key": (
        replaced("workspace.csv", "0000-000000000001", "0000-000000000002"),
        "not hold exactly one workspace",
    ),
    "another case": (
        replaced("closing_reason.csv", ",COMPETITOR,", ",won,"),
        "number won stands in two rows",
    ),
    "log that is no JSON": (replaced("change_log.csv", "{}", "{"), "column before_json"),
}


@pytest.mark.parametrize("case", CHANGES)
def test_an_export_that_does_not_fit_is_refused_with_the_reason(
    empty_database: Database, exported: Files, tmp_path: Path, case: str
) -> None:
    files = dict(exported)
    change, sentence = CHANGES[case]
    change(files)
    assert sentence in refusal(empty_database, zipped(tmp_path / "x.zip", files))


BREAKS: dict[str, tuple[str, str]] = {
    "orphan owner": (
        "UPDATE customer SET owner_id = uuid() WHERE number = 'C-00001'",
        "customer.owner_id names",
    ),
    "orphan lead": ("DELETE FROM customer WHERE number = 'C-00003'", "lead.customer_id names"),
    "step of no lead": ("UPDATE next_step SET lead_id = uuid()", "next_step.lead_id names"),
    "note of no lead": ("UPDATE note SET lead_id = uuid()", "note.lead_id names"),
    "note of nobody": ("UPDATE note SET author_id = uuid()", "note.author_id names"),
    "person of no customer": (
        "UPDATE contact_person SET customer_id = uuid()",
        "contact_person.customer_id names",
    ),
    "view of nobody": ("UPDATE saved_view SET owner_id = uuid()", "saved_view.owner_id names"),
    "orphan actor": ("UPDATE change_log SET actor_id = uuid()", "change_log.actor_id names"),
    "no history": ("DELETE FROM lead_version WHERE version = 1", "newest version in the history"),
    "newer history": (
        "INSERT INTO lead_version SELECT * REPLACE (version + 1 AS version) FROM lead_version "
        "WHERE (lead_id, version) IN (SELECT id, version FROM lead)",
        "newest version in the history",
    ),
    "no record": ("DELETE FROM phase_record WHERE state = 'current'", "newest phase record"),
    "other record": ("UPDATE phase_record SET score = 1 WHERE state = 'current'", "newest phase record"),
    "open record": ("UPDATE phase_record SET state = 'left' WHERE state = 'current'", "newest phase record"),
    "bad score": ("UPDATE phase_record SET score = 101 WHERE state = 'completed'", "outside 1 to 100"),
    "below nothing": ("UPDATE phase_record SET expected_value = -1 WHERE state = 'completed'", "below 0"),
    "half closed": (
        "UPDATE lead SET closing_reason_id = NULL; UPDATE lead_version SET closing_reason_id = NULL",
        "closed without a closing phase",
    ),
    "another funnel": (
        "UPDATE phase SET account_type_id = (SELECT id FROM account_type WHERE code = 'PROSPECT') "
        "WHERE code = 'LEAD-CALL'; UPDATE phase SET phase_type = 'regular' WHERE code = 'LEAD-CALL'",
        "phase of another account type",
    ),
    "two defaults": ("UPDATE account_type SET is_default = true", "a default beside another"),
    "two first phases": (
        "UPDATE phase SET phase_type = 'qualification' WHERE code = 'LEAD-MEETING'",
        "second qualification phase",
    ),
    "no workspace": ("DELETE FROM workspace", "not hold exactly one workspace"),
    "two cases": (
        "UPDATE customer SET number = 'abc' WHERE number = 'C-00001'; "
        "UPDATE customer SET number = 'ABC' WHERE number = 'C-00002'",
        "stands in two rows",
    ),
}


def contradiction(world: Database, sql: str) -> str:
    """What is wrong with the world once `sql` was done to it; it is undone again."""
    with pytest.raises(Refused) as refused, world.transaction(EVERYTHING) as connection:
        connection.execute(sql)
        check_restored(connection, read_schema(connection))
    return str(refused.value)


def broken(world: Database, tmp_path: Path, sql: str) -> Path:
    """The export of a copy of the world after `sql`."""
    export_workspace(world, ADMIN, tmp_path / "whole.zip", NOW)
    copy = Database.open(None)
    import_workspace(copy, ADMIN, tmp_path / "whole.zip")
    with copy.transaction(EVERYTHING) as connection:
        connection.execute(sql)
    export_workspace(copy, ADMIN, tmp_path / "broken.zip", NOW)
    copy.close()
    return tmp_path / "broken.zip"


def test_an_export_that_contradicts_itself_is_refused_and_leaves_nothing(
    world: Database, empty_database: Database, tmp_path: Path
) -> None:
    sql, sentence = BREAKS["orphan owner"]
    assert sentence in refusal(empty_database, broken(world, tmp_path, sql))


@pytest.mark.parametrize("case", BREAKS)
def test_a_contradiction_between_tables_is_found(world: Database, case: str) -> None:
    sql, sentence = BREAKS[case]
    found = contradiction(world, sql)
    assert "contradicts itself, so nothing was brought back" in found
    assert sentence in found


def test_a_world_without_one_passes(world: Database) -> None:
    with world.read(EVERYTHING) as connection:
        check_restored(connection, read_schema(connection))


@pytest.mark.parametrize(
    "column", [f.name for f in fields(Lead) if f.name not in ("id", "version") and not f.name.endswith("_id")]
)
def test_each_column_of_a_lead_must_be_as_its_newest_version_has_it(world: Database, column: str) -> None:
    other = {
        "title": "'other'",
        "score": "99",
        "visit_number": "visit_number + 1",
        "expected_value": "98765.43",
        "recurring_value": "98765.43",
        "expected_close_date": "DATE '2031-01-01'",
    }.get(column, "TIMESTAMP '2031-01-01'")
    sql = (
        f"UPDATE lead_version SET {column} = {other} WHERE (lead_id, version) IN "
        "(SELECT id, version FROM lead ORDER BY id LIMIT 1)"
    )
    assert "newest version in the history" in contradiction(world, sql)


def test_every_rule_is_broken_by_a_test() -> None:
    for statement, sentence in RULES.items():
        assert any(part in str(sentence("x")) for _sql, part in BREAKS.values()), statement


def test_history_may_name_rows_that_were_deleted(
    world: Database, empty_database: Database, tmp_path: Path
) -> None:
    """The history is kept for good, also of what an undone import took back."""
    sql = "DELETE FROM customer WHERE number = 'C-00005'"
    import_workspace(empty_database, ADMIN, broken(world, tmp_path, sql))
    assert query(empty_database, "SELECT count(*) FROM customer WHERE number = 'C-00005'") == [(0,)]


def test_a_second_try_after_a_refusal_goes_through(
    world: Database, empty_database: Database, exported: Files, tmp_path: Path
) -> None:
    bad = dict(exported)
    last_line_dropped(bad)
    refusal(empty_database, zipped(tmp_path / "bad.zip", bad))
    import_workspace(empty_database, ADMIN, zipped(tmp_path / "good.zip", exported))
    assert rows(empty_database) == rows(world)
