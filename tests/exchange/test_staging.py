"""Scratch files: they go with what refers to them, or with the process that made them."""

import os
import subprocess
import sys
from pathlib import Path

from crmplus.exchange.staging import Folder


def test_a_folder_goes_when_nothing_refers_to_it() -> None:
    folder = Folder()
    path = folder.path
    (path / "rows").write_text("x")
    del folder
    assert not path.exists()


def test_what_a_killed_process_left_goes_with_the_next_folder() -> None:
    code = (
        "import os, signal\n"
        "from crmplus.exchange.staging import Folder\n"
        "folder = Folder()\n"
        "print(folder.path, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).resolve().parents[2]
    killed = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    left = Path(killed.stdout.strip())
    assert left.is_dir(), killed.stderr
    ours = Folder()
    assert not left.exists()
    assert ours.path.is_dir()
    assert f"-{os.getpid()}-" in ours.path.name
