"""What a rep's click costs on board and list: `python -m bench.measure_day 500 20000`.

From pointer down to the last change of the page's DOM, shadow roots included, against an empty
frozen Streamlit page. Medians of clicks that take turns in one Chromium, for databases with so many
open leads.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.generate import generate
from bench.measure_pages import CHROMIUM, EMPTY, empty_click, open_at, opened
from tests.browser.driver import serve, settle

WATCH = """() => {
  window.taken = {start: 0, end: 0};
  const seen = new WeakSet();
  const watch = (root) => {
    if (seen.has(root)) return;
    seen.add(root);
    new MutationObserver((changes) => {
      window.taken.end = performance.now();
      for (const change of changes) for (const node of change.addedNodes) look(node);
    }).observe(root, {subtree: true, childList: true, attributes: true, characterData: true});
    look(root);
  };
  const look = (node) => {
    if (node.shadowRoot) watch(node.shadowRoot);
    if (node.querySelectorAll)
      for (const inner of node.querySelectorAll('*')) if (inner.shadowRoot) watch(inner.shadowRoot);
  };
  watch(document);
  document.addEventListener('pointerdown', () => {
    window.taken = {start: performance.now(), end: 0};
  }, true);
}"""
Click = Callable[[Page, str, int], None]
"""Does the n-th click; with n = -1 it opens the page instead."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("open_leads", type=int, nargs="+")
    parser.add_argument("--clicks", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        script = folder / "empty.py"
        script.write_text(EMPTY)
        with serve(folder / "unused.duckdb", script) as address, opened(browser.new_page) as page:
            empty = measure(page, address, empty_click, chosen.clicks)
        report("empty page", empty, empty)
        for count in chosen.open_leads:
            path = folder / f"{count}.duckdb"
            generate(path, count * 3, open_leads=count)
            with serve(path) as address:
                for name, click in CLICKS.items():
                    with opened(browser.new_page) as page:
                        taken = measure(page, address, click, chosen.clicks)
                    report(f"{name}, {count:,}", taken, empty)
        browser.close()


def measure(page: Page, address: str, click: Click, clicks: int) -> list[float]:
    """Milliseconds a click, after two that warm up."""
    click(page, address, -1)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    taken = []
    for number in range(clicks + 2):
        click(page, address, number)
        settle(page)
        page.wait_for_timeout(400)
        found = page.evaluate("() => window.taken.end - window.taken.start")
        if number >= 2:
            taken.append(found)
    return taken


def to_board(page: Page, address: str, number: int) -> None:
    """From the list to the board: all columns are drawn anew. The way back is not counted."""
    if number < 0:
        open_at(page, f"{address}/leads")
        return
    page.get_by_role("radio", name="List").click()
    settle(page)
    page.wait_for_timeout(400)
    page.get_by_role("radio", name="Board").click()


def to_list(page: Page, address: str, number: int) -> None:
    """From the board to the list."""
    if number < 0:
        open_at(page, f"{address}/leads?view=list")
        return
    page.get_by_role("radio", name="Board").click()
    settle(page)
    page.wait_for_timeout(400)
    page.get_by_role("radio", name="List").click()


def turn_list(page: Page, address: str, number: int) -> None:
    """To the second page of the list and back."""
    if number < 0:
        open_at(page, f"{address}/leads?view=list")
    else:
        page.get_by_role("button", name="Previous page" if number % 2 else "Next page").click()


def open_my_day(page: Page, address: str, number: int) -> None:
    """My day from the menu; the way back is not counted."""
    if number < 0:
        open_at(page, f"{address}/customers")
        return
    page.get_by_role("link", name="Customers").click()
    settle(page)
    page.wait_for_timeout(400)
    page.get_by_role("link", name="My day").click()


CLICKS: dict[str, Click] = {
    "board, drawn anew": to_board,
    "list, drawn anew": to_list,
    "list, turn page": turn_list,
    "my day, from the menu": open_my_day,
}


def report(name: str, taken: list[float], empty: list[float]) -> None:
    median = statistics.median(taken)
    print(f"{name:32}{median:8.0f} ms{median / statistics.median(empty):8.2f} x")


if __name__ == "__main__":
    main()
