"""The named statements: each says its grain, is used, and fits the schema."""

import re
from pathlib import Path

import pytest

import crmplus
from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.sight import EVERYTHING
from crmplus.domain.workspace import WORKSPACE_ID
from crmplus.exchange.applying import Writer
from crmplus.exchange.fields import Kind
from crmplus.exchange.meanings import Settings
from crmplus.exchange.planning import Staged, make_plan
from crmplus.exchange.staging import CUSTOMER_COLUMNS, LEAD_COLUMNS, RowFile
from crmplus.store import statements as room
from crmplus.store.database import Database
from crmplus.store.statements import statements
from tests.world import NOW

CRMPLUS = Path(crmplus.__file__).parent
NAMES = sorted(statements())


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_says_its_grain_on_the_line_below_its_name(name: str) -> None:
    first = statements()[name].splitlines()[0]
    assert re.match(r"-- One row[: ]", first), first


@pytest.fixture(scope="module")
def nothing_staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """A file without rows: the statements of imports work on what it leaves on the connection."""
    folder = tmp_path_factory.mktemp("staged")
    for name, columns in (("customers", CUSTOMER_COLUMNS), ("leads", LEAD_COLUMNS)):
        RowFile(folder / name, columns).close()
    return Staged(folder / "customers", folder / "leads", "", Kind.CUSTOMERS)


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_fits_the_schema(name: str, empty_database: Database, nothing_staged: Staged) -> None:
    sql = statements()[name]
    values: dict[str, object] = dict.fromkeys(re.findall(r"\$(\w+)", sql))
    if "path" in values:
        values["path"] = str(nothing_staged.leads if "lead" in name else nothing_staged.customers)
    with empty_database.transaction(EVERYTHING) as connection:
        make_plan(connection, nothing_staged, Settings.load(connection), NOW)
        Writer(connection, LOCAL_ADMIN, NOW, WORKSPACE_ID, "", lambda share: None).make_leads([])
        connection.rows("plan_undo", import_id=WORKSPACE_ID)
        assert connection.execute("EXPLAIN " + sql, values)


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_also_runs_on_an_attached_postgresql(name: str) -> None:
    found = re.search(r"(?i)\b(returning|nextval|on conflict|current_timestamp|now\(\))", statements()[name])
    assert not found


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_is_used(name: str) -> None:
    assert any(f'"{name}"' in path.read_text() for path in CRMPLUS.rglob("*.py"))


def test_no_statement_stands_outside_a_name_or_shares_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (CRMPLUS / "store" / "queries").glob("*.sql"):
        assert path.read_text().startswith("-- name: "), path
    for name in ("a.sql", "b.sql"):
        (tmp_path / name).write_text("-- name: same\n-- One row.\nSELECT 1;\n")
    monkeypatch.setattr(room, "_QUERIES", tmp_path)
    with pytest.raises(ValueError, match="same"):
        statements.__wrapped__()


def test_no_statement_counts_over_a_window() -> None:
    """`count(*) OVER ()` over few rows can bring DuckDB 1.5.5 down for the rest of the process."""
    code = {
        name: "\n".join(line for line in sql.splitlines() if not line.startswith("--")).lower()
        for name, sql in statements().items()
    }
    assert [name for name, sql in code.items() if re.search(r"count\([^)]*\)\s*over", sql)] == []
