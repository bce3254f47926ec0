"""ZIP files of an export: packed from a folder, and unpacked without trusting them."""

import lzma
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import say

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, ValueError),
)
"""What Python raises over a ZIP that is none; ValueError over names in no encoding."""
MOST_FILES = 200
MOST_BYTES = 16 * 1024**3
"""What an export may take when unpacked."""
_HARMLESS_BYTES = 100 * 1024**2
"""Up to here, how well a file was compressed says nothing."""
MOST_COMPRESSED = 200
"""Times; text of ours is compressed 3 to 30 times, a ZIP that is made to burst 1,000."""


def pack(folder: Path, target: Path) -> None:
    """All files of `folder` as one ZIP; `target` is there whole or not at all."""
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(folder.iterdir()):
                packed.write(path, path.name)
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """The folder of an export: `source` itself, or a temporary one with what the ZIP holds.

    Raises: Unreadable.
    """
    if _is_folder(source):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="crmplus-") as made:
        try:
            with zipfile.ZipFile(source) as packed:
                _check(packed)
                for entry in packed.infolist():
                    with packed.open(entry) as cells, (Path(made) / entry.filename).open("wb") as file:
                        shutil.copyfileobj(cells, file, 1 << 20)
        except DAMAGED as error:
            raise Unreadable(say("This file is damaged, or is no ZIP of a CRM+ export.")) from error
        except OSError as error:
            raise Unreadable(
                say("The export could not be unpacked: the file can't be read, or the disk is full.")
            ) from error
        yield Path(made)


def _is_folder(source: Path) -> bool:
    try:
        return source.is_dir()
    except OSError:  # a name longer than any can be: opening it says what is wrong
        return False


def _check(packed: zipfile.ZipFile) -> None:
    """Sizes, names and locks, before anything is unpacked: `zipfile` reads no more than was declared."""
    entries = packed.infolist()
    size, stored = (sum(getattr(entry, name) for entry in entries) for name in ("file_size", "compress_size"))
    is_bomb = size > _HARMLESS_BYTES and size > MOST_COMPRESSED * stored
    if len(entries) > MOST_FILES or size > MOST_BYTES or is_bomb:
        raise Unreadable(say("This ZIP is far larger than it seems, so it was not unpacked."))
    names = [entry.filename for entry in entries]
    for entry in entries:
        name = entry.filename
        if "/" in name or "\\" in name or ":" in name or name in ("", ".", "..") or names.count(name) > 1:
            raise Unreadable(
                say(
                    "The ZIP holds “{name}”; an export has its files side by side, each once, in no folder.",
                    name=name[:80],
                )
            )
        if entry.flag_bits & 1:
            raise Unreadable(say("This ZIP is locked with a password. Make one without."))
