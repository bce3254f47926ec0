"""The folder of backups: what is one, and how long it is kept."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crmplus.keeping.folder import (
    Backup,
    free_name,
    list_backups,
    newest_made,
    outlived,
    remove_unfinished,
    rotate,
    unfinished_name,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OTHERS = (
    "crmplus-20200101T000000Z.zip.bak",
    "crmplus-20200101T000000Z.tar.gz",
    "crmplus-2020-01-01.zip",
    "my crmplus-20200101T000000Z.zip",
    "crmplus-20201399T000000Z.zip",
    "crmplus-20200101T000000Z-20200101T000000Z.zip",
    "sales-20200101T000000Z.zip",
    "crmplus-2-20200101T000000Z.zip",
    "notes.txt",
    "crmplus.duckdb",
)


def backup(made: datetime) -> Backup:
    return Backup(free_name(Path("nowhere"), "crmplus", made, False), made, 1, False)


def kept(moments: list[datetime], now: datetime = NOW) -> list[datetime]:
    """Newest first."""
    found = [backup(made) for made in moments]
    gone = outlived(found, now)
    return sorted((each.made_at_utc for each in found if each not in gone), reverse=True)


def hourly(days: int) -> list[datetime]:
    return [NOW - timedelta(hours=hours) for hours in range(24 * days)]


def test_all_of_the_last_two_days_are_kept() -> None:
    assert kept(hourly(2)) == hourly(2)


def test_of_the_two_weeks_before_the_last_of_each_day_is_kept() -> None:
    found = [made for made in kept(hourly(10)) if NOW - made > timedelta(days=2)]
    assert [made.hour for made in found] == [23] * 8
    assert [made.day for made in found] == [21, 20, 19, 18, 17, 16, 15, 14]


def test_of_a_year_the_last_of_each_month_is_kept_and_nothing_older() -> None:
    daily = [NOW - timedelta(days=days) for days in range(1_000)]
    found = [made for made in kept(daily) if NOW - made > timedelta(days=14)]
    assert [(made.year, made.month) for made in found] == [
        *((2026, month) for month in range(10, 0, -1)),
        (2025, 12),
        (2025, 11),
    ]
    assert all((made + timedelta(days=1)).day == 1 for made in found)


def test_rotating_every_day_keeps_what_rotating_once_would() -> None:
    """A month's last backup must not have been deleted before its month was over."""
    left: list[datetime] = []
    for day in range(500):
        now = NOW + timedelta(days=day)
        left = kept([*left, now], now)
    everything = [NOW + timedelta(days=day) for day in range(500)]
    assert left == kept(everything, NOW + timedelta(days=499))


def test_the_newest_is_kept_however_old_it_is() -> None:
    old = [NOW - timedelta(days=days) for days in (3_000, 2_000)]
    assert kept(old) == [old[1]]


def test_one_from_a_clock_that_was_ahead_is_kept() -> None:
    ahead = NOW + timedelta(days=400)
    assert ahead in kept([ahead, NOW])


def test_one_from_a_clock_that_was_ahead_takes_the_place_of_none() -> None:
    """Neither as the newest, nor as the last one of its month."""
    ahead, old = NOW + timedelta(days=5), NOW - timedelta(days=20)
    assert kept([ahead, old]) == [ahead, old]
    very_old = NOW - timedelta(days=2_000)
    assert kept([ahead, very_old]) == [ahead, very_old]
    assert newest_made([backup(ahead), backup(old)], NOW) == old
    assert newest_made([backup(ahead)], NOW) is None


def test_nothing_that_is_not_a_backup_of_ours_is_listed_or_deleted(tmp_path: Path) -> None:
    for name in OTHERS:
        (tmp_path / name).write_text("not ours")
    ours = [tmp_path / "crmplus-20200101T000000Z.zip", tmp_path / "crmplus-20200201T000000Z.encrypted.zip"]
    for path in ours:
        path.write_text("ours")
    assert [(each.path, each.is_encrypted) for each in list_backups(tmp_path, "crmplus")] == [
        (ours[1], True),
        (ours[0], False),
    ]
    assert rotate(tmp_path, "crmplus", NOW) == [ours[0]]
    assert {path.name for path in tmp_path.iterdir()} == {*OTHERS, ours[1].name}


def test_a_folder_that_is_not_there_yet_has_no_backups(tmp_path: Path) -> None:
    assert list_backups(tmp_path / "new", "crmplus") == []


def test_two_backups_of_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    first = free_name(tmp_path, "crmplus", NOW, False)
    first.touch()
    assert free_name(tmp_path, "crmplus", NOW, False).name == "crmplus-20261124T030001Z.zip"


@pytest.mark.parametrize(("age", "is_left"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
def test_what_a_killed_program_left_is_taken_away_a_day_later(
    tmp_path: Path, age: timedelta, is_left: bool
) -> None:
    ours, theirs = (unfinished_name(free_name(tmp_path, name, NOW, True)) for name in ("my.crm", "my_crm"))
    for path in (ours, theirs):
        path.touch()
        then = (NOW - age).timestamp()
        os.utime(path, (then, then))
    remove_unfinished(tmp_path, "my.crm", NOW)
    assert ours.exists() is is_left
    assert theirs.exists()


def test_a_name_is_taken_as_it_is_written(tmp_path: Path) -> None:
    for name in ("my.crm", "my_crm"):
        free_name(tmp_path, name, NOW, False).touch()
    assert [each.path.name for each in list_backups(tmp_path, "my.crm")] == ["my.crm-20261124T030000Z.zip"]
