"""Sixteen threads and four browsers on the same twenty leads: `python -m tests.crash.together 300`."""

import argparse
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from crmplus.keeping.check import check
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from tests.browser.driver import open_page, press, settle
from tests.crash.chains import LEADS, lost_updates, twenty_leads
from tests.crash.killing import Outcome, compare
from tests.crash.server import Server
from tests.world import ADMIN, NOW, query

_BROWSERS = 4
_FAULT = "Something went wrong on our side"
_CLOSED = "A closed lead is read-only until it is reopened."
_CONFLICT = "while you were working on it"


class Visitor:
    """One person at a browser; `met` counts what came of what was done."""

    def __init__(self, number: int, address: str) -> None:
        self.number = number
        self._address = address
        self._count = 0
        self.met: Counter[str] = Counter()
        self.noted: list[str] = []
        self.faults: list[str] = []

    def work(self, until: float) -> None:
        chromium = shutil.which("chromium") or "/usr/bin/chromium"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(locale="en-GB")
            page.set_default_timeout(10_000)
            while time.monotonic() < until:
                self._count += 1
                try:
                    random.choice((self._note, self._save))(page)
                except Error as error:
                    is_closed = page.get_by_text(_CLOSED).count()  # while a hand was on the button
                    self.met["closed meanwhile" if is_closed else str(error).splitlines()[0][:90]] += 1
                if page.get_by_text(_FAULT).count():
                    self.faults.append(page.get_by_text(_FAULT).first.inner_text())
            browser.close()

    def _open(self, page: Page) -> str:
        """A card; a text that is nowhere else."""
        number = random.randrange(1, LEADS + 1)
        open_page(page, f"{self._address}/customer?customer=C-{number:05d}")
        return f"Visitor {self.number}, {self._count}"

    def _note(self, page: Page) -> None:
        text = self._open(page)
        page.get_by_role("textbox", name="New note").fill(text)
        press(page, "Add note")
        page.get_by_text(text, exact=True).first.wait_for()
        self.noted.append(text)
        self.met["note added"] += 1

    def _save(self, page: Page) -> None:
        text = self._open(page)
        field = page.get_by_role("textbox", name="Note on this phase")
        if not field.count():
            self.met["closed, so read-only"] += 1
            return
        field.fill(text)
        field.press("Tab")
        settle(page)
        page.get_by_role("button", name="Save", exact=True).click()
        settle(page)
        for _ in range(5):
            if not page.get_by_text(_CONFLICT).count():
                break
            self.met["conflict, said who and what"] += 1
            press(page, "Save mine on top")
        if page.get_by_text(_CONFLICT).count():
            self.met["left at a conflict"] += 1
        elif page.get_by_role("alert").count():
            self.met[page.get_by_role("alert").first.inner_text().splitlines()[-1]] += 1
        else:
            self.met["saved"] += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=int)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path, told = Path(temporary) / "together.duckdb", Path(temporary) / "told"
        made = Database.open(path)
        create_workspace(made, ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
        twenty_leads(made)
        made.close()
        server = Server(path, ("tests.crash.crowd", str(told)))
        server.start()
        until = time.monotonic() + chosen.seconds
        visitors = [Visitor(number, server.address) for number in range(_BROWSERS)]
        threads = [threading.Thread(target=visitor.work, args=(until,)) for visitor in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        code = server.stop()
        return report(path, told, visitors, code, server.log.read_text())


def report(path: Path, told: Path, visitors: list[Visitor], code: int, log: str) -> int:
    lines = [json.loads(line) for line in told.read_text().splitlines()]
    database, outcome = Database.open(path), Outcome()
    compare(database, lines, outcome)
    wrong = [
        *outcome.wrong,
        *lost_updates(database),
        *map(str, check(database)),
        *(line["unexpected"] for line in lines if "unexpected" in line),
        *(fault for visitor in visitors for fault in visitor.faults),
    ]
    made = query(database, "SELECT after_json FROM change_log WHERE action = 'note_made'")
    texts = Counter(json.loads(row[0])["text"] for row in made)  # a thread may have removed it since
    logged = query(database, "SELECT count(*) FROM change_log")[0][0]
    database.close()
    noted = [text for visitor in visitors for text in visitor.noted]
    wrong += [f"“{text}” was added {texts[text]} times" for text in noted if texts[text] != 1]
    wrong += ["the server logged an unexpected error"] if "Traceback" in log else []
    met: Counter[str] = sum((visitor.met for visitor in visitors), Counter())
    refused = next((line["refusals"] for line in lines if "refusals" in line), None)
    sys.stdout.write(
        f"changes in the log {logged}, acknowledged to threads {outcome.acknowledged}, lost or wrong "
        f"{len(wrong)}, exit code {code}\nrefusals to threads {refused}\nin browsers {dict(met)}\n"
    )
    sys.stdout.write("".join(f"{sentence}\n" for sentence in wrong[:20]))
    return 1 if wrong or code or refused is None else 0


if __name__ == "__main__":
    sys.exit(main())
