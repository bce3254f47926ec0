"""Eight writers on one file, in a process that is to be killed.

It tells, in one write a line, what a service has acknowledged, and only then goes on.
"""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import Database
from crmplus.store.engine import Engine
from tests.crash.deeds import Tell, Writer

WRITERS = 8
_LONGEST = 180.0
"""Seconds: whoever was to kill it may be gone."""


def run(path: Path, long_log: int, told: Path) -> None:
    """Write until killed. The log may become `long_log` bytes long; `told` is where it is told."""
    handle = os.open(told, os.O_WRONLY | os.O_APPEND)

    def tell(line: dict[str, Any]) -> None:
        os.write(handle, (json.dumps(line) + "\n").encode())

    database = Database.open(path, long_log)
    tell_of_settling(database._engine, tell)
    with database.read(EVERYTHING) as connection:
        leads = [row[0] for row in connection.execute("SELECT id FROM lead ORDER BY random() LIMIT 40")]
    for number in range(WRITERS):
        writer = Writer(database, number, tell, list(leads))
        threading.Thread(target=work, args=(writer,)).start()


def tell_of_settling(engine: Engine, tell: Tell) -> None:
    """Have it known when a kill meets the log on its way into the file."""
    settle = engine.bring_in

    def told() -> None:
        tell({"settling": True})
        settle()
        tell({"settling": False})

    engine.bring_in = told  # type: ignore[method-assign]


def work(writer: Writer) -> None:
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        writer.one()
