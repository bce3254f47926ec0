"""The door as a stranger meets it: any path, headers, cookies and body, over a workspace with one user."""

import asyncio
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from unittest.mock import patch

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Scope

from crmplus.domain.actor import Role
from crmplus.domain.person import PersonDraft
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.services.users import set_up_admin
from crmplus.store.database import the_database
from crmplus.ui.by_itself import is_by_itself
from crmplus.web.door import ROUTES
from crmplus.web.gate import Gate
from crmplus.web.health import healthz
from crmplus.web.metrics import metrics
from crmplus.web.observed import Observed
from tests.world import ADMIN, NOW

INSIDE = "what only who is signed in may read"
OPEN = ("/sign-in", "/set-up", "/invitation", "/door.css", "/healthz", "/metrics", "/customers", "/")


def ask(content: bytes) -> None:
    """The first byte chooses the route; then lines of headers, an empty line, and a body."""
    head, _, body = content[1:].partition(b"\n\n")
    pairs = [line.partition(b":") for line in head.split(b"\n") if b":" in line]
    headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
    path = OPEN[content[0] % len(OPEN)] if content else "/"
    status, said = _ask(path, headers, body)
    assert status < 500, (status, path, headers)
    assert INSIDE.encode() not in said


def seeds() -> list[bytes]:
    own = b"host: localhost:8501\norigin: http://localhost:8501\naccept: text/html\n"
    form = b"email=ann%40example.com&password=wrong&next=%2Fcustomers"
    cookie = b"cookie: crmplus_session=" + b"A" * 43
    return [
        b"\x00" + own + b"\n\n" + form,
        b"\x02" + own + cookie + b"\n\n" + b"token=abc&password=long+enough+one",
        b"\x06" + own + cookie + b"\nx-forwarded-for: 127.0.0.1\n\n",
        b"\x07host: [::1]:1\nforwarded: for=127.0.0.1\naccept-language: nl,en;q=0.5\n\n",
        b"\x00host: localhost\norigin: http://[::1\n\n" + form,
        b"\x05host: localhost\nauthorization: Bearer x\nx-real-ip: 127.0.0.1\n\n",
    ]


def _ask(path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
    scope: Scope = {
        **{"type": "http", "http_version": "1.1", "method": "POST" if body else "GET", "scheme": "http"},
        **{"path": path, "raw_path": path.encode(), "query_string": body, "root_path": ""},
        **{"headers": headers, "client": ("10.0.0.7", 1), "server": ("127.0.0.1", 8501)},
    }
    found: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        found.append(message)

    async def call() -> None:
        await _application()(scope, receive, send)

    with _workspace_of_the_door(), ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(call())).result()
    said = b"".join(message.get("body", b"") for message in found)
    return int(found[0]["status"]), said


@cache
def _application() -> Starlette:
    async def inside(_request: object) -> PlainTextResponse:
        return PlainTextResponse(INSIDE)

    routes = [Route("/healthz", healthz), Route("/metrics", metrics), *ROUTES, Route("/{rest:path}", inside)]
    return Starlette(
        routes=routes, middleware=[Middleware(Observed), Middleware(Gate, is_by_itself=is_by_itself)]
    )


class _workspace_of_the_door:
    """For as long as it is asked, the program's database is this one, and nothing else is configured."""

    def __enter__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CRMPLUS_")}
        self._environment = patch.dict(os.environ, kept | {"CRMPLUS_DATABASE": str(_file())}, clear=True)
        self._environment.start()
        _made()

    def __exit__(self, *_error: object) -> None:
        self._environment.stop()


@cache
def _file() -> Path:
    return Path(tempfile.mkdtemp(prefix="crmplus-door-")) / "door.duckdb"


@cache
def _made() -> None:
    create_workspace(the_database(), ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
    ann = PersonDraft("Ann", "AN", Role.ADMIN, "ann@example.com")
    set_up_admin(the_database(), ann, "a password that is long", NOW, "127.0.0.1")
