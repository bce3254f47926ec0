"""One language for one reader: sentences, amounts, dates and times."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta, get_day_names
from babel.numbers import (
    NumberFormatError,
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    get_currency_name,
    get_territory_currencies,
    parse_decimal,
)

from crmplus.domain.errors import Invalid
from crmplus.domain.message import Message, say
from crmplus.locale.catalogue import catalogue

_EXAMPLE = Decimal("1234.56")


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is en or nl, `zone` the reader's time zone, `currency` an ISO 4217 code."""

    code: str
    zone: ZoneInfo
    currency: str = "EUR"

    LOCALES: ClassVar[dict[str, str]] = {"en": "en_GB", "nl": "nl_NL"}
    NAMES: ClassVar[dict[str, str]] = {"en": "English", "nl": "Nederlands"}

    @property
    def locale(self) -> Locale:
        return _locale(self.LOCALES[self.code])

    # Sentences

    def text(self, text: str, /, **values: object) -> str:
        """The translation of an English sentence, its braces filled."""
        return self._filled(catalogue(self.code).gettext(text), values)

    def count(self, singular: str, plural: str, /, count: int, **values: object) -> str:
        """The translation that goes with a count."""
        return self._filled(
            catalogue(self.code).ngettext(singular, plural, count), {"count": count, **values}
        )

    def message(self, message: Message) -> str:
        if message.plural:
            values = dict(message.values)
            return self.count(message.text, message.plural, int(str(values.pop("count"))), **values)
        return self.text(message.text, **message.values)

    def _filled(self, template: str, values: dict[str, object]) -> str:
        if not values:
            return template
        return template.format(**{name: self.value(value) for name, value in values.items()})

    def value(self, value: object) -> str:
        """Any value as this language writes it."""
        match value:
            case Message():
                return self.message(value)
            case Decimal():
                return self.amount(value)
            case bool() | str():
                return str(value)
            case int():
                return self.number(value)
            case datetime():
                return self.date_and_time(value)
            case date():
                return self.day(value)
        return str(value)

    # Numbers

    def number(self, value: int | Decimal) -> str:
        return format_decimal(value, locale=self.locale)

    def amount(self, value: Decimal) -> str:
        """Two decimals, no currency: as it is typed into a form."""
        return format_decimal(_rounded(value, 2), format="#,##0.00", locale=self.locale)

    def decimal(self, value: Decimal, decimals: int) -> str:
        """Always with this many decimals."""
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        return format_decimal(_rounded(value, decimals), format=pattern, locale=self.locale)

    def money(self, value: Decimal) -> str:
        """With currency and two decimals."""
        return format_currency(_rounded(value, 2), self.currency, locale=self.locale, currency_digits=False)

    def round_money(self, value: Decimal) -> str:
        """With currency, without decimals: for overviews."""
        pattern = self.locale.currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(
            _rounded(value, 0), self.currency, pattern, locale=self.locale, currency_digits=False
        )

    def short_money(self, value: Decimal) -> str:
        """With currency, abbreviated from a million on: for figures in large type."""
        if abs(value) < 1_000_000:
            return self.round_money(value)
        return format_compact_currency(value, self.currency, locale=self.locale, fraction_digits=2)

    def short_number(self, value: Decimal) -> str:
        """Abbreviated, without currency: for the labels of bars."""
        if abs(value) < 1_000_000:
            return format_decimal(_rounded(value, 0), format="#,##0", locale=self.locale)
        return format_compact_decimal(value, locale=self.locale, fraction_digits=2)

    def share(self, part: Decimal, whole: Decimal) -> str:
        """A part of a whole in whole percents; empty where there is none."""
        return f"{round(100 * part / whole)} %" if part and whole else ""

    def percent(self, share: Decimal, decimals: int) -> str:
        """A share from 0 to 1 in percent, always with this many decimals."""
        return self.decimal(100 * share, decimals) + " %"

    @property
    def amount_example(self) -> str:
        return self.amount(_EXAMPLE)

    def parse_amount(self, field: str, text: str) -> Decimal | None:
        """The amount as this language writes it, exactly; None where nothing is typed.

        Raises: Invalid, with an example.
        """
        bare = re.sub(r"[\s\u00a0\u202f]|" + re.escape(self.currency) + "|[€$£¥]", "", text)
        if not bare:
            return None
        example = self.amount_example
        try:
            amount = parse_decimal(_figures(bare), locale=self.locale, strict=True)
        except (NumberFormatError, InvalidOperation):
            wrong = say("This is not an amount. Write it as {example}.", example=example)
            raise Invalid({field: wrong}) from None
        if amount.is_finite() and int(amount.as_tuple().exponent) < -2:
            # 1.500 is one and a half in English, fifteen hundred in Dutch: ask, don't guess.
            raise Invalid({field: say("Use at most two decimals, as in {example}.", example=example)})
        return amount

    # Dates and times

    def day(self, day: date) -> str:
        return format_date(day, "d MMM y", locale=self.locale)

    def month(self, day: date) -> str:
        """The month that a day lies in."""
        return format_date(day, "MMM y", locale=self.locale)

    def month_name(self, day: date) -> str:
        """The month that a day lies in, without its year."""
        return format_date(day, "MMM", locale=self.locale)

    def quarter(self, day: date) -> str:
        """The quarter of the calendar year that a day lies in."""
        return format_date(day, "QQQ y", locale=self.locale)

    def local_date(self, moment: datetime) -> str:
        return self.day(moment.astimezone(self.zone).date())

    def date_and_time(self, moment: datetime) -> str:
        return format_datetime(moment, "d MMM y HH:mm", tzinfo=self.zone, locale=self.locale)

    def days(self, count: int) -> str:
        return format_timedelta_days(count, self.locale)

    def days_since(self, moment: datetime, now: datetime) -> int:
        """Whole days of the reader's calendar between two moments."""
        return (now.astimezone(self.zone).date() - moment.astimezone(self.zone).date()).days

    @property
    def date_input_format(self) -> str:
        """The form's date format, of those that the date field knows."""
        return {"en": "DD/MM/YYYY", "nl": "DD-MM-YYYY"}[self.code]

    def weekday(self, number: int) -> str:
        """The name of a day, counted from Monday = 0."""
        return str(get_day_names(locale=self.locale)[number])

    def currency_name(self, code: str) -> str:
        return get_currency_name(code, locale=self.locale)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """Halves go up, as people round; Babel would take them to the even neighbour."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) if value.is_finite() else value


def _figures(text: str) -> str:
    """`text` where it is figures and separators only. Raises: NumberFormatError.

    Python reads 1e3, 1_000 and Infinity as numbers too; nobody writes amounts so.
    """
    if not re.fullmatch(r"[+-]?[0-9.,]+", text):
        raise NumberFormatError(text)
    return text


def format_timedelta_days(count: int, locale: Locale) -> str:
    """A number of days in words, never rounded to months."""
    return format_timedelta(count * 86_400, granularity="day", threshold=10**9, locale=locale)


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


@cache
def currencies() -> tuple[str, ...]:
    """ISO 4217 codes of the currencies in use today, sorted."""
    territories = [str(code) for code in _locale("en_GB").territories]
    today = datetime.now(UTC).date()
    used: set[str] = set()
    for territory in territories:
        if len(territory) == 2 and territory.isalpha():
            used.update(str(code) for code in get_territory_currencies(territory, today, today))
    return tuple(sorted(used))


@cache
def time_zones() -> tuple[str, ...]:
    """IANA names of places, sorted."""
    return tuple(sorted(name for name in available_timezones() if "/" in name or name == "UTC"))
