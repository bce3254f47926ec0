"""Files to make backups of."""

import shutil
from pathlib import Path

import pytest

from crmplus.store.database import Database
from tests.keeping.worlds import copied
from tests.small_world import make_small_world, plan_small_world


@pytest.fixture(scope="session")
def small_file(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database with leads that stand everywhere, and a day's work on them."""
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("kept") / "small.duckdb"))
    make_small_world(path)
    database = Database.open(path)
    plan_small_world(database)
    database.close()
    return path


@pytest.fixture
def kept_file(small_file: Path, tmp_path: Path) -> Path:
    return copied(small_file, tmp_path)
