"""Kill the writers many times, and say what became of what was acknowledged: `python -m tests.crash 200`."""

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from tests.crash.killing import Outcome, kill_once
from tests.small_world import make_small_world
from tests.world import ADMIN, NOW

_KILLS_A_FILE = 20


def make_file(path: Path) -> Path:
    """A workspace with a few leads, closed."""
    made = Database.open(path)
    create_workspace(made, ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
    made.close()
    make_small_world(path)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where to work, such as /dev/shm")
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else time.time_ns() % 10**6
    rng, outcome, begun = random.Random(seed), Outcome(), time.monotonic()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as temporary:
        first = make_file(Path(temporary) / "first.duckdb")
        path = first
        for number in range(chosen.kills):
            if number % _KILLS_A_FILE == 0:
                path = Path(shutil.copy(first, Path(temporary) / f"{number}.duckdb"))
            kill_once(path, rng, outcome)
            say("." if (number + 1) % 50 else ".\n")
    report(outcome, seed, time.monotonic() - begun)
    return 1 if outcome.wrong else 0


def report(outcome: Outcome, seed: int, seconds: float) -> None:
    times = sorted(outcome.reopening)
    figures = {
        "kills": outcome.kills,
        "  while the log was brought in": outcome.while_settling,
        "acknowledged changes": outcome.acknowledged,
        "unanswered and sent again": outcome.repeated,
        "lost": len(outcome.lost),
        "duplicated": len(outcome.duplicated),
        "could not be opened": len(outcome.unopened),
        "findings of the check": len(outcome.unsound),
        "opening again, median ms": round(statistics.median(times) * 1000),
        "opening again, longest ms": round(times[-1] * 1000),
    }
    lines = [f"{name:32}{figure:8}" for name, figure in figures.items()]
    say("\n".join(["", f"seed {seed}, {seconds:.0f} s", *lines, *outcome.wrong[:20], ""]))


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
