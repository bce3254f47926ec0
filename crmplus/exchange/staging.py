"""The checked rows of a file, on disk: what an import is planned from and made of.

Rows are written as they are read, some thousands at a time, so a file of any length needs the
same memory. The store reads them back with SQL.
"""

import os
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

_ROWS_A_BATCH = 20_000
_PREFIX = "crmplus-import-"
_AMOUNT = pa.decimal128(15, 2)
_MOMENT = pa.timestamp("us")

CUSTOMER_COLUMNS = pa.schema(
    [
        ("line", pa.int32()),
        ("key", pa.string()),
        ("fingerprint", pa.string()),
        ("new_id", pa.string()),
        ("number", pa.string()),
        ("name", pa.string()),
        ("account_type_id", pa.string()),
        ("contact", pa.string()),
        ("email", pa.string()),
        ("phone", pa.string()),
        ("street", pa.string()),
        ("postal_code", pa.string()),
        ("city", pa.string()),
        ("country", pa.string()),
        ("remark", pa.string()),
        ("owner_id", pa.string()),
        ("is_active", pa.bool_()),
        ("says_name", pa.bool_()),
        ("says_account_type", pa.bool_()),
        ("says_active", pa.bool_()),
        ("searched", pa.string()),
        ("name_key", pa.string()),
        ("email_key", pa.string()),
        ("phone_key", pa.string()),
    ]
)
"""One row a customer of the file, as its first good row says. Where the file says nothing of a
field, the cell is empty ("" or null); what a customer can't be without is filled in, and
says_... is whether the file says it."""

LEAD_COLUMNS = pa.schema(
    [
        ("line", pa.int32()),
        ("key", pa.string()),
        ("fingerprint", pa.string()),
        ("new_id", pa.string()),
        ("customer_key", pa.string()),
        ("shape", pa.int32()),
        ("title", pa.string()),
        ("owner_id", pa.string()),
        ("account_type_id", pa.string()),
        ("phase_id", pa.string()),
        ("closing_phase_id", pa.string()),
        ("closing_reason_id", pa.string()),
        ("score", pa.int16()),
        ("expected_value", _AMOUNT),
        ("recurring_value", _AMOUNT),
        ("expected_close_date", pa.date32()),
        ("note", pa.string()),
        ("opened_at_utc", _MOMENT),
        ("entered_at_utc", _MOMENT),
        ("closed_at_utc", _MOMENT),
        ("title_key", pa.string()),
    ]
)
"""One row a good row of the file that describes a lead. An empty `key` is that of a customer's
first lead (U3), which is made only with its customer. Without a phase and a closing reason the
file does not say where the lead stands."""


def fingerprint(values: Sequence[object]) -> str:
    """A short text that is the same only for the same values."""
    return blake2b(repr(values).encode("utf-8", "replace"), digest_size=10).hexdigest()


@lru_cache(maxsize=10_000)
def id_text(key: UUID | None) -> str | None:
    """A key as the rows have it; those of settings and people come again and again."""
    return str(key) if key else None


class Folder:
    """A folder of scratch files that goes when nothing refers to it any more.

    Its name says whose it is: what a process left behind that was killed goes with the next one made.
    """

    def __init__(self) -> None:
        _sweep()
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self._gone = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def close(self) -> None:
        self._gone()


def _sweep() -> None:
    """Remove the folders of processes that are no more: they hold other people's customers."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = path.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not _is_running(int(owner)):
            shutil.rmtree(path, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class RowFile:
    """Rows of one schema, appended to one file."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path = path
        self.count = 0
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="none", use_dictionary=False)
        self._waiting: list[Sequence[object]] = []

    def append(self, row: Sequence[object]) -> None:
        """`row` has a value for each column of the schema, in order."""
        self._waiting.append(row)
        self.count += 1
        if len(self._waiting) == _ROWS_A_BATCH:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            columns = [
                pa.array(values, field.type)
                for values, field in zip(zip(*self._waiting, strict=True), self._schema, strict=True)
            ]
            self._writer.write_batch(pa.record_batch(columns, schema=self._schema))
            self._waiting.clear()
