"""Where backups go and what encrypts them, as configured."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from crmplus.configuration import Configuration
from crmplus.keeping.sealing import read_passphrase


@dataclass(frozen=True, slots=True)
class Place:
    """A folder for backups of the database at `database`; `every` is None where all have to be asked for.

    In an archive nothing is ever deleted.
    """

    database: Path
    folder: Path
    key_file: Path | None = None
    every: timedelta | None = None
    is_archive: bool = False

    @classmethod
    def configured(cls, configuration: Configuration, database: Path) -> "Place":
        """Without a folder configured, backups are made when asked for, beside the database."""
        folder = configuration.backup_folder
        return cls(
            database,
            folder or database.parent / "backups",
            configuration.backup_key_file,
            timedelta(hours=configuration.backup_every) if folder else None,
        )

    def archive(self, folder: Path) -> "Place":
        """The same with a folder that somebody named for one backup: what else lies there is theirs."""
        return replace(self, folder=folder, is_archive=True)

    @property
    def name(self) -> str:
        """What the names of this database's backups begin with."""
        return self.database.stem

    @property
    def passphrase(self) -> str | None:
        """Raises: Refused, where a key file is named that does not hold one."""
        return read_passphrase(self.key_file) if self.key_file else None

    @property
    def record(self) -> Path:
        """Where it is kept how the last backup went."""
        return self.database.with_name(f"{self.database.name}.backup.json")

    @property
    def requests(self) -> Path:
        """Where another process asks the one that has the database open for a copy."""
        return self.database.with_name(f"{self.database.name}.requests")
