"""A backup as a file: a ZIP with the database and a manifest that says what it is."""

import hashlib
import json
import shutil
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from crmplus import __version__
from crmplus.domain.errors import Unreadable
from crmplus.domain.message import say
from crmplus.keeping.sealing import unreadable

_DATABASE = "crmplus.duckdb"
_MANIFEST = "manifest.json"
_PROGRAM = "CRM+"
_LARGEST_MANIFEST = 1_000_000
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: `rows` by table, `sha256` of the database file."""

    version: str
    schema_number: int
    made_at_utc: datetime
    rows: dict[str, int]
    sha256: str


def manifest_of(database: Path, schema_number: int, rows: dict[str, int], at: datetime) -> Manifest:
    return Manifest(__version__, schema_number, at, rows, _sha256(database))


def pack(database: Path, manifest: Manifest, target: Path) -> None:
    """Put a database file and its manifest into a ZIP. Raises: OSError."""
    said = asdict(manifest) | {"program": _PROGRAM, "made_at_utc": manifest.made_at_utc.isoformat()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(_MANIFEST, json.dumps(said, indent=2))
        with database.open("rb") as source, archive.open(_DATABASE, "w", force_zip64=True) as packed:
            shutil.copyfileobj(source, packed, _PIECE)


def unpack(archive: Path, target: Path, name: str) -> Manifest:
    """Take the database out of a backup, and make sure that it is byte for byte what went in.

    `name` is what its user knows it by. Raises: Unreadable, OSError.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            manifest = _manifest(opened.open(_MANIFEST).read(_LARGEST_MANIFEST))
            with opened.open(_DATABASE) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file, _PIECE)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise unreadable(name) from error
    if _sha256(target) != manifest.sha256:
        raise Unreadable(
            say("{file} does not hold what it says it holds (checksum). Take another backup.", file=name)
        )
    return manifest


def _manifest(content: bytes) -> Manifest:
    """Raises: KeyError, ValueError, TypeError."""
    said = json.loads(content)
    if said.pop("program") != _PROGRAM:
        raise ValueError("another program's")
    made = datetime.fromisoformat(said.pop("made_at_utc"))
    found = Manifest(made_at_utc=made, **said)
    if not isinstance(found.schema_number, int) or not isinstance(found.sha256, str):
        raise TypeError("no manifest of ours")
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
