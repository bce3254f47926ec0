"""Checks of single fields: each cleans what was typed, or notes what is wrong with it."""

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from crmplus.domain.errors import Invalid
from crmplus.domain.message import Message, say

Draft = TypeVar("Draft", bound=Any)
LARGEST_ORDER_NUMBER = 9_999
LONGEST_LIMIT = 3_650
LARGEST_VALUE = Decimal("9999999999999.99")
"""Values are DECIMAL(15,2): with a score of three digits, value x score still fits 18 digits,
which DuckDB sums as machine integers."""
_CENT = Decimal("0.01")
_CODE = re.compile(r"[A-Z0-9_-]{1,20}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def tidy(text: str) -> str:
    """`text` in composed Unicode without white space around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def has_control_characters(text: str, *, lines: bool = False) -> bool:
    """Whether it holds characters that no keyboard types; line breaks pass where `lines`."""
    if text.isprintable():
        return False
    allowed = "\n\r\t" if lines else ""
    return any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text)


def is_blank(text: str) -> bool:
    """Whether nothing of it shows: nothing at all, spaces, direction marks, zero-width characters."""
    if text[:1].isalnum():
        return False
    return all(unicodedata.category(c) in ("Cf", "Zs", "Zl", "Zp") for c in text)


class Check:
    """Collects what is wrong with the fields of one form, so that all of it shows at once."""

    def __init__(self) -> None:
        self.problems: dict[str, Message] = {}

    def refuse(self, field: str, message: Message) -> None:
        self.problems.setdefault(field, message)

    def text(
        self, field: str, value: str, longest: int, *, required: bool = False, lines: bool = False
    ) -> str:
        """Text of at most `longest` characters."""
        value = tidy(value)
        if len(value) <= longest and value.isprintable() and not (required and is_blank(value)):
            return value
        if required and is_blank(value):
            self.refuse(field, say("Fill this in."))
        elif len(value) > longest:
            self.refuse(
                field,
                say("At most {longest} characters; this has {length}.", longest=longest, length=len(value)),
            )
        elif has_control_characters(value, lines=lines):
            self.refuse(field, say("This holds invisible control characters. Type it again."))
        return value

    def code(self, field: str, value: str) -> str:
        """A code as A1 describes it, in capitals."""
        value = tidy(value).upper()
        if not _CODE.fullmatch(value):
            self.refuse(field, say("Use 1 to 20 letters A to Z, digits, hyphens or underscores."))
        return value

    def order_number(self, field: str, value: int | None) -> int:
        if value is None or not 0 <= value <= LARGEST_ORDER_NUMBER:
            self.refuse(field, say("Use a whole number from 0 to 9999."))
            return 0
        return value

    def limit_days(self, field: str, value: int | None) -> int | None:
        """A limit in whole days; None is none."""
        if value is not None and not (1 <= value <= LONGEST_LIMIT and value == int(value)):
            self.refuse(
                field,
                say(
                    "Use a whole number of days from 1 to {longest}, or leave it empty.",
                    longest=LONGEST_LIMIT,
                ),
            )
        return value

    def email(self, field: str, value: str) -> str:
        value = self.text(field, value, 254)
        if value and not _EMAIL.fullmatch(value):
            self.refuse(field, say("This is not an e-mail address: name@example.com"))
        return value

    def score(self, field: str, value: int | None) -> int | None:
        if value is not None and not (1 <= value <= 100 and value == int(value)):
            self.refuse(field, say("Use a whole number from 1 to 100."))
        return value

    def amount(self, field: str, value: Decimal | None) -> Decimal | None:
        """An amount of 0 or more in whole cents, exactly."""
        if value is None:
            return None
        if not value.is_finite() or value < 0:
            self.refuse(field, say("Use an amount of 0 or more."))
        elif value > LARGEST_VALUE:
            self.refuse(field, say("Use an amount of at most {largest}.", largest=LARGEST_VALUE))
        elif value != value.quantize(_CENT):
            self.refuse(field, say("Use at most two decimals."))
        else:
            return abs(value.quantize(_CENT))  # a zero has no sign
        return value

    def done(self) -> None:
        """Raises: Invalid, where anything was wrong."""
        if self.problems:
            raise Invalid(self.problems)


def checked_setting(draft: Draft, check: Check | None = None) -> Draft:
    """A setting's draft with its code, description and order number cleaned (A1).

    `check` may hold what is wrong with its other fields. Raises: Invalid.
    """
    check = check or Check()
    clean = replace(
        draft,
        code=check.code("code", draft.code),
        description=check.text("description", draft.description, 80, required=True),
        order_number=check.order_number("order_number", draft.order_number),
    )
    check.done()
    return clean
