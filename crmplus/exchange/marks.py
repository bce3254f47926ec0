"""How a file writes amounts and dates: counted from its cells, asked for where they leave it open."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from crmplus.domain.message import Message, say
from crmplus.exchange.reading import DateOrder

_NUMBER = re.compile(
    r"[-+(]?\s*(?:[€$£]|EUR|USD)?\s*[-+]?([\d.,' \u00a0]*\d(?:[.,][-–—]{1,2})?)\s*(?:%|€|[$£]|EUR|USD)?\)?"
)
_NO_CENTS = re.compile(r"(?<=[.,])[-–—]{1,2}$")  # 1.250,- is how Dutch prices are written
_OPEN = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_COMMA_DECIMAL = re.compile(
    r"\d{1,3}([. ']\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|0,\d+|\d{4,},\d+|\d+,(\d{1,2}|\d{4,})"
)
_DOT_DECIMAL = re.compile(
    r"\d{1,3}([, ']\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|0\.\d+|\d{4,}\.\d+|\d+\.(\d{1,2}|\d{4,})"
)
_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?=$|[ T,])")


@dataclass(slots=True)
class _Votes:
    """How many cells speak for each reading, with the first of each as an example."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, vote: str, cell: str) -> None:
        self.counts[vote] += 1
        self.examples.setdefault(vote, cell)


@dataclass(frozen=True, slots=True)
class Marks:
    """The decimal mark and the order of dates, with what the user should look at."""

    decimal_mark: str
    date_order: DateOrder
    notes: tuple[Message, ...]


def guess_marks(rows: Iterable[list[str]], prefers_comma: bool, day_first: bool) -> Marks:
    """How the cells of `rows` write amounts and dates; the preferences decide where they leave it open."""
    numbers, dates = _Votes(), _Votes()
    for row in rows:
        for cell in row:
            text = cell.strip()
            if 3 <= len(text) <= 30 and not text.isalnum():
                _vote(text, numbers, dates)
    mark, mark_notes = _decimal_mark(numbers, prefers_comma)
    order, order_notes = _date_order(dates, day_first)
    return Marks(mark, order, mark_notes + order_notes)


def leaves_mark_open(digits: str) -> bool:
    """Whether a number is whole thousands with one decimal mark, and has three decimals with the other."""
    return _OPEN.fullmatch(digits) is not None


def _vote(text: str, numbers: _Votes, dates: _Votes) -> None:
    if not _vote_on_date(text, dates):
        _vote_on_number(text, numbers)


def _vote_on_number(text: str, votes: _Votes) -> None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return
    digits = _NO_CENTS.sub("00", found[1].replace("\u00a0", " "))
    is_comma, is_dot = bool(_COMMA_DECIMAL.fullmatch(digits)), bool(_DOT_DECIMAL.fullmatch(digits))
    if is_comma != is_dot:
        votes.add("," if is_comma else ".", text)
    elif leaves_mark_open(digits):
        votes.add("open", text)


def _decimal_mark(votes: _Votes, prefers_comma: bool) -> tuple[str, tuple[Message, ...]]:
    commas, dots = votes.counts[","], votes.counts["."]
    if commas and dots:
        note = say(
            "Amounts are written in two ways, such as {first} and {second}. Look how they are read.",
            first=votes.examples[","],
            second=votes.examples["."],
        )
        return "," if commas > dots or (commas == dots and prefers_comma) else ".", (note,)
    if commas or dots:
        return "," if commas else ".", ()
    preferred = "," if prefers_comma else "."
    if votes.counts["open"]:
        note = say(
            "An amount such as {example} can be read in two ways. Look how numbers are written.",
            example=votes.examples["open"],
        )
        return preferred, (note,)
    return preferred, ()


def _vote_on_date(text: str, votes: _Votes) -> bool:
    """Count a cell that is a date; whether it is one."""
    found = _DATE.match(text)
    if found is None:
        return False
    first, separator, second, last = int(found[1]), found[2], int(found[3]), int(found[4])
    if len(found[1]) > 2:
        is_date = len(found[1]) == 4 and second <= 12 and 1 <= last <= 31
        return is_date and _count(votes, "iso", text)
    if first > 31 and second <= 12 and last <= 31:
        return _count(votes, DateOrder.YEAR_FIRST, text)
    if not (0 < first <= 31 and 0 < second <= 31) or min(first, second) > 12:
        return False
    if first > 12 or (separator == "." and second <= 12):  # dots are written where the day comes first
        return _count(votes, DateOrder.DAY_FIRST, text)
    if second > 12:
        return _count(votes, DateOrder.MONTH_FIRST, text)
    return _count(votes, "same" if first == second else "open", text)


def _count(votes: _Votes, vote: str, text: str) -> bool:
    votes.add(vote, text)
    return True


def _date_order(votes: _Votes, day_first: bool) -> tuple[DateOrder, tuple[Message, ...]]:
    counts, examples = votes.counts, votes.examples
    days, months = counts[DateOrder.DAY_FIRST], counts[DateOrder.MONTH_FIRST]
    preferred = DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    if days and months:
        note = say(
            "Dates are written in two ways, such as {first} and {second}. Look how they are read.",
            first=examples[DateOrder.DAY_FIRST],
            second=examples[DateOrder.MONTH_FIRST],
        )
        return DateOrder.DAY_FIRST if days >= months else DateOrder.MONTH_FIRST, (note,)
    if days or months:
        return DateOrder.DAY_FIRST if days else DateOrder.MONTH_FIRST, ()
    if counts[DateOrder.YEAR_FIRST] or (counts["iso"] and not counts["open"]):
        return DateOrder.YEAR_FIRST, ()
    if counts["open"]:
        note = say(
            "A date such as {example} can be read in two ways. Look at the order.", example=examples["open"]
        )
        return preferred, (note,)
    return preferred, ()
