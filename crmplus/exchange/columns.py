"""What each column of a file is, by its name: in four languages, and as other systems call it."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from crmplus.domain.customer import search_key
from crmplus.domain.message import Message, say
from crmplus.exchange.cells import is_yes_or_no
from crmplus.exchange.fields import FIELDS, Content, Kind

_NAMES = Path(__file__).with_name("column_names.json")
_UNIT = re.compile(r"\((?!per |pro |por )[^)]*\)|\[[^\]]*\]")
_UNIT_WORDS = re.compile(
    r"(?<=\w) (?:(?:in )?(?:eur|euros?|usd|gbp|chf|brl|percent|procent)|(?:per|pro|por) \w+|utc|required)$"
)
_LONGEST_NAME = 100
_NOT_BY_REST = {"id", "number", "nummer", "numero", "type", "code", "name", "naam"}
"""What never says enough behind another word: company_id is no id of the customer."""
_FAINT = {"title", "status", "opened_at", "phase_entered_at", "note", "lead_owner"}
"""Fields of leads whose names stand in lists of people too, where they mean something else."""
_FIRST_MEANING = {"customer_name", "closed_at", "phase"}
"""What names of more meanings are before anything else, where it is not taken."""
_OF_PERSONS = {"contact_first_name", "contact_last_name"}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A field that a column may be; a lower `rank` is a better name for it."""

    field: str
    rank: int
    is_last_resort: bool = False


def match_column(name: str) -> str | None:
    """The field that a column's name alone says best; None where it says none."""
    found = _candidates(name)
    order = sorted(found, key=lambda c: (c.is_last_resort, c.field not in _FIRST_MEANING, c.rank))
    return order[0].field if order else None


def is_known(name: str) -> bool:
    """Whether a cell is what a column may be called: by that, the row with the header is found."""
    return match_column(name) is not None


def match_columns(names: Sequence[str], samples: Mapping[int, Sequence[str]] | None = None) -> dict[int, str]:
    """Which columns are which fields, by index; each field once, columns that say nothing left out.

    `samples` are some cells of each column: what they can't be, the column is not. Names that say
    one thing choose first; names of more meanings take what is left. In a file without a sign
    of leads, nothing is a field of a lead.
    """
    found = {index: _candidates(name) for index, name in enumerate(names)}
    is_of_leads = any(_tells_of_leads(names[index], found[index]) for index in found)
    choices = [
        (_order(candidate, found[index], is_of_leads), index, candidate.field)
        for index in found
        for candidate in found[index]
        if _belongs(candidate, is_of_leads) and _can_hold(candidate, (samples or {}).get(index, ()))
    ]
    matched: dict[int, str] = {}
    for _, index, field in sorted(choices):
        if index not in matched and field not in matched.values():
            matched[index] = field
    return dict(sorted(_told_apart(names, matched).items()))


def guess_kind(matched: Iterable[str], lead_ids_repeat: bool = False) -> Kind:
    """What a row describes, by the fields found; a history needs leads that come back in it."""
    fields = set(matched)
    if lead_ids_repeat and fields >= {"lead_id", "phase", "phase_entered_at"}:
        return Kind.HISTORY
    return Kind.LEADS if any(FIELDS[field].is_of_lead for field in fields) else Kind.CUSTOMERS


def field_name(key: str) -> Message:
    """What a field is called on screens and in exports."""
    return {
        "customer_name": say("Customer name"),
        "customer_number": say("Customer number"),
        "customer_id": say("Customer id (other system)"),
        "account_type": say("Account type"),
        "contact": say("Contact"),
        "contact_first_name": say("Contact first name"),
        "contact_last_name": say("Contact last name"),
        "email": say("E-mail"),
        "phone": say("Phone"),
        "street": say("Street"),
        "house_number_addition": say("House number addition"),
        "house_number": say("House number"),
        "postal_code": say("Postal code"),
        "city": say("City"),
        "country": say("Country"),
        "remark": say("Remark"),
        "customer_owner": say("Customer owner"),
        "is_active": say("Active customer"),
        "lead_id": say("Lead id (other system)"),
        "title": say("Title"),
        "phase": say("Phase"),
        "status": say("Status"),
        "closing_reason": say("Closing reason"),
        "lead_owner": say("Lead owner"),
        "score": say("Score"),
        "expected_value": say("Expected value"),
        "recurring_value": say("Recurring value"),
        "expected_close_date": say("Expected close date"),
        "note": say("Note"),
        "opened_at": say("Opened"),
        "phase_entered_at": say("Phase entered"),
        "won_at": say("Won on"),
        "lost_at": say("Lost on"),
        "closed_at": say("Closing date"),
    }[key]


def _words(name: str) -> str:
    """A name in lower case, without accents, signs and what stands in brackets, its words apart."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", _UNIT.sub(" ", name[:_LONGEST_NAME]))
    return " ".join(re.sub(r"[\W_]+", " ", search_key(apart)).split())


def _joined(name: str) -> str:
    return _words(name).replace(" ", "")


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_NAMES.read_text(encoding="utf-8"))
    return content


@cache
def _known_names() -> dict[str, list[_Candidate]]:
    known: dict[str, list[_Candidate]] = {}
    for section in ("fields", "last_resort"):
        for field, names in _data()[section].items():
            for rank, name in enumerate(dict.fromkeys(map(_joined, names))):
                known.setdefault(name, []).append(_Candidate(field, rank, section == "last_resort"))
    return known


def _candidates(name: str) -> list[_Candidate]:
    """What a name says whole, without its unit, or behind a word such as deal or company."""
    words = _words(name)
    bare = _UNIT_WORDS.sub("", words)
    for form in (words, bare):
        if whole := _known_names().get(form.replace(" ", "")):
            return whole
    first, _, rest = bare.partition(" ")
    behind = _known_names().get(rest.replace(" ", ""), []) if rest not in _NOT_BY_REST else []
    of_lead = [c for c in behind if FIELDS[c.field].is_of_lead]
    if first in _data()["lead_words"]:
        return of_lead or behind
    if first in _data()["customer_words"]:
        return [c for c in behind if c not in of_lead]
    return []


def _tells_of_leads(name: str, candidates: Sequence[_Candidate]) -> bool:
    """Whether a column stands in files of leads only."""
    if not candidates or not all(FIELDS[c.field].is_of_lead and not c.is_last_resort for c in candidates):
        return False
    says_so = not set(_data()["lead_words"]).isdisjoint(_words(name).split())
    return says_so or any(c.field not in _FAINT for c in candidates)


def _order(candidate: _Candidate, rivals: Sequence[_Candidate], is_of_leads: bool) -> tuple[bool | int, ...]:
    """Who chooses first: what says one thing, then a first meaning, then what is the lead's."""
    return (
        candidate.is_last_resort,
        len(rivals) > 1,
        candidate.field not in _FIRST_MEANING,
        FIELDS[candidate.field].is_of_lead != is_of_leads,
        candidate.rank,
    )


def _belongs(candidate: _Candidate, is_of_leads: bool) -> bool:
    """Whether such a file has the field; beside leads, a bare number, type or active or not is the
    lead's or the line's, and none of ours."""
    if is_of_leads:
        bare = ("customer_number", "account_type", "is_active")
        return not (candidate.field in bare and candidate.is_last_resort)
    return not FIELDS[candidate.field].is_of_lead


def _can_hold(candidate: _Candidate, cells: Sequence[str]) -> bool:
    """Whether the field could hold such cells; a status is a yes or no only where all cells say so."""
    filled = [cell for cell in cells if cell and cell.strip()]
    match FIELDS[candidate.field].content:
        case Content.EMAIL:
            return not filled or any("@" in cell for cell in filled)
        case Content.AMOUNT | Content.SCORE | Content.DAY | Content.MOMENT:
            return not filled or any(character.isdigit() for character in chain.from_iterable(filled))
        case Content.YES_NO if candidate.is_last_resort:
            return bool(filled) and all(map(is_yes_or_no, filled))
    return True


def _told_apart(names: Sequence[str], matched: dict[int, str]) -> dict[int, str]:
    """The columns of people put right: their title is a job, and who has no company is the customer."""
    fields = set(matched.values())
    return {
        index: "customer_name" if field == "contact" and "customer_name" not in fields else field
        for index, field in matched.items()
        if not (field == "title" and fields >= _OF_PERSONS and _joined(names[index]) in ("title", "titel"))
    }
