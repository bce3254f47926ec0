"""What people do leaves its traces in the log, and none of their words."""

import json
import shutil
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.driver import dialog, new_customer, open_page, press, serve, settle, type_in

NAME = "Zwaluwstaart"


def test_what_is_done_in_a_browser_leaves_no_name_in_the_log(
    page: Page, starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMPLUS_LOG", "json")
    path = Path(shutil.copy(starter_file, tmp_path / "crm.duckdb"))
    with serve(path) as address:
        new_customer(page, address, NAME)
        open_page(page, f"{address}/customers?search={NAME}")
        press(page, "New customer")
        type_in(page, "Name (required)", f"{NAME} again")
        page.get_by_role("textbox", name="E-mail").fill(f"{NAME} is none")
        press(page, "Save customer")
        assert dialog(page).get_by_text("This is not an e-mail address").count()
        open_page(page, f"{address}/leads?search={NAME}&value=1e999")
        settle(page)
        with urllib.request.urlopen(f"{address}/metrics") as answer:
            told = answer.read().decode()
    lines = [line for line in path.with_suffix(".log").read_text().splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines]
    assert NAME.lower() not in path.with_suffix(".log").read_text().lower()
    assert NAME not in told
    assert {"started", "request", "websocket closed", "refused", "stopped"} <= {e["event"] for e in events}
    assert [e["kind"] for e in events if e["event"] == "refused"] == ["Invalid"]
    assert 'crmplus_refusals_total{kind="Invalid"} 1.0' in told
    assert "crmplus_websockets 1.0" in told
