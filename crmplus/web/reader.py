"""The language of who has no session yet: the one chosen in this browser before, else the one it asks for,
where there is a catalogue."""

from zoneinfo import ZoneInfo

from crmplus.domain.workspace import LANGUAGES
from crmplus.locale.language import Language
from crmplus.web.asked import Asked

LANGUAGE_COOKIE = "crmplus_language"
"""Where a browser keeps the code of the language that was chosen in it."""


def language_of(asked: Asked) -> Language:
    """English where none fits."""
    accepted = asked.headers.get("accept-language", "").split(",")
    for part in (asked.cookie(LANGUAGE_COOKIE), *accepted):
        code = part.split(";")[0].split("-")[0].strip().lower()
        if code in LANGUAGES:
            return Language(code, ZoneInfo("UTC"))
    return Language("en", ZoneInfo("UTC"))
