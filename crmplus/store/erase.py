"""Emptying a database: the end of a demo, never of real work."""

from crmplus.store import tables
from crmplus.store.connection import Connection
from crmplus.store.derived import DERIVED
from crmplus.store.schema import DOOR

_ALL = (
    tables.PHASE_RECORD,
    tables.LEAD,
    tables.CUSTOMER,
    tables.CLOSING_REASON,
    tables.PHASE,
    tables.ACCOUNT_TYPE,
    tables.PERSON,
    tables.WORKSPACE,
    tables.IMPORT_RUN,
    tables.IMPORT_MAPPING,
    tables.TARGET,
    tables.NEXT_STEP,
    tables.NOTE,
    tables.CONTACT_PERSON,
    tables.SAVED_VIEW,
    tables.TEAM,
)
_WITHOUT_A_CLASS = (
    "lead_version",
    "change_log",
    "import_row",
    "import_key",
    "team_member",
    *sorted(DERIVED),
    *sorted(DOOR),
)


def erase_everything(connection: Connection) -> None:
    """Delete every row, history included; the schema stays."""
    for name in (*_WITHOUT_A_CLASS, *(table.name for table in _ALL)):
        connection.count(f"DELETE FROM {name} WHERE $always", {"always": True})
