"""The cells of a row, parsed: each by what its column holds."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from crmplus.domain.message import Message, say
from crmplus.domain.workspace import Workspace
from crmplus.exchange.bad_cell import BadCell
from crmplus.exchange.cells import (
    Score,
    has_foreign_sign,
    parse_amount,
    parse_email,
    parse_score,
    parse_yes_no,
)
from crmplus.exchange.fields import FIELDS, Content
from crmplus.exchange.mapping import ImportMapping
from crmplus.exchange.meanings import Meanings
from crmplus.exchange.moments import parse_day, parse_moment
from crmplus.exchange.phones import first_phone
from crmplus.exchange.problems import (
    FOREIGN_CURRENCY,
    LINES_JOINED,
    MORE_THAN_A_NUMBER,
    MORE_THAN_AN_ADDRESS,
    ROUNDED,
    BadRow,
    Notes,
)
from crmplus.exchange.reading import Reading
from crmplus.exchange.shares import share_of

_LONG_TEXTS = {"remark", "note"}
_BREAKS = re.compile(r"\s*[\n\r\t\v\f\x85\u2028\u2029]\s*")
_REMEMBERED = 20_000
"""Cells of one column whose values are remembered: dates, amounts and names repeat."""


class CellReader:
    """Reads a row of text into field key and value; `line` is where it stands.

    `names` are the columns' names; times without a zone are of the workspace's; `has_shares` where scores are
    parts of 1.
    """

    def __init__(
        self,
        names: Sequence[str],
        mapping: ImportMapping,
        reading: Reading,
        meanings: Meanings,
        workspace: Workspace,
        notes: Notes,
        *,
        has_shares: bool,
    ) -> None:
        self.line = 0
        self._workspace = workspace
        self._has_shares = has_shares
        self.width = len(names)
        self._reading, self._meanings, self._notes = reading, meanings, notes
        self._parsers = [
            (place, key, self._parser(key))
            for place, name in enumerate(names)
            if (key := mapping.columns.get(name))
        ]
        self.columns = {key: (place, names[place]) for place, key, _ in self._parsers}

    def read(self, values: list[str]) -> dict[str, Any]:
        """Raises: BadRow with all that is wrong."""
        if len(values) != self.width:
            values = self._filled(values)
        cells: dict[str, Any] = {}
        problems: dict[str, Message] = {}
        for place, key, parse in self._parsers:
            try:
                cells[key] = parse(values[place])
            except BadCell as bad:
                problems[key] = bad.message
        if problems:
            raise BadRow(problems)
        return cells

    def _filled(self, values: list[str]) -> list[str]:
        """Cells behind the last column may be empty; a row that is too short lost something."""
        if len(values) > self.width and not any(value.strip() for value in values[self.width :]):
            return values[: self.width]
        raise BadRow(
            {
                "": say(
                    "The header has {width} columns, and this row has {count}. "
                    "A quotation mark or a separator may be missing in it.",
                    count=len(values),
                    width=self.width,
                )
            }
        )

    def _parser(self, key: str) -> Callable[[str], Any]:
        reading, zone, currency = self._reading, self._workspace.zone, self._workspace.currency
        remember = lru_cache(maxsize=_REMEMBERED)
        match FIELDS[key].content:
            case Content.AMOUNT:
                return self._amount(
                    remember(lambda text: (parse_amount(text, reading), has_foreign_sign(text, currency)))
                )
            case Content.DAY:
                return remember(lambda text: parse_day(text, reading))
            case Content.MOMENT:
                return remember(lambda text: parse_moment(text, reading, zone))
            case Content.YES_NO:
                return remember(parse_yes_no)
            case Content.SCORE:
                return self._score(remember(lambda text: parse_score(text, reading)))
            case Content.EMAIL:
                return self._email
            case Content.NAMED:
                return self._named(key)
        if key in _LONG_TEXTS:
            return str
        return self._phone if key == "phone" else self._one_line

    def _amount(self, parse: Callable[[str], tuple[Decimal | None, bool]]) -> Callable[[str], Any]:
        def noting(text: str) -> Decimal | None:
            amount, is_foreign = parse(text)
            if is_foreign:
                self._notes.add(FOREIGN_CURRENCY, self.line)
            return amount

        return noting

    def _score(self, parse: Callable[[str], Any]) -> Callable[[str], Any]:
        def noting(text: str) -> int | None:
            score = parse(text)
            if self._has_shares and share_of(text) == 1:
                score = Score(100, adjusted=True)
            if score.adjusted:
                self._notes.add(ROUNDED, self.line)
            value: int | None = score.value
            return value

        return noting

    def _email(self, text: str) -> str:
        if not any(map(str.isalnum, text)):
            return ""  # a dash says that there is none
        address, has_more = parse_email(text)
        if has_more:
            self._notes.add(MORE_THAN_AN_ADDRESS, self.line)
        return address

    def _one_line(self, text: str) -> str:
        if text.isprintable() or not _BREAKS.search(text):
            return text
        self._notes.add(LINES_JOINED, self.line)
        return _BREAKS.sub(" ", text.strip())

    def _phone(self, text: str) -> str:
        if not any(map(str.isalnum, text)):
            return ""
        number = first_phone(text)
        if number == text.strip():
            return self._one_line(text)
        self._notes.add(MORE_THAN_A_NUMBER, self.line)
        return number

    def _named(self, key: str) -> Callable[[str], Any]:
        meanings = self._meanings
        look_up: dict[str, Callable[[str], Any]] = {
            "account_type": meanings.account_type,
            "customer_owner": lambda name: meanings.person("customer_owner", name),
            "lead_owner": lambda name: meanings.person("lead_owner", name),
            "closing_reason": meanings.reason,
            "phase": lambda name: meanings.place("phase", name),
            "status": lambda name: meanings.place("status", name),
        }
        return lambda text: look_up[key](text.strip())
