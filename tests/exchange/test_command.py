"""`python -m crmplus`: what it says, what it does, and its exit code."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crmplus.command import main
from crmplus.exchange.mapping import to_json
from crmplus.exchange.mappings import save_mapping
from crmplus.exchange.problems import PLACEHOLDER
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.source import open_source
from crmplus.store import database as store
from crmplus.store.database import Database, the_database
from tests.exchange.importing import detected
from tests.world import ADMIN, NOW, everything, query

ROOT = Path(__file__).resolve().parents[2]
GOOD = "Naam;Plaats;E-mail\nAcme;Utrecht;a@acme.example\nBakery;Delft;\n"
HALF = GOOD + "Café;Breda;no address\n"
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def path(starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The database file that the command uses."""
    copy = Path(shutil.copy(starter_file, tmp_path / "crm.duckdb"))
    monkeypatch.setenv("CRMPLUS_DATABASE", str(copy))
    yield copy
    close_all()


def close_all() -> None:
    for opened in store._opened.values():
        opened.close()
    store._opened.clear()


@pytest.fixture
def run(path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command; its exit code and its report."""

    def command(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        code = main([str(argument) for argument in arguments])
        return code, json.loads(capsys.readouterr().out)

    return command


def written(folder: Path, text: str, name: str = "klanten.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def names() -> list[str]:
    return [name for (name,) in query(the_database(), "SELECT name FROM customer ORDER BY name")]


# Importing


def test_a_file_is_imported_as_it_is_proposed_and_the_report_says_what_was_done(
    run: Run, tmp_path: Path
) -> None:
    code, report = run("import", written(tmp_path, GOOD), "--start-leads")
    assert code == 0
    assert report["imported"] is True
    assert (report["file"], report["rows"], report["refused_rows"]) == ("klanten.csv", 2, 0)
    assert report["will"] == {
        "customers_made": 2,
        "customers_changed": 0,
        "customers_kept": 0,
        "leads_made": 2,
        "leads_changed": 0,
        "leads_kept": 0,
        "first_leads": 2,
        "settings_made": 0,
    }
    assert report["mapping"]["columns"] == {
        "Naam": "customer_name",
        "Plaats": "city",
        "E-mail": "email",
    }
    assert report["import_id"] == str(query(the_database(), "SELECT id FROM import_run")[0][0])
    assert names() == ["Acme", "Bakery"]


def test_a_dry_run_promises_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    before = everything(the_database())
    code, report = run("import", written(tmp_path, GOOD), "--dry-run")
    assert (code, report["imported"], report["will"]["customers_made"]) == (0, False, 2)
    assert "import_id" not in report
    assert everything(the_database()) == before


def test_importing_again_is_done_without_doing_anything(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    run("import", file)
    before = everything(the_database())
    code, report = run("import", file)
    assert (code, report["imported"], report["will"]["customers_kept"]) == (0, False, 2)
    assert everything(the_database()) == before


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_with_a_refused_row_nothing_is_imported_and_the_row_is_named(
    run: Run, tmp_path: Path, dry: tuple[str, ...]
) -> None:
    before = everything(the_database())
    code, report = run("import", written(tmp_path, HALF), *dry)
    assert (code, report["imported"], report["refused_rows"]) == (1, False, 1)
    assert report["problems"] == [
        {
            "line": 4,
            "column": "E-mail",
            "value": "no address",
            "reason": "This is not an e-mail address: name@example.com",
        }
    ]
    assert "--good-rows" in report["refused"]
    assert everything(the_database()) == before


def test_good_rows_are_imported_without_the_refused_ones_when_asked(run: Run, tmp_path: Path) -> None:
    code, report = run("import", written(tmp_path, HALF), "--good-rows")
    assert (code, report["imported"], report["refused_rows"]) == (0, True, 1)
    assert names() == ["Acme", "Bakery"]


def test_rows_without_a_name_go_to_the_placeholder(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, "Klant;Deal ID;Verwachte waarde\nAcme;1;10\n;2;20\n")
    code, report = run("import", file)
    assert (code, report["refused_rows"]) == (1, 1)
    code, report = run("import", file, "--placeholder", "Somebody")
    assert (code, report["will"]["leads_made"]) == (0, 2)
    assert {note["note"]: note["rows"] for note in report["notes"]}[str(PLACEHOLDER)] == 1
    assert names() == ["Acme", "Somebody"]


def test_every_refused_row_is_reported(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"Café {n};Breda;no address\n" for n in range(150))
    _, report = run("import", written(tmp_path, GOOD + rows), "--dry-run")
    assert report["refused_rows"] == 150
    assert [problem["line"] for problem in report["problems"]] == list(range(4, 154))
    assert report["has_more_problems"] is False


def test_what_would_change_is_reported_field_by_field(run: Run, tmp_path: Path) -> None:
    header = "Klant;Plaats;Deal ID;Titel;Fase;Verwachte waarde\n"
    run("import", written(tmp_path, header + "Acme;Utrecht;1;Oven;Call;10\nBakery;Delft;2;Pan;Call;20\n"))
    before = everything(the_database())
    changed = written(tmp_path, header + "Acme;Breda;1;Oven;Meeting;15,50\nBakery;Delft;2;Pan;Call;20\n")
    code, report = run("import", changed, "--dry-run")
    assert code == 0
    assert everything(the_database()) == before
    number = query(the_database(), "SELECT number FROM customer WHERE name = 'Acme'")[0][0]
    customer = {"line": 2, "entity": "customer", "number": number, "name": "Acme"}
    lead = {"line": 2, "entity": "lead", "number": "", "name": "Oven"}
    moved = [each for each in report["changes"] if each["field"] != "phase_entered_at_utc"]
    assert moved == [
        customer | {"field": "city", "before": "Utrecht", "after": "Breda"},
        lead | {"field": "phase_id", "before": "LEAD-CALL", "after": "LEAD-MEETING"},
        lead | {"field": "expected_value", "before": "10.00", "after": "15.50"},
    ]


def test_a_first_import_changes_nothing_of_ours(run: Run, tmp_path: Path) -> None:
    assert run("import", written(tmp_path, GOOD))[1]["changes"] == []


# Mappings


def mapping_of(file: Path, **changed: object) -> str:
    """The proposed mapping of a file, changed, as text."""
    database = the_database()
    source = open_source(file, file.name)
    proposed = propose_mapping(database, ADMIN, source, detected(source))
    return to_json(replace(proposed, **changed))  # type: ignore[arg-type]


def test_a_mapping_in_a_file_is_used(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    mapping = written(tmp_path, mapping_of(file, columns={"Plaats": "customer_name"}, reading=None), "m.json")
    code, report = run("import", file, "--mapping", mapping)
    assert (code, report["mapping"]["columns"]) == (0, {"Plaats": "customer_name"})
    assert names() == ["Delft", "Utrecht"]


def test_a_mapping_that_was_saved_is_used_by_its_name_whatever_its_case(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    source = open_source(file, file.name)
    proposed = propose_mapping(the_database(), ADMIN, source, detected(source))
    save_mapping(
        the_database(), ADMIN, "Onze klanten", replace(proposed, columns={"Naam": "customer_name"}), NOW
    )
    code, report = run("import", file, "--mapping", "onze KLANTEN")
    assert (code, report["mapping"]["columns"]) == (0, {"Naam": "customer_name"})


def test_how_a_mapping_says_that_files_are_read_goes_before_what_is_detected(
    run: Run, tmp_path: Path
) -> None:
    file = written(tmp_path, GOOD)
    saved = json.loads(mapping_of(file))
    saved["reading"] |= {"header_row": 0}
    saved["columns"] = {"A": "customer_name"}
    code, _ = run("import", file, "--mapping", written(tmp_path, json.dumps(saved), "m.json"))
    assert code == 0
    assert names() == ["Acme", "Bakery", "Naam"]


def test_a_mapping_of_another_file_is_refused_by_the_column_it_lacks(run: Run, tmp_path: Path) -> None:
    mapping = written(tmp_path, mapping_of(written(tmp_path, GOOD), reading=None), "m.json")
    code, report = run("import", written(tmp_path, "Naam;Land\nAcme;NL\n"), "--mapping", mapping)
    assert code == 1
    assert report == {"refused": "The file has no column Plaats. Choose what its columns are."}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no saved mapping {path}, and no such file."),
        ("{}", "This is no mapping of CRM+, or it is damaged. Save the mapping again from an import."),
        (
            "Naam;Plaats",
            "This is no mapping of CRM+, or it is damaged. Save the mapping again from an import.",
        ),
    ],
)
def test_a_mapping_that_is_none_is_refused(run: Run, tmp_path: Path, text: str | None, sentence: str) -> None:
    mapping = tmp_path / "m.json"
    if text is not None:
        mapping.write_text(text)
    code, report = run("import", written(tmp_path, GOOD), "--mapping", mapping)
    assert (code, report) == (1, {"refused": sentence.format(path=mapping)})


def test_a_mapping_with_a_name_longer_than_files_can_have_is_refused(run: Run, tmp_path: Path) -> None:
    name = "x" * 300
    sentence = f"There is no saved mapping {name}, and no such file."
    assert run("import", written(tmp_path, GOOD), "--mapping", name) == (1, {"refused": sentence})


@pytest.mark.parametrize(
    "reading",
    [
        {"encoding": "klingon"},
        {"encoding": "base64"},
        {"delimiter": ""},
        {"delimiter": "ab"},
        {"quote": "ab"},
        {"escape": "ab"},
        {"delimiter": "\n"},
        {"header_row": 99},
        {"header_row": 10**30},
        {"encoding": "utf-16"},
    ],
    ids=str,
)
def test_a_mapping_whose_reading_cannot_be_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, reading: dict[str, object]
) -> None:
    file = written(tmp_path, GOOD)
    saved = json.loads(mapping_of(file))
    saved["reading"] |= reading
    code, report = run("import", file, "--mapping", written(tmp_path, json.dumps(saved), "m.json"))
    assert code == 1
    assert report["refused"].endswith(".")


# What can't be imported


def test_a_file_that_is_missing_or_a_folder_is_refused(run: Run, tmp_path: Path) -> None:
    for file in (tmp_path / "none.csv", tmp_path, tmp_path / ("x" * 300)):
        assert run("import", file) == (1, {"refused": "This file can't be opened."})


def test_a_file_with_a_name_that_is_no_text_is_imported(run: Run, tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv"))
    file.write_text(GOOD)
    code, report = run("import", file)
    assert (code, report["file"]) == (0, "?.csv")


def test_without_a_workspace_nothing_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "new.duckdb"))
    assert main(["import", str(written(tmp_path, GOOD))]) == 1
    assert "There is no workspace yet." in json.loads(capsys.readouterr().out)["refused"]
    close_all()


@pytest.mark.parametrize("arguments", [(), ("import",), ("export",), ("import", "a.csv", "--mappings")])
def test_a_wrong_command_ends_with_2_and_says_how_to_use_it(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m crmplus" in capsys.readouterr().err


def test_a_database_that_another_process_has_open_is_said_so(path: Path, tmp_path: Path) -> None:
    """A process of its own, as from a terminal: also that `python -m crmplus` is the command."""
    command = [sys.executable, "-m", "crmplus", "import", str(written(tmp_path, GOOD))]
    holder = Database.open(path)
    try:
        held = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    finally:
        holder.close()
    assert held.returncode == 1
    assert json.loads(held.stdout) == {
        "refused": f"The database {path} is in use by another program. Close that one first."
    }
    assert "Traceback" not in held.stderr

    free = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (free.returncode, free.stderr) == (0, "")
    assert json.loads(free.stdout)["imported"] is True


# A whole workspace


@pytest.mark.parametrize("target", ["out.zip", "out"])
def test_a_workspace_goes_out_and_comes_in_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    run("import", written(tmp_path, HALF), "--good-rows")
    before = everything(the_database())
    code, report = run("export-workspace", tmp_path / target)
    assert (code, report["written"]) == (0, str(tmp_path / target))
    assert report["rows"]["customer"] == 2

    monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "second.duckdb"))
    code, restored = run("import-workspace", tmp_path / target)
    assert (code, restored) == (0, {"rows": report["rows"]})
    assert everything(the_database()) == before

    code, again = run("import-workspace", tmp_path / target)
    assert (code, list(again)) == (1, ["refused"])
    assert everything(the_database()) == before


def test_an_export_to_where_nothing_can_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    for target in (file, file / "out.zip", file / "out"):
        code, report = run("export-workspace", target)
        assert code == 1
        assert report["refused"].startswith(str(target))
    assert file.read_text() == GOOD


@pytest.mark.parametrize("target", ["out", "new/out", "out.zip"])
def test_an_export_that_breaks_off_leaves_nothing_and_is_said(run: Run, tmp_path: Path, target: str) -> None:
    """As on a full disk: files can't grow beyond a few kilobytes."""
    resource = pytest.importorskip("resource")
    run("import", written(tmp_path, "Naam\n" + "".join(f"Bakery {n}\n" for n in range(500))))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, limits[1]))
    try:
        code, report = run("export-workspace", tmp_path / target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert code == 1
    assert report["refused"] == (
        f"{tmp_path / target} can't be written: File too large. Choose another place."
    )
    assert not (tmp_path / target).exists()
    assert not list(tmp_path.rglob(".*")), "a draft was left"

    code, report = run("export-workspace", tmp_path / target)
    assert (code, report["rows"]["customer"]) == (0, 500)


def test_an_export_into_an_empty_folder_has_its_files_there_and_no_more(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    code, report = run("export-workspace", tmp_path / "out")
    assert code == 0
    found = {path.name for path in (tmp_path / "out").iterdir()}
    assert found == {"manifest.json", "README.md", *(f"{table}.csv" for table in report["rows"])}


@pytest.mark.parametrize("command", ["export-workspace", "import-workspace"])
def test_a_workspace_with_a_name_longer_than_files_can_have_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    if command == "import-workspace":
        monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "second.duckdb"))
    code, report = run(command, tmp_path / ("x" * 300))
    assert (code, list(report)) == (1, ["refused"])
