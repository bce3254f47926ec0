"""A real file that others published figures of, brought in by the importer with a mapping of ours."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from crmplus.exchange.imports import Check, check_file, run_import
from crmplus.exchange.mapping import ImportMapping, from_json
from crmplus.exchange.source import open_source
from crmplus.store.database import Database
from tests.exchange.importing import detected
from tests.world import ADMIN, NOW

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "../shared/data/maven_crm"
FILE = FOLDER / "sales_pipeline.csv"
VARIANTS = tuple(FOLDER / f"variants/sales_pipeline_{name}.csv" for name in ("us_mdy", "ddmmyy_quarters"))
MAPPING_FILE = ROOT / "tests/exchange/maven_mapping.json"


def skip_without_the_file() -> None:
    """The test is skipped where the file is not there."""
    if not FILE.exists():
        pytest.skip(f"no {FOLDER}: the real files are not part of the project")


def published_rows() -> list[dict[str, str]]:
    skip_without_the_file()
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def maven_mapping() -> ImportMapping:
    return from_json(MAPPING_FILE.read_text(encoding="utf-8"))


def check_maven(database: Database, file: Path = FILE, at: datetime = NOW) -> Check:
    """What an import of the file would do, read as it is detected to be."""
    skip_without_the_file()
    source = open_source(file, file.name)
    return check_file(database, ADMIN, source, detected(source), maven_mapping(), at)


def import_maven(database: Database, file: Path = FILE, at: datetime = NOW) -> Check:
    """Import all of it, and give what was promised before."""
    check = check_maven(database, file, at)
    run_import(database, ADMIN, check, at)
    return check
