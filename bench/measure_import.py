"""An import of a million rows against DuckDB's bare `read_csv` into a table.

`python -m bench.measure_import 1000000`; see README.md of this folder.
"""

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.exchange.detect import detect
from crmplus.exchange.imports import check_file, run_import
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.source import open_source
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database

CUSTOMERS = [
    "number",
    "name",
    "contact",
    "email",
    "phone",
    "street",
    "postal_code",
    "city",
    "country",
    "remark",
]
LEADS = ["opportunity_id", "title", "phase", "expected_value", "score", "created", "closed"]
PHASES = ("Meeting", "Calculation", "Won", "Lost")


def write_file(path: Path, row_count: int, *, with_leads: bool) -> None:
    """Rows of some 240 bytes, each another customer, each with a lead where asked for."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CUSTOMERS + (LEADS if with_leads else []))
        for n in range(row_count):
            customer = [
                f"X-{n}",
                f"Company number {n} BV",
                f"Jan de {n % 5000}",
                f"info{n}@company{n}.example",
                f"+31 6 {n:08d}",
                f"Long Street of the Company {n % 300} {n % 100}",
                f"{1000 + n % 9000} AB",
                f"City {n % 700}",
                "Netherlands",
                "A remark about a customer, as long as such remarks tend to be in the files of others.",
            ]
            phase = PHASES[n % 4]
            lead = [
                f"L{n}",
                f"Oven line {n % 900}",
                phase,
                f"{n % 100_000}.50",
                n % 100 + 1,
                f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}",
                f"2025-{1 + n % 12:02d}-{1 + n % 28:02d}" if phase in ("Won", "Lost") else "",
            ]
            writer.writerow(customer + (lead if with_leads else []))


@contextmanager
def timed(name: str, found: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    found[name] = time.perf_counter() - started


def measure(path: Path, folder: Path) -> dict[str, float]:
    """Seconds of each step, in one run."""
    found: dict[str, float] = {}
    with timed("bare read_csv into a table", found), duckdb.connect(str(folder / "bare.duckdb")) as bare:
        bare.execute("CREATE TABLE t AS SELECT * FROM read_csv($path)", {"path": str(path)})
    database = Database.open(folder / "import.duckdb")
    create_workspace(database, LOCAL_ADMIN, default_workspace("en", "UTC"), datetime.now(UTC))
    with timed("detect and propose", found):
        source = open_source(path, path.name)
        reading = detect(source).reading
        mapping = propose_mapping(database, LOCAL_ADMIN, source, reading)
    with timed("check", found):
        check = check_file(database, LOCAL_ADMIN, source, reading, mapping, datetime.now(UTC))
    assert not check.refused_count, check.problems[:3]
    with timed("import", found):
        run_import(database, LOCAL_ADMIN, check, datetime.now(UTC))
    database.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("--leads", action="store_true", help="each row is a lead with its customer")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        path = folder / "rows.csv"
        write_file(path, asked.rows, with_leads=asked.leads)
        print(f"{asked.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        found = measure(path, folder)
    bare = found["bare read_csv into a table"]
    for name, seconds in found.items():
        print(f"{name:32} {seconds:8.2f} s   x {seconds / bare:.1f}")
    together = sum(found.values()) - bare
    print(f"{'detect, check and import':32} {together:8.2f} s   x {together / bare:.1f}")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
