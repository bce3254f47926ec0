"""Whether the tables are what the change log comes to, line by line (L7).

A row's lines begin with the one that made it, and each begins where the one before it ended. So the last
value that is told of a field is the one that the row holds, and a row is there unless its last line took it
away. Questions are asked of every table whose rows have a key and versions, each in one statement.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crmplus.store.connection import Connection
from crmplus.store.history import UNLOGGED
from crmplus.store.schema import TableShape, read_schema
from crmplus.store.scrubbing import PERSONAL
from crmplus.store.table import Table
from crmplus.store.tables import CONTACT_PERSON, CUSTOMER, LEAD, NOTE

MOST = 20
"""Rows named of each thing that does not hold."""
_UNTOLD = UNLOGGED | {"id"}
_SEARCHED: tuple[Table[Any], ...] = (CUSTOMER, LEAD, NOTE, CONTACT_PERSON)

_MAKES = "(before_json = '{}' AND after_json <> '{}')"
_TAKES_AWAY = "(before_json <> '{}' AND after_json = '{}')"
_ERASED = "SELECT entity_id FROM change_log WHERE action = 'customer_erased'"


@dataclass(frozen=True, slots=True)
class _Field:
    """A column whose values the change log tells; `place` is where a line's list of values holds it."""

    name: str
    data_type: str
    place: int
    is_nullable: bool

    def held(self, row: str) -> str:
        """The value in a row. Imports tell whole seconds, so of a moment those are compared."""
        value = f'{row}."{self.name}"'
        return f"epoch_us({value}) // 1000000" if self.data_type == "TIMESTAMP" else value

    def told(self, values: str) -> str:
        """The value in a list of JSON values, as the column would hold it."""
        value = f"{values}[{self.place}]"
        if self.data_type == "VARCHAR[]":
            return f"list_sort(TRY_CAST({value} AS VARCHAR[]))"
        if self.data_type == "TIMESTAMP":
            return f"epoch_us(TRY_CAST(({value} ->> '$') AS TIMESTAMPTZ)) // 1000000"
        return f"TRY_CAST(({value} ->> '$') AS {self.data_type})"

    def is_erased(self, values: str) -> str:
        """Whether a line says so little because its customer was erased: SQL that is true or false."""
        if self.name not in PERSONAL:
            return "false"
        return f"(is_erased AND coalesce({values}[{self.place}] ->> '$', '') LIKE '(%)')"


def rows_told_otherwise(connection: Connection) -> list[tuple[str, UUID, str]]:
    """Rows that hold another value than the change log comes to: table, key, and the columns."""
    return [
        (table.name, key, columns)
        for table in _told_tables(connection)
        for key, columns in connection.execute(_unlike_the_fold(table))
    ]


def rows_there_otherwise(connection: Connection) -> tuple[list[tuple[str, UUID]], list[tuple[str, UUID]]]:
    """Rows that are missing, and rows that are there, against what the change log comes to: table and key."""
    missing, unmade = [], []
    for table in _told_tables(connection):
        lives = _lives(table.name)
        missing += [
            (table.name, row[0])
            for row in connection.execute(
                f"{lives} SELECT entity_id FROM life WHERE is_there "
                f"AND entity_id NOT IN (SELECT id FROM {table.name}) ORDER BY entity_id LIMIT {MOST}"
            )
        ]
        unmade += [
            (table.name, row[0])
            for row in connection.execute(
                f"{lives} SELECT id FROM {table.name} WHERE id IN (SELECT entity_id FROM life) "
                f"AND id NOT IN (SELECT entity_id FROM life WHERE is_there) ORDER BY id LIMIT {MOST}"
            )
        ]
    return missing, unmade


def lines_not_following(connection: Connection) -> list[UUID]:
    """Lines of the change log that do not begin where the one before them ended."""
    return [row[0] for table in _told_tables(connection) for row in connection.execute(_not_following(table))]


def versions_told_otherwise(connection: Connection) -> list[tuple[UUID, int, str]]:
    """States of leads that are not the one before with what the change log tells: key, version, columns.

    Of the past that an import brought in, or its undo back, the change log tells only the newest state.
    """
    (lead,) = [table for table in _told_tables(connection) if table.name == "lead"]
    return connection.execute(_unlike_the_version_before(lead))


def searched_tables() -> list[str]:
    """Tables with columns to search by, which are made from the others."""
    return [table.name for table in _SEARCHED]


def rows_searched_otherwise(connection: Connection) -> list[tuple[str, UUID]]:
    """Rows that are found by other words than they hold: table and key."""
    found = []
    for table in _SEARCHED:
        wrong = sorted(row.id for row in table.derived_otherwise(connection))
        found += [(table.name, key) for key in wrong[:MOST]]
    return found


def _told_tables(connection: Connection) -> list[TableShape]:
    """Those whose rows the change log tells of; an import is told of by the rows it made."""
    return [
        table
        for table in read_schema(connection)
        if {"id", "version"} <= {column.name for column in table.columns} and table.name != "import_run"
    ]


def _fields(table: TableShape) -> list[_Field]:
    told = [column for column in table.columns if column.name not in _UNTOLD]
    fields = [
        _Field(column.name, column.data_type, place, column.is_nullable)
        for place, column in enumerate(told, 1)
    ]
    if table.name == "team":  # the one row that tells of a second table
        fields.append(_Field("members", "VARCHAR[]", len(fields) + 1, is_nullable=False))
    return fields


def _held(table: TableShape) -> str:
    """The rows of a table, a team with the keys of its members."""
    if table.name != "team":
        return table.name
    return (
        "(SELECT team.*, list_sort(coalesce(members, [])) AS members FROM team LEFT JOIN ("
        "SELECT team_id, list(CAST(person_id AS VARCHAR)) AS members FROM team_member GROUP BY team_id"
        ") ON team_id = id)"
    )


def _lines(table: TableShape) -> str:
    """The lines about a table's rows, each with a list of values before and after, by the fields' places.

    A value that is not told is NULL, one that is told to be nothing the JSON null.
    """
    paths = ", ".join(f"'$.{field.name}'" for field in _fields(table))
    return (
        "WITH readable AS (SELECT * FROM change_log "
        f"WHERE entity = '{table.name}' AND json_valid(before_json) AND json_valid(after_json)), "
        "line AS (SELECT id, entity_id, version, action, "
        f"json_extract(before_json, [{paths}]) AS before, json_extract(after_json, [{paths}]) AS after, "
        "json_keys(before_json) AS before_names, json_keys(after_json) AS after_names, "
        f"{_MAKES} AS makes, {_TAKES_AWAY} AS takes_away, "
        f"customer_id IS NOT NULL AND customer_id IN ({_ERASED}) AS is_erased FROM readable)"
    )


def _lives(table: str) -> str:
    """Whether a row of a table is there, by the last of its lines that made it or took it away."""
    return (
        "WITH life AS (SELECT entity_id, "
        f"coalesce(max(CASE WHEN {_MAKES} THEN version END), 0) "
        f"> coalesce(max(CASE WHEN {_TAKES_AWAY} THEN version END), 0) AS is_there "
        f"FROM change_log WHERE entity = '{table}' GROUP BY entity_id)"
    )


def _unlike_the_fold(table: TableShape) -> str:
    """What a row holds, against the last value told of each field since it was made."""
    fields = _fields(table)
    newest = ", ".join(f"arg_max(after[{field.place}], version) FILTER (version >= made)" for field in fields)
    differing = _differing(
        {
            field: f"told[{field.place}] IS NULL AND {_is_more_than_nothing(field, 'held')} "
            f"OR told[{field.place}] IS NOT NULL "
            f"AND {field.held('held')} IS DISTINCT FROM {field.told('told')} "
            f"AND NOT {field.is_erased('told')}"
            for field in fields
        }
    )
    return (
        f"{_lines(table)}, begun AS (SELECT *, max(CASE WHEN makes THEN version END) "
        "OVER (PARTITION BY entity_id) AS made FROM line), "
        f"fold AS (SELECT entity_id, bool_or(is_erased) AS is_erased, [{newest}] AS told "
        "FROM begun WHERE made IS NOT NULL GROUP BY entity_id), "
        f"compared AS (SELECT held.id, {differing} AS differing "
        f"FROM {_held(table)} AS held JOIN fold ON fold.entity_id = held.id) "
        f"SELECT id, differing FROM compared WHERE differing <> '' ORDER BY id LIMIT {MOST}"
    )


def _not_following(table: TableShape) -> str:
    """Lines against those before them: what was there, and the last value told of each field until then."""
    fields = _fields(table)
    earlier = ", ".join(f"last_value(after[{field.place}] IGNORE NULLS) OVER earlier" for field in fields)
    differing = " OR ".join(
        f"before[{field.place}] IS NOT NULL AND told[{field.place}] IS NOT NULL "
        f"AND {field.told('before')} IS DISTINCT FROM {field.told('told')} "
        f"AND NOT {field.is_erased('told')} AND NOT {field.is_erased('before')}"
        for field in fields
    )
    return (
        f"{_lines(table)}, followed AS (SELECT *, [{earlier}] AS told, "
        "coalesce(NOT lag(takes_away) OVER in_order, false) AS was_there FROM line "
        "WINDOW in_order AS (PARTITION BY entity_id ORDER BY version), earlier AS (in_order "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) "
        "SELECT id FROM followed WHERE action <> 'customer_erased' AND makes = was_there "
        f"OR NOT makes AND NOT takes_away AND before_names <> after_names OR {differing} "
        f"ORDER BY id LIMIT {MOST}"
    )


def _unlike_the_version_before(lead: TableShape) -> str:
    """A state of a lead, against the one told before it with what its line of the change log tells."""
    fields = _fields(lead)
    differing = _differing(
        {
            field: f"after[{field.place}] IS NOT NULL AND {field.held('held')} "
            f"IS DISTINCT FROM {field.told('after')} AND NOT {field.is_erased('after')} "
            f"OR after[{field.place}] IS NULL AND CASE WHEN makes "
            f"THEN {_is_more_than_nothing(field, 'held')} "
            f"ELSE {field.held('held')} IS DISTINCT FROM {field.held('earlier')} END"
            for field in fields
        }
    )
    return (
        f"{_lines(lead)}, told AS (SELECT *, lag(version) OVER "
        "(PARTITION BY entity_id ORDER BY version) AS told_before FROM line), "
        f"compared AS (SELECT held.lead_id, held.version, {differing} AS differing "
        "FROM lead_version AS held "
        "JOIN told ON told.entity_id = held.lead_id AND told.version = held.version "
        "LEFT JOIN lead_version AS earlier "
        "ON earlier.lead_id = held.lead_id AND earlier.version = told.told_before) "
        "SELECT lead_id, version, differing FROM compared WHERE differing <> '' "
        f"ORDER BY lead_id, version LIMIT {MOST}"
    )


def _is_more_than_nothing(field: _Field, row: str) -> str:
    """Of what a line leaves out that makes a row, there is nothing. Columns of later have a default."""
    return f'{row}."{field.name}" IS NOT NULL' if field.is_nullable else "false"


def _differing(conditions: dict[_Field, str]) -> str:
    """The names of the fields for which a condition holds, as one text."""
    names = ", ".join(f"CASE WHEN {holds} THEN '{field.name}' END" for field, holds in conditions.items())
    return f"concat_ws(', ', {names})"
