"""Rooms for what is not encrypted: gone with whoever made them, however that ended."""

from pathlib import Path

import pytest

from crmplus.keeping.restoring import restore
from crmplus.keeping.rooms import room_beside, sweep
from tests.keeping.worlds import AT, left_by_a_killed_program, place_of, rooms, run, serving


@pytest.mark.parametrize("ends_well", [True, False])
def test_a_room_is_for_its_owners_eyes_and_gone_afterwards(tmp_path: Path, ends_well: bool) -> None:
    database = tmp_path / "crmplus.duckdb"
    try:
        with room_beside(database) as room:
            (room / "copy").touch()
            assert room.parent == tmp_path and room.stat().st_mode & 0o077 == 0
            if not ends_well:
                raise KeyError
    except KeyError:
        assert not ends_well
    assert rooms(database) == []


def test_what_a_killed_program_left_is_taken_away_and_a_room_in_use_is_not(tmp_path: Path) -> None:
    database = tmp_path / "crmplus.duckdb"
    left = left_by_a_killed_program(database)
    theirs = left_by_a_killed_program(tmp_path / "sales.duckdb")
    with room_beside(database) as room:
        sweep(database)
        assert rooms(database) == [room]
    assert not left.exists()
    assert theirs.exists(), "somebody else's database"


def test_a_link_in_the_place_of_a_room_leads_nowhere(tmp_path: Path) -> None:
    database, elsewhere = tmp_path / "crmplus.duckdb", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "dear").touch()
    (tmp_path / ".crmplus.duckdb.room-link").symlink_to(elsewhere)
    sweep(database)
    assert (elsewhere / "dear").exists()


def test_a_decrypted_copy_of_a_killed_command_is_taken_away_by_the_next_one(
    kept_file: Path, tmp_path: Path
) -> None:
    assert run(kept_file, "backup")[0] == 0
    (backup,) = place_of(kept_file).folder.iterdir()
    for command in (("check",), ("check", backup)):
        left_by_a_killed_program(kept_file)
        assert run(kept_file, *command)[0] == 0
        assert rooms(kept_file) == []
    left_by_a_killed_program(kept_file)
    restore(backup, place_of(kept_file), AT)
    assert rooms(kept_file) == []


def test_the_server_takes_away_what_a_killed_command_left(kept_file: Path) -> None:
    left_by_a_killed_program(kept_file)
    with serving(kept_file):
        assert run(kept_file, "backup")[0] == 0, "it has begun to look"
        assert rooms(kept_file) == []
