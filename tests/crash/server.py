"""The real server on a database file, to be killed, stopped and started again at the same address."""

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """`program` is the module that runs as Streamlit does, with what it asks for in front."""

    def __init__(self, database: Path, program: tuple[str, ...] = ("streamlit",)) -> None:
        self._program = program
        self._database = database
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self.log = database.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers."""
        command = [sys.executable, "-m", *self._program, "run", "app.py", "--server.headless", "true"]
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                [*command, "--server.port", str(self._port)],
                cwd=ROOT,
                env=os.environ | {"CRMPLUS_DATABASE": str(self._database)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                return
            assert self._process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(f"the server did not answer: {self.log.read_text()}")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        assert self._process.wait(20) == -signal.SIGKILL

    def stop(self) -> int:
        """Ask it to end; its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(30)

    def let_files_grow_to(self, size: int) -> None:
        """Its disk stops taking anything beyond `size` bytes of a file; -1 ends that."""
        assert self._process is not None
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, -1))
