"""Files that are no table: what they are, told from their first bytes, and what to do instead."""

import re
import zipfile

from crmplus.domain.message import Message, say

WORKBOOK_ZIP = b"PK\x03\x04"
WORKBOOK_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM6", b"RIFF")
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd", b"PK\x05\x06")
_DATABASES = (b"SQLite format 3", b"PAR1", b"\x00\x01\x00\x00Standard", b"Obj\x01", b"ARROW1")

_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{"\]])')
_HTML = re.compile(
    r"\s*(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table|meta|style|div)\b", re.I | re.S
)
_XML = re.compile(r"\s*<(\?xml|!doctype|[a-z][\w:.-]*(\s[^<>]*)?/?>)", re.I)
_CARD = re.compile(r"\s*BEGIN:V(CARD|CALENDAR)", re.I)


def foreign_bytes(head: bytes) -> Message | None:
    """What a file is that begins with `head`, where it is neither text nor a workbook."""
    if head.startswith(b"%PDF"):
        return say("This is a PDF. Export the data as CSV or Excel from the program that made it.")
    if head.startswith(_IMAGES):
        return say("This is an image. Export the data as CSV or Excel from the program that holds it.")
    if head.startswith(_ARCHIVES):
        return say("This is a compressed archive. Unpack it and choose the file in it.")
    if head.startswith(_DATABASES) or head[8:12] == b"DUCK":
        return say("This is a database file. Export the table you need as CSV or Excel.")
    if head.startswith(rb"{\rtf"):
        return say("This is a text document. Save its table as CSV or Excel.")
    return None if _looks_like_text(head) else _neither()


def foreign_text(head: str) -> Message | None:
    """What a text is that begins with `head`, where it is no table of rows and columns."""
    if _JSON.match(head):
        return say("This is a JSON file. Export the data as CSV or Excel.")
    if _HTML.match(head):
        return say(
            "This is a web page, whatever its name says. Open it in Excel and save it as .xlsx or CSV."
        )
    if _XML.match(head):
        return say(
            "This is an XML file, whatever its name says. Open it in Excel and save it as .xlsx or CSV."
        )
    if _CARD.match(head):
        return say("This is a file of address cards or appointments. Export the contacts as CSV or Excel.")
    return None


def foreign_archive(archive: zipfile.ZipFile) -> Message | None:
    """What a ZIP file is that holds no workbook."""
    names = set(archive.namelist())
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return None
    if "content.xml" in names and "mimetype" in names:
        kind = archive.open("mimetype").read(100)
        return None if b"spreadsheet" in kind else _document()
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return _document()
    if any(name.startswith("Index/") for name in names):
        return say("This is a Numbers file. Export it from Numbers as CSV or Excel.")
    return say("This is a compressed archive. Unpack it and choose the file in it.")


def _document() -> Message:
    return say("This is a text document. Save its table as CSV or Excel.")


def _neither() -> Message:
    return say("This is neither text nor a workbook. Export the data as CSV or Excel.")


def _looks_like_text(head: bytes) -> bool:
    """Hardly any control characters; some NULs are let through, the cells they are in are named later."""
    strange = sum(head.count(bytes([code])) for code in (*range(1, 7), *range(14, 26), 28, 29, 30, 31, 127))
    return strange <= max(2, len(head) * 0.02) and head.count(0) <= max(4, len(head) * 0.1)
