"""The server with writers in it who work on the same leads as its pages:
`python -m tests.crash.crowd TOLD run app.py ...`, else as `streamlit`."""

import json
import os
import random
import sys
import threading
from pathlib import Path
from typing import Any

from streamlit.web.cli import main

from crmplus.domain.errors import Conflict, DatabaseUnavailable
from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import Database, the_database
from tests.crash.deeds import Tell, Writer

WRITERS = 16
_PAUSE = 2.0
"""Seconds: beside browsers, so that pages can be drawn between two changes of a lead."""


def crowd(
    database: Database, tell: Tell, stop: threading.Event, pause: float = 0
) -> tuple[list[Writer], list[threading.Thread]]:
    """Sixteen threads on every lead there is, until `stop`; what is unexpected is told.

    `pause` in seconds, at most, between two deeds of a thread.
    """
    with database.read(EVERYTHING) as connection:
        leads = [row[0] for row in connection.execute("SELECT id FROM lead ORDER BY id")]
    writers = [Writer(database, number, tell, leads, has_own=False) for number in range(WRITERS)]

    def work(writer: Writer) -> None:
        try:
            while not stop.wait(random.uniform(0, pause)):
                writer.one()
        except DatabaseUnavailable:
            if not stop.wait(5):
                raise
        except Exception as error:
            tell({"unexpected": repr(error)})
            raise

    threads = [threading.Thread(target=work, args=(writer,), daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    return writers, threads


def refusals(writers: list[Writer]) -> dict[str, int]:
    """How often each kind of refusal was met. Every one of them says why."""
    counted: dict[str, int] = {}
    for refusal in [each for writer in writers for each in writer.refusals]:
        kind = type(refusal).__name__
        counted[kind] = counted.get(kind, 0) + 1
        assert str(refusal.message), kind
        if isinstance(refusal, Conflict):
            assert refusal.changes and refusal.at_utc, "a conflict says what was changed, and when"
    return counted


if __name__ == "__main__":
    told = Path(sys.argv.pop(1)).open("ab", buffering=0)  # noqa: SIM115 - as long as the process lives

    def tell(line: dict[str, Any]) -> None:
        os.write(told.fileno(), (json.dumps(line) + "\n").encode())

    writers, threads = crowd(the_database(), tell, stop := threading.Event(), _PAUSE)
    try:
        main()
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        tell({"refusals": refusals(writers)})
