"""A page that is only left open does not keep its session alive."""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from crmplus.domain.session import Way
from crmplus.domain.sight import EVERYTHING
from crmplus.services.passwords import set_password
from crmplus.services.sessions import list_sessions, open_session
from crmplus.store.database import Database, the_database
from crmplus.web.asked import SESSION_COOKIE
from crmplus.web.gate import Gate
from tests.world import ADMIN, person

LOOK, CLICK = b"look", b"click"
ENDED = 4401


@pytest.fixture
def database(starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(shutil.copy(starter_file, tmp_path / "open.duckdb")))
    yield the_database()
    the_database().close()


@pytest.fixture
def token(database: Database) -> str:
    ann = person(database, "Ann", "AN")
    with database.transaction(EVERYTHING) as connection:
        set_password(connection, ann.id, "a good long password", datetime.now(UTC))
    return open_session(database, ann, Way.PASSWORD, "127.0.0.1", "", datetime.now(UTC))


def silence(database: Database) -> timedelta:
    """How long ago the one session was heard from."""
    (session,) = list_sessions(database, ADMIN)
    return datetime.now(UTC) - session.seen_at_utc


def let_pass(database: Database, passing: timedelta) -> None:
    with database.quiet_transaction() as connection:
        then = datetime.now(UTC) - passing
        connection.count("UPDATE sign_in_session SET seen_at_utc = $then", {"then": then})


def heard(database: Database, token: str, after: timedelta, message: bytes) -> Message:
    """What comes through the gate when a page, after so long a silence, sends a message."""
    host = (b"host", b"localhost")
    headers = [host, (b"origin", b"http://localhost"), (b"cookie", f"{SESSION_COOKIE}={token}".encode())]
    scope: Scope = {"type": "websocket", "scheme": "ws", "path": "/", "headers": headers}
    passed: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.receive", "bytes": message}

    async def send(_message: Message) -> None:
        pass

    async def application(_scope: Scope, receive: Receive, _send: Send) -> None:
        let_pass(database, after)
        passed.append(await receive())

    gate = Gate(application, is_by_itself=lambda message: message == LOOK)
    with ThreadPoolExecutor(1) as thread:  # a loop of its own, whatever other tests left running here
        thread.submit(lambda: asyncio.run(gate(scope, receive, send))).result()
    return passed[0]


def test_what_somebody_does_keeps_a_session_alive(database: Database, token: str) -> None:
    assert heard(database, token, timedelta(hours=11), CLICK)["bytes"] == CLICK
    assert silence(database) < timedelta(hours=1)


def test_what_an_open_page_sends_by_itself_is_answered_and_keeps_nothing_alive(
    database: Database, token: str
) -> None:
    assert heard(database, token, timedelta(hours=11), LOOK)["bytes"] == LOOK
    assert silence(database) > timedelta(hours=10)


@pytest.mark.parametrize("message", [LOOK, CLICK])
def test_after_so_long_a_silence_the_next_message_ends_the_socket(
    database: Database, token: str, message: bytes
) -> None:
    ended = heard(database, token, timedelta(hours=13), message)
    assert (ended["type"], ended["code"]) == ("websocket.disconnect", ENDED)
