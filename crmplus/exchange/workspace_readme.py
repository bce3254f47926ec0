"""The README of an export: what each file and each of its columns holds."""

from collections.abc import Mapping, Sequence

from crmplus.store.schema import ColumnShape, TableShape

ABOUT = {
    "account_type": "The kinds of customer; those with lead phases have a funnel.",
    "change_log": "Every change of anything: who, when, what, and the fields that differ as JSON.",
    "closing_reason": "Why leads end, and whether that counts as won, lost or neither.",
    "contact_person": "Whom one talks to at a customer; the last column is derived, to search by.",
    "customer": "The organisations and persons sold to; the last four columns are derived, to search by.",
    "import_key": "By which key an imported file knows a row, and a fingerprint of what it last said of it.",
    "import_mapping": "How files are read, kept by name; content_json is the mapping.",
    "import_row": "Which rows an import made or changed, and how they were before.",
    "import_run": "The imports that were done, with their counts.",
    "lead": "Each possible sale as it stands now; score is a chance in percent.",
    "lead_version": "The whole state of each lead after each of its changes.",
    "next_step": "What is to be done about leads, and by when; done_at_utc is empty while it is open.",
    "note": "What was learned about leads; the last column is derived, to search by.",
    "person": "Who works with CRM+ and owns customers and leads.",
    "phase": "The steps of the funnels; each belongs to one account type.",
    "phase_record": "What was recorded of a lead in each visit to a phase, numbered from 1.",
    "saved_view": "Names for a page and its filters; query is its address behind the question mark.",
    "target": "What an owner is to win in a month, which its first day names.",
    "team": "Groups of people; whoever is in one may see what the others in it own.",
    "team_member": "Who is in which team.",
    "workspace": "What holds for the whole company: one row.",
}
"""A sentence for every table."""

_TYPES = {
    "UUID": "key",
    "VARCHAR": "text",
    "TIMESTAMP": "time in UTC, ISO 8601",
    "DATE": "date, ISO 8601",
    "TIME": "time of day, ISO 8601",
    "BOOLEAN": "true or false",
}

_HEAD = """# A CRM+ workspace

The whole workspace as CSV, one file for each table: UTF-8, commas, quotes where needed, the names of
the columns in the first row. CRM+ makes the same workspace of it again in an empty database.

- Amounts are in the workspace's currency, with a point; recurring ones are per period of the workspace.
- An empty cell is no value, except in a text column that always has one: there it is an empty text.
  In a text column that may be empty, an empty text is a lone apostrophe.
- A text that a spreadsheet could take for a formula, or that begins with an apostrophe, has one
  apostrophe more in front; taking it off gives the text.
- `manifest.json` says which version of the tables this is and how many rows each file holds.
"""


def readme(tables: Sequence[TableShape], counts: Mapping[str, int]) -> str:
    """The README in Markdown; `counts` has the number of rows of each table."""
    return "\n".join([_HEAD, *(_section(table, counts[table.name]) for table in tables)])


def _section(table: TableShape, count: int) -> str:
    lines = [
        f"| {column.name} | {_type_of(column)} | {'yes' if column.is_nullable else 'no'} |"
        for column in table.columns
    ]
    head = f"## {table.name}.csv\n\n{ABOUT[table.name]} Rows: {count}.\n"
    return "\n".join([head, "| column | holds | may be empty |", "|---|---|---|", *lines, ""])


def _type_of(column: ColumnShape) -> str:
    if column.name.endswith("_json"):
        return "JSON"
    if column.data_type.startswith("DECIMAL"):
        decimals = column.data_type.rstrip(")").split(",")[1]
        return f"number, {decimals} decimals"
    return _TYPES.get(column.data_type, "whole number")
