"""The pages of the door: plain HTML that needs no script and that password managers understand."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, Response

from crmplus.locale.language import Language
from crmplus.web.headers import DOOR

_ROOM = Path(__file__).parent
CSS = (_ROOM / "door.css").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a form; `autocomplete` is a token of HTML that tells a password manager what it is."""

    name: str
    label: str
    type: str = "text"
    autocomplete: str = "off"
    value: str = ""
    hint: str = ""
    problem: str = ""
    is_first: bool = False
    longest: int = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A title, what is said, perhaps a form, perhaps ways to go on."""

    title: str
    lines: tuple[str, ...] = ()
    problem: str = ""
    action: str = ""
    fields: tuple[Field, ...] = ()
    button: str = ""
    links: tuple[tuple[str, str], ...] = ()


def answer(page: Page, language: Language, status: int = 200, wait_seconds: int = 0) -> Response:
    """The page as an answer that nothing keeps."""
    html = _environment().get_template("door.html").render(page=page, language=language.code)
    headers = {"content-security-policy": DOOR, "cache-control": "no-store"}
    if wait_seconds:
        headers["retry-after"] = str(wait_seconds)
    return HTMLResponse(html, status, headers)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(_ROOM), autoescape=True, trim_blocks=True, lstrip_blocks=True)
