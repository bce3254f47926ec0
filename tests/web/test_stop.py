"""The server ends by itself when it is asked to: what is being written is written, and the log says so."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLOW_WRITER = """
import threading, time
from crmplus.store.database import the_database
from crmplus.web import serving

def write():
    with the_database().quiet_transaction() as connection:
        begun.set()
        time.sleep(2)
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

the_database()
begun = threading.Event()
threading.Thread(target=write, daemon=True).start()
begun.wait()
"""


def test_a_write_that_has_begun_is_kept_when_the_server_is_stopped(tmp_path: Path) -> None:
    """The writer is a thread that would not outlive the process."""
    script = tmp_path / "app.py"
    script.write_text(
        (ROOT / "app.py").read_text() + f"\nif __name__ != '__main__':\n    exec({SLOW_WRITER!r})\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    path = tmp_path / "crm.duckdb"
    with log.open("w") as out:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"),
                *(f"--server.port={port}", "--server.address=127.0.0.1"),
            ],
            cwd=ROOT,
            env=os.environ | {"CRMPLUS_DATABASE": str(path), "CRMPLUS_LOG": "json", "PYTHONPATH": str(ROOT)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        for _ in range(200):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/static/x", timeout=2):
                pass
            if "started" in log.read_text():
                break
            time.sleep(0.1)
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    events = [json.loads(line)["event"] for line in log.read_text().splitlines() if line.startswith("{")]
    assert events.index("writers are done") < events.index("stopped")
    assert server.returncode in (0, -signal.SIGTERM), "uvicorn raises the signal again once it is done"
    look = f"import duckdb; print(duckdb.connect({str(path)!r}).sql('FROM kept').fetchall())"
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[(1,)]"
