"""The text of cells: what it says in each reading, and that rubbish gets a sentence."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from crmplus.domain.fields import LARGEST_VALUE
from crmplus.exchange.cells import (
    BadCell,
    Score,
    is_yes_or_no,
    parse_amount,
    parse_day,
    parse_email,
    parse_moment,
    parse_score,
    parse_yes_no,
)
from crmplus.exchange.reading import DateOrder, Reading

POINT, COMMA = Reading(decimal_mark="."), Reading(decimal_mark=",")
DAY_FIRST = Reading(date_order=DateOrder.DAY_FIRST)
MONTH_FIRST = Reading(date_order=DateOrder.MONTH_FIRST)
YEAR_FIRST = Reading(date_order=DateOrder.YEAR_FIRST)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PARSERS: dict[str, Callable[[str], Any]] = {
    "amount with a point": lambda text: parse_amount(text, POINT),
    "amount with a comma": lambda text: parse_amount(text, COMMA),
    "day": lambda text: parse_day(text, DAY_FIRST),
    "moment": lambda text: parse_moment(text, MONTH_FIRST, AMSTERDAM),
    "score": lambda text: parse_score(text, COMMA),
    "yes or no": parse_yes_no,
    "e-mail": parse_email,
}
RUBBISH = [
    "1" * 10_000,
    "a" * 10_000,
    "@" * 10_000,
    "a." * 5_000 + "@",
    "=1+1",
    "#N/A",
    "#REF!",
    "é",
    "日本",
    "Infinity",
    "-Infinity",
    "NaN",
    "１２",
    "1_000",
    "0x10",
    "²",
    "\x00",
    "1\n2",
    "-1",
    "- -1",
    "12.34.56x",
    "null",
    "€",
    ".",
    ",",
    "-",
    "%",
]


def refused(parse: Callable[..., object], *given: object) -> str:
    """The sentence with which a cell is refused."""
    with pytest.raises(BadCell) as refusal:
        parse(*given)
    return str(refusal.value.message)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text", RUBBISH, ids=lambda text: ascii(text[:12]))
def test_rubbish_is_refused_with_a_sentence(parser: str, text: str) -> None:
    assert refused(PARSERS[parser], text).endswith((".", "@example.com"))


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("text", ["", " ", "\t", "\u00a0", "\n"], ids=ascii)
def test_a_blank_cell_says_nothing(parser: str, text: str) -> None:
    nothing = {"score": Score(None, adjusted=False), "e-mail": ("", False)}
    assert PARSERS[parser](text) == nothing.get(parser)


@pytest.mark.parametrize("parser", PARSERS)
@given(text=st.text(alphabet=st.sampled_from("0123456789.,-+/: '()eE%TZ@amp€ é日\u00a0"), max_size=20))
def test_whatever_stands_there_is_read_or_refused(parser: str, text: str) -> None:
    try:
        PARSERS[parser](text)
    except BadCell as bad:
        assert str(bad.message)


# Amounts


@pytest.mark.parametrize(
    ("reading", "text", "amount"),
    [
        (POINT, "0", "0.00"),
        (POINT, "1054", "1054.00"),
        (POINT, "1234.5", "1234.50"),
        (POINT, "1,234.50", "1234.50"),
        (POINT, "1,234", "1234.00"),
        (POINT, "1,234,567.89", "1234567.89"),
        (POINT, "$ 1,234.50", "1234.50"),
        (POINT, "$1234", "1234.00"),
        (POINT, "USD 12", "12.00"),
        (POINT, "12 eur", "12.00"),
        (POINT, "12.00EUR", "12.00"),
        (POINT, "+12", "12.00"),
        (POINT, ".5", "0.50"),
        (POINT, "1'234'567.50", "1234567.50"),
        (POINT, "1234.500000", "1234.50"),
        (POINT, "1054.0000000001", "1054.00"),
        (POINT, "1053.9999999999", "1054.00"),
        (POINT, "1234.500", "1234.50"),
        (POINT, "1,234.500", "1234.50"),
        (POINT, "0.500", "0.50"),
        (POINT, "€ 50,-", "50.00"),
        (POINT, "1E+05", "100000.00"),
        (POINT, "1.2345E3", "1234.50"),
        (POINT, "-0.00", "0.00"),
        (POINT, "9999999999999.99", "9999999999999.99"),
        (COMMA, "1.234,50", "1234.50"),
        (COMMA, "1.234", "1234.00"),
        (COMMA, "1234,5", "1234.50"),
        (COMMA, "€ 1.250,-", "1250.00"),
        (COMMA, "1.250,--", "1250.00"),
        (COMMA, "1 234 567,50", "1234567.50"),
        (COMMA, "1\u00a0234,50 €", "1234.50"),
        (COMMA, "1\u202f234,50", "1234.50"),
        (COMMA, "R$ 1.234,50", "1234.50"),
        (COMMA, "EUR1.234,50", "1234.50"),
        (COMMA, "1,5E+03", "1500.00"),
    ],
)
def test_an_amount_is_read_exactly(reading: Reading, text: str, amount: str) -> None:
    found = parse_amount(text, reading)
    assert str(found) == amount


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (POINT, "12.34.56"),
        (POINT, "abc"),
        (POINT, "1.234,50"),
        (POINT, "12,34"),
        (POINT, "1,23,456"),
        (POINT, "1,2345"),
        (POINT, ",123"),
        (POINT, "1234,567"),
        (POINT, "1,234 567"),
        (POINT, "12 %"),
        (POINT, "12 abc"),
        (POINT, "ABC 12"),
        (POINT, "$500M"),
        (COMMA, "1,234.50"),
        (COMMA, "1234.5"),
        (COMMA, "1.23"),
        (COMMA, "0.500"),
        (COMMA, "012.500"),
        (POINT, "0,500"),
        (POINT, "0 500"),
    ],
)
def test_a_mark_is_never_taken_for_the_other(reading: Reading, text: str) -> None:
    example_text = "1.234,56" if reading is COMMA else "1,234.56"
    assert refused(parse_amount, text, reading) == f"This is not an amount. Write it as {example_text}."


@pytest.mark.parametrize("text", ["-1", "-12.00", "(12.00)", "12-", "€ -5", "-€ 5", "−5"])
def test_l1_a_negative_amount_is_refused(text: str) -> None:
    assert refused(parse_amount, text, POINT) == "Use an amount of 0 or more."


@pytest.mark.parametrize(
    ("reading", "text", "amount"),
    [
        (POINT, "1.250", "1.250"),
        (POINT, "12.500", "12.500"),
        (POINT, "125.000", "125.000"),
        (POINT, "1.255", "1.255"),
        (POINT, "€ 1.250,-", "1.250"),
        (POINT, "-1.250", "1.250"),
        (COMMA, "1,250", "1,250"),
        (COMMA, "$1,000", "1,000"),
        (COMMA, "1,250 EUR", "1,250"),
    ],
)
def test_thousands_in_the_other_style_are_asked_about_and_not_divided_by_a_thousand(
    reading: Reading, text: str, amount: str
) -> None:
    said = refused(parse_amount, text, reading)
    assert said == (
        f"{amount} can be read in two ways. Choose under Reading how numbers are written, "
        "or write it with two decimals."
    )


@pytest.mark.parametrize("text", ["0.001", "1.0051", "1.2345678", "1E-5", "1E-999", "0.00000001"])
def test_l1_more_than_two_decimals_are_refused(text: str) -> None:
    assert refused(parse_amount, text, POINT) == "Use at most two decimals."


@pytest.mark.parametrize("text", ["1e15", "10000000000000", "99,999,999,999,999.99", "1E+999"])
def test_l1_an_amount_that_is_too_large_is_refused(text: str) -> None:
    assert refused(parse_amount, text, POINT).startswith("Use an amount of at most")


@given(cents=st.integers(0, int(LARGEST_VALUE * 100)), grouped=st.booleans(), signed=st.booleans())
@example(cents=0, grouped=True, signed=False)
@example(cents=int(LARGEST_VALUE * 100), grouped=True, signed=True)
def test_every_amount_is_read_back_in_either_style(cents: int, grouped: bool, signed: bool) -> None:
    amount = Decimal(cents) / 100
    pattern = ("¤ " if signed else "") + ("#,##0.00" if grouped else "0.00")
    for reading, locale in ((POINT, "en_GB"), (COMMA, "nl_NL")):
        text = format_decimal(amount, pattern.replace("¤", "€"), locale, decimal_quantization=True)
        assert parse_amount(text, reading) == amount


# Scores


@pytest.mark.parametrize(
    ("text", "value", "adjusted"),
    [
        ("60", 60, False),
        ("60%", 60, False),
        ("60 %", 60, False),
        ("60.00", 60, False),
        ("60,0", 60, False),
        ("1", 1, False),
        ("1.0", 1, False),
        ("1,00", 1, False),
        ("100", 100, False),
        ("0.6", 60, True),
        ("0,65", 65, True),
        (".25", 25, True),
        ("0.333", 33, True),
        ("33.33", 33, True),
        ("33,5", 34, True),
        ("0.6%", 1, True),
        ("0", None, True),
        ("0%", None, True),
        ("0.00", None, True),
    ],
)
def test_a_score_is_read_in_whole_percents(text: str, value: int | None, adjusted: bool) -> None:
    assert parse_score(text, COMMA) == parse_score(text, POINT) == Score(value, adjusted)


@pytest.mark.parametrize("text", ["101", "-1", "100.5", "1e1", "1.000,0", "high", "6/10", "60%%"])
def test_l1_a_score_outside_1_to_100_is_refused(text: str) -> None:
    assert refused(parse_score, text, POINT) == "Use a whole number from 1 to 100."


# Days


@pytest.mark.parametrize(
    ("reading", "text", "day"),
    [
        (DAY_FIRST, "1-7-2024", date(2024, 7, 1)),
        (DAY_FIRST, "01.07.2024", date(2024, 7, 1)),
        (DAY_FIRST, "1. 7. 2024", date(2024, 7, 1)),
        (DAY_FIRST, "01/07/24", date(2024, 7, 1)),
        (DAY_FIRST, "20-10-16", date(2016, 10, 20)),
        (DAY_FIRST, "1-1-49", date(2049, 1, 1)),
        (DAY_FIRST, "1-1-50", date(1950, 1, 1)),
        (DAY_FIRST, "2024-07-01", date(2024, 7, 1)),
        (DAY_FIRST, "2024/7/1", date(2024, 7, 1)),
        (DAY_FIRST, "29-02-2024", date(2024, 2, 29)),
        (MONTH_FIRST, "7/1/2024", date(2024, 7, 1)),
        (MONTH_FIRST, "2024-07-01", date(2024, 7, 1)),
        (YEAR_FIRST, "24-07-01", date(2024, 7, 1)),
        (YEAR_FIRST, "2024.07.01", date(2024, 7, 1)),
        (DAY_FIRST, "2024-07-01 00:00:00", date(2024, 7, 1)),
        (DAY_FIRST, "2024-07-01T23:30:00Z", date(2024, 7, 1)),
        (DAY_FIRST, "1-7-2024 14:05", date(2024, 7, 1)),
        (MONTH_FIRST, "1 mei 2024", date(2024, 5, 1)),
        (DAY_FIRST, "May 1, 2024", date(2024, 5, 1)),
        (DAY_FIRST, "May 1st 2024", date(2024, 5, 1)),
        (DAY_FIRST, "20-Oct-16", date(2016, 10, 20)),
        (DAY_FIRST, "3. März 2024", date(2024, 3, 3)),
        (DAY_FIRST, "1 de maio de 2024", date(2024, 5, 1)),
        (DAY_FIRST, "2 mrt. 2024", date(2024, 3, 2)),
        (DAY_FIRST, "2024-May-01", date(2024, 5, 1)),
        (DAY_FIRST, "1 SEPT 2024", date(2024, 9, 1)),
    ],
)
def test_a_day_is_read_in_the_order_of_the_file(reading: Reading, text: str, day: date) -> None:
    assert parse_day(text, reading) == day


@pytest.mark.parametrize(
    ("reading", "text", "sentence"),
    [
        (DAY_FIRST, "31-2-2024", "Month 2 of 2024 has no day 31."),
        (DAY_FIRST, "29-2-2023", "Month 2 of 2023 has no day 29."),
        (DAY_FIRST, "0-1-2023", "Month 1 of 2023 has no day 0."),
        (DAY_FIRST, "2024-02-30", "Month 2 of 2024 has no day 30."),
        (DAY_FIRST, "13/25/2024", "13/25/2024 is no date in the order day, month, year."),
        (MONTH_FIRST, "25/12/2024", "25/12/2024 is no date in the order month, day, year."),
        (YEAR_FIRST, "24-25-12", "24-25-12 is no date in the order year, month, day."),
        (DAY_FIRST, "2024-25-12", "2024-25-12 is no date in the order year, month, day."),
        (DAY_FIRST, "1-1-1899", "Use a date from 1900 to 2100."),
        (DAY_FIRST, "2101-01-01", "Use a date from 1900 to 2100."),
        (DAY_FIRST, "45123", "This is not a date. Write it as 31-12-2026."),
        (MONTH_FIRST, "soon", "This is not a date. Write it as 12/31/2026."),
        (YEAR_FIRST, "Q1 2017", "This is not a date. Write it as 2026-12-31."),
        (DAY_FIRST, "1-7/2024", "This is not a date. Write it as 31-12-2026."),
        (DAY_FIRST, "1-1-202", "This is not a date. Write it as 31-12-2026."),
        (DAY_FIRST, "1 foo 2024", "This is not a date. Write it as 31-12-2026."),
        (DAY_FIRST, "31 juni 2024", "Month 6 of 2024 has no day 31."),
    ],
)
def test_what_is_no_day_is_refused_by_its_cause(reading: Reading, text: str, sentence: str) -> None:
    assert refused(parse_day, text, reading) == sentence


DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
ORDERS = {DateOrder.DAY_FIRST: "dmy", DateOrder.MONTH_FIRST: "mdy", DateOrder.YEAR_FIRST: "ymd"}


@given(day=DAYS, order=st.sampled_from(DateOrder), sign=st.sampled_from("-/. "), wide=st.booleans())
def test_every_day_is_read_back_in_every_order(day: date, order: DateOrder, sign: str, wide: bool) -> None:
    parts = {"y": f"{day.year}", "m": f"{day.month:{'02' if wide else ''}}", "d": f"{day.day}"}
    text = sign.join(parts[letter] for letter in ORDERS[order])
    assert parse_day(text, Reading(date_order=order)) == day
    assert parse_day(day.isoformat(), Reading(date_order=order)) == day


@given(
    day=DAYS,
    locale=st.sampled_from(["en_US", "en_GB", "nl_NL", "de_DE", "pt_BR", "pt_PT"]),
    pattern=st.sampled_from(["d MMM y", "d MMMM y", "d-MMM-y", "LLLL d, y"]),
)
def test_every_day_is_read_back_with_the_name_of_its_month(day: date, locale: str, pattern: str) -> None:
    assert parse_day(format_date(day, pattern, locale=locale), MONTH_FIRST) == day


# Moments


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-07-01T08:00:00Z", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("2024-07-01T08:00:00+02:00", datetime(2024, 7, 1, 6, tzinfo=UTC)),
        ("2024-07-01 08:00:00 +0200", datetime(2024, 7, 1, 6, tzinfo=UTC)),
        ("2024-07-01 08:00:00-05", datetime(2024, 7, 1, 13, tzinfo=UTC)),
        ("2024-08-13T18:04:34.666+00:00", datetime(2024, 8, 13, 18, 4, 34, 666000, UTC)),
        ("2024-08-30 14:39:58", datetime(2024, 8, 30, 12, 39, 58, tzinfo=UTC)),
        ("2024-01-30 14:39", datetime(2024, 1, 30, 13, 39, tzinfo=UTC)),
        ("1-7-2024 14:05", datetime(2024, 7, 1, 12, 5, tzinfo=UTC)),
        ("1-7-2024", datetime(2024, 6, 30, 22, tzinfo=UTC)),
        ("2024-07-01", datetime(2024, 6, 30, 22, tzinfo=UTC)),
        ("1/7/2024, 2:05 PM", datetime(2024, 7, 1, 12, 5, tzinfo=UTC)),
        ("1/7/2024 12:05 am", datetime(2024, 6, 30, 22, 5, tzinfo=UTC)),
        ("1/7/2024 12:05:09 p.m.", datetime(2024, 7, 1, 10, 5, 9, tzinfo=UTC)),
        ("1 juli 2024 14:05 UTC", datetime(2024, 7, 1, 14, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_is_kept_in_utc(text: str, moment: datetime) -> None:
    found = parse_moment(text, DAY_FIRST, AMSTERDAM)
    assert found == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2024-07-01T24:00:00",
        "2024-07-01T08:60:00",
        "1-7-2024 25:00",
        "1-7-2024 8:00:61",
        "1-7-2024 13:00 PM",
        "1-7-2024 0:00 AM",
        "2024-07-01T08:00:00+99:00",
        "2024-07-01T08:00:00+02:75",
    ],
)
def test_what_no_clock_shows_is_refused(text: str) -> None:
    assert refused(parse_moment, text, DAY_FIRST, AMSTERDAM) == "There is no such time of day."


@given(moment=st.datetimes(datetime(1900, 1, 2), datetime(2100, 12, 30)), hours=st.integers(-14, 14))
def test_every_moment_is_read_back(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=UTC)
    sign = "-" if hours < 0 else "+"
    local = (moment + timedelta(hours=hours)).isoformat()
    assert parse_moment(f"{local}{sign}{abs(hours):02}:00", DAY_FIRST, AMSTERDAM) == aware
    assert parse_moment(f"{moment.isoformat()}Z", MONTH_FIRST, AMSTERDAM) == aware


# Yes or no


@pytest.mark.parametrize(
    "text", ["yes", "JA", "Sim", "1", "x", "X ", "true", "Actief", "aktiv", "ativo", "Active"]
)
def test_a_yes_is_read(text: str) -> None:
    assert parse_yes_no(text) is True
    assert is_yes_or_no(text)


@pytest.mark.parametrize(
    "text", ["no", "NEE", "Não", "nein", "0", "FALSE", "Inactief", "niet actief", "Inativo"]
)
def test_a_no_is_read(text: str) -> None:
    assert parse_yes_no(text) is False
    assert is_yes_or_no(text)


@pytest.mark.parametrize("text", ["maybe", "2", "yes|no", "ja nee", "warm"])
def test_what_is_neither_is_refused(text: str) -> None:
    assert refused(parse_yes_no, text) == "Write yes or no."
    assert not is_yes_or_no(text)


# E-mail


@pytest.mark.parametrize(
    ("text", "address", "is_more"),
    [
        ("jan@example.com", "jan@example.com", False),
        (" jan@example.com ", "jan@example.com", False),
        ("o'brien@example.com", "o'brien@example.com", False),
        ("jan+crm@mail.example.co.uk", "jan+crm@mail.example.co.uk", False),
        ("jörg@exämple.de", "jörg@exämple.de", False),
        ("Jan <jan@example.com>", "jan@example.com", True),
        ("a@example.com; b@example.com", "a@example.com", True),
        ("a@example.com,b@example.com", "a@example.com", True),
        ("mailto:jan@example.com", "jan@example.com", True),
        ("'jan@example.com'", "jan@example.com", True),
        ("jan@example.com.", "jan@example.com", True),
        ('[{"label": "work", "value": "contact@example.com"}]', "contact@example.com", True),
    ],
)
def test_the_first_address_is_found(text: str, address: str, is_more: bool) -> None:
    assert parse_email(text) == (address, is_more)


@pytest.mark.parametrize("text", ["jan", "jan@", "@example.com", "jan@example", f"{'a' * 250}@example.com"])
def test_what_holds_no_address_is_refused(text: str) -> None:
    assert refused(parse_email, text) == "This is not an e-mail address: name@example.com"
