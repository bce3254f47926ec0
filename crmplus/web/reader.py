"""The language of who has no session yet: that which their browser asks for, where there is a catalogue."""

from zoneinfo import ZoneInfo

from crmplus.domain.workspace import LANGUAGES
from crmplus.locale.language import Language
from crmplus.web.asked import Asked


def language_of(asked: Asked) -> Language:
    """English where none fits."""
    for part in asked.headers.get("accept-language", "").split(","):
        code = part.split(";")[0].split("-")[0].strip().lower()
        if code in LANGUAGES:
            return Language(code, ZoneInfo("UTC"))
    return Language("en", ZoneInfo("UTC"))
