"""Migrations: each once, whole or not at all."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from crmplus.services.open_leads import LeadQuery, list_open_leads
from crmplus.store import migrate as room
from crmplus.store.connection import Connection
from crmplus.store.database import Database
from crmplus.store.migrate import migrate
from tests.small_world import make_small_world, plan_small_world
from tests.world import ADMIN, NOW, everything, orphans, query


@pytest.fixture
def connection() -> Iterator[Connection]:
    opened = duckdb.connect(":memory:")
    yield Connection(opened)
    opened.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Migrations of the test's own."""
    monkeypatch.setattr(room, "_MIGRATIONS", tmp_path)
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (id INTEGER);")
    return tmp_path


def tables(connection: Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()")}


def applied(connection: Connection) -> list[tuple[int, str]]:
    return connection.execute("SELECT number, name FROM schema_migration ORDER BY number")


def test_a_new_database_gets_every_migration_and_a_second_run_changes_nothing(connection: Connection) -> None:
    migrate(connection)
    first = (tables(connection), applied(connection))
    migrate(connection)
    assert (tables(connection), applied(connection)) == first
    assert [number for number, _ in first[1]] == list(range(1, len(first[1]) + 1))


def test_a_migration_that_fails_leaves_nothing(connection: Connection, folder: Path) -> None:
    (folder / "0002_second.sql").write_text(
        "CREATE TABLE second (id INTEGER); INSERT INTO second VALUES (1); DROP TABLE first; SELECT nonsense;"
    )
    with pytest.raises(duckdb.Error):
        migrate(connection)
    assert tables(connection) == {"schema_migration", "first"}
    assert applied(connection) == [(1, "0001_first")]


def test_a_migration_that_failed_is_tried_again(connection: Connection, folder: Path) -> None:
    (folder / "0002_second.sql").write_text("SELECT nonsense;")
    with pytest.raises(duckdb.Error):
        migrate(connection)
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER);")
    migrate(connection)
    assert applied(connection) == [(1, "0001_first"), (2, "0002_second")]


def test_every_migration_is_numbered_in_a_row_and_has_a_name() -> None:
    found = sorted(path.name for path in room._MIGRATIONS.iterdir())
    assert [name[:5] for name in found] == [f"{number:04d}_" for number in range(1, len(found) + 1)]
    assert all(name.endswith(".sql") for name in found)


def test_the_first_migration_is_as_it_landed() -> None:
    """A migration that landed is never edited: databases exist that have applied it."""
    landed = (room._MIGRATIONS / "0001_foundation.sql").read_bytes()
    assert (
        hashlib.sha256(landed).hexdigest()
        == "85829fda36e34b467df5dc704c238d75e737222773ea5d2031f801f85702f6f6"
    )


def test_an_old_database_keeps_its_rows_and_can_be_worked_in(
    tmp_path: Path, starter_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.duckdb"
    before = made_by_three_migrations(path, starter_file, monkeypatch)
    opened = Database.open(path)
    for name, (columns, held) in before.items():
        assert sorted(query(opened, f"SELECT {columns} FROM {name}"), key=repr) == held
    found = everything(opened)
    assert not any(rows for name, rows in found.items() if name not in before)
    query_all = LeadQuery(NOW.date(), ZoneInfo("UTC"))
    assert list_open_leads(opened, ADMIN, query_all, 10)[1] == 3
    plan_small_world(opened)
    assert "Call about the oven" in {lead.step for lead in list_open_leads(opened, ADMIN, query_all, 10)[0]}
    assert orphans(opened) == []
    opened.close()


def made_by_three_migrations(
    path: Path, starter_file: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[str, list[tuple[object, ...]]]]:
    """The small world in a file of the third schema; by table its columns then, and its rows."""
    newest = path.with_name("newest.duckdb")
    shutil.copy(starter_file, newest)
    make_small_world(newest)
    folder = path.with_suffix("")
    folder.mkdir()
    for number in ("0001", "0002", "0003"):
        (source,) = room._MIGRATIONS.glob(f"{number}_*.sql")
        shutil.copy(source, folder)
    with duckdb.connect(path) as old, monkeypatch.context() as patched:
        patched.setattr(room, "_MIGRATIONS", folder)
        migrate(Connection(old))
        old.execute(f"ATTACH '{newest}' AS newest (READ_ONLY)")
        old_tables = [
            name
            for (name,) in old.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND database_name = 'old'"
            ).fetchall()
        ]
        rows = {name: _copied(old, name) for name in old_tables if name != "schema_migration"}
    assert "next_step" not in rows
    assert rows["lead"]
    return rows


def _copied(old: duckdb.DuckDBPyConnection, table: str) -> tuple[str, list[tuple[object, ...]]]:
    described = old.execute(f"DESCRIBE {table}").fetchall()
    columns = ", ".join(column[0] for column in described)
    old.execute(f"INSERT INTO {table} SELECT {columns} FROM newest.{table}")
    return columns, sorted(Connection(old).execute(f"SELECT {columns} FROM {table}"), key=repr)
