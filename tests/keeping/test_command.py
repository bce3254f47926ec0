"""`python -m crmplus backup`, `restore` and `check`: as from a terminal, with and without a server."""

import os
import shutil
import time
import zipfile
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

from crmplus.command import main
from crmplus.domain.errors import Refused
from crmplus.keeping.requests import Request, _answer, answer_requests, ask
from crmplus.store import migrate as migrations
from tests.keeping.worlds import PASSPHRASE, SERVER, facts, place_of, run, serving

HOLDER = (
    "import os, sys, duckdb\nc = duckdb.connect(os.environ['CRMPLUS_DATABASE'])\n"
    "print('serving', flush=True)\nsys.stdin.read()\n"
)

TAKER = (
    "import json, os, pathlib, sys, time, duckdb\npath = os.environ['CRMPLUS_DATABASE']\n"
    "c = duckdb.connect(path)\nprint('serving', flush=True)\nfolder = pathlib.Path(path + '.requests')\n"
    "while not (asked := list(folder.glob('*.ask'))):\n    time.sleep(0.01)\n"
    "taken = asked[0].rename(asked[0].with_suffix('.taken'))\n"
)
"""Takes up a request, and then what the test adds."""


def backups_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("crmplus-*.zip"))


def test_a_backup_without_a_server_its_check_and_its_restoring(kept_file: Path, tmp_path: Path) -> None:
    code, said, wrong = run(kept_file, "backup", "--to", tmp_path / "usb")
    (backup,) = backups_in(tmp_path / "usb")
    assert (code, wrong) == (0, "")
    assert said.startswith(f"Backup made: {backup}, ")

    code, said, wrong = run(kept_file, "check", backup)
    assert (code, wrong) == (0, "")
    assert f"{backup}: sound." in said
    assert all(line.startswith("ok ") and " rows  " in line for line in said.splitlines()[:-1])

    before = facts(kept_file)
    with duckdb.connect(str(kept_file)) as opened:
        opened.execute("UPDATE lead SET title = 'spoilt'")
    code, said, wrong = run(kept_file, "check")
    assert code == 1
    assert "findings." in said and "not ok" in said
    assert "is not what its newest version in the history says" in wrong

    code, said, wrong = run(kept_file, "restore", backup)
    assert (code, wrong) == (0, "")
    assert "is kept as" in said and "Now start the server." in said
    assert facts(kept_file) == before


def test_while_the_server_runs_it_makes_the_backup_and_gives_a_copy_to_check(
    kept_file: Path, tmp_path: Path
) -> None:
    place = place_of(kept_file)
    with serving(kept_file):
        code, said, wrong = run(kept_file, "backup")
        assert (code, wrong) == (0, "")
        code, said, wrong = run(kept_file, "backup", "--to", tmp_path / "usb")
        assert (code, wrong) == (0, "")
        code, said, wrong = run(kept_file, "check")
        assert (code, wrong) == (0, "") and "sound." in said
        code, said, wrong = run(kept_file, "restore", *backups_in(place.folder))
        assert code == 1 and "is in use. Stop the program, then restore." in wrong
    assert len(backups_in(place.folder)) == len(backups_in(tmp_path / "usb")) == 1
    assert list(place.requests.iterdir()) == []


@pytest.mark.parametrize("is_served", [True, False])
def test_a_backup_to_a_folder_that_is_named_deletes_nothing_there(
    kept_file: Path, tmp_path: Path, is_served: bool
) -> None:
    old = tmp_path / "archive" / "crmplus-20200101T000000Z.zip"
    old.parent.mkdir()
    old.touch()
    with serving(kept_file) if is_served else nullcontext():
        assert run(kept_file, "backup", "--to", old.parent)[0] == 0
    assert old.exists() and len(backups_in(old.parent)) == 2


def test_a_server_encrypts_what_a_command_asks_for(kept_file: Path, tmp_path: Path) -> None:
    """Its key is the server's: who asks need not know it."""
    key = tmp_path / "key"
    key.write_text(PASSPHRASE)
    with serving(kept_file, CRMPLUS_BACKUP_KEY_FILE=str(key)):
        assert run(kept_file, "backup")[0] == 0
    (backup,) = backups_in(place_of(kept_file).folder)
    code, _, wrong = run(kept_file, "check", backup)
    assert code == 1 and "is encrypted" in wrong
    assert run(kept_file, "check", backup, "--key-file", key)[0] == 0


def test_what_goes_wrong_in_the_server_is_said_where_it_was_asked(kept_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with serving(kept_file):
        code, said, wrong = run(kept_file, "backup", "--to", tmp_path / "file")
    assert (code, said) == (1, "")
    assert wrong.startswith("No backup was made: File exists.")


def test_another_program_that_has_the_database_is_not_waited_for(kept_file: Path) -> None:
    place = place_of(kept_file)
    with (
        serving(kept_file, HOLDER),
        pytest.raises(Exception, match="in use by a program that does not answer"),
    ):
        ask(place.requests, place.database, Request("backup", ""), noticed_within=0.3)
    assert list(place.requests.iterdir()) == []


def test_a_server_that_is_killed_leaves_nobody_waiting(kept_file: Path) -> None:
    place = place_of(kept_file)
    taker = TAKER + "time.sleep(0.3); os._exit(9)\n"
    before = time.monotonic()
    with serving(kept_file, taker), pytest.raises(Exception, match="The server stopped before it was done"):
        ask(place.requests, place.database, Request("backup", ""))
    assert time.monotonic() - before < 60
    assert list(place.requests.iterdir()) == []


def test_nobody_waits_for_ever_for_a_server_that_took_it_up(kept_file: Path) -> None:
    place = place_of(kept_file)
    taker = TAKER + "print(json.loads(taken.read_text())['target'], flush=True); sys.stdin.read()\n"
    with serving(kept_file, taker), pytest.raises(Refused, match="Its log says what became of it"):
        ask(place.requests, place.database, Request("backup", ""), done_within=0.3)
    assert list(place.requests.iterdir()) == []


def test_a_server_that_was_started_again_says_that_it_was_stopped_over_a_request(kept_file: Path) -> None:
    place = place_of(kept_file)
    place.requests.mkdir()
    (place.requests / "x.taken").write_text('{"kind": "backup", "target": ""}')
    answer_requests(place.requests, place.database, lambda request: {})
    (answer,) = place.requests.iterdir()
    assert answer.name == "x.answer" and "The server stopped before it was done" in answer.read_text()


@pytest.mark.parametrize(
    ("error", "words"),
    [(OSError("disk"), "The server failed at"), (KeyError("kind"), "does not understand")],
)
def test_whatever_goes_wrong_over_a_request_is_answered(tmp_path: Path, error: Exception, words: str) -> None:
    (tmp_path / "x.ask").write_text('{"kind": "backup", "target": ""}')

    def fail(request: Request) -> dict[str, object]:
        raise error

    answer_requests(tmp_path, tmp_path, fail)
    assert words in (tmp_path / "x.answer").read_text()


def test_a_request_that_can_not_be_read_is_answered(tmp_path: Path) -> None:
    assert "as the user that the server runs as" in str(_answer(tmp_path / "gone", lambda request: {}))


def test_the_copy_to_check_is_made_beside_the_database(kept_file: Path) -> None:
    """A server that is kept in may see no other folder: not even /tmp is the same one."""
    taker = TAKER + "print(json.loads(taken.read_text())['target'], flush=True); os._exit(9)\n"
    with serving(kept_file, taker) as server:
        run(kept_file, "check")
        assert server.stdout is not None
        assert Path(server.stdout.readline()).parent.parent == kept_file.parent


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
NOBODY = 65534
AS_NOBODY = f"import _strptime, os; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
"""Imports what would be looked for only later, where nobody may look."""


@as_root
def test_what_root_makes_belongs_to_who_has_the_database(kept_file: Path) -> None:
    os.chown(kept_file, NOBODY, NOBODY)
    assert run(kept_file, "backup")[0] == 0
    place = place_of(kept_file)
    (backup,) = backups_in(place.folder)
    with serving(kept_file):
        assert run(kept_file, "check")[0] == 0
    made = (kept_file, place.folder, backup, place.record, place.requests)
    assert [(path.stat().st_uid, path.stat().st_gid) for path in made] == [(NOBODY, NOBODY)] * len(made)
    assert run(kept_file, "restore", backup)[0] == 0
    kept_file.unlink()
    os.chown(kept_file.parent, NOBODY, NOBODY)
    assert run(kept_file, "restore", backup)[0] == 0
    assert kept_file.stat().st_uid == NOBODY, "who has the folder, where there is no database"


@as_root
def test_a_server_of_another_user_does_what_root_asks_for(kept_file: Path) -> None:
    """Also where root made the folder of requests once, which nobody else could enter."""
    with TemporaryDirectory(dir="/tmp") as folder:  # where everybody can get to
        database = Path(shutil.move(kept_file, folder))
        place = place_of(database)
        place.requests.mkdir(mode=0o700)
        for path in (database, Path(folder)):
            os.chown(path, NOBODY, NOBODY)
        with serving(database, SERVER.replace("the_database()\nstop", f"{AS_NOBODY}the_database()\nstop")):
            code, _, wrong = run(database, "backup")
            assert (code, wrong) == (0, "")
            code, _, wrong = run(database, "check")
            assert (code, wrong) == (0, "")
            assert {path.owner() for path in place.folder.iterdir()} == {"nobody"}


def test_root_is_led_to_nobodys_file_by_a_link(kept_file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    place_of(kept_file).requests.symlink_to(elsewhere)
    with serving(kept_file):
        assert run(kept_file, "backup")[0] == 1
    assert list(elsewhere.iterdir()) == []


def test_only_the_owner_can_put_a_request_there(kept_file: Path) -> None:
    with serving(kept_file):
        run(kept_file, "backup")
    assert place_of(kept_file).requests.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "arguments", [("backup",), ("check",), ("restore", "none.zip"), ("check", "none.duckdb")]
)
def test_a_file_that_is_not_there_is_named_and_none_is_made(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, said, wrong = run(tmp_path / "none.duckdb", *arguments)
    assert (code, said) == (1, "")
    assert "There is no file" in wrong and "none" in wrong
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "noise.duckdb"
    path.write_bytes(b"noise" * 10_000)
    for command in ("check", "backup"):
        code, _, wrong = run(path, command)
        assert code == 1 and "is damaged, or is not a CRM+ database" in wrong
    with duckdb.connect(str(tmp_path / "theirs.duckdb")) as opened:
        opened.execute("CREATE TABLE theirs (id INTEGER)")
    for command in ("check", "backup"):
        code, _, wrong = run(tmp_path / "theirs.duckdb", command)
        assert code == 1 and "database of another program" in wrong


def test_a_database_of_an_older_version_is_not_checked_and_left_as_it_is(kept_file: Path) -> None:
    with duckdb.connect(str(kept_file)) as opened:
        opened.execute(
            "DELETE FROM schema_migration WHERE number = (SELECT max(number) FROM schema_migration)"
        )
    before = facts(kept_file)
    code, _, wrong = run(kept_file, "check")
    assert code == 1 and "has schema" in wrong
    assert facts(kept_file) == before


def test_a_backup_of_an_older_version_leaves_the_database_at_it(
    kept_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes one before an update must not get the update with it."""
    newer = tmp_path / "newer"
    shutil.copytree(migrations._MIGRATIONS, newer)
    (newer / "9000_more.sql").write_text("ALTER TABLE person ADD COLUMN hat VARCHAR;")
    monkeypatch.setattr(migrations, "_MIGRATIONS", newer)
    monkeypatch.setenv("CRMPLUS_DATABASE", str(kept_file))
    before = facts(kept_file)
    assert main(["backup"]) == 0
    assert facts(kept_file) == before
    (backup,) = backups_in(place_of(kept_file).folder)
    with zipfile.ZipFile(backup) as archive:
        archive.extract("crmplus.duckdb", tmp_path / "out")
    assert facts(tmp_path / "out" / "crmplus.duckdb") == before


def test_a_setting_that_can_not_be_read_is_named(kept_file: Path) -> None:
    code, _, wrong = run(kept_file, "backup", CRMPLUS_BACKUP_EVERY="daily")
    assert code == 1 and "CRMPLUS_BACKUP_EVERY" in wrong
