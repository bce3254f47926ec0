"""Databases to test on: real DuckDB, each test with one of its own."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from tests.maven_world import import_maven, skip_without_the_file
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


@pytest.fixture(scope="session")
def maven_file(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database with the starter and all of a real file."""
    skip_without_the_file()
    path = Path(shutil.copy(starter_file, tmp_path_factory.mktemp("maven") / "maven.duckdb"))
    made = Database.open(path)
    import_maven(made)
    made.close()
    return path


@pytest.fixture
def database(starter_file: Path) -> Iterator[Database]:
    """A workspace as the starter makes it, in memory."""
    connection = duckdb.connect(":memory:")
    connection.execute(f"ATTACH '{starter_file}' AS starter (READ_ONLY)")
    connection.execute("COPY FROM DATABASE starter TO memory")
    connection.execute("DETACH starter")
    connection.execute("SET threads = 1")  # quicker on so few rows
    opened = Database(connection)
    yield opened
    opened.close()
