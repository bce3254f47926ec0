"""Backups: one state of the database, whole on the disk or not there, and shut without the key."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pyrage
import pytest

from crmplus import __version__
from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import NotPermitted, Refused, Unreadable
from crmplus.domain.sight import EVERYTHING
from crmplus.keeping import backup as room
from crmplus.keeping.backup import back_up, backups, verify
from crmplus.keeping.outcome import last_outcome
from crmplus.keeping.place import Place
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.keeping.worlds import (
    AT,
    PASSPHRASE,
    copied,
    facts,
    left_by_a_killed_program,
    place_of,
    rooms,
    with_key,
    writers,
)
from tests.world import ADMIN, query

REP = Actor(new_id(), "Ann", Role.REP, EVERYTHING)


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        return Path(archive.extract("crmplus.duckdb", folder))


def made(place: Place) -> Path:
    """A backup of the database of a place."""
    database = Database.open(place.database)
    outcome = back_up(database, ADMIN, place, AT)
    database.close()
    return place.folder / outcome.name


def test_a_backup_holds_every_row_and_says_so(kept_file: Path, tmp_path: Path) -> None:
    path = made(place_of(kept_file))
    assert path.name == "crmplus-20261124T030000Z.zip"
    assert facts(unpacked(path, tmp_path / "out")) == facts(kept_file)
    with zipfile.ZipFile(path) as archive:
        said = json.loads(archive.read("manifest.json"))
    counted = {name: int(count) for name, (count, _) in facts(kept_file).items()} | {"sign_in_session": 0}
    del said["rows"]["audit_event"]
    assert said["rows"] == counted
    assert (said["program"], said["version"]) == ("CRM+", __version__)
    assert said["schema_number"] == number_of(kept_file)
    assert said["made_at_utc"] == "2026-11-24T03:00:00+00:00"


def number_of(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as opened:
        return int(opened.execute("SELECT max(number) FROM schema_migration").fetchall()[0][0])


def shape(path: Path) -> list[list[tuple[object, ...]]]:
    """Keys, columns with their defaults, and views."""
    questions = (
        "SELECT table_name, constraint_type, constraint_column_names FROM duckdb_constraints() ORDER BY ALL",
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM duckdb_columns() "
        "WHERE NOT internal ORDER BY ALL",
        "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
    )
    with duckdb.connect(str(path), read_only=True) as opened:
        return [opened.execute(question).fetchall() for question in questions]


def test_keys_columns_defaults_and_views_arrive(kept_file: Path, tmp_path: Path) -> None:
    found = shape(unpacked(made(place_of(kept_file)), tmp_path / "out"))
    assert found == shape(kept_file)
    assert all(found)


def test_a_backup_under_eight_writers_is_one_state_and_stops_none_of_them(
    kept_file: Path, tmp_path: Path
) -> None:
    database, place = Database.open(kept_file), place_of(kept_file)
    total = "SELECT sum(expected_value) FROM lead"
    with writers(database, 8) as done:
        wanted = query(database, total)
        before = sum(done)
        outcomes = [back_up(database, ADMIN, place, AT + timedelta(hours=hour)) for hour in range(3)]
        meanwhile = sum(done) - before
    database.close()
    assert meanwhile > 0
    assert [outcome.finding_count for outcome in outcomes] == [0, 0, 0]
    versions = []
    for outcome in outcomes:
        copy = unpacked(place.folder / outcome.name, tmp_path / outcome.name)
        with duckdb.connect(str(copy), read_only=True) as opened:
            assert opened.execute(total).fetchall() == wanted
            versions += opened.execute("SELECT count(*) FROM lead_version").fetchall()
    assert versions == sorted(versions) and versions[0] < versions[-1]


def test_an_encrypted_backup_shows_nothing_of_what_it_holds_and_opens_with_the_key(
    kept_file: Path, tmp_path: Path
) -> None:
    place = with_key(place_of(kept_file))
    path = made(place)
    assert path.name == "crmplus-20261124T030000Z.encrypted.zip"
    content = path.read_bytes()
    assert b"Bakery" not in content and b"manifest" not in content and b"duckdb" not in content
    assert verify(ADMIN, place, path.name) == []
    assert sorted(tmp_path.iterdir()) == sorted([kept_file, place.folder, place.record, tmp_path / "key"]), (
        "nothing that is not encrypted stays"
    )


def test_an_encrypted_backup_can_be_opened_without_the_program(
    both: dict[str, Path], small_file: Path, tmp_path: Path
) -> None:
    """By age and unzip, as the guide says; here by the library of age's format."""
    with zipfile.ZipFile(both["encrypted"]) as container:
        key = pyrage.x25519.Identity.from_str(
            pyrage.passphrase.decrypt(container.read("key.age"), PASSPHRASE).decode()
        )
        (tmp_path / "backup.zip").write_bytes(pyrage.decrypt(container.read("backup.zip.age"), [key]))
    assert facts(unpacked(tmp_path / "backup.zip", tmp_path / "out")) == facts(small_file)


def test_only_its_owner_can_read_a_backup(kept_file: Path, tmp_path: Path) -> None:
    for place in (place_of(kept_file), with_key(place_of(kept_file))):
        assert made(place).stat().st_mode & 0o077 == 0
    assert place.record.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("short\n", "at least 12 characters"), ("", "at least 12 characters"), (None, "can't be read")],
)
def test_with_a_key_file_that_holds_no_passphrase_nothing_is_written(
    kept_file: Path, tmp_path: Path, content: str | None, sentence: str
) -> None:
    key_file = tmp_path / "key"
    if content is not None:
        key_file.write_text(content)
    place = place_of(kept_file, key_file=key_file)
    database = Database.open(kept_file)
    with pytest.raises(Refused, match=sentence):
        back_up(database, ADMIN, place, AT)
    database.close()
    assert not place.folder.exists()
    last = last_outcome(place)
    assert last and last.problem and sentence in str(last.problem)


def test_making_a_backup_deletes_those_that_are_outlived(kept_file: Path, tmp_path: Path) -> None:
    place = place_of(kept_file)
    place.folder.mkdir()
    for name in ("crmplus-20200101T000000Z.zip", "crmplus-20200101T000000Z.zip.txt"):
        (place.folder / name).touch()
    new = made(place)
    assert {path.name for path in place.folder.iterdir()} == {new.name, "crmplus-20200101T000000Z.zip.txt"}


def test_in_an_archive_nothing_is_deleted(kept_file: Path, tmp_path: Path) -> None:
    """Somebody named a folder for one backup: the old ones in it were put there to stay."""
    place = place_of(kept_file).archive(tmp_path / "archive")
    place.folder.mkdir()
    old = place.folder / "crmplus-20200101T000000Z.zip"
    old.touch()
    assert sorted([old, made(place)]) == sorted(place.folder.iterdir())


def test_a_backup_of_a_database_that_is_not_sound_is_made_and_said_to_be(kept_file: Path) -> None:
    database, place = Database.open(kept_file), place_of(kept_file)
    with database.transaction(EVERYTHING) as connection:
        connection.count("UPDATE lead SET score = $score WHERE score = 60", {"score": 200})
    outcome = back_up(database, ADMIN, place, AT)
    database.close()
    assert outcome.finding_count > 0
    assert last_outcome(place) == outcome
    found = [str(finding) for finding in verify(ADMIN, place, outcome.name)]
    assert any("a score outside 1 to 100" in each for each in found)


def test_how_it_went_is_known_after_a_restart_too(
    kept_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crmplus.keeping import outcome as outcomes

    place = place_of(kept_file)
    path = made(place)
    monkeypatch.setattr(outcomes, "_kept", {})
    last = last_outcome(place)
    assert last and (last.name, last.size, last.at_utc, last.problem) == (
        path.name,
        path.stat().st_size,
        AT,
        None,
    )


def test_a_folder_that_is_a_file_is_named(kept_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = place_of(kept_file, folder=tmp_path / "file" / "backups")
    database = Database.open(kept_file)
    with pytest.raises(Refused, match=r"Not a directory.*file/backups"):
        back_up(database, ADMIN, place, AT)
    database.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from crmplus.domain.errors import Refused
from crmplus.domain.sight import EVERYTHING
from crmplus.keeping.backup import back_up
from crmplus.keeping.outcome import last_outcome
from crmplus.store.database import Database
from tests.keeping.worlds import AT, left_by_a_killed_program, rooms, place_of, with_key
from tests.world import ADMIN

database = Database.open(Path(sys.argv[1]))
place = place_of(Path(sys.argv[1]))
if sys.argv[3] == "encrypted":
    place = with_key(place)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    back_up(database, ADMIN, place, AT)
except Refused as error:
    print(error)
assert last_outcome(place).problem
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with database.transaction(EVERYTHING) as connection:
    print(connection.count("UPDATE person SET version = version WHERE version > $none", {"none": 0}))
print(back_up(database, ADMIN, place, AT).finding_count)
database.close()
"""


@pytest.mark.parametrize(
    ("room_for", "kind"), [(20_000, "plain"), (3_000_000, "plain"), (20_000, "encrypted")]
)
def test_when_the_disk_is_full_the_backup_is_refused_people_work_on_and_the_next_one_succeeds(
    kept_file: Path, room_for: int, kind: str
) -> None:
    """No file may grow beyond a limit: to the program that is a disk full in the middle of a write."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(kept_file), str(room_for), kind],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    refused, people, findings = done.stdout.splitlines()
    assert "No backup was made: File too large" in refused
    assert (int(people) > 0, findings) == (True, "0")
    place = place_of(kept_file)
    assert len(list(place.folder.iterdir())) == 1
    assert rooms(kept_file) == []


def test_a_disk_that_fills_up_while_the_backup_is_packed_leaves_no_half_of_one(
    kept_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of backups is a disk of its own: here /dev/full, which takes nothing."""
    place = place_of(kept_file)
    place.folder.mkdir()
    unfinished = place.folder / ".crmplus-20261124T030000Z.zip.part"
    unfinished.symlink_to("/dev/full")
    database = Database.open(kept_file)
    with pytest.raises(Refused, match="No space left on device"):
        back_up(database, ADMIN, place, AT)
    assert list(place.folder.iterdir()) == []
    assert back_up(database, ADMIN, place, AT).finding_count == 0
    database.close()


def test_what_a_killed_backup_left_beside_the_database_is_taken_away_by_the_next(kept_file: Path) -> None:
    place = place_of(kept_file)
    left_by_a_killed_program(kept_file)
    made(place)
    assert rooms(kept_file) == []


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REP, Role.VIEWER])
def test_only_an_administrator_may(kept_file: Path, role: Role) -> None:
    database, place = Database.open(kept_file), place_of(kept_file)
    actor = replace(REP, role=role)
    for deed in (
        lambda: back_up(database, actor, place, AT),
        lambda: backups(actor, place),
        lambda: verify(actor, place, "crmplus-20261124T030000Z.zip"),
    ):
        with pytest.raises(NotPermitted):
            deed()
    database.close()
    assert not place.folder.exists()


def test_a_backup_of_another_name_is_not_opened(kept_file: Path, tmp_path: Path) -> None:
    """A name comes from a page: it must not lead out of the folder."""
    place = place_of(kept_file)
    path = made(place)
    shutil.copy(path, tmp_path / path.name)
    for name in (f"../{path.name}", str(path), "crmplus.duckdb", ""):
        with pytest.raises(Refused, match="no backup"):
            verify(ADMIN, place, name)


@pytest.fixture(scope="module")
def both(small_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A backup of each kind: finding a key that takes long to guess takes long."""
    place = place_of(copied(small_file, tmp_path_factory.mktemp("both")))
    return {"plain": made(place), "encrypted": made(with_key(place))}


@pytest.mark.parametrize("damage", ["cut off", "a byte changed", "empty", "another file"])
@pytest.mark.parametrize("kind", ["plain", "encrypted"])
def test_a_damaged_backup_is_said_to_be(
    both: dict[str, Path], kept_file: Path, damage: str, kind: str
) -> None:
    place = with_key(place_of(kept_file)) if kind == "encrypted" else place_of(kept_file)
    place.folder.mkdir()
    path = Path(shutil.copy(both[kind], place.folder))
    content = bytearray(path.read_bytes())
    if damage == "cut off":
        del content[len(content) // 2 :]
    elif damage == "a byte changed":
        content[len(content) // 2] ^= 1
    else:
        content = bytearray(b"" if damage == "empty" else os.urandom(5_000))
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=f"{path.name} is damaged, cut off, or no backup"):
        verify(ADMIN, place, path.name)
    assert rooms(kept_file) == []


def test_a_wrong_passphrase_is_said_to_be(both: dict[str, Path], kept_file: Path) -> None:
    path = both["encrypted"]
    place_of(kept_file).folder.mkdir()
    shutil.copy(path, place_of(kept_file).folder)
    with pytest.raises(Refused, match="passphrase in the key file does not open"):
        verify(ADMIN, with_key(place_of(kept_file), "another one altogether"), path.name)
    with pytest.raises(Refused, match=r"is encrypted.*--key-file"):
        verify(ADMIN, place_of(kept_file), path.name)


def test_a_manifest_that_says_something_else_is_not_believed(kept_file: Path, tmp_path: Path) -> None:
    place = place_of(kept_file)
    path = made(place)
    with zipfile.ZipFile(path) as archive:
        said = json.loads(archive.read("manifest.json"))
        database = archive.read("crmplus.duckdb")

    def write(**changed: object) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("manifest.json", json.dumps(said | changed))
            archive.writestr("crmplus.duckdb", database)

    write(sha256="0" * 64)
    with pytest.raises(Unreadable, match="checksum"):
        verify(ADMIN, place, path.name)
    for wrong in ({"program": "another"}, {"made_at_utc": "soon"}, {"extra": 1}, {"schema_number": "x"}):
        write(**wrong)
        with pytest.raises(Unreadable, match="no backup of CRM"):
            verify(ADMIN, place, path.name)


def test_two_backups_at_once_wait_for_each_other(kept_file: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    database, place = Database.open(kept_file), place_of(kept_file)
    with ThreadPoolExecutor(3) as pool:
        names = {done.name for done in pool.map(lambda _: back_up(database, ADMIN, place, AT), range(3))}
    database.close()
    assert names == {each.path.name for each in backups(ADMIN, place)}
    assert len(names) == 3
    assert room._one_at_a_time.acquire(blocking=False)
    room._one_at_a_time.release()


def test_the_audit_tells_of_a_backup_that_was_made_and_of_one_that_was_not(kept_file: Path) -> None:
    database, place = Database.open(kept_file), place_of(kept_file)
    name = back_up(database, ADMIN, place, AT).name
    with pytest.raises(Refused):
        back_up(database, ADMIN, replace(place, folder=kept_file), AT)
    lines = query(database, "SELECT action, actor_name, subject FROM audit_event ORDER BY id")
    database.close()
    assert lines == [("backup_made", "admin", name), ("backup_failed", "admin", str(kept_file))]
