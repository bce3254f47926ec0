"""All that a page of figures reads, cold, against one full scan of the columns that it reads.

`python -m bench.measure_insight 100000 1000000`; see README.md of this folder.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from streamlit.testing.v1 import AppTest

from bench.generate import generate
from bench.measure_pipeline import in_turn
from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import the_database
from crmplus.ui import session

RUNS = 15
APP = Path(__file__).resolve().parents[1] / "app.py"

_LEAD = ("account_type_id", "owner_id", "phase_id", "score", "expected_value", "recurring_value")
_OPEN = (*_LEAD, "opened_at_utc", "closed_at_utc")
_CLOSED = (*_OPEN, "closing_reason_id")
_SPAN = (*_LEAD, "valid_from_utc", "valid_to_utc", "is_open")
_EVENT = (
    *_SPAN,
    "was_open",
    "closing_reason_id",
    "previous_account_type_id",
    "previous_owner_id",
    "previous_score",
    "previous_expected_value",
    "previous_recurring_value",
)
_STAY = ("lead_id", "phase_id", "account_type_id", "owner_id", "closed_at_utc", "closing_reason_id")

# What each page cannot do without, by table: the floor is to read it once.
COLUMNS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "funnel": {"lead": _OPEN, "lead_span": _SPAN},
    "conversion": {"lead_stay": (*_STAY, "opened_at_utc"), "lead": _CLOSED},
    "time_in_phase": {
        "lead_stay": (*_STAY, "seconds_spent", "left_at_utc"),
        "lead": (*_OPEN, "phase_entered_at_utc"),
    },
    "forecast": {"lead": (*_CLOSED, "expected_close_date")},
    "win_loss": {"lead": _CLOSED, "lead_stay": (*_STAY, "is_last_before_closing")},
    "scores": {"lead": _CLOSED, "lead_stay": (*_STAY, "score", "expected_value")},
    "changes": {"lead_span": _EVENT},
    "owners": {"lead": (*_CLOSED, "phase_entered_at_utc")},
}

# The filters that ask a page for all there is: nothing is left out by a short period.
ALL_PERIODS = {
    "conversion": {"opened": "all"},
    "time_in_phase": {"left": "all"},
    "forecast": {"closing": "all"},
    "win_loss": {"closed": "all"},
    "scores": {"closed": "all"},
    "changes": {"changed": "all"},
    "owners": {"closed": "all"},
}

Reads = list[Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page read when it was drawn once, and the floor beside it."""

    name: str
    reads: Reads
    floor: str


def visit(name: str, **query: str) -> Reads:
    """Draw a page as a browser would, and keep what it asked the measures for."""
    found: Reads = []
    remembered = session._remembered

    def recorded(function, source, _version, who, args, kwargs):  # type: ignore[no-untyped-def]
        if function.__module__.startswith("crmplus.analytics"):
            found.append(lambda: function(source, who, *args, **dict(kwargs)))
        return function(source, who, *args, **dict(kwargs))

    session._remembered = recorded  # type: ignore[assignment]
    try:
        at = AppTest.from_file(str(APP), default_timeout=120)
        at.session_state["language"] = "en"
        at.query_params.update(query)
        at.switch_page(f"pages/{name}.py").run()
    finally:
        session._remembered = remembered
    if at.exception or not found:
        raise ValueError(f"{name} read nothing: {at.exception}")
    return found


def floor_of(name: str) -> str:
    """One scan that looks at every value of the columns."""
    scans = [
        f"SELECT {', '.join(f'max({column})' for column in columns)} FROM {table}"
        for table, columns in COLUMNS[name].items()
    ]
    return "; ".join(scans)


def measure(path: Path, *, everything: bool) -> dict[str, tuple[float, float]]:
    """By page, the median milliseconds of its measures and of its floor."""
    os.environ["CRMPLUS_DATABASE"] = str(path)
    database = the_database()
    pages = [
        Page(name, visit(name, **(ALL_PERIODS.get(name, {}) if everything else {})), floor_of(name))
        for name in COLUMNS
    ]
    taken: dict[str, float] = {}
    for page in pages:

        def all_reads(page: Page = page) -> None:
            for read in page.reads:
                read()

        def floor(page: Page = page) -> None:
            for scan in page.floor.split("; "):
                with database.read(EVERYTHING) as connection:
                    connection.execute(scan)

        taken |= in_turn({page.name: all_reads, f"{page.name} floor": floor}, RUNS)
    return {page.name: (taken[page.name], taken[f"{page.name} floor"]) for page in pages}


def show(sizes: Sequence[int], results: Sequence[Mapping[str, tuple[float, float]]]) -> None:
    print(
        f"{'median ms (of one scan)':<26}" + "".join(f"{size:>22,}" for size in sizes) + f"{'last/first':>12}"
    )
    for name in results[0]:
        cells = "".join(f"{ms:>14.1f} ({ms / scan:>4.1f})" for ms, scan in (r[name] for r in results))
        print(f"{name:<26}{cells}{results[-1][name][0] / results[0][name][0]:>12.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what the pages of figures read.")
    parser.add_argument("sizes", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="a folder to keep the databases in, and find them again")
    parser.add_argument("--everything", action="store_true", help="all periods, not those pages begin with")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crmplus-bench-") as temporary:
        folder = chosen.keep or Path(temporary)
        results = []
        for size in chosen.sizes:
            path = folder / f"{size}.duckdb"
            if not path.exists():
                generate(path, size)
            results.append(measure(path, everything=chosen.everything))
        show(chosen.sizes, results)


if __name__ == "__main__":
    main()
