"""Who may read the database on the machine."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crmplus.store.database import Database

WORK = """
import os, sys
from pathlib import Path
os.umask(0o022)
from crmplus.store.database import Database
from tests.world import person

path = Path(sys.argv[1])
database = Database.open(path)
for name, initials in (("Kim", "KI"), ("Lee", "LE")):
    person(database, name, initials)
    print(*sorted(f"{each.name}:{each.stat().st_mode & 0o777:o}" for each in path.parent.iterdir()))
    database._engine.bring_in()
"""


def test_a_database_and_its_log_are_for_their_owners_eyes_whatever_programs_do_by_default(
    starter_file: Path, tmp_path: Path
) -> None:
    """The log is made anew after each checkpoint."""
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(tmp_path / "made" / "crm.duckdb")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["crm.duckdb.wal:600 crm.duckdb:600"] * 2
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o640, 0o640), (0o660, 0o660)])
def test_a_file_that_everybody_could_read_is_closed_and_what_a_group_was_given_stays(
    starter_file: Path, tmp_path: Path, before: int, after: int
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path))
    path.chmod(before)
    Database.open(path).close()
    assert path.stat().st_mode & 0o777 == after
