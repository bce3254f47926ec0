"""Links to call and to write to somebody: their addresses hold nothing but what is built here."""

import re
from html import escape
from urllib.parse import quote

from crmplus.ui.session import _

_NUMBER = re.compile(r"\+?\s?\(?[0-9](?:[0-9\s().‐‑–-]|/(?=[0-9]))*")
_FEWEST_DIGITS = 3


def tel(phone: str) -> str:
    """The address that calls the first number in `phone`; empty where there is none.

    The zero that is left out from abroad, "+31 (0)20", is left out.
    """
    found = _NUMBER.search(phone)
    number = found.group().strip() if found else ""
    is_from_abroad = number.startswith(("+", "00"))
    digits = re.sub(r"[^0-9]", "", number.replace("(0)", "") if is_from_abroad else number)
    plus = "+" if number.startswith("+") else ""
    return f"tel:{plus}{digits}" if len(digits) >= _FEWEST_DIGITS else ""


def mailto(email: str) -> str:
    """The address that begins a letter to `email`, which can add nothing to it; empty where it is none."""
    return f"mailto:{quote(email, safe='@')}" if email.count("@") == 1 else ""


def reach_html(name: str, phone: str, email: str) -> str:
    """A phone number and an e-mail address as HTML, each a link where it can be one."""
    parts = (
        (tel(phone), _("Call {name}: {phone}", name=name, phone=phone), phone),
        (mailto(email), _("Write to {name}: {email}", name=name, email=email), email),
    )
    return "".join(_part(address, label, text) for address, label, text in parts if text)


def _part(address: str, label: str, text: str) -> str:
    if not address:
        return f"<span>{escape(text)}</span>"
    return f'<a href="{escape(address)}" aria-label="{escape(label)}">{escape(text)}</a>'
