"""A disk that is full or fails: a sentence, nothing damaged, and work goes on when it is over."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crmplus.domain.errors import DatabaseUnavailable, StorageFailed
from crmplus.keeping.check import check
from crmplus.store.database import Database
from tests.world import customer, query

ROOT = Path(__file__).resolve().parents[2]
SHORT_LOG, USUAL_LOG = 20_000, 16_000_000


def mount_small_disk(place: Path) -> None:
    """Raises: OSError, where this user may not mount anything."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.stderr.strip())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    try:
        mount_small_disk(tmp_path / "disk")
    except OSError as error:
        pytest.skip(f"a small disk can't be mounted here: {error}")
    yield tmp_path / "disk"
    subprocess.run(["umount", "--lazy", str(tmp_path / "disk")], check=True)


def fill(disk: Path, leave: int = 0) -> Path:
    """Fill it up but for `leave` bytes; the file that takes the room."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            file.truncate(max(0, file.tell() - leave))
    return ballast


@pytest.fixture(params=[SHORT_LOG, USUAL_LOG], ids=["short log", "usual log"])
def opened(request: pytest.FixtureRequest, small_disk: Path, starter_file: Path) -> Iterator[Database]:
    database = Database.open(Path(shutil.copy(starter_file, small_disk / "crmplus.duckdb")), request.param)
    yield database
    database.close()


def try_to_save(database: Database, times: int) -> tuple[list[str], list[str]]:
    """The customers that were saved, and the sentences of the tries that were not."""
    saved, refused = [], []
    for _ in range(times):
        try:
            saved.append(customer(database, "On a full disk", remark="r" * 900).number)
        except StorageFailed as error:
            refused.append(str(error))
    return saved, refused


def numbers(database: Database) -> list[str]:
    return [row[0] for row in query(database, "SELECT number FROM customer ORDER BY number")]


@pytest.mark.parametrize("leave", [0, 40_000, 120_000])
def test_on_a_full_disk_what_was_saved_is_kept_and_what_was_not_is_said(
    opened: Database, small_disk: Path, leave: int
) -> None:
    before = customer(opened, "Before").number
    ballast = fill(small_disk, leave)
    saved, refused = try_to_save(opened, 60)
    assert numbers(opened) == [before, *saved]
    assert refused, "the disk is not that large"
    assert set(refused) == {
        "The disk of the server is full, so nothing was saved. Make room on it, then save again."
    }
    ballast.unlink()
    after = customer(opened, "After").number
    assert numbers(opened) == [before, *saved, after]
    assert check(opened) == []


def test_a_process_killed_on_a_full_disk_can_be_opened_there_and_reads_all(
    small_disk: Path, starter_file: Path
) -> None:
    path = Path(shutil.copy(starter_file, small_disk / "crmplus.duckdb"))
    code = (
        "import os, sys; from pathlib import Path; from crmplus.store.database import Database\n"
        "from tests.crash.test_disk import *\n"
        "database = Database.open(Path(sys.argv[1])); fill(Path(sys.argv[1]).parent, 40_000)\n"
        "saved, refused = try_to_save(database, 60)\n"
        "print(len(saved), len(refused), flush=True); os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    saved, refused = map(int, killed.stdout.split())
    assert killed.returncode == -9 and saved and refused
    database = Database.open(path)
    assert len(numbers(database)) == saved
    assert try_to_save(database, 5) == ([], [str(try_to_save(database, 1)[1][0])] * 5)
    (small_disk / "ballast").unlink()
    assert customer(database, "After").number == f"C-{saved + 1:05d}"
    assert check(database) == []
    database.close()


# Of a process, since a limit of file sizes holds for all of it: what a disk does that stops taking anything.
_LIMITED = """
import resource, sys
from pathlib import Path
from crmplus.store.database import Database
from tests.crash.test_disk import check, customer, numbers, try_to_save

path = Path(sys.argv[1])
database = Database.open(path)
before = customer(database, "Before").number
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
limit = path.with_name(path.name + ".wal").stat().st_size + 3000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
saved, refused = try_to_save(database, 20)
assert numbers(database) == [before, *saved], "what was not saved is not there"
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
customer(database, "After")
assert check(database) == []
database.close()
print(len(refused), *set(refused))
"""


def test_a_disk_that_stops_taking_anything_refuses_changes_and_takes_them_again(
    starter_file: Path, tmp_path: Path
) -> None:
    said = run(_LIMITED, Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb")))
    count, _, sentence = said.partition(" ")
    assert int(count) >= 15
    assert sentence.startswith("The disk of the server failed, so nothing was saved.")


_UNWRITABLE = """
import sys
from pathlib import Path
from crmplus.domain.errors import CrmError
from crmplus.store.database import Database
from tests.crash.test_disk import check, customer, numbers, try_to_save

path = Path(sys.argv[1])
database = Database.open(path)
before = customer(database, "Before").number
database._engine.bring_in()
path.chmod(0o444)
path.parent.chmod(0o555)
try:
    saved, refused = try_to_save(database, 3)
    assert (saved, numbers(database)) == ([], [before])
    print(*set(refused))
    database._engine.give_up()
    try:
        numbers(database)
    except CrmError as error:
        print(error)
finally:
    path.parent.chmod(0o755)
    path.chmod(0o644)
customer(database, "After")
assert check(database) == []
database.close()
"""


def test_a_folder_that_becomes_unwritable_is_said_and_work_goes_on_when_it_is_over(
    starter_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    path = Path(shutil.copy(starter_file, tmp_path / "data" / "crmplus.duckdb"))
    saving, opening = run(_UNWRITABLE, path, as_anybody()).splitlines()
    assert saving.startswith("The database can't be written to, so nothing was saved.")
    assert "can't be opened for writing" in opening


def as_anybody() -> list[str]:
    """What to begin a command with so that permissions of files hold for it, root's too."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("files are writable to root whatever they say, and there is no setpriv to change that")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def run(code: str, path: Path, before: list[str] | None = None) -> str:
    command = [*(before or []), sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def failing(starter_file: Path, tmp_path: Path) -> Iterator[Database]:
    """Whose log is to be brought into the file after each commit, which ends the engine the next time."""
    database = Database.open(Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb")), 1)
    yield database
    database.close()


def have_the_engine_fail(database: Database, at: str = "before_header") -> None:
    query_outside(database, f"SET GLOBAL debug_checkpoint_abort = '{at}'")


def query_outside(database: Database, sql: str) -> None:
    with database.aside() as connection:
        connection.execute(sql)


@pytest.mark.parametrize("at", ["before_truncate", "before_header", "after_free_list_write"])
def test_an_engine_that_ended_is_opened_anew_and_nobody_who_saved_hears_of_it(
    failing: Database, at: str
) -> None:
    have_the_engine_fail(failing, at)
    saved = [customer(failing, f"Customer {number}").number for number in range(3)]
    assert numbers(failing) == saved
    assert check(failing) == []


def test_eight_who_read_and_write_while_the_engine_ends_lose_nothing(failing: Database) -> None:
    saved: list[str] = []
    others: list[Exception] = []

    def work(number: int) -> None:
        for count in range(6):
            try:
                saved.append(customer(failing, f"Customer {number}-{count}").number)
                numbers(failing)
            except Exception as error:  # noqa: BLE001 - looked at below
                others.append(error)

    have_the_engine_fail(failing)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(failing) == sorted(saved)
    assert len(saved) > 20
    assert all(isinstance(error, DatabaseUnavailable) for error in others), others
    assert check(failing) == []
