"""`/metrics` counts what happens, and tells it only to those who may know."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from crmplus.domain.errors import Conflict, Refused
from crmplus.domain.message import say
from crmplus.domain.sight import EVERYTHING
from crmplus.logs import log_refusal
from crmplus.store.database import Database
from crmplus.web.metrics import metrics, registry, start_counting
from tests.world import NOW, customer

TOKEN = "s3cret-of-the-scraper"


def ask(client: str = "127.0.0.1", **headers: str) -> Response:
    named = {"host": "localhost"} | headers
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/metrics", "headers": sent}
    request = Request(scope | {"client": (client, 1)})
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(metrics(request))).result()


@pytest.fixture(autouse=True)
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The database file that is measured; no token and no folder of backups."""
    for name in ("METRICS_TOKEN", "BACKUP_FOLDER"):
        monkeypatch.delenv(f"CRMPLUS_{name}", raising=False)
    path = tmp_path / "crm.duckdb"
    path.write_bytes(b"x" * 1000)
    monkeypatch.setenv("CRMPLUS_DATABASE", str(path))
    return path


@pytest.mark.parametrize("client", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
def test_without_a_token_this_machine_may_read(client: str) -> None:
    assert ask(client).status_code == 200


@pytest.mark.parametrize("client", ["10.0.0.7", "::ffff:10.0.0.7", "2001:db8::1", "localhost", ""])
def test_without_a_token_no_other_machine_may_read(client: str) -> None:
    refused = ask(client)
    assert refused.status_code == 403
    assert b"crmplus_" not in bytes(refused.body)


@pytest.mark.parametrize(
    "header",
    [
        *("forwarded", "x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "x_forwarded"),
        *("x_real_ip", "via", "cf_connecting_ip", "true_client_ip"),
    ],
)
def test_what_a_proxy_on_this_machine_passes_on_is_not_from_this_machine(header: str) -> None:
    assert ask("127.0.0.1", **{header: "127.0.0.1"}).status_code == 403


def test_by_another_name_it_is_not_this_machine() -> None:
    assert ask("127.0.0.1", host="9.9.9.9").status_code == 403


def test_with_a_token_it_is_asked_of_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMPLUS_METRICS_TOKEN", TOKEN)
    assert ask().status_code == 401
    assert ask(authorization=f"Bearer {TOKEN}x").status_code == 401
    assert ask(authorization=f"Basic {TOKEN}").status_code == 401
    assert ask(authorization="Bearer").status_code == 401
    assert ask("10.0.0.7", authorization=f"Bearer {TOKEN}").status_code == 200


def test_the_database_is_measured(file: Path) -> None:
    file.with_name("crm.duckdb.wal").write_bytes(b"x" * 24)
    assert "crmplus_database_bytes 1024.0" in text()


def test_the_age_of_the_newest_backup_is_told_where_a_folder_is_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    monkeypatch.setenv("CRMPLUS_BACKUP_FOLDER", str(folder))
    assert "crmplus_backup_age_seconds" not in text(), "there is none yet"
    (folder / "crm-20260302T090000Z.zip").touch()
    (folder / "crm-99990302T090000Z.zip").touch()
    (folder / "of somebody else").touch()
    (folder / "another-20260303T090000Z.zip").touch()
    age = (datetime.now(UTC) - datetime(2026, 3, 2, 9, tzinfo=UTC)).total_seconds()
    assert age - 60 < value("crmplus_backup_age_seconds") <= age + 1


def test_refusals_are_counted_by_kind_and_errors_as_they_are_logged() -> None:
    start_counting()
    refused, conflicts, errors = _counted()
    log = logging.getLogger("crmplus.test")
    log.setLevel(logging.INFO)
    logging.getLogger("crmplus").setLevel(logging.INFO)
    log_refusal(Refused(say("No.")))
    log_refusal(Conflict("Jansen", NOW, (), 2))
    log.error("unexpected error")
    assert _counted() == (refused + 1, conflicts + 1, errors + 1)
    assert "Jansen" not in text()


def test_reads_and_commits_are_counted_and_timed(database: Database) -> None:
    start_counting()
    commits, reads = value("crmplus_commits_total"), _reads()
    customer(database, "Jansen")
    with database.read(EVERYTHING):
        pass
    assert value("crmplus_commits_total") > commits
    assert _reads() > reads
    assert "Jansen" not in text()


def test_what_is_rolled_back_is_no_commit(database: Database) -> None:
    start_counting()
    before = value("crmplus_commits_total")
    with pytest.raises(ValueError, match="stop"), database.transaction(EVERYTHING):
        raise ValueError("stop")
    assert value("crmplus_commits_total") == before


def text() -> str:
    return bytes(ask().body).decode()


def value(name: str, **labels: str) -> float:
    return registry.get_sample_value(name, labels) or 0.0


def _reads() -> float:
    return value("crmplus_database_seconds_count", kind="read")


def _counted() -> tuple[float, float, float]:
    return (
        value("crmplus_refusals_total", kind="Refused"),
        value("crmplus_refusals_total", kind="Conflict"),
        value("crmplus_unexpected_errors_total"),
    )
