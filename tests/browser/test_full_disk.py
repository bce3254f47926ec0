"""A disk that stops taking anything under a running server, as its user meets it."""

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.driver import history, new_customer, open_page, press, settle, type_in
from tests.crash.server import Server


def test_a_disk_that_takes_nothing_is_said_in_a_sentence_and_what_was_typed_is_saved_when_it_is_over(
    page: Page, starter_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    server = Server(path)
    server.start()
    try:
        for number in range(4):
            new_customer(page, server.address, f"Customer {number}")
        log = path.with_name(path.name + ".wal").stat().st_size
        assert log > server.log.stat().st_size, "the server could not log any more"
        server.let_files_grow_to(log + 100)

        open_page(page, f"{server.address}/customers")
        press(page, "New customer")
        type_in(page, "Name (required)", "Typed on a full disk")
        press(page, "Save customer")
        expect(page.get_by_text("The disk of the server failed, so nothing was saved.")).to_be_visible()
        expect(page.get_by_role("textbox", name="Name (required)")).to_have_value("Typed on a full disk")

        server.let_files_grow_to(-1)
        press(page, "Save customer")
        page.wait_for_url("**/customer?customer=C-00005")
        settle(page)
        expect(page.get_by_role("heading", name="Typed on a full disk")).to_be_visible()
        assert len(history(page)) == 2, "the customer and its first lead, made once"
    finally:
        assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()
