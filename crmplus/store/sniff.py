"""DuckDB's sniffer: how a piece of text is divided into cells."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
}
# Not among the named statements: it reads no table of ours, and PostgreSQL has no sniffer.
_SNIFF = "SELECT Delimiter, Quote, Escape FROM sniff_csv($path, ignore_errors = true)"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are divided and quoted; an empty escape means that a quote within quotes is doubled."""

    delimiter: str
    quote: str = '"'
    escape: str = ""


def sniff(sample: str) -> Dialect | None:
    """How the lines of `sample` seem to be divided; None where the sniffer sees no table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.csv"
        path.write_text(sample, encoding="utf-8", errors="replace", newline="")
        try:
            with duckdb.connect(":memory:", config=_SETTINGS) as connection:
                found = connection.execute(_SNIFF, {"path": str(path)}).fetchone()
        except duckdb.Error:
            return None
    if found is None:
        return None
    delimiter, quote, escape = ("" if mark == "(empty)" else str(mark) for mark in found)
    return Dialect(delimiter, quote or '"', escape if escape != quote else "") if delimiter else None
