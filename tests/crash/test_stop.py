"""Asked to stop, the server ends what it writes, begins nothing, and leaves one whole file."""

import shutil
import threading
import time
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.keeping.check import check
from crmplus.store import database as store
from crmplus.store.database import Database, close_all, the_database
from tests.crash.server import Server
from tests.world import customer, query


def names(database: Database) -> set[str]:
    return {row[0] for row in query(database, "SELECT name FROM customer")}


def beside(path: Path) -> list[str]:
    return [each.name for each in path.parent.iterdir() if each.name.startswith(path.name) and each != path]


def test_a_server_that_is_stopped_while_a_page_is_open_exits_with_0_and_leaves_one_file(
    starter_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    server = Server(path)
    server.start()
    url = server.address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(url, subprotocols=["streamlit"], origin=server.address) as page:  # type: ignore[arg-type, list-item]
        asked = BackMsg()
        asked.rerun_script.page_name = "leads"
        page.send(asked.SerializeToString())
        page.recv()
        assert server.stop() == 0, server.log.read_text()
    assert beside(path) == []
    assert "Traceback" not in server.log.read_text()


def test_closing_lets_who_writes_finish_and_refuses_the_others_with_a_sentence(
    starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    monkeypatch.setenv("CRMPLUS_DATABASE", str(path))
    monkeypatch.setattr(store, "_opened", {})
    saved: list[str] = []
    refused: list[str] = []

    def work(number: int) -> None:
        try:
            while True:
                saved.append(customer(the_database(), f"{number}-{len(saved)}").name)
        except DatabaseUnavailable as error:
            refused.append(str(error))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    while len(saved) < 20:
        time.sleep(0.01)
    close_all()
    for thread in threads:
        thread.join()
    assert refused == ["CRM+ is being stopped. Try again once it runs again."] * 8
    assert beside(path) == []
    again = Database.open(path)
    assert names(again) == set(saved)
    assert check(again) == []
    again.close()


def test_a_reader_that_does_not_end_is_cut_off_and_nothing_is_lost(
    starter_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmplus.store.engine._PATIENCE", 0.1)
    path = Path(shutil.copy(starter_file, tmp_path / "crmplus.duckdb"))
    database = Database.open(path)
    with database.aside() as connection:
        customer(database, "Saved")
        database.close()
        with pytest.raises(Exception, match="closed"):
            connection.execute("SELECT name FROM customer")
    assert beside(path) == []
    again = Database.open(path)
    assert names(again) == {"Saved"}
    again.close()
