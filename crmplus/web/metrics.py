"""`/metrics`: counts and durations for Prometheus; no names in them, nor anything else of customers."""

import hmac
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from crmplus.configuration import Configuration
from crmplus.keeping.folder import list_backups, newest_made
from crmplus.logs import REFUSED
from crmplus.store.database import database_path
from crmplus.store.watching import Kind, watchers
from crmplus.web.asked import Asked

_CONTENT = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)

disable_created_metrics()  # type: ignore[no-untyped-call]
registry = CollectorRegistry()
commits = Counter("crmplus_commits", "Transactions that were kept.", registry=registry)
refusals = Counter("crmplus_refusals", "What rules refused, by kind.", ["kind"], registry=registry)
unexpected = Counter("crmplus_unexpected_errors", "Errors that were logged.", registry=registry)
open_websockets = Gauge("crmplus_websockets", "Pages that are open in browsers.", registry=registry)
durations = Histogram(
    "crmplus_database_seconds",
    "Reads, and writes with the wait for their turn.",
    ["kind"],
    buckets=_BUCKETS,
    registry=registry,
)


class Files(Collector):
    """Sizes and ages, looked at when they are asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        path = database_path()
        size = sum(map(_size, (path, path.with_name(path.name + ".wal"))))
        yield GaugeMetricFamily("crmplus_database_bytes", "The database with its log.", value=size)
        folder = Configuration.of(os.environ).backup_folder
        if folder and (age := _age_of_newest(folder, path.stem)) is not None:
            yield GaugeMetricFamily("crmplus_backup_age_seconds", "Since the newest backup.", value=age)


class Counting(logging.Handler):
    """Counts what is logged: refusals, and errors that nobody expected."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith("crmplus") and record.msg == REFUSED:
            refusals.labels(getattr(record, "kind", "")).inc()
        elif record.levelno >= logging.ERROR:
            unexpected.inc()


registry.register(Files())


def start_counting() -> None:
    """From now on, what is logged and what the database does is counted."""
    root = logging.getLogger()
    if not any(isinstance(handler, Counting) for handler in root.handlers):
        root.addHandler(Counting())
    if _count not in watchers:
        watchers.append(_count)


async def metrics(request: Request) -> Response:
    """The figures, for who knows the token; where none is set, for this machine."""
    token = Configuration.of(os.environ).metrics_token
    if token and not _knows(request, token):
        return PlainTextResponse("a token is needed", 401, {"WWW-Authenticate": "Bearer"})
    if not token and not Asked.of(request.scope).is_from_here:
        return PlainTextResponse("only for this machine", 403)
    return Response(await run_in_threadpool(generate_latest, registry), media_type=_CONTENT)


def _knows(request: Request, token: str) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _count(kind: Kind, seconds: float, went_through: bool) -> None:
    durations.labels(kind).observe(seconds)
    if kind == "write" and went_through:
        commits.inc()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _age_of_newest(folder: Path, name: str) -> float | None:
    """Seconds since the newest backup of the database `name` in it was made; None where there is none."""
    now = datetime.now(UTC)
    try:
        made = newest_made(list_backups(folder, name), now)
    except OSError:
        return None
    return (now - made).total_seconds() if made else None
