"""What the text of a cell says: amounts, scores, yes or no, e-mail addresses; days beside them.

Every function takes one cell's text, gives None (or "") for a blank one, and raises BadCell for
what it can't be. They guess nothing that the file's reading does not say.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_symbol, list_currencies

from crmplus.domain.customer import search_key
from crmplus.domain.fields import Check
from crmplus.domain.message import say
from crmplus.exchange.bad_cell import BadCell
from crmplus.exchange.marks import leaves_mark_open
from crmplus.exchange.moments import parse_day, parse_moment
from crmplus.exchange.reading import Reading

__all__ = [
    "BadCell",
    "Score",
    "is_yes_or_no",
    "parse_amount",
    "parse_day",
    "parse_email",
    "parse_moment",
    "parse_score",
    "parse_yes_no",
]

# Amounts

_LONGEST = 60
_CENT = Decimal("0.01")
_ARTEFACT = Decimal("0.000001")
_SPACES = " \u00a0\u202f\u2009"
_PLAIN = {mark: re.compile(rf"[0-9]{{1,12}}(?:{re.escape(mark)}[0-9]{{1,2}})?") for mark in ".,"}
_GROUPED = {
    mark: re.compile(
        rf"(?P<whole>[1-9][0-9]{{0,2}}(?P<sep>['’{_SPACES}{other}])[0-9]{{3}}(?:(?P=sep)[0-9]{{3}})*|[0-9]*)"
        rf"(?:{re.escape(mark)}(?P<part>[0-9]+))?"
    )
    for mark, other in ((".", ","), (",", "."))
}
_SCIENTIFIC = re.compile(r"([0-9](?:[.,][0-9]{1,20})?)[eE]([+-]?[0-9]{1,3})")
_SIGNS = re.compile(r"R\$|[€$£¥₹₽₺₩]|\b(?:Fr|kr)\b\.?")
_CODE = re.compile(rf"^([A-Za-z]{{3}})(?=[{_SPACES}0-9.,(+-])|(?<=[{_SPACES}0-9.,)-])([A-Za-z]{{3}})$")


def parse_amount(text: str, reading: Reading) -> Decimal | None:
    """An amount of 0 or more in whole cents. Raises: BadCell."""
    text = text.strip()
    if _PLAIN[reading.decimal_mark].fullmatch(text):
        return Decimal(text.replace(",", ".")).quantize(_CENT)
    if not text:
        return None
    bare, is_negative = _without_signs(text)
    if reading.decimal_mark in bare and leaves_mark_open(bare):
        sentence = say(
            "{amount} can be read in two ways. Choose under Reading how numbers are written, "
            "or write it with two decimals.",
            amount=bare,
        )
        raise BadCell(sentence)
    amount = _number(bare, reading.decimal_mark)
    if amount is None or len(text) > _LONGEST:
        example = "1.234,56" if reading.decimal_mark == "," else "1,234.56"
        raise BadCell(say("This is not an amount. Write it as {example}.", example=example))
    check = Check()
    whole = check.amount("", _cents(-amount if is_negative else amount))
    for problem in check.problems.values():
        raise BadCell(problem)
    return whole


@lru_cache(maxsize=8)
def _own_signs(currency: str) -> str:
    return f"{currency} {get_currency_symbol(currency, locale='en_GB')}".casefold()


def has_foreign_sign(text: str, currency: str) -> bool:
    """Whether an amount bears the sign or the code of another currency than `currency` (ISO 4217)."""
    sign = _SIGNS.search(text[:_LONGEST]) or _CODE.search(text[:_LONGEST].strip())
    if sign is None or (sign[0][0].isalpha() and sign[0].upper() not in list_currencies()):
        return False
    return sign[0].casefold() not in _own_signs(currency)


def _without_signs(text: str) -> tuple[str, bool]:
    """The figures of an amount without currency and sign, and whether it was negative."""
    bare = _SIGNS.sub("", text[:_LONGEST]).strip()
    if (code := _CODE.search(bare)) and code[0].upper() in list_currencies():
        bare = bare.replace(code[0], "").strip()
    bare = re.sub(r"(?<=[0-9])[.,][-–—]{1,2}$", "", bare)  # 1.250,- is how Dutch prices are written
    is_negative = bare.startswith(("-", "−")) or bare.endswith("-") or bool(re.fullmatch(r"\(.+\)", bare))
    return re.sub(r"^[-−+(]|[-)]$", "", bare).strip(), is_negative


def _number(bare: str, mark: str) -> Decimal | None:
    if found := _SCIENTIFIC.fullmatch(bare):
        return Decimal(f"{found[1].replace(',', '.')}E{found[2]}")
    found = _GROUPED[mark].fullmatch(bare)
    if not found or not (found["whole"] or found["part"]):
        return None
    return Decimal(re.sub(r"[^0-9]", "", found["whole"]) + "." + (found["part"] or "0"))


def _cents(amount: Decimal) -> Decimal:
    """Without the dust that binary numbers leave behind the cents, 1054.0000000001 say."""
    decimals = -int(amount.as_tuple().exponent)
    if decimals <= 6 or abs(amount) >= Decimal("1E15"):
        return amount
    rounded = amount.quantize(_CENT, ROUND_HALF_UP)
    return rounded if rounded and abs(rounded - amount) < _ARTEFACT else amount


# Scores

_SCORE = re.compile(r"([0-9]{1,4}(?:[.,][0-9]{1,20})?|[.,][0-9]{1,20})\s*(%?)")


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 1 to 100, None where there is none; `adjusted` where the cell says it otherwise."""

    value: int | None
    adjusted: bool


def parse_score(text: str, reading: Reading) -> Score:
    """A score in whole percents; 0 is none, and a part of 1, such as 0.6, is its percents.

    Scores need no thousands separator, so either decimal mark is read. Raises: BadCell.
    """
    text = text.strip()
    if not text:
        return Score(None, adjusted=False)
    found = _SCORE.fullmatch(text)
    number = Decimal(found[1].replace(",", ".")) if found else Decimal(-1)
    if found is None or number > 100:
        raise BadCell(say("Use a whole number from 1 to 100."))
    percents = number * 100 if number < 1 and not found[2] else number
    whole = int(percents.quantize(Decimal(1), ROUND_HALF_UP))
    return Score(whole or None, adjusted=whole != number or not whole)


# Yes or no

_YES = re.compile(
    "yes|y|true|t|1|x|on|active|enabled|ja|j|waar|actief|aktiv|wahr|sim|s|verdadeiro|ativo|activo|✓"
)
_NO = re.compile(
    "no|n|false|f|0|off|inactive|non-active|not active|disabled|archived|nee|onwaar|inactief|non-actief|"
    "niet actief|gearchiveerd|nein|inaktiv|nicht aktiv|falsch|nao|falso|inativo|inactivo"
)


def parse_yes_no(text: str) -> bool | None:
    """Yes or no, in four languages. Raises: BadCell."""
    word = search_key(text[:_LONGEST].strip())
    if not word:
        return None
    if not is_yes_or_no(word):
        raise BadCell(say("Write yes or no."))
    return _YES.fullmatch(word) is not None


def is_yes_or_no(text: str) -> bool:
    """Whether a cell says yes or no."""
    word = search_key(text[:_LONGEST].strip())
    return bool(_YES.fullmatch(word) or _NO.fullmatch(word))


# E-mail

_ADDRESS = re.compile(r"[^\s@<>\"(),;:\[\]{}|\\]+@[^\s@<>\"'(),;:\[\]{}|\\]+\.[^\s@<>\"'(),;:\[\]{}|\\]+")
_LONGEST_EMAIL_CELL = 2000


def parse_email(text: str) -> tuple[str, bool]:
    """The first e-mail address of a cell, and whether more than that stood in it. Raises: BadCell."""
    text = text.strip()
    if not text:
        return "", False
    found = _ADDRESS.search(text[:_LONGEST_EMAIL_CELL]) if "@" in text else None
    address = found[0].strip(".'") if found else ""
    check = Check()
    check.email("", address or text[:_LONGEST_EMAIL_CELL])
    if check.problems or not address:
        raise BadCell(say("This is not an e-mail address: name@example.com"))
    return address, address != text
