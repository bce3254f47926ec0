"""Databases to test on: real DuckDB, each test with one of its own."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from tests.world import ADMIN, NOW


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def empty_database() -> Iterator[Database]:
    """The schema and nothing in it, in memory: a first start."""
    opened = Database.open(None)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def starter_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database with the starter: copying it is five times faster than making it."""
    path = tmp_path_factory.mktemp("starter") / "starter.duckdb"
    made = Database.open(path)
    create_workspace(made, ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
    made.close()
    return path


@pytest.fixture
def database(starter_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A workspace as the starter makes it."""
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    opened = Database.open(path)
    yield opened
    opened.close()
