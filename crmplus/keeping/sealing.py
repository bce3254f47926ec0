"""Encryption of backups, in the format of age (https://age-encryption.org), by its library.

An encrypted backup is a ZIP of two files that `age` opens too: `key.age`, a key of this one backup under the
passphrase, and `backup.zip.age`, the backup itself under that key. So a backup of any size goes through
a small piece of memory, and the passphrase can be as memorable as its owner likes: trying one takes a second.
"""

import zipfile
from pathlib import Path

import pyrage  # type: ignore[import-untyped]

from crmplus.domain.errors import Refused, Unreadable
from crmplus.domain.message import say

_KEY = "key.age"
_CONTENT = "backup.zip.age"
_LARGEST_KEY = 10_000
SHORTEST_PASSPHRASE = 12


def read_passphrase(path: Path) -> str:
    """The first line of a key file. Raises: Refused, where there is none that would do."""
    try:
        with path.open(encoding="utf-8") as file:
            found = file.readline(1_000).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            say(
                "The key file {path} can't be read. Without it no backup is encrypted or opened.",
                path=str(path),
            )
        ) from error
    if len(found) < SHORTEST_PASSPHRASE:
        raise Refused(
            say(
                "The first line of the key file {path} is to be a passphrase of at least {count} characters.",
                path=str(path),
                count=SHORTEST_PASSPHRASE,
            )
        )
    return found


def seal(plain: Path, sealed: Path, passphrase: str) -> None:
    """Encrypt a file. Raises: OSError."""
    key = pyrage.x25519.Identity.generate()
    with zipfile.ZipFile(sealed, "w", zipfile.ZIP_STORED) as container:
        container.writestr(_KEY, pyrage.passphrase.encrypt(str(key).encode(), passphrase))
        with plain.open("rb") as source, container.open(_CONTENT, "w", force_zip64=True) as target:
            try:
                pyrage.encrypt_io(source, target, [key.to_public()])
            except pyrage.EncryptError as error:
                raise OSError(0, str(error), str(sealed)) from error


def is_sealed(path: Path) -> bool:
    """Whether a file is an encrypted backup, by its content. Raises: OSError; Unreadable, for no ZIP."""
    try:
        with zipfile.ZipFile(path) as container:
            return _KEY in container.namelist()
    except zipfile.BadZipFile as error:
        raise unreadable(path.name) from error


def unseal(sealed: Path, plain: Path, passphrase: str) -> None:
    """Decrypt a file into another. Raises: Refused for a wrong passphrase, Unreadable for a damaged file."""
    try:
        with zipfile.ZipFile(sealed) as container, plain.open("wb") as target:
            key = _key(container, passphrase)
            with container.open(_CONTENT) as source:
                pyrage.decrypt_io(source, target, [key])
    except (zipfile.BadZipFile, KeyError, EOFError, pyrage.DecryptError) as error:
        raise unreadable(sealed.name) from error
    except OSError as error:
        if error.errno:
            raise
        raise unreadable(sealed.name) from error  # the library's own, for bytes that are not as they were


def _key(container: zipfile.ZipFile, passphrase: str) -> pyrage.x25519.Identity:
    with container.open(_KEY) as file:
        locked = file.read(_LARGEST_KEY)
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(locked, passphrase).decode())
    except pyrage.DecryptError as error:
        raise Refused(
            say("The passphrase in the key file does not open this backup. Use the one it was made with.")
        ) from error


def unreadable(name: str) -> Unreadable:
    return Unreadable(
        say("{file} is damaged, cut off, or no backup of CRM+. Take another backup.", file=name)
    )
