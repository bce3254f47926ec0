"""`/healthz`: whether this process can serve."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.services.workspace import find_workspace
from crmplus.store.database import the_database

log = logging.getLogger(__name__)


async def healthz(request: Request) -> Response:
    """200 if the database answers, else 503; the reason is in the log, not in the answer."""
    if await run_in_threadpool(_database_answers):
        return PlainTextResponse("ok")
    return PlainTextResponse("database unavailable", status_code=503)


def _database_answers() -> bool:
    try:
        find_workspace(the_database())
    except DatabaseUnavailable:
        return False
    except Exception:
        log.exception("the database does not answer")
        return False
    return True
