"""What a click costs in the browser: `python -m bench.measure_pages 1000 1000000`.

From pointer down to the page at rest, against an empty frozen Streamlit page, for databases of
several sizes. Medians of clicks that take turns in one Chromium.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.generate import generate
from tests.browser.driver import serve, settle

CHROMIUM = "/usr/bin/chromium"
EMPTY = """
import gc
import streamlit as st
if "frozen" not in st.session_state:
    import pandas, plotly.graph_objects
    gc.collect(); gc.freeze()
    st.session_state.frozen = True
st.title("Empty")
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.button("Click", key="click")
st.write(st.session_state.runs)
"""
WATCH = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.taken = {start: 0, end: 0};
  document.addEventListener('pointerdown', () => {
    window.taken = {start: performance.now(), end: 0};
  }, true);
  new MutationObserver(() => {
    if (app.getAttribute('data-test-script-state') === 'notRunning')
      window.taken.end = performance.now();
  }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--keep", type=Path, help="a folder for the databases")
    parser.add_argument("--clicks", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = chosen.keep or Path(temporary)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        taken = {"empty page": measure_empty(browser.new_page, Path(temporary), chosen.clicks)}
        for size in chosen.sizes:
            path = folder / f"{size}.duckdb"
            if not path.exists():
                generate(path, size)
            with serve(path) as address:
                for name, click in CLICKS.items():
                    with opened(browser.new_page) as page:
                        taken[f"{name}, {size:,}"] = measure(page, address, click, chosen.clicks)
        browser.close()
    report(taken, chosen.sizes)


def measure_empty(new_page: Callable[..., Page], folder: Path, clicks: int) -> list[float]:
    script = folder / "empty.py"
    script.write_text(EMPTY)
    with serve(folder / "unused.duckdb", script) as address, opened(new_page) as page:
        return measure(page, address, empty_click, clicks)


@contextmanager
def opened(new_page: Callable[..., Page]) -> Iterator[Page]:
    page = new_page(viewport={"width": 1280, "height": 1300})
    yield page
    page.close()


Click = Callable[[Page, str, int], None]
"""Does the n-th click; with n = -1 it opens the page instead."""


def measure(page: Page, address: str, click: Click, clicks: int) -> list[float]:
    """Milliseconds a click, after two that warm up."""
    click(page, address, -1)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    taken = []
    for number in range(clicks + 2):
        click(page, address, number)
        settle(page)
        page.wait_for_timeout(150)
        found = page.evaluate("() => window.taken.end - window.taken.start")
        if number >= 2:
            taken.append(found)
    return taken


def empty_click(page: Page, address: str, number: int) -> None:
    if number < 0:
        open_at(page, address)
    else:
        page.get_by_role("button", name="Click").click()


def turn_page(page: Page, address: str, number: int) -> None:
    """To the second page of the customer list and back."""
    if number < 0:
        open_at(page, f"{address}/customers")
    else:
        page.get_by_role("button", name="Previous page" if number % 2 else "Next page").click()


def switch_tab(page: Page, address: str, number: int) -> None:
    """History and Overview in turn on a customer card."""
    if number < 0:
        open_at(page, f"{address}/customer?customer=C-00001")
    else:
        page.get_by_role("tab", name="Overview" if number % 2 else "History").click()


def type_score(page: Page, address: str, number: int) -> None:
    """The weighted value follows the score that is typed."""
    if number < 0:
        open_at(page, f"{address}/customer?customer=C-00001")
    else:
        score = page.get_by_role("spinbutton", name="Score, 1 to 100")
        score.fill(str(number % 90 + 1))
        score.press("Tab")


def click_bar(page: Page, address: str, number: int) -> None:
    """Another bar of the funnel, which lists its leads."""
    if number < 0:
        open_at(page, f"{address}/funnel")
    else:
        page.locator(".js-plotly-plot").first.locator(".point").nth(number % 4).click(force=True)


CLICKS: dict[str, Click] = {
    "customers, turn page": turn_page,
    "card, switch tab": switch_tab,
    "card, score typed": type_score,
    "funnel, click a bar": click_bar,
}


def open_at(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("h1")
    settle(page)


def report(taken: dict[str, list[float]], sizes: list[int]) -> None:
    empty = statistics.median(taken["empty page"])
    print(f"{'':32}{'median ms':>10}{'x empty page':>14}")
    for name, times in taken.items():
        median = statistics.median(times)
        print(f"{name:32}{median:10.0f}{median / empty:14.2f}")
    for name in CLICKS:
        first, last = (statistics.median(taken[f"{name}, {size:,}"]) for size in (sizes[0], sizes[-1]))
        print(f"{name}: {sizes[-1]:,} leads against {sizes[0]:,}: x {last / first:.2f}")


if __name__ == "__main__":
    main()
