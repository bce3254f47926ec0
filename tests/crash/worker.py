"""A process of eight writers on one file, to be killed: `python -m tests.crash.worker FILE LOG_BYTES`.

It tells on standard output, in one write a line, what a service has acknowledged, and only then goes on.
`LOG_BYTES` is how long the log may become before it is brought into the file.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import Database
from crmplus.store.engine import Engine
from tests.crash.deeds import Writer

WRITERS = 8


def tell(told: dict[str, Any]) -> None:
    os.write(1, (json.dumps(told) + "\n").encode())


def tell_of_settling(engine: Engine) -> None:
    """Have it known when a kill meets the log on its way into the file."""
    settle = engine.bring_in

    def told() -> None:
        tell({"settling": True})
        settle()
        tell({"settling": False})

    engine.bring_in = told  # type: ignore[method-assign]


def work(writer: Writer) -> None:
    while True:
        writer.one()


def main() -> None:
    path, long_log = Path(sys.argv[1]), int(sys.argv[2])
    database = Database.open(path, long_log)
    tell_of_settling(database._engine)
    with database.read(EVERYTHING) as connection:
        leads = [row[0] for row in connection.execute("SELECT id FROM lead ORDER BY random() LIMIT 40")]
    for number in range(WRITERS):
        writer = Writer(database, number, tell, list(leads))
        threading.Thread(target=work, args=(writer,)).start()


if __name__ == "__main__":
    main()
