"""The beginning and the end of the server: it ends when what is being written is written."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.store.database import the_database
from crmplus.web.metrics import start_counting

log = logging.getLogger(__name__)


@asynccontextmanager
async def serving(_app: Any) -> AsyncIterator[None]:
    """From the first request to the last; at the end the writers that wait have had their turn."""
    start_counting()
    log.info("started")
    yield
    await run_in_threadpool(_let_writers_finish)
    log.info("stopped")


def _let_writers_finish() -> None:
    try:
        with the_database().quiet_transaction():
            log.info("writers are done")
    except DatabaseUnavailable:
        log.info("there was no database to close")
