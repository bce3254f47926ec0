"""Each request is logged with what is needed to run a server, and no more."""

import asyncio
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from crmplus.web.metrics import open_websockets
from crmplus.web.observed import Observed, speaking


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, coroutine).result()


def ask(scope: Scope, *sent: Message, fails: bool = False) -> None:
    """Have the middleware pass `scope` to an application that sends this."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        for message in sent:
            await send(message)
        if fails:
            raise ValueError("of the application")

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        pass

    run(Observed(application)(scope, receive, send))


def http(path: str, **more: object) -> Scope:
    return {"type": "http", "method": "GET", "path": path, "query_string": b"search=Jansen", **more}


def answer(status: int) -> Message:
    return {"type": "http.response.start", "status": status}


def test_a_request_is_logged_with_its_status_and_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(http("/customers", client=("10.0.0.7", 1)), answer(200))
    (record,) = caplog.records
    assert (record.path, record.method, record.status) == ("/customers", "GET", 200)  # type: ignore[attr-defined]
    assert "Jansen" not in str(record.__dict__)
    assert "10.0.0.7" not in str(record.__dict__)


def test_a_request_that_fails_is_logged_as_500(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), pytest.raises(ValueError, match="of the application"):
        ask(http("/customers"), fails=True)
    assert caplog.records[0].status == 500  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/static/js/index.js", "/_stcore/health"])
def test_what_is_asked_all_the_time_is_logged_only_when_it_goes_wrong(
    path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        ask(http(path), answer(200))
        assert not caplog.records
        ask(http(path), answer(503))
    assert caplog.records[0].status == 503  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path, told",
    [
        ("/", "/"),
        ("/customers", "/customers"),
        ("/_stcore/stream", "/_stcore/stream"),
        ("/invitation/9vXJq0mO-Zk3", "/invitation/…"),
        ("/media/0b1c2d3e4f.csv", "/media/…"),
        ("/customers/Jansen", "/customers/…"),
        ("/" + "a" * 41, "/…"),
        ("/sign-in?next=/customer", "/sign-in"),
        ("/a\nb", "/…"),
    ],
)
def test_of_a_path_only_words_are_told(path: str, told: str) -> None:
    assert speaking(path) == told


def test_a_websocket_is_counted_while_it_is_open(caplog: pytest.LogCaptureFixture) -> None:
    before, during = _open(), []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        during.append(_open())

    async def nothing(*_message: Any) -> Any:
        return None

    with caplog.at_level(logging.INFO):
        run(Observed(application)({"type": "websocket", "path": "/_stcore/stream"}, nothing, nothing))
    assert (during, _open()) == ([before + 1], before)
    assert caplog.records[0].message == "websocket closed"


def test_a_websocket_that_is_turned_away_is_logged_as_refused(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask({"type": "websocket", "path": "/_stcore/stream"}, {"type": "websocket.close", "code": 1008})
    assert caplog.records[0].message == "websocket refused"


def _open() -> float:
    return open_websockets._value.get()
