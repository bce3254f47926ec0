"""Migrations: each once, whole or not at all."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from crmplus.services.open_leads import LeadQuery, list_open_leads
from crmplus.services.setup import create_workspace, default_workspace
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


DAY = ("next_step", "note", "contact_person", "saved_view")


def test_a_database_without_next_steps_gets_their_tables_keeps_its_rows_and_can_be_worked_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "before.duckdb"
    before = made_by_three_migrations(path, monkeypatch)
    opened = Database.open(path)
    found = everything(opened)
    assert {name: found[name] for name in before} == before
    assert found.keys() - before.keys() == set(DAY)
    assert not any(found[name] for name in DAY)
    query_all = LeadQuery(NOW.date(), ZoneInfo("UTC"))
    assert list_open_leads(opened, ADMIN, query_all, 10)[1] == 3
    plan_small_world(opened)
    assert "Call about the oven" in {lead.step for lead in list_open_leads(opened, ADMIN, query_all, 10)[0]}
    assert orphans(opened) == []
    opened.close()


def made_by_three_migrations(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[tuple[object, ...]]]:
    """The small world in a file as the program wrote it then; its rows, by table."""
    folder = path.with_suffix("")
    folder.mkdir()
    for number in ("0001", "0002", "0003"):
        (source,) = room._MIGRATIONS.glob(f"{number}_*.sql")
        shutil.copy(source, folder)
    with monkeypatch.context() as patched:
        patched.setattr(room, "_MIGRATIONS", folder)
        database = Database.open(path)
        create_workspace(database, ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
        database.close()
        make_small_world(path)
        database = Database.open(path)
        names = [name for (name,) in query(database, "SELECT table_name FROM duckdb_tables()")]
        ours = [name for name in names if name != "schema_migration"]
        rows = {name: sorted(query(database, f"FROM {name}"), key=repr) for name in ours}
        database.close()
    assert not set(ours) & set(DAY) and rows["lead"]
    return rows
