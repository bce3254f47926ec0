"""What must hold between the tables of a workspace that was brought back from files."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from crmplus.domain.actor import Role
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.errors import Invalid, Refused
from crmplus.domain.lead import RecordState
from crmplus.domain.message import Message, say
from crmplus.domain.phase import PhaseType
from crmplus.domain.sight import Reach
from crmplus.domain.workspace import WORKSPACE_ID, RecurringPeriod, WorkspaceDraft
from crmplus.store.connection import Connection
from crmplus.store.schema import TableShape
from crmplus.store.tables import WORKSPACE

WORDS: dict[tuple[str, str], type[StrEnum]] = {
    ("workspace", "recurring_period"): RecurringPeriod,
    ("workspace", "manager_sees"): Reach,
    ("workspace", "rep_sees"): Reach,
    ("workspace", "viewer_sees"): Reach,
    ("person", "role"): Role,
    ("phase", "phase_type"): PhaseType,
    ("closing_reason", "outcome"): Outcome,
    ("phase_record", "state"): RecordState,
}
"""Columns that hold one of a few words."""

_NAMED_OTHERWISE = {
    "owner_id": "person",
    "actor_id": "person",
    "author_id": "person",
    "import_id": "import_run",
}
NO_REFERENCE = frozenset({"id", "entity_id"})
"""Keys that name no row of one certain table."""

HISTORY = frozenset({"change_log", "lead_version"})
"""What is kept for good: it may name rows that were deleted, as long as it says so itself."""

RULES: dict[str, Callable[[str], Message]] = {
    "lead_unlike_its_history": lambda found: say(
        "Lead {found} is not what its newest version in the history says.", found=found
    ),
    "lead_unlike_its_record": lambda found: say(
        "Lead {found} is not what its newest phase record says.", found=found
    ),
    "lead_half_closed": lambda found: say(
        "Lead {found} is closed without a closing phase and a reason, or open with a reason.", found=found
    ),
    "lead_outside_its_funnel": lambda found: say(
        "Lead {found} stands in a phase of another account type.", found=found
    ),
    "lead_values_out_of_range": lambda found: say(
        "Lead {found} has a score outside 1 to 100, or an amount below 0.", found=found
    ),
    "second_default": lambda found: say("Account type {found} is a default beside another.", found=found),
    "second_qualification": lambda found: say(
        "Phase {found} is a second qualification phase of its funnel.", found=found
    ),
    "code_held_twice": lambda found: say("The code or number {found} stands in two rows.", found=found),
}
"""A statement that finds a row that breaks a rule, and the sentence about it."""


def check_restored(connection: Connection, tables: Sequence[TableShape]) -> None:
    """Raises: Refused, with the first thing that does not hold."""
    _check_workspace(connection)
    for (table, column), words in WORDS.items():
        _check_words(connection, table, column, words)
    for table, column, parent in references(tables):
        _check_reference(connection, table, column, parent)
    for statement, sentence in RULES.items():
        for row in connection.rows(statement):
            raise _refused(sentence(str(row["found"])))


def references(tables: Sequence[TableShape]) -> list[tuple[str, str, str]]:
    """Every column that names a row of another table: table, column, and that other table.

    Raises: KeyError for a key whose name does not say which table it is of.
    """
    names = {table.name: table.name for table in tables}
    return [
        (table.name, column.name, (names | _NAMED_OTHERWISE)[_stem(column.name)])
        for table in tables
        for column in table.columns
        if column.data_type == "UUID" and column.name not in NO_REFERENCE
    ]


def _stem(column: str) -> str:
    return column if column in _NAMED_OTHERWISE else column.removesuffix("_id")


def _check_workspace(connection: Connection) -> None:
    """There is one, and it is one that the program can work with."""
    try:
        found = WORKSPACE.where(connection)
        if [row.id for row in found] != [WORKSPACE_ID]:
            raise _refused(say("It does not hold exactly one workspace."))
        kept = {name: getattr(found[0], name) for name in WorkspaceDraft.__slots__}
        WorkspaceDraft(**kept).checked()
    except (Invalid, ValueError) as error:
        raise _refused(say("Its workspace holds settings that CRM+ does not know.")) from error


def _check_words(connection: Connection, table: str, column: str, words: type[StrEnum]) -> None:
    for (word,) in connection.execute(f"SELECT DISTINCT {column} FROM {table} ORDER BY 1"):
        if word not in set(words):
            raise _refused(
                say(
                    "{table}.{column} holds “{word}”, which CRM+ does not know.",
                    table=table,
                    column=column,
                    word=word[:80],
                )
            )


def _check_reference(connection: Connection, table: str, column: str, parent: str) -> None:
    known = f"SELECT id FROM {parent}"
    if table in HISTORY:
        known += " UNION ALL SELECT entity_id FROM change_log"
    orphans = connection.execute(
        f"SELECT min({column}) FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN ({known})"
    )
    if orphans[0][0] is not None:
        raise _refused(
            say(
                "{table}.{column} names {key}, which is not in {parent}.",
                table=table,
                column=column,
                key=str(orphans[0][0]),
                parent=parent,
            )
        )


def _refused(what: Message) -> Refused:
    return Refused(say("This export contradicts itself, so nothing was brought back. {what}", what=what))
