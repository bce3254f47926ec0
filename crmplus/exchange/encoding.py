"""Which encoding a text file is in, and where it breaks the rules of one."""

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes

from crmplus.domain.message import Message, say

_CHUNK = 1 << 20
_ENOUGH_LINES = 2_000
_ENOUGH_BYTES = 200_000
_LONGEST_LINE = 20_000
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_SCRIPTS = ["cp1251", "koi8_r", "cp1253", "cp1255", "cp1256", "cp874"]
_WIDE_SCRIPTS = ["cp932", "euc_jp", "gb18030", "big5", "cp949"]
_OLD_WESTERN = ["mac_roman", "cp850"]
_BREAK = re.compile(r"\r\n|\r|\n")
_RUN = re.compile(rb"[\x80-\xff]+")
_OLD_LETTER = re.compile(
    rb"(?<=[A-Za-z])([\x81-\x84\x87-\x91\x93\x94\x98-\x9f](?=[A-Za-z])|[\x82\x8e](?=[\s,;]))"
)
_NEW_LETTER = re.compile(rb"[\xc0-\xff]")


def guess_encoding(path: Path) -> tuple[str, Message | None]:
    """The Python codec that reads the file, and what the user should look at where that is a guess."""
    with path.open("rb") as file:
        head = file.read(4_096)
    if marked := wide_encoding(head):
        return marked, _broken_note(path, marked)
    broken = first_undecodable_line(path, "utf-8")
    if broken is None:
        return "utf-8", None
    sample = list(_accented_lines(path))
    if 2 * sum(_is_utf8(line) for _, line in sample) >= len(sample):
        return "utf-8", _broken_note(path, "utf-8")
    return _single_byte(path, sample)


def first_undecodable_line(path: Path, encoding: str) -> int | None:
    """The line, from 1, that is not text in `encoding`; None where all of them are.

    Raises: LookupError where there is no such encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    newlines = io.IncrementalNewlineDecoder(decoder, translate=True)
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                line += newlines.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                held = "\r" * (newlines.getstate()[1] & 1)  # of the chunk before: half of a \r\n, perhaps
                valid = held + error.object[: error.start].decode(encoding, "ignore")
                return line + len(_BREAK.findall(valid))
            except UnicodeError:
                return line
            if not chunk:
                return None


def wide_encoding(head: bytes) -> str | None:
    """The codec that the first bytes name by a mark or, being wide, by their NULs; None for all others."""
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), None) or _wide(head)


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: text in it is full of NULs, in the same places."""
    if len(head) < 8:
        return None
    nuls = [head[place::4].count(0) / len(head[place::4]) for place in range(4)]
    if nuls[0] < 0.05 and min(nuls[1:]) > 0.5:
        return "utf-32-le"
    if nuls[3] < 0.05 and min(nuls[:3]) > 0.5:
        return "utf-32-be"
    if max(nuls[0], nuls[2]) < 0.05 and min(nuls[1], nuls[3]) > 0.5:
        return "utf-16-le"
    if max(nuls[1], nuls[3]) < 0.05 and min(nuls[0], nuls[2]) > 0.5:
        return "utf-16-be"
    return None


def _accented_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Lines with bytes beyond ASCII, as many as a guess needs, with their numbers."""
    lines = size = 0
    with path.open("rb") as file:
        for number, line in enumerate(_short_lines(file), start=1):
            if not line.isascii():
                yield number, line
                lines, size = lines + 1, size + len(line)
            if lines == _ENOUGH_LINES or size > _ENOUGH_BYTES:
                return


def _short_lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        yield line


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _single_byte(path: Path, sample: list[tuple[int, bytes]]) -> tuple[str, Message]:
    text = b"".join(line for _, line in sample)
    encoding = _other_script(text) or _western(text)
    if encoding in ("cp1252", *_OLD_WESTERN) and first_undecodable_line(path, encoding):
        encoding = "latin-1"  # knows every byte
    broken = _broken_note(path, encoding)
    number, example = _example(sample, encoding)
    return encoding, broken or say(
        "This file is not UTF-8 and is read as {encoding}. Look whether its letters are right, as in line "
        "{line}: {example}",
        encoding=encoding.upper(),
        line=number,
        example=example,
    )


def _example(sample: list[tuple[int, bytes]], encoding: str) -> tuple[int, str]:
    """The first line with a letter beyond ASCII, shortened, and its number."""
    lines = [(number, line.decode(encoding, "replace").strip()[:60]) for number, line in sample]
    with_letter = (pair for pair in lines if any(c.isalpha() and not c.isascii() for c in pair[1]))
    return next(with_letter, lines[0])


def _other_script(text: bytes) -> str | None:
    """Greek, Cyrillic, Japanese and so on: there, letters beyond ASCII stand side by side."""
    runs = [len(run) for run in _RUN.findall(text)]
    if sum(run for run in runs if run > 1) < 0.8 * sum(runs):
        return None
    best = from_bytes(text, cp_isolation=_OTHER_SCRIPTS + _WIDE_SCRIPTS + ["cp1252"]).best()
    if best is None or (best.encoding in _OTHER_SCRIPTS and best.coherence == 0):
        return None
    return best.encoding if best.encoding != "cp1252" else None


def _western(text: bytes) -> str:
    """Windows-1252, as Excel writes it here, unless letters stand where only older systems have them."""
    if len(_OLD_LETTER.findall(text)) <= len(_NEW_LETTER.findall(text)):
        return "cp1252"
    best = from_bytes(text, cp_isolation=_OLD_WESTERN).best()
    return best.encoding if best else "cp1252"


def undecodable(line: int, encoding: str) -> Message:
    """The sentence for a line that is no text in `encoding`."""
    return say(
        "Line {line} holds bytes that are no text in the encoding {encoding}. Choose another encoding, or "
        "correct the line.",
        line=line,
        encoding=encoding.upper(),
    )


def _broken_note(path: Path, encoding: str) -> Message | None:
    line = first_undecodable_line(path, encoding)
    return undecodable(line, encoding) if line else None
