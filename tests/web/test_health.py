"""`/healthz` answers 200 only if the database does."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from crmplus.store import database
from crmplus.web.health import healthz


def ask() -> Response:
    request = Request({"type": "http", "method": "GET", "headers": []})
    with ThreadPoolExecutor(1) as thread:  # a loop of its own, whatever other tests left running here
        return thread.submit(lambda: asyncio.run(healthz(request))).result()


def test_health_is_200_while_the_database_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "crm.duckdb"))
    assert ask().status_code == 200
    database.the_database().close()


def test_health_is_503_where_the_file_cannot_be_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("CRMPLUS_DATABASE", str(in_the_way / "crm.duckdb"))
    assert ask().status_code == 503


def test_health_is_503_once_the_database_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "closed.duckdb"))
    database.the_database().close()
    answer = ask()
    assert answer.status_code == 503
    assert bytes(answer.body) == b"database unavailable", "the answer tells nothing of the inside"
