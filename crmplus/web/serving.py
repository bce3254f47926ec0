"""From the beginning of the server to its end: it makes backups, and ends when what is being written is
written."""

import logging
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from crmplus.keeping.schedule import keep_backups
from crmplus.store.database import close_all
from crmplus.web.metrics import start_counting

log = logging.getLogger(__name__)

_PATIENCE = 30.0
"""Seconds that a backup has to become complete; one that takes longer is left undone."""


@asynccontextmanager
async def serving(_app: Any) -> AsyncIterator[None]:
    """From the first request to the last; at the end the files are closed whole."""
    start_counting()
    stop = threading.Event()
    backups = threading.Thread(target=keep_backups, args=(stop,), name="backups", daemon=True)
    backups.start()
    log.info("started")
    yield
    stop.set()
    await run_in_threadpool(backups.join, _PATIENCE)
    await run_in_threadpool(close_all)
    log.info("writers are done")
    log.info("stopped")
    # Obeyed: uvicorn would raise it once more, and the process would seem to have been killed.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
