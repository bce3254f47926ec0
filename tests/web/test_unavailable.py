"""The door while the database can't be used: a sentence in the visitor's language, and nobody comes in."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from crmplus.store.database import the_database
from crmplus.web.door import ROUTES
from crmplus.web.gate import Gate


def ask(path: str, peer: str = "127.0.0.1", language: str = "en") -> tuple[int, str]:
    """The status and the body of the answer to a request from this address."""
    sent: list[dict[str, Any]] = []
    headers = [(b"host", b"localhost"), (b"accept-language", language.encode()), (b"accept", b"text/html")]
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": headers, "client": (peer, 1), "server": ("localhost", 80), "scheme": "http"}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    app = Starlette(routes=ROUTES, middleware=[Middleware(Gate, is_by_itself=lambda message: False)])
    with ThreadPoolExecutor(1) as thread:  # a loop of its own, whatever other tests left running here
        thread.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent).decode()


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "crm.duckdb"))
    the_database().close()


def test_the_door_says_why_in_a_sentence() -> None:
    assert ask("/sign-in") == (503, "CRM+ is being stopped. Try again once it runs again.")


def test_from_elsewhere_nothing_passes() -> None:
    status, _ = ask("/leads", peer="192.0.2.7")
    assert status == 503
