"""The gate: ASGI middleware that nothing passes without right, neither page, file nor WebSocket.

What is not known to be open is closed. Who comes from where is decided from the connection itself and the
session; a header counts only where it can't be made up.
"""

import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crmplus.configuration import Configuration
from crmplus.domain.actor import Permission
from crmplus.domain.errors import DatabaseUnavailable
from crmplus.domain.session import Session
from crmplus.services.acting import actor_of
from crmplus.services.sessions import find_session, see_session
from crmplus.services.users import has_users
from crmplus.store.database import the_database
from crmplus.web.arriving import identify
from crmplus.web.asked import Asked
from crmplus.web.headers import with_headers
from crmplus.web.reader import language_of

log = logging.getLogger(__name__)

OPEN = frozenset({"/healthz", "/metrics", "/sign-in", "/set-up", "/invitation", "/door.css"})
"""Answered to everybody, by routes that look for themselves; as they are written here, and nothing below."""
SESSION_HEADER = b"x-crmplus-session"
NEEDS = (("/_stcore/upload_file/", Permission.CONFIGURE), ("/_stcore/metrics", Permission.ADMINISTER))
"""What Streamlit answers to everybody and we do not. Files are sent by those who may import them, as they are
held in memory until they are read."""
_REFUSED, _ENDED = 1008, 4401
Headers = list[tuple[bytes, bytes]]


class Gate:
    """`is_by_itself` knows the messages that a page sends without anybody there; `also_open` are paths of
    another's that sign people in."""

    def __init__(
        self, app: ASGIApp, is_by_itself: Callable[[bytes], bool], also_open: frozenset[str] = frozenset()
    ) -> None:
        self._app = app
        self._is_by_itself = is_by_itself
        self._open = OPEN | also_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked = Asked.of(scope)
            await self._request(asked, scope, receive, with_headers(asked, send))
        elif scope["type"] == "websocket":
            await self._websocket(Asked.of(scope), scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _request(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        if not asked.is_to(own_hosts()):
            answer: Response | None = PlainTextResponse("This server has another name.", 400)
        elif asked.path in self._open:
            answer = None
        else:
            answer = await run_in_threadpool(_refusal, asked)
        try:
            await (answer or self._app)(scope, receive, send)
        except DatabaseUnavailable as error:  # the door's pages; others say it themselves
            log.error("the database is unavailable", extra={"kind": type(error).__name__})
            sentence = language_of(asked).message(error.message)
            await PlainTextResponse(sentence, 503)(scope, receive, send)

    async def _websocket(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = asked.is_to(own_hosts()) and asked.headers.get("origin") and asked.is_from_own_page
        if not is_ours or await run_in_threadpool(_refusal, asked) is not None:
            await receive()  # the connect that is refused
            await send({"type": "websocket.close", "code": _REFUSED})
            return
        own = {**scope, "headers": _of_session(asked, scope["headers"])}
        await self._app(own, self._as_long_as_allowed(asked, receive, send), send)

    def _as_long_as_allowed(
        self, asked: Asked, receive: Receive, send: Send
    ) -> Callable[[], Awaitable[Message]]:
        """Receive what comes in; at the first message after a session ended, the end instead."""

        async def receive_if_allowed() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            if message.get("bytes") is None:  # no page of ours sends text
                await send({"type": "websocket.close", "code": _REFUSED})
                return {"type": "websocket.disconnect", "code": _REFUSED}
            is_used = not self._is_by_itself(message["bytes"])
            if await run_in_threadpool(_refusal, asked, is_used=is_used) is not None:
                await send({"type": "websocket.close", "code": _ENDED})
                return {"type": "websocket.disconnect", "code": _ENDED}
            return message

        return receive_if_allowed


def _of_session(asked: Asked, headers: Headers) -> Headers:
    """Headers that say which session a socket is of: Streamlit lets nobody take up a page of another's
    (server.trustedUserHeaders of .streamlit/config.toml), and a browser can't say it itself."""
    found = find_session(the_database(), asked.token, datetime.now(UTC)) if asked.token else None
    others = [(name, value) for name, value in headers if name.lower() != SESSION_HEADER]
    return [*others, (SESSION_HEADER, str(found.id if found else "").encode())]


def own_hosts() -> tuple[str, ...]:
    """Names by which people may call this server, beside localhost and addresses in figures."""
    configuration = Configuration.of(os.environ)
    named = urlsplit(configuration.url).hostname
    return (*configuration.hosts, named) if named else configuration.hosts


def _refusal(asked: Asked, *, is_used: bool = True) -> Response | None:
    """Why not; None for who may pass. A session lives on where it `is_used`: an open page alone is no use."""
    try:
        if has_users(the_database()):
            session = _live_session(asked, is_used=is_used)
            if session is None:
                return _to_the_door(asked, "/sign-in")
            return None if _may_ask(session, asked) else PlainTextResponse("This is not for your role.", 403)
        return None if asked.is_from_here else _to_the_door(asked, "/set-up")
    except DatabaseUnavailable:
        # The page says what is wrong with it, to who sits at the machine.
        return None if asked.is_from_here else PlainTextResponse("The database is not available.", 503)


def _live_session(asked: Asked, *, is_used: bool) -> Session | None:
    database, at = the_database(), datetime.now(UTC)
    found = find_session(database, asked.token, at) if asked.token else None
    if found and not identify(asked).contradicts(found):
        if is_used:
            see_session(database, found, at)
        return found
    return None


def _may_ask(session: Session, asked: Asked) -> bool:
    needed = [permission for path, permission in NEEDS if asked.path.startswith(path)]
    who = actor_of(the_database(), session.person_id) if needed else None
    return not needed or (who is not None and all(map(who.may, needed)))


def _to_the_door(asked: Asked, door: str) -> Response:
    """A person is shown the way; what pages ask for by themselves is just refused."""
    if not asked.is_page:
        return PlainTextResponse("Sign in first.", 401)
    wanted = quote(asked.path + (f"?{asked.query}" if asked.query else ""), safe="")
    return RedirectResponse(f"{door}?next={wanted}" if door == "/sign-in" else door, 303)
