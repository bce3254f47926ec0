"""What a rep's day takes: `python -m bench.rep_day`; see README.md of this folder."""

import argparse
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from bench.measure_pages import CHROMIUM
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from tests.browser.driver import DESK, PHONE, serve
from tests.browser.hands import Interaction
from tests.browser.rep_day import RepDay, make_day
from tests.world import ADMIN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--thumb", action="store_true", help="the shorter day, on a phone")
    is_touch = parser.parse_args().thumb
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "day.duckdb"
        make_workspace(path)
        report(play(path, is_touch=is_touch))


def make_workspace(path: Path) -> None:
    """A new workspace, and in it a rep with the day's work."""
    database = Database.open(path)
    create_workspace(database, ADMIN, default_workspace("en", "Europe/Amsterdam"), datetime.now(UTC))
    make_day(database)
    database.close()


def play(path: Path, *, is_touch: bool) -> list[Interaction]:
    device = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if is_touch else {"viewport": DESK}
    with serve(path) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(locale="en-GB", **device).new_page()
        day = RepDay(page, address, is_touch=is_touch)
        if is_touch:
            day.play_on_the_road()
        else:
            day.play()
        browser.close()
    return day.hands.taken


def report(taken: Sequence[Interaction]) -> None:
    """A line for each interaction; what was done several times in a row is one, with medians."""
    print(f"{'interaction':52}{'times':>6}{'clicks':>8}{'keys':>6}{'ms, last':>10}{'ms, all':>10}")
    for name, group in groupby(taken, lambda each: each.name):
        same = list(group)
        line(name, len(same), same[0].clicks, same[0].keys, same)
    clicks, keys = sum(each.clicks for each in taken), sum(each.keys for each in taken)
    line("all of the day, and the median of a time", len(taken), clicks, keys, taken)


def line(name: str, times: int, clicks: int, keys: int, taken: Sequence[Interaction]) -> None:
    last, whole = median(each.last_ms for each in taken), median(each.all_ms for each in taken)
    print(f"{name:52}{times:6}{clicks:8}{keys:6}{last:10.0f}{whole:10.0f}")


if __name__ == "__main__":
    main()
