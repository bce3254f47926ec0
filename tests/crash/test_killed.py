"""A killed server loses nothing that it acknowledged; `python -m tests.crash 200` tries it longer."""

import random
import shutil
from pathlib import Path

import pytest

from tests.crash.killing import Outcome, kill_once
from tests.small_world import make_small_world

_KILLS = 10


@pytest.fixture(scope="module")
def outcome(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Of kills of eight writers on one file, each time opened again and gone on with."""
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("killed") / "killed.duckdb"))
    make_small_world(path)
    rng, added_up = random.Random(), Outcome()
    for _ in range(_KILLS):
        kill_once(path, rng, added_up)
    return added_up


def test_a_killed_server_can_always_be_opened_again(outcome: Outcome) -> None:
    assert (outcome.kills, len(outcome.reopening)) == (_KILLS, _KILLS)
    assert not outcome.unopened


def test_what_was_acknowledged_before_a_kill_is_there_once(outcome: Outcome) -> None:
    assert outcome.acknowledged > _KILLS
    assert not outcome.lost
    assert not outcome.duplicated


def test_after_a_kill_history_is_complete_and_figures_equal_the_recount(outcome: Outcome) -> None:
    assert not outcome.unsound
