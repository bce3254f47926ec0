"""A database in a file, with leads that stand everywhere, and a place for its backups."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from crmplus.domain.sight import EVERYTHING
from crmplus.keeping.place import Place
from crmplus.services.leads import get_lead_card, save_lead
from crmplus.store.database import Database
from tests.world import ADMIN, query

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PASSPHRASE = "twelve letters and more"


def place_of(database: Path, **more: Any) -> Place:
    return replace(Place(database, database.parent / "backups"), **more)


def with_key(place: Place, passphrase: str = PASSPHRASE) -> Place:
    key_file = place.database.with_name("key")
    key_file.write_text(passphrase + "\n")
    return replace(place, key_file=key_file)


def facts(path: Path) -> dict[str, Any]:
    """All rows of all tables but those of who is signed in and the audit, read by a process of its own."""
    code = (
        "import duckdb, sys, hashlib\n"
        "c = duckdb.connect(sys.argv[1], read_only=True)\n"
        'names = [r[0] for r in c.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]\n'
        "for n in names:\n"
        "    if n not in ('sign_in_session', 'audit_event'):\n"
        "        rows = sorted(map(repr, c.execute(f'FROM {n}').fetchall()))\n"
        "        print(n, len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    return {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}


@contextmanager
def writers(database: Database, count: int) -> Iterator[list[int]]:
    """Threads that hand value from one open lead to another until the block ends; how often they did.

    Each does both in one transaction: the sum is the same in every state of the database.
    """
    keys = [row[0] for row in query(database, "SELECT id FROM lead WHERE closed_at_utc IS NULL ORDER BY id")]
    for lead_id in keys:
        _add(database, lead_id, Decimal(1_000_000), AT)
    stop, done = threading.Event(), [0] * count

    def write(number: int) -> None:
        while not stop.is_set():
            at = AT + timedelta(seconds=done[number])
            with database.transaction(EVERYTHING):
                _add(database, keys[number % len(keys)], Decimal(1), at)
                _add(database, keys[(number + 1) % len(keys)], Decimal(-1), at)
            done[number] += 1

    with ThreadPoolExecutor(count) as pool:
        running = [pool.submit(write, number) for number in range(count)]
        try:
            yield done
        finally:
            stop.set()
        for each in running:
            each.result()


def _add(database: Database, lead_id: UUID, more: Decimal, at: datetime) -> None:
    card = get_lead_card(database, ADMIN, lead_id)
    values = replace(card.values, expected_value=(card.values.expected_value or Decimal(0)) + more)
    save_lead(database, ADMIN, lead_id, card.lead.version, values, at)


def run(database: Path, *arguments: object, **environment: str) -> tuple[int, str, str]:
    """`python -m crmplus ...` as a process of its own; exit code, standard output and error."""
    done = subprocess.run(
        [sys.executable, "-m", "crmplus", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "CRMPLUS_DATABASE": str(database), **environment},
    )
    return done.returncode, done.stdout, done.stderr


SERVER = (
    "import sys, threading\n"
    "from crmplus.keeping.schedule import keep_backups\n"
    "from crmplus.store.database import the_database\n"
    "the_database()\n"
    "stop = threading.Event()\n"
    "thread = threading.Thread(target=keep_backups, args=(stop, 0.05))\n"
    "thread.start()\n"
    "print('serving', flush=True)\n"
    "sys.stdin.read()\n"
    "stop.set()\n"
    "thread.join()\n"
)


@contextmanager
def serving(database: Path, code: str = SERVER, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has the database open, and answers requests, as the server does."""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "CRMPLUS_DATABASE": str(database), **environment},
    )
    assert process.stdout is not None and process.stdout.readline() == "serving\n"
    try:
        yield process
    finally:
        process.communicate("", timeout=30)


def rooms(database: Path) -> list[Path]:
    """What lies beside a database for a while."""
    return list(database.parent.glob(f".{database.name}.*"))


def left_by_a_killed_program(database: Path) -> Path:
    """A room with a plain copy in it, whose owner was killed."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom crmplus.keeping.rooms import room_beside\n"
        "with room_beside(Path(sys.argv[1])) as room:\n"
        "    (room / 'crmplus.duckdb').write_text('decrypted')\n    os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(database)], check=False)
    (left,) = rooms(database)
    assert (left / "crmplus.duckdb").exists()
    return left


def copied(path: Path, folder: Path) -> Path:
    return Path(shutil.copy(path, folder / "crmplus.duckdb"))
