"""Search over everything a rep looks for: customers, leads, contact persons, notes."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from crmplus.domain.actor import Actor, Permission
from crmplus.domain.customer import name_key, search_key
from crmplus.store.connection import Connection
from crmplus.store.database import Database

LONGEST_SEARCH = 200
_PHONE = re.compile(r"[\d\s()+./-]+")
_FEWEST_DIGITS = 4
_COUNTRY_CODE = re.compile(
    r"\s*(?:\+|00)\s*(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})"
)
"""As ITU-T E.164 gives them out: no code begins another."""
_BEFORE_HIT = 30
_LONGEST_SNIPPET = 120
_NO_CHARACTER = "\x00"


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    number: str
    name: str
    contact: str
    email: str
    phone: str
    city: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class FoundLead:
    """By its title or its customer; `closing_reason` is None while it is open."""

    id: UUID
    customer_id: UUID
    number: str
    customer: str
    contact: str
    email: str
    city: str
    title: str
    phase: str
    closing_reason: str | None
    opened_at_utc: datetime
    closed_at_utc: datetime | None


@dataclass(frozen=True, slots=True)
class FoundContactPerson:
    name: str
    job_title: str
    phone: str
    email: str
    number: str
    customer: str


@dataclass(frozen=True, slots=True)
class FoundNote:
    """`text` is the whole note; `snippet_of` cuts out what matters."""

    lead_id: UUID
    customer_id: UUID
    number: str
    customer: str
    title: str
    text: str
    written_at_utc: datetime


Hit = TypeVar("Hit")


@dataclass(frozen=True, slots=True)
class Found(Generic[Hit]):
    """The first hits of one kind, best first, and how many there are in all."""

    hits: tuple[Hit, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class SearchResults:
    customers: Found[FoundCustomer] = field(default_factory=Found)
    leads: Found[FoundLead] = field(default_factory=Found)
    contact_persons: Found[FoundContactPerson] = field(default_factory=Found)
    notes: Found[FoundNote] = field(default_factory=Found)

    @property
    def total(self) -> int:
        return self.customers.total + self.leads.total + self.contact_persons.total + self.notes.total


def search_everything(database: Database, actor: Actor, words: str, limit: int = 6) -> SearchResults:
    """What holds every word, in any order, whatever case and accents; at most `limit` of each kind.

    A phone number is found by any four of its digits that follow one another, however it is written. Of very
    long texts the beginning counts. Raises: NotPermitted.
    """
    actor.require(Permission.VIEW)
    wanted = words_of(words)
    if not wanted:
        return SearchResults()
    values: dict[str, object] = {
        "words": wanted,
        "longest": max(wanted, key=len),
        "typed": " ".join(wanted),
        "limit": limit,
        "is_several": len(wanted) > 1,
    }
    phone = {"phone": _phone_pattern(words)}
    # A name made of signs alone has no key, and any name would begin with that.
    name = {"name_key": name_key(words) or _NO_CHARACTER}
    with database.read(actor.sight) as connection:
        return SearchResults(
            _found(connection, FoundCustomer, "search_customers", values | phone | name),
            _found(connection, FoundLead, "search_leads", values | name),
            _found(connection, FoundContactPerson, "search_contact_persons", values | phone),
            _found(connection, FoundNote, "search_notes", values),
        )


def words_of(text: str) -> list[str]:
    """The words that are looked for, folded."""
    return search_key(text[:LONGEST_SEARCH]).split()


def snippet_of(text: str, words: str) -> str:
    """The part of a text round the first word that is in it, on one line, as it was typed."""
    line = " ".join(text.split())
    start = max(0, min(_places(line, words_of(words)), default=0) - _BEFORE_HIT)
    if start:
        start = line.find(" ", start) + 1 or start  # from a whole word on
    end = start + _LONGEST_SNIPPET
    return ("… " if start else "") + line[start:end].strip() + ("…" if end < len(line) else "")


def _places(line: str, words: list[str]) -> list[int]:
    """Where in a line the words begin; folding makes some letters two, and takes others away."""
    folded, origin = [], []
    for place, letter in enumerate(line):
        key = search_key(letter)
        folded.append(key)
        origin.extend([place] * len(key))
    whole = "".join(folded)
    return [origin[whole.index(word)] for word in words if word in whole]


def _phone_pattern(text: str) -> str:
    """The digits to look for in phone numbers, whatever stands between them; empty where it is no number.

    A number holds what was typed with a country code only if it holds the rest of it, so the rest is looked
    for. Zeros in front are left out, as that of an area code is behind a country code.
    """
    if not _PHONE.fullmatch(text):
        return ""
    whole, national = (re.sub(r"\D", "", part).lstrip("0") for part in (text, _COUNTRY_CODE.sub("", text, 1)))
    digits = national if len(national) >= _FEWEST_DIGITS else whole
    return "[^0-9]*".join(digits) if len(digits) >= _FEWEST_DIGITS else ""


def _found(connection: Connection, kind: type[Hit], statement: str, values: dict[str, object]) -> Found[Hit]:
    rows: list[dict[str, Any]] = connection.rows(statement, **values)
    hits = tuple(kind(**{name: value for name, value in row.items() if name != "total"}) for row in rows)
    return Found(hits, rows[0]["total"] if rows else 0)
