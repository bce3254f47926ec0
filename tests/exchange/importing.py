"""Importing a file as a newcomer does: read as it is detected to be, everything as it is proposed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crmplus.exchange.detect import detect
from crmplus.exchange.imports import Check, check_file, run_import
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source, open_source
from crmplus.store.database import Database
from tests.world import ADMIN, NOW


def detected(source: Source) -> Reading:
    return detect(source).reading


def import_file(
    database: Database,
    path: Path,
    at: datetime = NOW,
    progress: Callable[[float], None] = lambda share: None,
) -> Check:
    """Import it, and give what was promised before."""
    source = open_source(path, path.name)
    reading = detected(source)
    check = check_file(
        database, ADMIN, source, reading, propose_mapping(database, ADMIN, source, reading), at
    )
    run_import(database, ADMIN, check, at, progress)
    return check
