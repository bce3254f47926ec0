"""A file to import: opened once, found to be text or a workbook, or refused with what it is."""

import codecs
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import say
from crmplus.exchange.encoding import wide_encoding
from crmplus.exchange.foreign import WORKBOOK_OLE, WORKBOOK_ZIP, foreign_bytes, foreign_text
from crmplus.exchange.unpacking import check_unpacking
from crmplus.exchange.workbook import visible_sheets

LARGEST_FILE = 512 << 20
"""Bytes."""
MOST_COLUMNS = 500
_HEAD = 65_536
_WIDE = ("utf-16", "utf-32")


class FileKind(StrEnum):
    """What kind of file rows are read from."""

    TEXT = "text"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read: where it lies, what the user calls it, and a workbook's visible sheets."""

    path: Path
    name: str
    kind: FileKind
    sheets: tuple[str, ...] = ()


def open_source(path: Path, name: str) -> Source:
    """The file as a source of rows, told by its content and not by its name. Raises: Unreadable."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise Unreadable(say("This file can't be opened.")) from error
    if not head:
        raise Unreadable(say("This file is empty."))
    if size > LARGEST_FILE:
        raise Unreadable(
            say(
                "This file has {size} MB; at most {most} MB can be imported. Split it in parts.",
                size=-(-size >> 20),
                most=LARGEST_FILE >> 20,
            )
        )
    if head.startswith((WORKBOOK_ZIP, WORKBOOK_OLE)):
        return _workbook(path, name, zipped=head.startswith(WORKBOOK_ZIP))
    return _text(path, name, head)


def _workbook(path: Path, name: str, zipped: bool) -> Source:
    if zipped:
        check_unpacking(path)
    sheets = visible_sheets(path)
    if not sheets:
        raise Unreadable(say("This workbook has no visible sheet with cells. Unhide the sheet to import."))
    return Source(path, name, FileKind.WORKBOOK, sheets)


def _text(path: Path, name: str, head: bytes) -> Source:
    encoding = wide_encoding(head) or "latin-1"  # what a file is shows in its ASCII
    if not encoding.startswith(_WIDE) and (foreign := foreign_bytes(head)):
        raise Unreadable(foreign)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    if text.strip():
        foreign = foreign_text(text)
    else:
        foreign = say("This file holds nothing but blank lines.") if _is_blank(path, encoding) else None
    if foreign:
        raise Unreadable(foreign)
    return Source(path, name, FileKind.TEXT)


def _is_blank(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding, errors="replace") as file:
        return not any(chunk.strip() for chunk in iter(lambda: file.read(_HEAD), ""))
