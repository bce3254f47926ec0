"""A process that is killed in the middle of an import leaves nothing of it."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmplus.store.database import Database
from tests.exchange.importing import import_file
from tests.world import everything, orphans, query

ROOT = Path(__file__).resolve().parents[2]
_ROWS = 300
# Imports a file, and stops for good once the transaction has got as far as asked.
_IMPORTER = """
import sys, time
from pathlib import Path
from crmplus.store.database import Database
from tests.exchange.importing import import_file

database, file, mark, share = sys.argv[1:]

def progress(done):
    if done >= float(share):
        Path(mark).write_text(str(done))
        time.sleep(60)

import_file(Database.open(Path(database)), Path(file), progress=progress)
"""


@pytest.fixture
def killed(starter_file: Path, tmp_path: Path, share: float) -> Iterator[Path]:
    """A database whose import was killed when `share` of it was written."""
    path = Path(shutil.copy(starter_file, tmp_path / "killed.duckdb"))
    mark = tmp_path / "mark"
    arguments = [str(path), str(leads_file(tmp_path)), str(mark), str(share)]
    process = subprocess.Popen([sys.executable, "-c", _IMPORTER, *arguments], cwd=ROOT)
    try:
        while not mark.exists():
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
    finally:
        process.kill()
    assert process.wait() == -signal.SIGKILL
    yield path


def leads_file(folder: Path) -> Path:
    lines = [f"Klant {n};{n};Gewonnen;{n},50;01-02-2026;03-02-2026" for n in range(_ROWS)]
    header = "Klant;Deal ID;Fase;Verwachte waarde;Startdatum;Sluitdatum"
    path = folder / "leads.csv"
    path.write_text("\n".join([header, *lines]) + "\n")
    return path


@pytest.mark.parametrize("share", [0.3, 0.8, 1.0])
def test_a_killed_import_leaves_nothing_and_can_be_made_again(
    killed: Path, starter_file: Path, tmp_path: Path
) -> None:
    starter = Database.open(Path(shutil.copy(starter_file, tmp_path / "untouched.duckdb")))
    reopened = Database.open(killed)
    try:
        assert everything(reopened) == everything(starter)
        check = import_file(reopened, leads_file(tmp_path))
        assert (check.counts.customers_made, check.counts.leads_made) == (_ROWS, _ROWS)
        assert query(reopened, "SELECT count(*), sum(expected_value) FROM lead") == [(_ROWS, 45_000)]
        assert not orphans(reopened)
    finally:
        starter.close()
        reopened.close()
