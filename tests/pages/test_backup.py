"""The page Backup: whether all is well, making one, looking into one, taking one along."""

import json
import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from crmplus.keeping.backup import back_up, read_backup
from crmplus.keeping.schedule import the_place
from crmplus.store.database import the_database
from tests.keeping.worlds import AT
from tests.pages.visit import Visit, labels, seen
from tests.world import ADMIN, query


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRMPLUS_BACKUP_FOLDER", str(tmp_path / "made"))
    monkeypatch.delenv("CRMPLUS_BACKUP_KEY_FILE", raising=False)
    return tmp_path / "made"


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def one(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_before_the_first_backup_the_page_offers_one(small: Visit, folder: Path) -> None:
    at = small("backup")
    assert "There is no backup yet" in seen(at)
    assert labels(at) == {"Back up now"}
    assert f"One is made every 24 hours. Backups go to {folder}. They are not encrypted:" in seen(at)


def test_a_backup_is_made_listed_verified_and_said_how_to_bring_back(small: Visit, folder: Path) -> None:
    at = click(small("backup"), "back-up")
    path = one(folder)
    assert "All is well." in seen(at) and "1 backup" in seen(at) and "not encrypted" in seen(at)
    assert f"python -m crmplus restore {path}" in seen(at)
    click(at, f"verify-{path.name}")
    assert "It can be restored" in seen(at)


def test_a_damaged_backup_is_said_to_be(small: Visit, folder: Path) -> None:
    at = click(small("backup"), "back-up")
    one(folder).write_bytes(os.urandom(500))
    click(at, f"verify-{one(folder).name}")
    assert "is damaged, cut off, or no backup of CRM+" in seen(at)
    assert "It can be restored" not in seen(at)


def test_a_backup_that_was_not_made_is_said_to_be_until_one_is(small: Visit, folder: Path) -> None:
    at = small("backup")
    folder.write_text("in the way")
    click(at, "back-up")
    assert "failed. No backup was made: File exists" in seen(at)
    assert "can't be read: Not a directory" in seen(at)
    folder.unlink()
    assert "failed" in seen(small("backup"))
    click(at, "back-up")
    assert "All is well." in seen(at)


def test_a_backup_of_what_is_not_sound_is_said_to_be_and_verifying_says_why(
    small: Visit, folder: Path
) -> None:
    at = small("backup")
    with the_database().quiet_transaction() as connection:
        connection.count("UPDATE lead SET score = $score WHERE score = 60", {"score": 101})
    click(at, "back-up")
    assert "in the database do not hold" in seen(at) and "All is well" not in seen(at)
    click(at, f"verify-{one(folder).name}")
    assert "a score outside 1 to 100" in seen(at)


def test_when_the_last_one_is_too_old_that_is_said(small: Visit) -> None:
    small("backup")
    back_up(the_database(), ADMIN, the_place(), AT.replace(year=2020))
    assert "No backup was made since 24 Nov 2020" in seen(small("backup"))


def test_one_that_is_dated_in_the_future_does_not_make_all_well(small: Visit, folder: Path) -> None:
    folder.mkdir()
    (folder / f"{the_place().name}-99991231T000000Z.zip").touch()
    assert "There is no backup yet" in seen(small("backup"))


def test_a_refusal_shows_no_name_as_markdown(small: Visit) -> None:
    small("backup")
    place = the_place()
    said = {"text": "No backup was made: {reason}.", "values": {"reason": "![x](http://evil.example/x.png)"}}
    place.record.write_text(
        json.dumps({"at_utc": AT.isoformat(), "name": "", "size": 0, "finding_count": 0, "problem": said})
    )
    at = small("backup")
    assert not any("![x](http" in error.value for error in at.error)
    assert "![x](http://evil.example/x.png)" in seen(at)


def test_what_is_taken_along_is_the_file_and_the_audit_tells_of_all(small: Visit, folder: Path) -> None:
    click(small("backup"), "back-up")
    content = read_backup(the_database(), ADMIN, the_place(), one(folder).name, AT)
    assert zipfile.ZipFile(BytesIO(content)).namelist() == ["manifest.json", "crmplus.duckdb"]
    lines = query(the_database(), "SELECT action, subject FROM audit_event ORDER BY id")
    assert lines == [("backup_made", one(folder).name), ("backup_downloaded", one(folder).name)]


@pytest.mark.parametrize("name", ["Ann", "Mia", "Vic"])
def test_nobody_but_an_administrator_gets_there(small: Visit, name: str) -> None:
    at = small("backup", working_as=name)
    assert "Bringing one back" not in seen(at)
    assert "Back up now" not in labels(at)


def test_in_dutch(small: Visit) -> None:
    assert not small("backup", language="nl").exception
