"""A server that is killed under a browser: what the browser was told is there, once."""

import random
import shutil
import threading
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, Page

from crmplus.keeping.check import check
from crmplus.store.database import Database
from tests.browser.driver import new_customer
from tests.crash.server import Server
from tests.world import query

_KILLS = 2


def work_until_killed(page: Page, server: Server, turn: int) -> tuple[list[str], list[str]]:
    """Make one customer after another: the names of all, and of those whose card was shown.

    The first is shown before the kill is timed, however slow the machine.
    """
    tried, shown = [f"Customer {turn}-0"], [f"Customer {turn}-0"]
    page.set_default_timeout(20_000)
    try:
        new_customer(page, server.address, tried[0])
    except BaseException:
        server.kill()
        raise
    page.set_default_timeout(4000)
    killed = threading.Timer(random.uniform(0, 4), server.kill)
    killed.start()
    while killed.is_alive():
        tried.append(f"Customer {turn}-{len(tried)}")
        with suppress(Error):
            new_customer(page, server.address, tried[-1])
            shown.append(tried[-1])
    return tried, shown


def test_a_killed_server_has_what_browsers_were_shown_once(
    page: Page, starter_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    server = Server(path)
    tried: set[str] = set()
    shown: set[str] = set()
    for turn in range(_KILLS):
        server.start()
        for names, more in zip((tried, shown), work_until_killed(page, server, turn), strict=True):
            names.update(more)
        database = Database.open(path)
        there = [row[0] for row in query(database, "SELECT name FROM customer")]
        assert len(there) == len(set(there))
        assert shown <= set(there) <= tried
        assert check(database) == []
        database.close()
    assert "Traceback" not in server.log.read_text()
