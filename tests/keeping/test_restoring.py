"""Bringing a backup back: verified first, and what was there is kept."""

import json
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from crmplus.domain.errors import CrmError, DatabaseUnavailable, Refused, Unreadable
from crmplus.domain.sight import EVERYTHING
from crmplus.keeping.backup import back_up
from crmplus.keeping.check import check
from crmplus.keeping.place import Place
from crmplus.keeping.restoring import restore
from crmplus.store import migrate as migrations
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.keeping.worlds import AT, facts, place_of, rooms, serving, with_key
from tests.world import ADMIN, person, query

LATER = AT + timedelta(days=1)


@pytest.fixture
def place(kept_file: Path) -> Place:
    return place_of(kept_file)


def made(place: Place) -> Path:
    database = Database.open(place.database)
    path = place.folder / back_up(database, ADMIN, place, AT).name
    database.close()
    return path


@pytest.fixture
def backup(place: Place) -> Path:
    """A backup, after which Zoe came."""
    path = made(place)
    database = Database.open(place.database)
    person(database, "Zoe", "ZO")
    database.close()
    return path


def names(path: Path) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as opened:
        return [row[0] for row in opened.execute("SELECT name FROM person ORDER BY name").fetchall()]


def refused(place: Place, source: Path, kind: type[CrmError] = Refused) -> str:
    """The sentence; nothing at all has changed."""
    before = {path: path.read_bytes() for path in place.database.parent.iterdir() if path.is_file()}
    with pytest.raises(kind) as error:
        restore(source, place, LATER)
    assert {path: path.read_bytes() for path in place.database.parent.iterdir() if path.is_file()} == before
    return str(error.value)


def test_a_restored_database_is_what_it_was_and_the_one_before_is_kept(place: Place, backup: Path) -> None:
    before = facts(place.database)
    done = restore(backup, place, LATER)
    assert names(place.database) == ["Ann", "Mia", "Vic"]
    assert done.kept == place.database.with_name("crmplus.until-20261125T030000Z.duckdb")
    assert facts(done.kept) == before
    database = Database.open(place.database)
    assert check(database) == done.findings == []
    assert query(database, "SELECT action, subject FROM audit_event") == [("backup_restored", backup.name)]
    person(database, "New", "NE")
    database.close()
    assert rooms(place.database) == []


def test_restoring_where_there_is_no_database_makes_one(place: Place, backup: Path, tmp_path: Path) -> None:
    elsewhere = place_of(tmp_path / "new" / "crmplus.duckdb")
    assert restore(backup, elsewhere, LATER).kept is None
    assert names(elsewhere.database) == ["Ann", "Mia", "Vic"]
    assert elsewhere.database.stat().st_mode & 0o077 == 0


def test_two_restores_in_a_second_keep_two_files(place: Place, backup: Path) -> None:
    assert restore(backup, place, LATER).kept != restore(backup, place, LATER).kept


def test_a_restored_file_may_be_read_by_whom_the_one_before_could(place: Place, backup: Path) -> None:
    place.database.chmod(0o640)
    restore(backup, place, LATER)
    assert place.database.stat().st_mode & 0o777 == 0o640


def test_an_encrypted_backup_is_restored_with_its_key(place: Place) -> None:
    place = with_key(place)
    before = facts(place.database)
    restore(made(place), place, LATER)
    assert facts(place.database) == before


def test_nobody_is_signed_in_or_invited_by_what_was_restored(place: Place) -> None:
    database = Database.open(place.database)
    ann = query(database, "SELECT id FROM person WHERE name = 'Ann'")[0][0]
    row = {"id": new_id(), "person": ann, "at": AT, "hash": "a" * 64}
    with database.transaction(EVERYTHING) as connection:
        connection.count(
            "INSERT INTO sign_in_session VALUES ($id, $hash, $person, 'password', '', '', $at, $at, $at)", row
        )
        connection.count(
            "INSERT INTO invitation (id, person_id, purpose, token_hash, made_at_utc, ends_at_utc) "
            "VALUES ($id, $person, 'invite', $hash, $at, $at)",
            row,
        )
    database.close()
    restore(made(place), place, LATER)
    database = Database.open(place.database)
    assert query(database, "SELECT count(*) FROM sign_in_session") == [(0,)]
    assert query(database, "SELECT withdrawn_at_utc FROM invitation") == [(LATER,)]
    database.close()


def killed_with_a_log(place: Place) -> Path:
    """A server brings Kim and is killed; the log that is left beside the file."""
    code = (
        "import os, sys; from pathlib import Path; from crmplus.store.database import Database\n"
        "from tests.world import person\n"
        "database = Database.open(Path(sys.argv[1]))\n"
        "person(database, 'Kim', 'KI'); os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(place.database)], check=False)
    log = place.database.with_name("crmplus.duckdb.wal")
    assert log.exists()
    return log


def test_what_a_killed_server_left_beside_the_file_stays_with_the_old_one(place: Place, backup: Path) -> None:
    """A log of the old database, found beside the new one, would be played into it."""
    killed_with_a_log(place)
    done = restore(backup, place, LATER)
    assert done.kept and "Kim" in names(done.kept)
    assert names(place.database) == ["Ann", "Mia", "Vic"]
    assert not place.database.with_name("crmplus.duckdb.wal").exists()


def test_a_log_whose_database_was_taken_away_is_not_played_into_the_restored_one(place: Place) -> None:
    """The backup is of the very state the log goes on from: the engine would take it for its own."""
    backup = made(place)
    log = killed_with_a_log(place)
    kim = log.read_bytes()
    place.database.rename(place.database.with_name("elsewhere.duckdb"))
    done = restore(backup, place, LATER)
    assert not log.exists()
    Database.open(place.database).close()
    assert names(place.database) == ["Ann", "Mia", "Vic"]
    assert done.kept is None
    assert done.kept_log == place.database.with_name("crmplus.until-20261125T030000Z.duckdb.wal")
    assert done.kept_log.read_bytes() == kim


@pytest.mark.parametrize("ending", [".wal.checkpoint", ".wal.recovery"])
def test_what_a_checkpoint_that_was_cut_off_left_is_put_aside_too(
    place: Place, backup: Path, ending: str
) -> None:
    left = place.database.with_name(place.database.name + ending)
    place.database.unlink()
    left.write_bytes(b"left over")
    done = restore(backup, place, LATER)
    assert done.kept_log and done.kept_log.read_bytes() == b"left over"
    assert not left.exists()


def test_a_database_that_is_damaged_is_replaced_and_kept_as_it_is(place: Place, backup: Path) -> None:
    place.database.write_bytes(b"\0" * 100_000)
    log = place.database.with_name("crmplus.duckdb.wal")
    log.write_bytes(b"left over")
    done = restore(backup, place, LATER)
    assert done.kept and done.kept.read_bytes() == b"\0" * 100_000
    assert done.kept.with_name(f"{done.kept.name}.wal").read_bytes() == b"left over"
    assert not log.exists()
    assert names(place.database) == ["Ann", "Mia", "Vic"]


def test_while_the_server_has_the_database_nothing_is_replaced(place: Place, backup: Path) -> None:
    with serving(place.database), pytest.raises(Refused, match="is in use"):
        restore(backup, place, LATER)
    assert "Zoe" in names(place.database)


def rewritten(backup: Path, database: Path, **said: object) -> Path:
    """A backup with another database, whose checksum is right."""
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest |= {"sha256": sha256(database.read_bytes()).hexdigest()} | said
    other = backup.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.write(database, "crmplus.duckdb")
    return other


def changed(place: Place, tmp_path: Path, *statements: str) -> Path:
    path = Path(shutil.copy(place.database, tmp_path / "changed.duckdb"))
    with duckdb.connect(str(path)) as opened:
        for statement in statements:
            opened.execute(statement)
    return path


def test_a_backup_of_a_newer_version_is_refused(place: Place, backup: Path, tmp_path: Path) -> None:
    newer = changed(place, tmp_path, "INSERT INTO schema_migration VALUES (9000, '9000_newer')")
    assert "newer version of CRM+" in refused(place, rewritten(backup, newer), DatabaseUnavailable)


def test_the_database_of_another_program_is_refused(place: Place, backup: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "theirs.duckdb")) as opened:
        opened.execute("CREATE TABLE theirs (id INTEGER)")
    source = rewritten(backup, tmp_path / "theirs.duckdb")
    assert "database of another program" in refused(place, source, DatabaseUnavailable)


def test_something_that_is_no_database_is_refused(place: Place, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"x" * 50_000)
    source = rewritten(backup, tmp_path / "noise")
    assert "is damaged, or is not a CRM+ database" in refused(place, source, DatabaseUnavailable)


def test_a_backup_of_an_older_version_is_brought_to_this_one(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "older"
    shutil.copytree(migrations._MIGRATIONS, older)
    with monkeypatch.context() as now:
        (older / "9000_more.sql").write_text("ALTER TABLE person ADD COLUMN hat VARCHAR;")
        backup = made(place)
        now.setattr(migrations, "_MIGRATIONS", older)
        restore(backup, place, LATER)
    with duckdb.connect(str(place.database), read_only=True) as opened:
        assert opened.execute("SELECT hat FROM person LIMIT 1").fetchall() == [(None,)]
    assert not list(place.database.parent.glob("*.before-*"))


def test_a_backup_that_is_not_sound_is_restored_only_if_that_is_said(
    place: Place, backup: Path, tmp_path: Path
) -> None:
    source = rewritten(backup, changed(place, tmp_path, "UPDATE lead SET score = 101 WHERE score = 60"))
    assert "has a score outside 1 to 100" in refused(place, source)
    done = restore(source, place, LATER, despite_findings=True)
    assert any("has a score outside 1 to 100" in str(finding) for finding in done.findings)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"no backup at all"])
def test_a_file_that_is_no_backup_is_refused(place: Place, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "file.zip"
    source.write_bytes(content)
    assert "file.zip is damaged, cut off, or no backup" in refused(place, source, Unreadable)


def test_a_backup_that_is_not_there_is_refused(place: Place, tmp_path: Path) -> None:
    assert "Nothing was restored: No such file" in refused(place, tmp_path / "none.zip")


def test_a_disk_that_is_full_leaves_the_database_as_it_is(place: Place, backup: Path) -> None:
    code = (
        "import resource, signal, sys\nfrom pathlib import Path\n"
        "from crmplus.domain.errors import CrmError\nfrom crmplus.keeping.restoring import restore\n"
        "from tests.keeping.worlds import AT, place_of\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "try:\n    restore(Path(sys.argv[2]), place_of(Path(sys.argv[1])), AT)\n"
        "except CrmError as error:\n    print(error)\n"
    )
    before = place.database.read_bytes()
    ran = subprocess.run(
        [sys.executable, "-c", code, str(place.database), str(backup)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Nothing was restored: File too large" in ran.stdout
    assert place.database.read_bytes() == before
    assert sorted(path.name for path in place.database.parent.iterdir()) == [
        "backups",
        "crmplus.duckdb",
        "crmplus.duckdb.backup.json",
    ]
