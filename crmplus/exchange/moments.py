"""Days and moments in the text of cells, in the order of the file's reading."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale

from crmplus.domain.customer import search_key
from crmplus.domain.message import Message, say
from crmplus.exchange.bad_cell import BadCell
from crmplus.exchange.reading import DateOrder, Reading

_LONGEST = 60
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_PIVOT = 50
"""Years of two digits below it are of this century."""
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_TIME = re.compile(
    r"(?P<day>.*?)(?:[\s,]+|(?<=[0-9])T)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<offset>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?",
    re.IGNORECASE | re.DOTALL,
)
_FIGURES = re.compile(r"([0-9]{1,4})(\s*[-/. ]\s*)([0-9]{1,2})(\s*[-/. ]\s*)([0-9]{1,4})\.?")
_YEAR = r"([0-9]{4}|[0-9]{2})"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th|\.|º)?"
_NAMED = (
    (re.compile(rf"{_DAY}[\s/-]*(?:de )?([^\W\d_]+)\.?[\s,/-]*(?:de )?{_YEAR}"), (3, 2, 1)),
    (re.compile(rf"([^\W\d_]+)\.?[\s/-]*{_DAY}[\s,/-]+{_YEAR}"), (3, 1, 2)),
    (re.compile(rf"([0-9]{{4}})[\s/-]*([^\W\d_]+)\.?[\s/-]*{_DAY}"), (1, 2, 3)),
)
"""Dates with the name of a month, and which group is year, month and day."""
_PLACES = {DateOrder.DAY_FIRST: (2, 1, 0), DateOrder.MONTH_FIRST: (2, 0, 1), DateOrder.YEAR_FIRST: (0, 1, 2)}
_EXAMPLES = {
    DateOrder.DAY_FIRST: "31-12-2026",
    DateOrder.MONTH_FIRST: "12/31/2026",
    DateOrder.YEAR_FIRST: "2026-12-31",
}


def parse_day(text: str, reading: Reading) -> date | None:
    """A day; a time behind it is not looked at. Raises: BadCell."""
    text = text.strip()
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]), text, reading)
    timed = _TIME.fullmatch(text[:_LONGEST])
    return _written_day(timed["day"] if timed else text, reading)


def parse_moment(text: str, reading: Reading, zone: ZoneInfo) -> datetime | None:
    """A moment in UTC; a day alone is its midnight in `zone`, as is a time without an offset its own.

    Raises: BadCell.
    """
    text = text.strip()
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        day = _date(int(found[1]), int(found[2]), int(found[3]), text, reading)
        hour, minute, second, part, offset = found.groups()[3:]
        return _moment(day, int(hour or 0), minute, second, part, offset, zone)
    timed = _TIME.fullmatch(text[:_LONGEST])
    if timed is None:
        return _moment(_written_day(text, reading), 0, None, None, None, None, zone)
    day = _written_day(timed["day"], reading)
    hour = _hour(timed)
    return _moment(day, hour, timed["minute"], timed["second"], timed["part"], timed["offset"], zone)


def _hour(timed: re.Match[str]) -> int:
    hour = int(timed["hour"])
    if not timed["half"]:
        return hour
    if not 1 <= hour <= 12:
        raise BadCell(say("There is no such time of day."))
    return hour % 12 + (12 if timed["half"][0] in "pP" else 0)


def _moment(
    day: date,
    hour: int,
    minute: str | None,
    second: str | None,
    part: str | None,
    offset: str | None,
    zone: ZoneInfo,
) -> datetime:
    micro = int((part or "0").ljust(6, "0")[:6])
    try:
        place = _offset(offset) if offset else zone
        local = datetime(day.year, day.month, day.day, hour, int(minute or 0), int(second or 0), micro, place)
        return local.astimezone(UTC)
    except ValueError:
        raise BadCell(say("There is no such time of day.")) from None


@cache
def _offset(text: str) -> timezone:
    """Raises: ValueError for what no clock on earth shows."""
    digits = re.sub(r"[^0-9]", "", text).ljust(4, "0")
    if int(digits[2:]) > 59 or int(digits[:2]) > 15:
        raise ValueError(text)
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-size if text.startswith("-") else size)


def _written_day(text: str, reading: Reading) -> date:
    text = text.strip()
    if len(text) <= _LONGEST:
        if (found := _FIGURES.fullmatch(text)) and found[2].strip() == found[4].strip():
            numbers = (found[1], found[3], found[5])
            order = DateOrder.YEAR_FIRST if len(found[1]) == 4 else reading.date_order
            year, month, day = (numbers[place] for place in _PLACES[order])
            if len(year) in (2, 4) and len(month) <= 2 and len(day) <= 2:
                return _date(_full_year(year), int(month), int(day), text, reading)
        for pattern, (year_at, month_at, day_at) in _NAMED:
            named = pattern.fullmatch(search_key(text))
            if named and named[month_at] in _months():
                year = _full_year(named[year_at])
                return _date(year, _months()[named[month_at]], int(named[day_at]), text, reading)
    raise BadCell(say("This is not a date. Write it as {example}.", example=_EXAMPLES[reading.date_order]))


def _date(year: int, month: int, day: int, text: str, reading: Reading) -> date:
    if not 1 <= month <= 12:
        raise BadCell(_wrong_order(text, reading))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise BadCell(say("Use a date from {first} to {last}.", first=str(_FIRST_YEAR), last=str(_LAST_YEAR)))
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell(
            say("Month {month} of {year} has no day {day}.", month=month, year=str(year), day=day)
        ) from None


def _wrong_order(text: str, reading: Reading) -> Message:
    if reading.date_order is DateOrder.DAY_FIRST and not re.match(r"[0-9]{4}", text):
        return say("{text} is no date in the order day, month, year.", text=text)
    if reading.date_order is DateOrder.MONTH_FIRST and not re.match(r"[0-9]{4}", text):
        return say("{text} is no date in the order month, day, year.", text=text)
    return say("{text} is no date in the order year, month, day.", text=text)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < _PIVOT else 1900)


@cache
def _months() -> dict[str, int]:
    """The names of months, long and short, in the languages that files come in."""
    return {
        search_key(name).rstrip("."): number
        for language in ("en", "en_GB", "nl", "de", "pt")
        for context in Locale.parse(language).months.values()
        for width in ("wide", "abbreviated")
        for number, name in context[width].items()
    }
