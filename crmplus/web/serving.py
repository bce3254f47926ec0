"""From the beginning of the server to its end: it makes backups, and ends when what is being written is
written."""

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.keeping.schedule import keep_backups
from crmplus.store.database import the_database
from crmplus.web.metrics import start_counting

log = logging.getLogger(__name__)

_PATIENCE = 30.0
"""Seconds that a backup has to become complete; one that takes longer is left undone."""


@asynccontextmanager
async def serving(_app: Any) -> AsyncIterator[None]:
    """From the first request to the last; at the end the writers that wait have had their turn."""
    start_counting()
    stop = threading.Event()
    backups = threading.Thread(target=keep_backups, args=(stop,), name="backups", daemon=True)
    backups.start()
    log.info("started")
    yield
    stop.set()
    await run_in_threadpool(_let_writers_finish)
    await run_in_threadpool(backups.join, _PATIENCE)
    log.info("stopped")


def _let_writers_finish() -> None:
    try:
        with the_database().quiet_transaction():
            log.info("writers are done")
    except DatabaseUnavailable:
        log.info("there was no database to close")
