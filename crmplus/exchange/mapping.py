"""What a user decided about a file, by codes and never by ids, so that it can be kept and shared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from crmplus.domain.closing_reason import Outcome
from crmplus.domain.errors import Refused
from crmplus.domain.message import say
from crmplus.exchange.fields import FIELDS, Content, Kind
from crmplus.exchange.reading import DateOrder, Reading

_VERSION = 1
_LAST_ROW = 1_048_576
Value = TypeVar("Value")


class Action(StrEnum):
    """What is done with a name that stands in the file."""

    USE = "use"
    MAKE = "make"
    EMPTY = "empty"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a name in the file means.

    `code` is that of the account type, phase or closing reason used, or the initials of the person
    used; `reason`, of a phase or status, the code of the closing reason that the lead is closed
    with (empty: it stays open); `outcome` that of a closing reason to be made.
    """

    action: Action
    code: str = ""
    reason: str = ""
    outcome: str = ""


class CustomerKey(StrEnum):
    """By what a row's customer is found among those we have."""

    NUMBER = "number"
    EXTERNAL_ID = "external_id"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """All that was decided about a file.

    `columns`: column name to field key; columns not in it are left out. `account_type`: code of
    the type of rows that name none, whose funnel leads travel through. `source`: whose ids
    the external ids are. `placeholder_customer`: name of the customer that rows without one
    go to; empty: such rows are refused. `starts_leads`: customers get a first lead (U3).
    `values`: field key to text in the file to what it means. `reading`: how the file was read.
    """

    kind: Kind
    columns: Mapping[str, str]
    account_type: str
    customer_key: CustomerKey = CustomerKey.NAME
    source: str = ""
    placeholder_customer: str = ""
    starts_leads: bool = False
    values: Mapping[str, Mapping[str, Choice]] = field(default_factory=dict)
    reading: Reading | None = None


def fits(mapping: ImportMapping, names: Sequence[str]) -> bool:
    """Whether a file with these columns has every one that the mapping uses."""
    return set(mapping.columns) <= set(names)


def to_json(mapping: ImportMapping) -> str:
    """The mapping as text, for people to read too."""
    return json.dumps({"version": _VERSION, **asdict(mapping)}, ensure_ascii=False, indent=2)


def from_json(text: str) -> ImportMapping:
    """The mapping that `to_json` wrote. Raises: Refused, where it is none of ours or damaged."""
    try:
        content = _table(json.loads(text))
        if _exactly(int, content.pop("version")) > _VERSION:
            raise Refused(say("This mapping was saved by a newer version of CRM+. Update the program."))
        return _mapping(content)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(
            say("This is no mapping of CRM+, or it is damaged. Save the mapping again from an import.")
        ) from None


def _mapping(content: dict[str, Any]) -> ImportMapping:
    """Raises: ValueError, KeyError or TypeError for anything that `to_json` does not write."""
    columns = {_text(name): _key_of(key) for name, key in _table(content.pop("columns")).items()}
    if len(set(columns.values())) < len(columns):
        raise ValueError(columns)
    return ImportMapping(
        kind=Kind(content.pop("kind")),
        columns=columns,
        account_type=_text(content.pop("account_type")),
        customer_key=CustomerKey(content.pop("customer_key")),
        source=_text(content.pop("source")),
        placeholder_customer=_text(content.pop("placeholder_customer")),
        starts_leads=_exactly(bool, content.pop("starts_leads")),
        values={
            _key_of(key, named=True): {_text(name): _choice(choice) for name, choice in _table(each).items()}
            for key, each in _table(content.pop("values")).items()
        },
        reading=_reading(content.pop("reading")),
        **content,
    )


def _choice(content: object) -> Choice:
    texts = {name: _text(value) for name, value in _table(content).items()}
    choice = Choice(action=Action(texts.pop("action")), **texts)
    if choice.outcome:
        Outcome(choice.outcome)
    return choice


def _reading(content: object) -> Reading | None:
    if content is None:
        return None
    settings = _table(content)
    row, order = _exactly(int, settings.pop("header_row")), DateOrder(settings.pop("date_order"))
    reading = Reading(
        **{name: _text(value) for name, value in settings.items()}, header_row=row, date_order=order
    )
    if not 0 <= row <= _LAST_ROW or reading.decimal_mark not in (".", ",") or not _can_read(reading):
        raise ValueError(content)
    return reading


def _can_read(reading: Reading) -> bool:
    """Whether there is such an encoding, and the signs are single ones that part cells and not lines."""
    signs = (reading.delimiter, reading.quote, reading.escape)
    try:
        "".encode(reading.encoding)
    except LookupError:
        return False
    return bool(reading.delimiter) and all(len(sign) <= 1 and sign not in ("\n", "\r") for sign in signs)


def _key_of(key: object, *, named: bool = False) -> str:
    """The key of a field; of one whose names are mapped, where `named`."""
    known = FIELDS[_text(key)]
    if named and known.content is not Content.NAMED:
        raise ValueError(key)
    return known.key


def _table(content: object) -> dict[str, Any]:
    return _exactly(dict, content)


def _text(content: object) -> str:
    text = _exactly(str, content)
    text.encode("utf-8")  # half a character, which JSON can spell, is nothing to keep
    return text


def _exactly(kind: type[Value], content: object) -> Value:
    """`content`, where it is of just this type: a truth is no number. Raises: TypeError."""
    if not isinstance(content, kind) or type(content) is not kind:
        raise TypeError(content)
    return content
