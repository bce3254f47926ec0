"""The database: transactions, threads, and every way a file can't be opened."""

import logging
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from crmplus.domain.errors import Conflict, DatabaseUnavailable
from crmplus.domain.lead import LeadValues
from crmplus.domain.person import PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import get_lead_card, save_lead
from crmplus.services.people import change_person, list_people
from crmplus.store.database import Database, database_path, the_database
from crmplus.store.identity import new_id
from tests.world import ADMIN, NOW, customer_with_lead, person, query

INSERT = "INSERT INTO person (id, name, initials, role, version) VALUES ($id, $name, 'XX', 'rep', 1)"


def names(database: Database) -> list[str]:
    return [row[0] for row in query(database, "SELECT name FROM person ORDER BY name")]


class Rerun(BaseException):
    """As Streamlit's: no Exception, and cuts a run off anywhere."""


@pytest.mark.parametrize("error", [Rerun, KeyboardInterrupt, SystemExit, GeneratorExit, ValueError])
def test_a_transaction_that_is_cut_off_writes_nothing(
    empty_database: Database, error: type[BaseException]
) -> None:
    with pytest.raises(error), empty_database.transaction(EVERYTHING) as connection:
        connection.count(INSERT, {"id": new_id(), "name": "cut"})
        raise error
    assert names(empty_database) == []
    assert empty_database.data_version == 0
    with empty_database.transaction(EVERYTHING) as connection:
        connection.count(INSERT, {"id": new_id(), "name": "after"})
    assert names(empty_database) == ["after"]
    assert empty_database.data_version == 1


def test_a_transaction_whose_statement_fails_writes_nothing_and_the_next_one_works(
    empty_database: Database,
) -> None:
    same = new_id()
    with (
        pytest.raises(Exception, match="duplicate key"),
        empty_database.transaction(EVERYTHING) as connection,
    ):
        connection.count(INSERT, {"id": same, "name": "one"})
        connection.count(INSERT, {"id": same, "name": "two"})
    assert names(empty_database) == []
    with empty_database.transaction(EVERYTHING) as connection:
        connection.count(INSERT, {"id": same, "name": "three"})
    assert names(empty_database) == ["three"]


def test_a_transaction_within_one_joins_it(empty_database: Database) -> None:
    with pytest.raises(Rerun), empty_database.transaction(EVERYTHING) as outer:
        with empty_database.transaction(EVERYTHING) as inner:
            assert inner is outer
            inner.count(INSERT, {"id": new_id(), "name": "inner"})
        raise Rerun
    assert names(empty_database) == []


def test_a_transaction_is_seen_by_reads_of_its_own_thread_and_by_no_other(empty_database: Database) -> None:
    with ThreadPoolExecutor(1) as other, empty_database.transaction(EVERYTHING) as connection:
        connection.count(INSERT, {"id": new_id(), "name": "mine"})
        assert names(empty_database) == ["mine"]
        assert other.submit(names, empty_database).result() == []
    assert names(empty_database) == ["mine"]


def test_a_read_leaves_the_data_version_as_it_was(empty_database: Database) -> None:
    names(empty_database)
    assert empty_database.data_version == 0


def test_a_second_writer_waits_for_the_first(empty_database: Database) -> None:
    seen: list[list[str]] = []

    def write_after() -> None:
        with empty_database.transaction(EVERYTHING) as connection:
            seen.append([row[0] for row in connection.execute("SELECT name FROM person")])

    with empty_database.transaction(EVERYTHING) as connection:
        thread = threading.Thread(target=write_after)
        thread.start()
        connection.count(INSERT, {"id": new_id(), "name": "first"})
    thread.join()
    assert seen == [["first"]]


def test_sixteen_threads_lose_none_of_eight_hundred_updates_of_one_row(empty_database: Database) -> None:
    made = person(empty_database, name="0")

    def count() -> None:
        for _ in range(50):
            with empty_database.transaction(EVERYTHING):
                (now,) = list_people(empty_database, ADMIN)
                draft = PersonDraft(str(int(now.name) + 1), now.initials, now.role)
                change_person(empty_database, ADMIN, made.id, now.version, draft, NOW)

    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(count) for _ in range(16)]:
            done.result()
    (saved,) = list_people(empty_database, ADMIN)
    assert (saved.name, saved.version) == ("800", 801)
    assert query(empty_database, "SELECT count(*) FROM change_log") == [(801,)]


def test_l6_savers_who_start_again_on_a_conflict_lose_nothing(database: Database) -> None:
    _, lead = customer_with_lead(database)
    conflicts = []

    def note(letter: str) -> None:
        for _ in range(10):
            while True:
                card = get_lead_card(database, ADMIN, lead.id)
                values = replace(card.values, note=card.values.note + letter)
                try:
                    save_lead(database, ADMIN, lead.id, card.lead.version, values, NOW)
                except Conflict as conflict:
                    conflicts.append(conflict)
                else:
                    break

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(note, letter) for letter in "abcdef"]:
            done.result()
    card = get_lead_card(database, ADMIN, lead.id)
    assert {letter: card.values.note.count(letter) for letter in "abcdef"} == dict.fromkeys("abcdef", 10)
    assert card.lead.version == 61
    assert all(conflict.changes for conflict in conflicts)


def test_what_was_committed_is_there_after_closing_and_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "crmplus.duckdb"
    database = Database.open(path)
    with database.transaction(EVERYTHING) as connection:
        connection.count(INSERT, {"id": new_id(), "name": "kept"})
    database.close()
    again = Database.open(path)
    assert names(again) == ["kept"]
    again.close()


def test_what_was_committed_survives_a_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "crmplus.duckdb"
    code = (
        "import os, sys; from pathlib import Path; from crmplus.store.database import Database\n"
        "from crmplus.domain.sight import EVERYTHING\n"
        "from crmplus.store.identity import new_id\n"
        "database = Database.open(Path(sys.argv[1]))\n"
        f"with database.transaction(EVERYTHING) as c: c.count({INSERT!r}, dict(id=new_id(), name='kept'))\n"
        "with database.transaction(EVERYTHING) as c:\n"
        f"    c.count({INSERT!r}, dict(id=new_id(), name='lost')); os._exit(9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path)], check=False, cwd=Path.cwd())
    assert ended.returncode == 9
    database = Database.open(path)
    assert names(database) == ["kept"]
    database.close()


def refusal(path: Path) -> str:
    with pytest.raises(DatabaseUnavailable) as refused:
        Database.open(path)
    return str(refused.value)


@pytest.fixture
def held_elsewhere(starter_file: Path, tmp_path: Path) -> Iterator[Path]:
    """A database that another process has open."""
    path = tmp_path / "held.duckdb"
    path.write_bytes(starter_file.read_bytes())
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    yield path
    holder.communicate("")


def test_a_file_that_another_program_holds_is_said_to_be_in_use(held_elsewhere: Path) -> None:
    assert "in use by another program" in refusal(held_elsewhere)


@pytest.mark.parametrize("folder", ["plain", "newer", "conflicting lock", "permission", "read-only"])
def test_a_damaged_file_is_said_to_be_damaged_wherever_it_lies(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "crmplus.duckdb"
    path.parent.mkdir()
    path.write_bytes(random.Random(1).randbytes(40_000))
    assert "is damaged, or is not a CRM+ database" in refusal(path)
    assert str(path) in refusal(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 8 + b"DUCK" + bytes(40_000)])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "crmplus.duckdb"
    path.write_bytes(content)
    assert "is damaged" in refusal(path) or "another version" in refusal(path)
    assert path.read_bytes() == content


def test_half_a_database_is_refused(starter_file: Path, tmp_path: Path) -> None:
    whole = starter_file.read_bytes()
    path = tmp_path / "crmplus.duckdb"
    path.write_bytes(whole[: len(whole) // 2])
    assert "is damaged" in refusal(path)


def test_a_database_of_a_newer_program_is_refused_and_let_go(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "crmplus.duckdb"
    path.write_bytes(starter_file.read_bytes())
    database = Database.open(path)
    with database.transaction(EVERYTHING) as connection:
        connection.count("INSERT INTO schema_migration VALUES ($number, 'later')", {"number": 9999})
    database.close()
    assert "newer version of CRM+" in refusal(path)
    assert "newer version of CRM+" in refusal(path)


def test_a_database_of_another_program_is_refused(starter_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "theirs.duckdb"
    code = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('CREATE TABLE lead (metal VARCHAR)')"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert "the database of another program" in refusal(path)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "choose another file" in refusal(tmp_path)


def test_a_path_below_a_file_is_said_not_to_be_writable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "you may write to it" in refusal(tmp_path / "file" / "crmplus.duckdb")


def test_a_folder_that_may_not_be_written_to_is_said_so() -> None:
    assert "you may write to it" in refusal(Path("/proc/crmplus.duckdb"))


def test_the_reason_of_a_refusal_goes_into_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        refusal(tmp_path)
    assert str(tmp_path) in caplog.text


def test_the_database_of_the_process_is_that_of_the_environment_and_opened_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "named.duckdb"))
    assert database_path() == tmp_path / "named.duckdb"
    opened = the_database()
    assert the_database() is opened
    opened.close()
    monkeypatch.delenv("CRMPLUS_DATABASE")
    assert database_path().parts[-2:] == ("data", "crmplus.duckdb")


def test_times_and_amounts_come_back_as_they_went_in(database: Database) -> None:
    _, lead = customer_with_lead(database)
    assert get_lead_card(database, ADMIN, lead.id).lead == lead
    assert lead.opened_at_utc == NOW
    assert get_lead_card(database, ADMIN, lead.id).values == LeadValues()
