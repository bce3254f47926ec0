"""Real files imported as customers: nothing crashes, nothing is half-imported, every row is accounted for."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import Database
from tests.exchange.outcomes import MISSING, Outcome, outcome, real_files
from tests.world import everything, query

FILES = real_files()
_REFUSED = {
    "import-sample-invalid-sale.json": "This is a JSON file. Export the data as CSV or Excel.",
    "import-sample.json": "This is a JSON file. Export the data as CSV or Excel.",
    "null_terminator.csv": "No rows stand below the header, so there is nothing to import.",
    "formula_empty_string_value.xls": "All sheets of this workbook are empty.",
    "password-protected-password123.xlsx": "This workbook is protected by a password. Save it without one.",
}


class _Enough(Exception):
    """Ends a transaction, so that the next file meets the same workspace."""


@pytest.fixture(scope="module")
def workspace(starter_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database.open(Path(shutil.copy(starter_file, tmp_path_factory.mktemp("db") / "files.duckdb")))
    query(opened, "SET threads = 1")  # quicker on so few rows
    yield opened
    opened.close()


@pytest.mark.skipif(not FILES, reason=MISSING)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_file_is_imported_row_by_row_or_refused_whole(workspace: Database, path: Path) -> None:
    with pytest.raises(_Enough), workspace.transaction(EVERYTHING):
        before = everything(workspace) if path.name in _REFUSED else {}
        became = outcome(workspace, path)
        assert became.refusal == _REFUSED.get(path.name, "")
        if became.check is None:
            assert everything(workspace) == before
            raise _Enough
        made = query(workspace, "SELECT count(*) FROM customer")[0][0]
        assert made == became.check.counts.customers_made
        assert made + became.repeated + became.check.refused_count == became.check.row_count > 0
        assert len({problem.line for problem in became.check.problems}) == became.check.refused_count
        raise _Enough


def test_a_row_of_the_table_names_the_line_and_the_reason(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("Name;E-mail\nAcme;a|b\nAcme;\nSmith;smith@example.com\nSmith;smith@example.com\n")
    became: Outcome = outcome(database, path)
    assert became.row() == (
        "| sheet.csv | utf-8, `;`, header row 1, 2 columns, 4 rows; name: Name "
        "| made: 2<br>A row that says the same of a customer as an earlier one is imported once.: 1"
        "<br>refused: 1, on line 2, E-mail “a\\|b”: This is not an e-mail address: name@example.com |"
    )


def test_a_file_that_cannot_be_read_shows_the_sentence(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    assert (
        outcome(database, tmp_path / "a.csv").row() == "| a.csv | not read | refused: This file is empty. |"
    )
