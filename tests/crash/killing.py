"""Killing a process of eight writers, and holding its file against what it had acknowledged."""

import json
import multiprocessing
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from uuid import UUID

from crmplus.domain.errors import CrmError
from crmplus.domain.sight import EVERYTHING
from crmplus.keeping.check import check
from crmplus.services.notes import add_note
from crmplus.store.database import Database
from crmplus.store.tables import CUSTOMER, LEAD, NEXT_STEP, NOTE
from tests.crash.deeds import ACTOR, fingerprint
from tests.crash.worker import run

_FORKS = multiprocessing.get_context("forkserver")  # which has the program loaded, and no database
_FORKS.set_forkserver_preload(["tests.crash.worker"])
SHORT_LOG, USUAL_LOG = 20_000, 16_000_000
"""Bytes: with the first, the log goes into the file several times a second."""
_TABLES = {table.name: table for table in (CUSTOMER, LEAD, NEXT_STEP, NOTE)}
_LONGEST = 1.5
"""Seconds between the first acknowledgement and the kill."""


@dataclass
class Outcome:
    """What kills did, added up; sentences name what was found wrong."""

    kills: int = 0
    while_settling: int = 0
    acknowledged: int = 0
    repeated: int = 0
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    unopened: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    reopening: list[float] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [*self.lost, *self.duplicated, *self.unopened, *self.unsound]


def kill_once(path: Path, rng: random.Random, outcome: Outcome) -> None:
    """Start the writers, kill them, open the file again and look."""
    is_settling = rng.random() < 0.5
    told = run_and_kill(path, SHORT_LOG if is_settling else USUAL_LOG, rng, is_settling)
    outcome.kills += 1
    settling = [each["settling"] for each in told if "settling" in each]
    outcome.while_settling += bool(settling) and settling[-1]
    begun = time.perf_counter()
    try:
        database = Database.open(path)
    except CrmError as error:
        outcome.unopened.append(str(error))
        return
    outcome.reopening.append(time.perf_counter() - begun)
    try:
        with database.aside() as connection:
            connection.execute("SET threads = 1")  # quicker on so few rows
        compare(database, told, outcome)
        repeat_the_unanswered(database, told, outcome)
        outcome.unsound += map(str, check(database))
    finally:
        database.close()


def run_and_kill(path: Path, long_log: int, rng: random.Random, is_settling: bool) -> list[dict[str, Any]]:
    """What the process told before it was killed, at a random moment or while its log goes into the file."""
    lines = path.with_suffix(".told")
    lines.write_bytes(b"")
    process = _FORKS.Process(target=run, args=(path, long_log, lines))
    process.start()
    try:
        _wait_until(process, lambda: b'"entity"' in lines.read_bytes())
        if is_settling:
            times = rng.randrange(1, 4)
            _wait_until(process, lambda: lines.read_bytes().count(b'"settling": true') >= times)
            time.sleep(rng.uniform(0, 0.04))
        else:
            time.sleep(rng.uniform(0, _LONGEST))
    finally:
        process.kill()
        process.join()
    assert process.exitcode == -signal.SIGKILL
    whole, _, _ = lines.read_text().rpartition("\n")
    return [json.loads(line) for line in whole.splitlines()]


def compare(database: Database, told: list[dict[str, Any]], outcome: Outcome) -> None:
    """Every acknowledged change is there, once, and the newest of each row is the row as it stands."""
    with database.read(EVERYTHING) as connection:
        logged = {
            (entity, str(key), version): count
            for entity, key, version, count in connection.execute(
                "SELECT entity, entity_id, version, count(*) FROM change_log GROUP BY ALL"
            )
        }
        acknowledged = [each for each in told if "entity" in each]
        outcome.acknowledged += len(acknowledged)
        for each in acknowledged:
            name = (each["entity"], each["id"], each["version"])
            if name not in logged:
                outcome.lost.append(f"{name} is not in the change log")
            elif logged[name] > 1:
                outcome.duplicated.append(f"{name} is in the change log {logged[name]} times")
            row = _TABLES[each["entity"]].get(connection, UUID(each["id"]))
            if problem := _unlike(each, row, logged):
                outcome.lost.append(f"{name} {problem}")


def _unlike(told: dict[str, Any], row: Any, logged: dict[tuple[str, str, int], int]) -> str:
    later = (told["entity"], told["id"], told["version"] + 1) in logged
    if not told["is_there"]:
        return "was removed, and is there" if row else ""
    if row is None:
        return "" if later else "is not there"
    if row.version < told["version"]:
        return f"is there in version {row.version}"
    is_the_same = row.version > told["version"] or fingerprint(row) == told["row"]
    return "" if is_the_same else "is there, and is another"


def repeat_the_unanswered(database: Database, told: list[dict[str, Any]], outcome: Outcome) -> None:
    """Who heard no answer sends the form again: whether it had been saved or not, it is there once."""
    answered = {each["id"] for each in told if "entity" in each}
    for each in told:
        if "about_to" not in each or each["id"] in answered:
            continue
        key = UUID(each["id"])
        add_note(database, ACTOR, UUID(each["lead_id"]), each["text"], datetime.now(UTC), new=key)
        outcome.repeated += 1
        with database.read(EVERYTHING) as connection:
            sql = "SELECT count(*) FROM change_log WHERE entity_id = $key"
            count = connection.execute(sql, {"key": key})[0][0]
            if count != 1 or NOTE.get(connection, key) is None:
                outcome.duplicated.append(f"note {key}, sent again, was logged {count} times")


def _wait_until(process: BaseProcess, is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not is_so():
        assert process.is_alive(), "the writers ended before they could be killed"
        assert time.monotonic() < until, "the writers did nothing for two minutes"
        time.sleep(0.005)
