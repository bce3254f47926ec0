"""Migrations: numbered SQL files, each applied once, in one transaction with its record."""

from pathlib import Path

from crmplus.domain.errors import DatabaseUnavailable
from crmplus.domain.message import say
from crmplus.store.connection import Connection
from crmplus.store.derived import derive_anew

_MIGRATIONS = Path(__file__).parent / "migrations"
_AFTERWARDS = {3: derive_anew}
"""What SQL alone can't do, by the number of the migration whose transaction it belongs to."""
_SCHEMA_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL)
"""


def migrate(connection: Connection) -> None:
    """Bring the database to this program's schema.

    Raises: DatabaseUnavailable where the database is newer than the program, or another one's.
    """
    tables = {row[0] for row in connection.execute("SELECT table_name FROM information_schema.tables")}
    if tables and "schema_migration" not in tables:
        raise DatabaseUnavailable(
            say("This file is the database of another program. Choose another file for CRM+.")
        )
    connection.execute(_SCHEMA_TABLE)
    applied = {row[0] for row in connection.execute("SELECT number FROM schema_migration")}
    known = {int(path.name[:4]): path for path in sorted(_MIGRATIONS.glob("*.sql"))}
    if applied - known.keys():
        raise DatabaseUnavailable(
            say(
                "This database was made by a newer version of CRM+. "
                "Update the program, or open another database."
            )
        )
    for number in sorted(known.keys() - applied):
        connection.execute("BEGIN")
        try:
            connection.execute(known[number].read_text(encoding="utf-8"))
            if number in _AFTERWARDS:
                _AFTERWARDS[number](connection)
            connection.count(
                "INSERT INTO schema_migration VALUES ($number, $name)",
                {"number": number, "name": known[number].stem},
            )
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
