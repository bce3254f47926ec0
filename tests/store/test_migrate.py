"""Migrations: each once, whole or not at all."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from crmplus.domain.customer import search_key
from crmplus.domain.errors import DatabaseUnavailable
from crmplus.domain.sight import EVERYTHING
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


def test_a_migration_that_fails_leaves_nothing_of_those_before_it_either(
    connection: Connection, folder: Path
) -> None:
    migrate(connection)
    (folder / "0002_second.sql").write_text(
        "CREATE TABLE second (id INTEGER); INSERT INTO second VALUES (1);"
    )
    (folder / "0003_third.sql").write_text("DROP TABLE first; SELECT nonsense;")
    with pytest.raises(DatabaseUnavailable, match="is as it was"):
        migrate(connection)
    assert tables(connection) == {"schema_migration", "first"}
    assert applied(connection) == [(1, "0001_first")]


def test_a_migration_that_failed_is_tried_again(connection: Connection, folder: Path) -> None:
    (folder / "0002_second.sql").write_text("SELECT nonsense;")
    with pytest.raises(DatabaseUnavailable):
        migrate(connection)
    assert tables(connection) == set()
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER);")
    migrate(connection)
    assert applied(connection) == [(1, "0001_first"), (2, "0002_second")]


# Files: a copy first, and all of it or nothing


@pytest.fixture
def older_file(folder: Path, tmp_path: Path) -> Path:
    """A closed database that has had the first migration, with a row in it."""
    path = tmp_path / "kept" / "crmplus.duckdb"
    opened = Database.open(path)
    with opened.transaction(EVERYTHING) as connection:
        connection.count("INSERT INTO first VALUES ($id)", {"id": 7})
    opened.close()
    return path


def beside(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir())


def rows_of_first(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as opened:
        assert opened.execute("SELECT max(number) FROM schema_migration").fetchall() == [(1,)]
        return opened.execute("FROM first").fetchall()


def test_a_file_is_copied_before_it_is_migrated(folder: Path, older_file: Path) -> None:
    (folder / "0002_second.sql").write_text("ALTER TABLE first ADD COLUMN more INTEGER;")
    Database.open(older_file).close()
    copy, file = beside(older_file)
    assert (copy, file) == ("crmplus.before-0002.duckdb", "crmplus.duckdb")
    assert rows_of_first(older_file.with_name(copy)) == [(7,)]
    assert older_file.with_name(copy).stat().st_mode & 0o077 == 0
    with duckdb.connect(str(older_file), read_only=True) as opened:
        assert opened.execute("FROM first").fetchall() == [(7, None)]


def test_a_file_that_needs_no_migration_is_not_copied_and_neither_is_a_new_one(older_file: Path) -> None:
    Database.open(older_file).close()
    assert beside(older_file) == ["crmplus.duckdb"]


def test_a_later_try_puts_its_copy_in_the_place_of_the_one_before(folder: Path, older_file: Path) -> None:
    """The newest is what the database was just before."""
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER);")
    before = older_file.read_bytes()
    Database.open(older_file).close()
    older_file.write_bytes(before)
    with duckdb.connect(str(older_file)) as opened:
        opened.execute("UPDATE first SET id = 8")
    Database.open(older_file).close()
    copy, _file = beside(older_file)
    assert rows_of_first(older_file.with_name(copy)) == [(8,)]


KILLED = """
import os, sys
from pathlib import Path
from crmplus.store import copies, migrate
from crmplus.store.database import Database

def killed(*given):
    os._exit(9)

migrate._MIGRATIONS = Path(sys.argv[2])
room = {"copying": copies, "applying": migrate}[sys.argv[3]]
setattr(room, {"copying": "read_every_row", "applying": "_apply"}[sys.argv[3]], killed)
Database.open(Path(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("doing", "left"),
    [("applying", {"crmplus.before-0002.duckdb"}), ("copying", {"crmplus.before-0002.duckdb.part"})],
)
def test_one_who_is_killed_again_and_again_leaves_one_copy_and_none_that_seems_whole(
    folder: Path, older_file: Path, doing: str, left: set[str]
) -> None:
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER);")
    for _ in range(3):
        code = [sys.executable, "-c", KILLED, str(older_file), str(folder), doing]
        assert subprocess.run(code, check=False).returncode == 9
    assert {name for name in beside(older_file) if not name.endswith(".wal")} == {"crmplus.duckdb", *left}
    Database.open(older_file).close()
    assert beside(older_file) == ["crmplus.before-0002.duckdb", "crmplus.duckdb"]
    assert rows_of_first(older_file.with_name("crmplus.before-0002.duckdb")) == [(7,)]


def test_a_failing_migration_leaves_the_file_at_its_schema_with_all_its_rows(
    folder: Path, older_file: Path
) -> None:
    """Tried again and again, as a service manager does: no copies pile up."""
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id INTEGER); DELETE FROM first;")
    (folder / "0003_third.sql").write_text("DROP TABLE first; SELECT nonsense;")
    before = older_file.read_bytes()
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable) as refused:
            Database.open(older_file)
        assert "could not be changed for this version of CRM+, and is as it was" in str(refused.value)
    assert rows_of_first(older_file) == [(7,)]
    assert beside(older_file) == ["crmplus.duckdb"]
    assert older_file.read_bytes() == before
    for name in ("0002_second.sql", "0003_third.sql"):
        (folder / name).unlink()
    opened = Database.open(older_file)
    assert query(opened, "FROM first") == [(7,)]
    opened.close()


LIMITED = """
import resource, signal, sys
from pathlib import Path
from crmplus.domain.errors import DatabaseUnavailable
from crmplus.store import migrate
from crmplus.store.database import Database

migrate._MIGRATIONS = Path(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    Database.open(Path(sys.argv[1]))
except DatabaseUnavailable as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("limit", "words"),
    [(200_000, "could not be copied first: File too large"), (3_000_000, "and is as it was")],
)
def test_a_disk_that_is_full_leaves_the_file_as_it_was(
    folder: Path, older_file: Path, limit: int, words: str
) -> None:
    """Before the copy is made, and after it in the middle of the migration."""
    (folder / "0002_second.sql").write_text(
        "CREATE TABLE second AS SELECT hash(range) AS mark, uuid() AS id FROM range(500_000);"
    )
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(older_file), str(folder), str(limit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert words in done.stdout, done.stdout + done.stderr
    assert rows_of_first(older_file) == [(7,)]
    assert [name for name in beside(older_file) if not name.endswith(".wal")] == ["crmplus.duckdb"]


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
    titles = query(opened, "SELECT title, title_key FROM lead")
    assert ("Oven line", "oven line") in titles
    assert all(key == search_key(title) for title, key in titles)
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
