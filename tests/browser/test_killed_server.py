"""A server that is killed under a browser: what the browser was told is there, once."""

import random
import shutil
import threading
from pathlib import Path

from playwright.sync_api import Error, Page

from crmplus.keeping.check import check
from crmplus.store.database import Database
from tests.browser.driver import new_customer
from tests.crash.server import Server
from tests.world import query

_KILLS = 3


def work_until_killed(page: Page, server: Server, turn: int) -> list[str]:
    """Make one customer after another; the names of those whose card was shown."""
    shown: list[str] = []
    killed = threading.Timer(random.uniform(3, 6), server.kill)
    killed.start()
    try:
        while True:
            name = f"Customer {turn}-{len(shown)}"
            new_customer(page, server.address, name)
            shown.append(name)
    except Error:
        killed.join()
    return shown


def test_a_killed_server_has_what_browsers_were_shown_once(
    page: Page, starter_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    server = Server(path)
    page.set_default_timeout(4000)
    shown: list[str] = []
    for turn in range(_KILLS):
        server.start()
        shown += work_until_killed(page, server, turn)
        database = Database.open(path)
        names = [row[0] for row in query(database, "SELECT name FROM customer")]
        assert len(names) == len(set(names))
        assert set(shown) <= set(names)
        assert len(names) <= len(shown) + turn + 1, "at most the one under way was saved unseen"
        assert check(database) == []
        database.close()
    assert shown
    assert "Traceback" not in server.log.read_text()
