"""What a rep's day takes: `python -m bench.rep_day`; see README.md of this folder."""

import statistics
import tempfile
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.measure_pages import CHROMIUM
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from tests.browser.driver import DESK, serve
from tests.browser.rep_day import begin, make_day
from tests.world import ADMIN


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "day.duckdb"
        database = Database.open(path)
        workspace = default_workspace("en", "Europe/Amsterdam")
        create_workspace(database, ADMIN, workspace, datetime.now(UTC))
        database.close()
        make_day(path)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with serve(path) as address:
            day = begin(browser.new_page(viewport=DESK, locale="en-GB"), address)
            day.play()
        browser.close()
    print(f"{'what':50} {'times':>5} {'clicks':>6} {'keys':>5} {'ms':>6}")
    for name, group in groupby(day.taken, lambda taken: taken.name):
        same = list(group)
        middle = statistics.median(each.milliseconds for each in same)
        print(f"{name:50} {len(same):5} {same[0].clicks:6} {same[0].keys:5} {middle:6.0f}")
    clicks, keys = sum(each.clicks for each in day.taken), sum(each.keys for each in day.taken)
    middle = statistics.median(each.milliseconds for each in day.taken)
    print(f"{'20 leads':50} {len(day.taken):5} {clicks:6} {keys:5} {middle:6.0f}")


if __name__ == "__main__":
    main()
