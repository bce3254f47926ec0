"""Backups that are made by themselves, and how it is said when they are not."""

import logging
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crmplus.keeping import schedule
from crmplus.keeping.outcome import Outcome, last_outcome
from crmplus.keeping.place import Place
from crmplus.keeping.schedule import is_due, keep_backups, look, the_place
from crmplus.store import database as store
from crmplus.store.database import Database
from tests.keeping.worlds import AT, place_of

DAY = timedelta(days=1)


@pytest.fixture
def place(kept_file: Path) -> Place:
    return place_of(kept_file, every=DAY)


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    opened = Database.open(place.database)
    yield opened
    opened.close()


def names(place: Place) -> list[str]:
    return sorted(path.name for path in place.folder.glob("*"))


def test_one_is_made_at_once_and_then_when_the_time_has_passed(database: Database, place: Place) -> None:
    for hours in (0, 1, 23, 24, 25, 47, 48):
        look(database, place, AT + timedelta(hours=hours))
    assert names(place) == [f"crmplus-202611{day}T030000Z.zip" for day in (24, 25, 26)]


def test_none_is_made_where_no_folder_is_configured(database: Database, place: Place) -> None:
    by_hand = place_of(place.database)
    look(database, by_hand, AT)
    assert not is_due(by_hand, AT)
    assert names(by_hand) == []


def test_after_a_failure_it_is_said_logged_and_tried_again_a_quarter_of_an_hour_later(
    database: Database, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.folder.write_text("in the way")
    with caplog.at_level(logging.ERROR):
        look(database, place, AT)
    assert "the backup that was due was not made" in caplog.text
    last = last_outcome(place)
    assert last and last.problem and "No backup was made" in str(last.problem)
    place.folder.unlink()
    look(database, place, AT + timedelta(minutes=14))
    assert names(place) == []
    look(database, place, AT + timedelta(minutes=15))
    assert names(place) == ["crmplus-20261124T031500Z.zip"]
    assert (last := last_outcome(place)) and last.problem is None


def test_one_that_somebody_made_by_hand_counts(database: Database, place: Place) -> None:
    schedule.back_up(database, schedule.LOCAL_ADMIN, place, AT)
    assert not is_due(place, AT + timedelta(hours=23))
    assert is_due(place, AT + DAY)


def test_two_databases_that_share_a_folder_are_both_backed_up_and_neither_deletes_the_others(
    database: Database, place: Place, small_file: Path, tmp_path: Path
) -> None:
    other = replace(place, database=Path(shutil.copy(small_file, tmp_path / "sales.duckdb")))
    theirs = Database.open(other.database)
    for days in (0, 400):
        look(database, place, AT + days * DAY)
        assert is_due(other, AT + days * DAY)
        look(theirs, other, AT + days * DAY + timedelta(hours=1))
    theirs.close()
    newest = ["crmplus-20271229T030000Z.zip", "sales-20271229T040000Z.zip"]
    assert names(place) == newest
    look(database, place, AT + 900 * DAY)
    assert names(place) == ["crmplus-20290512T030000Z.zip", newest[1]]


def test_one_from_a_clock_that_was_ahead_does_not_stop_the_schedule(database: Database, place: Place) -> None:
    look(database, place, AT + 400 * DAY)
    assert is_due(place, AT)
    look(database, place, AT)
    assert not is_due(place, AT)
    assert is_due(place, AT + DAY)


def test_a_failure_of_a_clock_that_was_ahead_does_not_stop_the_schedule(
    database: Database, place: Place
) -> None:
    place.folder.write_text("in the way")
    look(database, place, AT + 400 * DAY)
    place.folder.unlink()
    assert is_due(place, AT)


@pytest.fixture
def configured(kept_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(kept_file))
    monkeypatch.setenv("CRMPLUS_BACKUP_FOLDER", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("CRMPLUS_BACKUP_EVERY", "6")
    yield the_place()
    for opened in store._opened.values():
        opened.close()
    store._opened.clear()


def test_settings_come_from_the_environment(configured: Place, tmp_path: Path, kept_file: Path) -> None:
    assert configured == Place(kept_file, tmp_path / "elsewhere", None, timedelta(hours=6))


def test_without_settings_backups_are_made_by_hand_beside_the_database(
    kept_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(kept_file))
    for name in ("FOLDER", "EVERY", "KEY_FILE"):
        monkeypatch.delenv(f"CRMPLUS_BACKUP_{name}", raising=False)
    assert the_place() == Place(kept_file, kept_file.parent / "backups", None, None)


def run_until(done: threading.Event) -> None:
    """The thread of the server, until what is waited for has happened."""
    stop = threading.Event()
    thread = threading.Thread(target=keep_backups, args=(stop, 0.01))
    thread.start()
    assert done.wait(30)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()


def told(monkeypatch: pytest.MonkeyPatch, times: int) -> threading.Event:
    """An event that is set once so many outcomes were kept."""
    kept: list[Outcome] = []
    done = threading.Event()

    def keep(place: Place, outcome: Outcome, really: object = schedule.keep_outcome) -> None:
        real(place, outcome)
        kept.append(outcome)
        if len(kept) == times:
            done.set()

    real = schedule.keep_outcome
    monkeypatch.setattr("crmplus.keeping.backup.keep_outcome", keep)
    monkeypatch.setattr(schedule, "keep_outcome", keep)
    return done


def test_the_thread_makes_one_and_ends_when_it_is_told_to(
    configured: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_until(told(monkeypatch, 1))
    assert len(names(configured)) == 1


def test_an_error_that_nobody_thought_of_is_logged_shown_and_ends_nothing(
    configured: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    configured.requests.write_text("no folder")
    configured.requests.unlink()
    configured.requests.mkdir()
    (configured.requests / "x.ask").mkdir()  # can't be read as a file
    done = told(monkeypatch, 1)
    run_until(done)
    assert "the backups' thread goes on after an error" in caplog.text
    last = last_outcome(configured)
    assert last and "The log says why" in str(last.problem)
