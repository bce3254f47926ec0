"""M1 against the barest SQL, and the daily screens' reads, at several sizes.

`python -m bench.measure_pipeline 1000 100000 1000000`; see README.md of this folder.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import median

from bench.generate import generate
from crmplus.analytics.pipeline import Pipeline, PipelineFilter, list_pipeline_leads, measure_pipeline
from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.domain.sight import EVERYTHING
from crmplus.services.account_types import list_account_types
from crmplus.services.customers import CustomerQuery, list_changes_of_customer, list_customers
from crmplus.services.leads import get_lead_card, list_leads_of_customer
from crmplus.store.database import Database

RUNS = 30
PAGE = 50

# The fewest words that give the numbers of M1, exactly.
BAREST = """
SELECT phase_id, count(*), sum(expected_value), sum(expected_value * CAST(score AS DECIMAL(3, 0))),
       sum(recurring_value), sum(recurring_value * CAST(score AS DECIMAL(3, 0)))
FROM lead
WHERE closed_at_utc IS NULL AND account_type_id = $account_type_id
GROUP BY phase_id
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of one size, in milliseconds, by what was measured."""

    lead_count: int
    by_name: dict[str, float]


def in_turn(measures: dict[str, Callable[[], object]], runs: int = RUNS) -> dict[str, float]:
    """The median milliseconds of each, all of them run once a round so that none is favoured."""
    for measure in measures.values():
        measure()
    times: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(runs):
        for name, measure in measures.items():
            started = time.perf_counter()
            measure()
            times[name].append((time.perf_counter() - started) * 1000)
    return {name: median(taken) for name, taken in times.items()}


def require_equal(found: Pipeline, barest: list[tuple[object, ...]]) -> None:
    """Raises: ValueError where the two disagree."""
    ours = {
        phase.id: (
            f.lead_count,
            f.expected_value,
            f.weighted_value,
            f.recurring_value,
            f.weighted_recurring_value,
        )
        for phase, f in found.phases
        if f.lead_count
    }
    plain = {
        row[0]: (row[1], row[2], Decimal(str(row[3])) / 100, row[4], Decimal(str(row[5])) / 100)
        for row in barest
    }
    if ours != plain:
        raise ValueError(f"M1 says {ours}, plain SQL {plain}")


def measure(path: Path, lead_count: int) -> Measured:
    database = Database.open(path)
    account_type = list_account_types(database, LOCAL_ADMIN)[0]
    chosen = PipelineFilter(account_type.id)

    def floor() -> list[tuple[object, ...]]:
        with database.read(EVERYTHING) as connection:
            return connection.execute(BAREST, {"account_type_id": account_type.id})

    pipeline = measure_pipeline(database, LOCAL_ADMIN, chosen)
    require_equal(pipeline, floor())
    taken = in_turn(
        {
            "M1, plain SQL": floor,
            "M1, measure_pipeline": lambda: measure_pipeline(database, LOCAL_ADMIN, chosen),
        }
    )
    taken |= in_turn(screens(database, chosen, pipeline))
    database.close()
    return Measured(lead_count, taken)


def screens(
    database: Database, chosen: PipelineFilter, pipeline: Pipeline
) -> dict[str, Callable[[], object]]:
    """The reads behind the list, the card and the funnel; leads and customer are the newest there."""
    phase = pipeline.phases[0][0]
    leads, _ = list_pipeline_leads(database, LOCAL_ADMIN, chosen, phase.id, 1)
    lead = get_lead_card(database, LOCAL_ADMIN, leads[0].lead_id).lead

    def customers(**query: str | bool) -> Callable[[], object]:
        wanted = CustomerQuery(**query)  # type: ignore[arg-type]
        return lambda: list_customers(database, LOCAL_ADMIN, wanted, PAGE)

    return {
        "list_customers, first page": customers(),
        "list_customers, search": customers(search="bouw wester"),
        "list_customers, search, one found": customers(search="c-00042"),
        "list_customers, by phase": customers(sort="phase"),
        "get_lead_card": lambda: get_lead_card(database, LOCAL_ADMIN, lead.id),
        "list_leads_of_customer": lambda: list_leads_of_customer(database, LOCAL_ADMIN, lead.customer_id),
        "list_changes_of_customer": lambda: list_changes_of_customer(
            database, LOCAL_ADMIN, lead.customer_id, PAGE
        ),
        "list_pipeline_leads": lambda: list_pipeline_leads(database, LOCAL_ADMIN, chosen, phase.id, PAGE),
    }


def show(results: list[Measured]) -> None:
    """A table: milliseconds by size, and how often the largest takes the smallest's time."""
    print(
        f"{'median ms':<36}"
        + "".join(f"{result.lead_count:>12,}" for result in results)
        + f"{'last/first':>12}"
    )
    for name in results[0].by_name:
        taken = [result.by_name[name] for result in results]
        print(f"{name:<36}" + "".join(f"{ms:>12.2f}" for ms in taken) + f"{taken[-1] / taken[0]:>12.1f}")
    ratios = [r.by_name["M1, measure_pipeline"] / r.by_name["M1, plain SQL"] for r in results]
    print(f"{'M1, ours / plain (goal: 2 or less)':<36}" + "".join(f"{ratio:>12.2f}" for ratio in ratios))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure M1 and the daily reads.")
    parser.add_argument("sizes", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="a folder to keep the databases in, and find them again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crmplus-bench-") as temporary:
        folder = chosen.keep or Path(temporary)
        results = []
        for size in chosen.sizes:
            path = folder / f"{size}.duckdb"
            if not path.exists():
                generate(path, size)
            results.append(measure(path, size))
        show(results)


if __name__ == "__main__":
    main()
