"""What a zipped workbook unpacks to, measured before anything reads it into memory."""

import copy
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from crmplus.domain.errors import Unreadable
from crmplus.domain.message import Message, say
from crmplus.exchange.archive import DAMAGED
from crmplus.exchange.extents import check_cells, check_extent, damaged, holds_cells
from crmplus.exchange.foreign import foreign_archive

LARGEST_UNPACKED = 1 << 30
"""Bytes that the parts of a workbook may unpack to, all together."""
MOST_TIMES_LARGER = 500
MOST_ENTRIES = 10_000

_CHUNK = 1 << 20
_OVERLAP = 200
_SMALL = 10 << 20
_ENCRYPTED = 0x1
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.I)
_BINARY_SHEET = re.compile(r"xl/worksheets/[^/]+\.bin", re.I)
_BINARY_EXTENT = re.compile(
    rb"\x94\x01\x10(.{16})", re.S
)  # BrtWsDim: first and last row, first and last column
_UNSAVED = re.compile(rb"(</f>|<f\b[^>]*/>)\s*(<v\s*/>|<v></v>)?\s*</c>")


def check_unpacking(path: Path) -> None:
    """Let a ZIP file pass that is a workbook of a bearable size. Raises: Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            if foreign := foreign_archive(archive):
                raise Unreadable(foreign)
            _check_sizes(archive.infolist())
            total = 0
            for entry in archive.infolist():
                total += _check_entry(archive, entry)
                if total > LARGEST_UNPACKED:
                    raise Unreadable(_too_large())
    except (*DAMAGED, OSError) as error:
        raise Unreadable(damaged()) from error


def has_unsaved_formulas(path: Path) -> bool:
    """Whether a sheet of an .xlsx file has formulas whose results were never saved."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        sheets = [entry for entry in archive.infolist() if _SHEET.fullmatch(entry.filename)]
        return any(_UNSAVED.search(chunk) for entry in sheets for chunk in _chunks(archive, entry, _OVERLAP))


def locked() -> Message:
    """The sentence for a workbook that asks for a password."""
    return say("This workbook is protected by a password. Save it without one.")


def _too_large() -> Message:
    return say("This workbook unpacks to far more than its size. Save it again, or export it as CSV.")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Unreadable(locked())
    swollen = any(
        entry.file_size > _SMALL and entry.file_size > MOST_TIMES_LARGER * entry.compress_size
        for entry in entries
    )
    if swollen or len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > LARGEST_UNPACKED:
        raise Unreadable(_too_large())


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """The bytes an entry unpacks to, in truth; a directory that says less is a trap."""
    size, has_table = 0, False
    for chunk in _chunks(archive, entry, _OVERLAP):
        size += len(chunk) if not size else len(chunk) - _OVERLAP
        if size > entry.file_size:
            raise Unreadable(_too_large())
        has_table = has_table or holds_cells(chunk)
        if _BINARY_SHEET.fullmatch(entry.filename) and size == len(chunk):
            _check_binary_extent(chunk)
    if has_table:
        check_extent(_chunks(archive, entry, overlap=0))
    return size


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, overlap: int) -> Iterator[bytes]:
    """What an entry really holds, each chunk after the first with `overlap` bytes of the one before."""
    honest = copy.copy(entry)
    honest.file_size = LARGEST_UNPACKED + 1  # else reading stops where the directory says it ends
    end = b""
    with archive.open(honest) as file:
        while chunk := file.read(_CHUNK):
            yield end + chunk
            end = (end + chunk)[-overlap:].rjust(overlap) if overlap else b""


def _check_binary_extent(start: bytes) -> None:
    if found := _BINARY_EXTENT.search(start):
        top, bottom, left, right = struct.unpack("<4I", found[1])
        check_cells((bottom - top + 1) * (right - left + 1))
