"""What becomes of real files that a newcomer imports as customers: `python -m tests.exchange.outcomes`.

Each file is read as it is detected to be and its columns are taken for what is proposed, into a
workspace of its own. Where no column is recognised as the customer's name, one is chosen as a person
would: the first that is called a name, else the first with words that differ from row to row. Rows
that are refused stay out, the others are imported. The answer is a table in Markdown.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from crmplus.domain.errors import CrmError
from crmplus.exchange.fields import FIELDS, Kind
from crmplus.exchange.imports import Check, check_file, run_import
from crmplus.exchange.lines import headers, read_lines
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.problems import REPEATED
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import FileKind, Source, open_source
from crmplus.services.setup import create_workspace, default_workspace
from crmplus.store.database import Database
from tests.exchange.importing import detected
from tests.world import ADMIN, NOW

DATA = Path(__file__).resolve().parents[2] / "../shared/data"
FOLDERS = ("csv_edge_cases", "crm_samples")
MISSING = f"no {DATA}: the real files are not part of the project"
_NAMES = {"customer_name", "contact", "contact_last_name"}
_LINES_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; `refusal` says why nothing of it could be read or imported."""

    file: str
    read_as: str = ""
    check: Check | None = None
    refusal: str = ""

    def row(self) -> str:
        cells = (self.file, self.read_as or "not read", self._became())
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", "⏎") for cell in cells) + " |"

    def _became(self) -> str:
        if self.check is None:
            return f"refused: {self.refusal}"
        said = [f"made: {self.check.counts.customers_made}"]
        said += [f"{note.message}: {note.count}" for note in self.check.notes]
        if self.check.refused_count:
            first = self.check.problems[0]
            cell = f", {first.column} “{first.value[:40]}”" if first.column else ""
            said.append(f"refused: {self.check.refused_count}, on line {first.line}{cell}: {first.reason}")
        return "<br>".join(said)

    @property
    def repeated(self) -> int:
        """Rows that say the same of a customer as an earlier one."""
        notes = self.check.notes if self.check else []
        return sum(note.count for note in notes if note.message == REPEATED)


def real_files() -> list[Path]:
    """None where the folder is missing."""
    return sorted(path for folder in FOLDERS for path in (DATA / folder).rglob("*") if path.is_file())


def outcome(database: Database, path: Path) -> Outcome:
    """Import one file into a workspace that has no customers yet."""
    read_as = ""
    try:
        source = open_source(path, path.name)
        reading = detected(source)
        read_as = _read_as(source, reading)
        mapping = _of_customers(propose_mapping(database, ADMIN, source, reading), source, reading)
        check = check_file(database, ADMIN, source, reading, mapping, NOW)
        run_import(database, ADMIN, check, NOW)
    except CrmError as error:
        return Outcome(path.name, read_as, refusal=str(error.message))
    return Outcome(path.name, f"{read_as}, {check.row_count} rows; name: {_name_of(mapping)}", check)


def _of_customers(mapping: ImportMapping, source: Source, reading: Reading) -> ImportMapping:
    """The proposal without what it says of leads, with a column as the customer's name."""
    columns = {name: key for name, key in mapping.columns.items() if not FIELDS[key].is_of_lead}
    if not _NAMES & set(columns.values()):
        columns |= {_likely_name(source, reading): "customer_name"}
    return replace(mapping, kind=Kind.CUSTOMERS, columns=columns, starts_leads=True)


def _likely_name(source: Source, reading: Reading) -> str:
    names = headers(source, reading)
    rows = [line.values for line in islice(read_lines(source, reading), _LINES_LOOKED_AT)]
    cells = {name: [row[place] for row in rows if place < len(row)] for place, name in enumerate(names)}
    worded = [name for name in names if any(map(str.isalpha, "".join(cells[name])))]
    telling = [name for name in worded if len(set(cells[name])) == len(cells[name])]
    called = [name for name in worded if "name" in name.lower()]
    return (called or telling or worded or names)[0]


def _name_of(mapping: ImportMapping) -> str:
    return " + ".join(name for name, key in mapping.columns.items() if key in _NAMES)


def _read_as(source: Source, reading: Reading) -> str:
    width = f"{len(headers(source, reading))} columns"
    header = f"header row {reading.header_row}" if reading.header_row else "no header row"
    if source.kind is FileKind.WORKBOOK:
        return f"sheet {reading.sheet}, {header}, {width}"
    delimiter = {"\t": "tab", " ": "space"}.get(reading.delimiter, reading.delimiter)
    return f"{reading.encoding}, `{delimiter}`, {header}, {width}"


def _table() -> Iterator[str]:
    yield "| file | read as | outcome |"
    yield "|---|---|---|"
    for path in real_files():
        database = Database.open(None)
        create_workspace(database, ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
        yield outcome(database, path).row()
        database.close()


if __name__ == "__main__":
    if not real_files():
        sys.exit(MISSING)
    for row in _table():
        sys.stdout.write(row + "\n")
