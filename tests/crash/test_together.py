"""Sixteen threads on the same twenty leads; `python -m tests.crash.together 300` adds browsers."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmplus.keeping.check import check
from crmplus.store.database import Database
from tests.crash.chains import LEADS, lost_updates, twenty_leads
from tests.crash.crowd import WRITERS, crowd, refusals
from tests.crash.killing import Outcome, compare
from tests.world import query

_SECONDS = 5


@pytest.fixture(scope="module")
def crowded(
    starter_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, list[dict[str, Any]], dict[str, int]]]:
    """The database afterwards, what was told meanwhile, and how often each kind of refusal was met."""
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("together") / "together.duckdb"))
    database = Database.open(path, 200_000)
    twenty_leads(database)
    told: list[dict[str, Any]] = []
    stop = threading.Event()
    writers, threads = crowd(database, told.append, stop)
    time.sleep(_SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    yield database, told, refusals(writers)
    database.close()


def test_no_update_is_lost(crowded: tuple[Database, list[dict[str, Any]], dict[str, int]]) -> None:
    database, told, _ = crowded
    outcome = Outcome()
    compare(database, told, outcome)
    assert outcome.acknowledged > WRITERS
    assert not outcome.wrong
    assert not lost_updates(database)
    assert query(database, "SELECT count(*) FROM lead") == [(LEADS,)]


def test_every_refusal_is_one_that_is_explained(
    crowded: tuple[Database, list[dict[str, Any]], dict[str, int]],
) -> None:
    _, told, refused = crowded
    assert not [each for each in told if "unexpected" in each]
    assert refused.keys() <= {"Conflict", "Refused", "Invalid", "NotFound"}
    assert refused["Conflict"] > 0, "they did not meet"


def test_history_is_complete_and_figures_equal_the_recount(
    crowded: tuple[Database, list[dict[str, Any]], dict[str, int]],
) -> None:
    assert check(crowded[0]) == []
