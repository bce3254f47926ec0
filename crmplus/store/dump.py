"""Whole tables to CSV files and back, cell for cell.

How a cell is written: UUIDs, numbers and dates as text, times as ISO 8601 in UTC, true and false.
No value is an empty cell. Text that a spreadsheet might take for a formula, or that begins with an
apostrophe, gets an apostrophe in front, which reading takes off again; where a text column may
hold no value, an empty text is a lone apostrophe, so that the two stay apart.
"""

import csv
import errno
import re
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import say
from crmplus.store.connection import Connection
from crmplus.store.schema import ColumnShape, TableShape, row_count

FORMULA = r"^\s*[=+\-@＝＋－＠]|^['\t\r]"
_BLOCK = 1 << 24
"""Bytes read at a time; no row may be longer."""
_STAGED = "staged_cells"
_ARRIVING = "arriving_cells"
_PATTERNS = {
    "UUID": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "TIMESTAMP": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z",
    "DATE": r"\d{4}-\d\d-\d\d",
    "TIME": r"([01]\d|2[0-3]):\d\d:\d\d",
    "BOOLEAN": "true|false",
    "SMALLINT": r"-?\d+",
    "INTEGER": r"-?\d+",
    "BIGINT": r"-?\d+",
}
"""How a cell of a type looks: a cast alone would round 1.5 and take "infinity" for a time."""


def write_table(connection: Connection, table: TableShape, path: Path) -> int:
    """Write all rows of a table, in the order of its key; how many they are. Raises: OSError."""
    cells = ", ".join(f'{_written(column)} AS "{column.name}"' for column in table.columns)
    order = ", ".join(f'"{name}"' for name in table.order)
    found = connection.cursor.sql(f'SELECT {cells} FROM "{table.name}" ORDER BY {order}')
    try:
        found.to_csv(str(path), header=True, sep=",", quotechar='"', escapechar='"', na_rep="")
    except duckdb.IOException as error:
        reason = str(error).rpartition(": ")[2]  # behind the name of the file
        raise OSError(errno.EIO, reason, str(path)) from error
    return row_count(connection, table)


def load_table(connection: Connection, table: TableShape, path: Path) -> int:
    """Insert the rows of a file into a table; how many they are.

    Raises: Unreadable, naming the file and, where there is one, the line and the column.
    """
    _check_heads(table, path)
    try:
        _stage(connection, table, path)
    except (duckdb.Error, pa.ArrowException) as error:
        raise _fault(table, path) from error
    _refuse_malformed(connection, table, path)
    _refuse_twice(connection, table, path)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_read(column) for column in table.columns)
    try:
        connection.execute(
            f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM {_STAGED} ORDER BY rowid'
        )
    except duckdb.ConstraintException as error:
        raise Unreadable(say("In {file} two rows have the same key.", file=path.name)) from error
    connection.execute(f"DROP TABLE {_STAGED}")
    return row_count(connection, table)


def _written(column: ColumnShape) -> str:
    """The expression that makes a cell of a value."""
    name = f'"{column.name}"'
    if column.data_type == "TIMESTAMP":
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if not column.is_text:
        return f"CAST({name} AS VARCHAR)"
    pattern = FORMULA.replace("'", "''")
    empty = f"WHEN {name} = '' THEN '''' " if column.is_nullable else ""
    return f"CASE {empty}WHEN regexp_matches({name}, '{pattern}') THEN '''' || {name} ELSE {name} END"


def _read(column: ColumnShape) -> str:
    """The expression that makes the value of a cell again."""
    name = f'"{column.name}"'
    if not column.is_text:
        return f"CASE WHEN {name} <> '' THEN CAST({name} AS {column.data_type}) END"
    text = f"CASE WHEN starts_with({name}, '''') THEN substr({name}, 2) ELSE {name} END"
    return f"CASE WHEN {name} <> '' THEN {text} END" if column.is_nullable else text


def _is_right(column: ColumnShape) -> str | None:
    """The expression that is true for cells that hold what the column holds; None where all do."""
    name = f'"{column.name}"'
    if column.is_text:
        return f"{name} = '' OR json_valid({name})" if column.name.endswith("_json") else None
    right = (
        f"regexp_full_match({name}, '{pattern_of(column)}') "
        f"AND TRY_CAST({name} AS {column.data_type}) IS NOT NULL"
    )
    return f"{name} = '' OR ({right})" if column.is_nullable else right


def pattern_of(column: ColumnShape) -> str:
    """How a cell of the column looks. Raises: KeyError for a type that has no pattern yet."""
    if found := re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", column.data_type):
        return rf"-?\d+(\.\d{{1,{found[1]}}})?"
    return _PATTERNS[column.data_type]


def _check_heads(table: TableShape, path: Path) -> None:
    names = [column.name for column in table.columns]
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            found = next(csv.reader(text), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise _fault(table, path) from error
    for missing in [name for name in names if name not in found]:
        raise Unreadable(say("{file} lacks the column {column}.", file=path.name, column=missing))
    for extra in [name for name in found if name not in names or found.count(name) > 1]:
        raise Unreadable(
            say("{file} has a column that does not belong there: {column}.", file=path.name, column=extra)
        )


def _stage(connection: Connection, table: TableShape, path: Path) -> None:
    """The cells as they stand, in a temporary table in the order of the file."""
    arriving = pyarrow.csv.open_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(block_size=_BLOCK, use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={column.name: pa.string() for column in table.columns}, strings_can_be_null=False
        ),
    )
    connection.cursor.register(_ARRIVING, arriving)
    connection.execute(f"CREATE TEMP TABLE {_STAGED} AS SELECT * FROM {_ARRIVING}")
    connection.cursor.unregister(_ARRIVING)


def _refuse_malformed(connection: Connection, table: TableShape, path: Path) -> None:
    checks = {column.name: right for column in table.columns if (right := _is_right(column))}
    firsts = ", ".join(f"min(rowid) FILTER (WHERE NOT ({right}))" for right in checks.values())
    if not checks:
        return
    found = connection.execute(f"SELECT {firsts} FROM {_STAGED}")[0]
    wrong = [(row, name) for row, name in zip(found, checks, strict=True) if row is not None]
    if not wrong:
        return
    row, column = min(wrong)
    cell = connection.execute(f'SELECT "{column}" FROM {_STAGED} WHERE rowid = $row', {"row": row})[0][0]
    raise Unreadable(
        say(
            "{file}, line {line}, column {column}: “{cell}” is not what belongs there.",
            file=path.name,
            line=_line_of(connection, path, row),
            column=column,
            cell=cell[:80],
        )
    )


def _refuse_twice(connection: Connection, table: TableShape, path: Path) -> None:
    for key in table.keys:
        names = ", ".join(f'"{name}"' for name in key)
        twice = connection.execute(
            f"SELECT max(rowid) AS later FROM {_STAGED} GROUP BY {names} "
            "HAVING count(*) > 1 ORDER BY later LIMIT 1"
        )
        if twice:
            raise Unreadable(
                say(
                    "{file}, line {line}: another row has the same {column}.",
                    file=path.name,
                    line=_line_of(connection, path, twice[0][0]),
                    column=", ".join(key),
                )
            )


def _fault(table: TableShape, path: Path) -> Unreadable:
    """What keeps a file from being read as CSV, with the line where it goes wrong."""
    try:
        with path.open(encoding="utf-8", newline="") as text:
            reader = csv.reader(text, strict=True)
            try:
                for cells in reader:
                    if len(cells) != len(table.columns):
                        return Unreadable(
                            say(
                                "{file}, line {line}: {found} cells stand where {wanted} belong.",
                                file=path.name,
                                line=str(reader.line_num),
                                found=len(cells),
                                wanted=len(table.columns),
                            )
                        )
            except csv.Error:
                return Unreadable(
                    say(
                        "{file}, line {line}: the quotes are not in order.",
                        file=path.name,
                        line=str(reader.line_num),
                    )
                )
    except UnicodeDecodeError:
        return Unreadable(say("{file} is not UTF-8 text.", file=path.name))
    return Unreadable(say("{file} can't be read as CSV.", file=path.name))


def _line_of(connection: Connection, path: Path, row_id: int) -> str:
    """The line on which a staged row begins, as people count.

    Rows that are not committed yet have keys far from 0, in the order of the file all the same.
    """
    place = row_id - int(connection.execute(f"SELECT min(rowid) FROM {_STAGED}")[0][0])
    with path.open(encoding="utf-8", newline="") as text:
        reader = csv.reader(text)
        next(islice(reader, place, None))  # the row before it; the heads are before the first
        return str(reader.line_num + 1)
