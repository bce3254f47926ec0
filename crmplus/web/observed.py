"""The outermost layer of HTTP: what was asked, how it ended and how long it took; never by whom."""

import logging
import re
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmplus.web.at_once import send_at_once
from crmplus.web.metrics import open_websockets

log = logging.getLogger(__name__)

_SPEAKING = re.compile(r"[a-z_.-]{0,40}")
"""What a part of a path looks like that names a page or a route, rather than a thing or a token."""
_UNTOLD = ("/static", "/healthz", "/metrics", "/_stcore/health")
"""Answered many times a minute: what went well is not worth a line."""


class Observed:
    """ASGI middleware that logs each request and counts the WebSockets that are open."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            with open_websockets.track_inprogress():
                await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500  # where the application ends without an answer

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = perf_counter()
        try:
            await self._app(scope, receive, note)
        finally:
            if status >= 400 or not scope["path"].startswith(_UNTOLD):
                _tell("request", began, scope, scope["method"], status)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        send_at_once(receive)
        began, how, status = perf_counter(), "websocket refused", None

        async def note(message: Message) -> None:
            nonlocal how, status
            if message["type"] == "websocket.accept":
                how = "websocket closed"
            elif message["type"] == "websocket.http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            _tell(how, began, scope, None, status)


def _tell(event: str, began: float, scope: Scope, method: str | None, status: int | None) -> None:
    fields = {
        "method": method,
        "path": speaking(scope["path"]),
        "status": status,
        "duration_ms": round(1000 * (perf_counter() - began)),
    }
    log.info(event, extra=fields)


def speaking(path: str) -> str:
    """A path without those of its parts that may be keys, names or tokens, and without its query."""
    parts = path.split("?")[0].split("/")
    return "/".join(part if _SPEAKING.fullmatch(part) else "…" for part in parts)
