"""How each language writes and reads amounts, dates and sentences."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from crmplus.domain.errors import Invalid
from crmplus.domain.fields import LARGEST_VALUE, Check
from crmplus.domain.message import say, say_count
from crmplus.domain.workspace import LANGUAGES
from crmplus.locale.language import Language, currencies, time_zones

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EN, NL = Language("en", AMSTERDAM), Language("nl", AMSTERDAM)
BOTH = pytest.mark.parametrize("language", [EN, NL], ids=["en", "nl"])


def typed(language: Language, text: str) -> Decimal | None:
    """What a form makes of `text`: read as the language writes it, then checked (L1).

    Raises: Invalid.
    """
    check = Check()
    amount = check.amount("value", language.parse_amount("value", text))
    check.done()
    return amount


def refusal(language: Language, text: str) -> str:
    """Why `text` is no amount, in the reader's language."""
    with pytest.raises(Invalid) as refused:
        typed(language, text)
    assert set(refused.value.fields) == {"value"}
    return language.message(refused.value.fields["value"])


# Amounts that are typed


@pytest.mark.parametrize(
    ("language", "text", "amount"),
    [
        (EN, "1,234.56", "1234.56"),
        (EN, "1,234,567.89", "1234567.89"),
        (EN, "1,500", "1500"),
        (EN, "1.5", "1.5"),
        (EN, ".5", "0.5"),
        (NL, "1.234,56", "1234.56"),
        (NL, "1.234.567,89", "1234567.89"),
        (NL, "1.500", "1500"),
        (NL, "1,5", "1.5"),
        (NL, ",5", "0.5"),
    ],
)
def test_l1_an_amount_is_read_as_the_language_writes_it(language: Language, text: str, amount: str) -> None:
    assert typed(language, text) == Decimal(amount)


@BOTH
@pytest.mark.parametrize("text", ["1500", "1 500", "1\u00a0500", "1\u202f500", " 1500\t"])
def test_l1_spaces_in_an_amount_say_nothing(language: Language, text: str) -> None:
    assert typed(language, text) == 1500


@BOTH
@pytest.mark.parametrize("text", ["€ 12", "€12", "12 €", "EUR 12", "12 EUR", "£12", "$ 12"])
def test_l1_a_currency_beside_an_amount_says_nothing(language: Language, text: str) -> None:
    assert typed(language, text) == 12


@BOTH
@pytest.mark.parametrize("text", ["", " ", "\t", "\u00a0", "€", "EUR"])
def test_l1_an_amount_may_stay_empty(language: Language, text: str) -> None:
    assert typed(language, text) is None


@pytest.mark.parametrize(("language", "text"), [(EN, "1.500"), (EN, "0.001"), (NL, "1,500"), (NL, "0,001")])
def test_l1_three_decimals_may_mean_thousands_so_they_are_asked_about(language: Language, text: str) -> None:
    assert language.amount_example in refusal(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (EN, "1.234,56"),
        (EN, "1,5"),
        (EN, "0,00"),
        (EN, "12,34"),
        (NL, "1,234.56"),
        (NL, "1.5"),
        (NL, "0.00"),
        (NL, "12.34"),
    ],
)
def test_l1_an_amount_written_as_another_language_does_is_refused(language: Language, text: str) -> None:
    assert language.amount_example in refusal(language, text)


@BOTH
@pytest.mark.parametrize(
    "text", ["abc", "1k", "10%", "--1", "1.2.3", "1,2,3", "1,23,4.5", "12'000", "½", "1/2", "USD 5", "=1"]
)
def test_l1_what_is_no_amount_is_refused_with_an_example(language: Language, text: str) -> None:
    assert language.amount_example in refusal(language, text)


@BOTH
@pytest.mark.parametrize("text", ["-1", "€ -1", "NaN", "sNaN", "Infinity", "-Infinity", "1e15", "9" * 14])
def test_l1_amounts_out_of_bounds_are_refused(language: Language, text: str) -> None:
    assert refusal(language, text)


def test_l1_the_refusal_is_in_the_readers_language() -> None:
    assert refusal(EN, "abc") == "This is not an amount. Write it as 1,234.56."
    assert refusal(NL, "abc") == "Dit is geen bedrag. Schrijf het als 1.234,56."
    assert refusal(EN, "1.500") == "Use at most two decimals, as in 1,234.56."
    assert refusal(NL, "1,500") == "Gebruik hoogstens twee decimalen, zoals in 1.234,56."


@BOTH
@pytest.mark.parametrize("text", ["1" * 40, "-" + "1" * 39])
def test_l1_an_amount_of_many_digits_is_refused(language: Language, text: str) -> None:
    assert refusal(language, text)


@pytest.mark.parametrize(("language", "sign"), [(EN, ","), (NL, ".")], ids=["en", "nl"])
def test_l1_many_digits_and_a_misplaced_separator_are_refused(language: Language, sign: str) -> None:
    assert refusal(language, f"{'1' * 30}{sign}12")


@BOTH
@settings(deadline=None)
@given(amount=some.decimals(min_value=0, max_value=LARGEST_VALUE, places=2))
def test_l1_what_a_form_shows_reads_back_as_the_same_amount(language: Language, amount: Decimal) -> None:
    assert typed(language, language.amount(amount)) == amount


@BOTH
@settings(deadline=None)
@given(amount=some.decimals(min_value=0, max_value=LARGEST_VALUE, places=2))
def test_l1_an_amount_copied_with_its_currency_reads_back(language: Language, amount: Decimal) -> None:
    assert typed(language, language.money(amount)) == amount


@BOTH
@settings(deadline=None)
@given(text=some.text(alphabet="0123456789.,-+ €", max_size=15))
def test_l1_whatever_is_typed_is_an_amount_empty_or_refused(language: Language, text: str) -> None:
    try:
        amount = typed(language, text)
    except Invalid:
        return
    assert amount is None or (amount >= 0 and amount == amount.quantize(Decimal("0.01")))


# Amounts that are shown


def test_amounts_and_money_as_each_language_writes_them() -> None:
    amount = Decimal("1234.5")
    assert (EN.amount(amount), NL.amount(amount)) == ("1,234.50", "1.234,50")
    assert (EN.money(amount), NL.money(amount)) == ("€1,234.50", "€\u00a01.234,50")
    assert (EN.money(-amount), NL.money(-amount)) == ("-€1,234.50", "€\u00a0-1.234,50")
    assert (EN.number(1234567), NL.number(1234567)) == ("1,234,567", "1.234.567")


def test_money_without_decimals_for_overviews() -> None:
    assert (EN.round_money(Decimal("1234.56")), NL.round_money(Decimal("1234.56"))) == (
        "€1,235",
        "€\u00a01.235",
    )
    assert (EN.round_money(Decimal(0)), NL.round_money(Decimal(0))) == ("€0", "€\u00a00")


def test_money_is_abbreviated_from_a_million_on() -> None:
    assert EN.short_money(Decimal(999_999)) == "€999,999"
    assert EN.short_money(Decimal(1_234_567)) == "€1.23M"
    assert NL.short_money(Decimal(1_234_567)) == "€\u00a01,23\u00a0mln."
    assert EN.short_number(Decimal(999_999)) == "999,999"
    assert EN.short_number(Decimal(1_234_567)) == "1.23M"


@BOTH
@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY", "KWD"])
def test_money_has_two_decimals_in_every_currency(language: Language, currency: str) -> None:
    other = Language(language.code, AMSTERDAM, currency)
    assert other.money(Decimal("1234.5")).endswith(language.amount(Decimal("1234.50")))


def test_an_amount_keeps_its_cents_however_large_it_is() -> None:
    assert EN.money(LARGEST_VALUE) == "€9,999,999,999,999.99"
    assert NL.money(LARGEST_VALUE) == "€\u00a09.999.999.999.999,99"


def test_a_share_is_in_whole_percents_and_empty_where_there_is_none() -> None:
    assert EN.share(Decimal(1), Decimal(3)) == "33 %"
    assert EN.share(Decimal(0), Decimal(3)) == EN.share(Decimal(1), Decimal(0)) == ""


# Dates and times


def test_dates_as_each_language_writes_them() -> None:
    day = date(2026, 3, 5)
    assert (EN.day(day), NL.day(day)) == ("5 Mar 2026", "5 mrt 2026")
    assert (EN.weekday(0), NL.weekday(6)) == ("Monday", "zondag")
    assert (EN.date_input_format, NL.date_input_format) == ("DD/MM/YYYY", "DD-MM-YYYY")


def test_a_moment_is_shown_in_the_readers_time_zone() -> None:
    late = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)
    assert EN.date_and_time(late) == "6 Mar 2026 00:30"
    assert NL.date_and_time(late) == "6 mrt 2026 00:30"
    assert NL.local_date(late) == "6 mrt 2026"
    assert Language("nl", ZoneInfo("America/New_York")).local_date(late) == "5 mrt 2026"


def test_days_are_counted_in_words_and_never_rounded() -> None:
    assert [EN.days(count) for count in (0, 1, 400)] == ["0 days", "1 day", "400 days"]
    assert [NL.days(count) for count in (0, 1, 400)] == ["0 dagen", "1 dag", "400 dagen"]


def test_months_and_quarters_are_those_of_the_calendar_year() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert [EN.month(day) for day in (first, last)] == ["Jan 2026", "Dec 2026"]
    assert [NL.month(day) for day in (first, last)] == ["jan 2026", "dec 2026"]
    assert [EN.quarter(day) for day in (first, last)] == ["Q1 2026", "Q4 2026"]
    assert [NL.quarter(day) for day in (first, last)] == ["K1 2026", "K4 2026"]


def test_days_since_are_days_of_the_readers_calendar() -> None:
    evening, morning = datetime(2026, 3, 5, 22, 50, tzinfo=UTC), datetime(2026, 3, 5, 23, 10, tzinfo=UTC)
    assert NL.days_since(evening, morning) == 1
    assert Language("nl", ZoneInfo("UTC")).days_since(evening, morning) == 0


@pytest.mark.parametrize(
    ("share", "decimals", "english", "dutch"),
    [
        (Decimal(4238) / 6711, 2, "63.15 %", "63,15 %"),
        (Decimal("0.5"), 2, "50.00 %", "50,00 %"),
        (Decimal("0.125"), 0, "13 %", "13 %"),
        (Decimal("0.000049"), 2, "0.00 %", "0,00 %"),
        (Decimal("0.00005"), 2, "0.01 %", "0,01 %"),
        (Decimal("12.5"), 1, "1,250.0 %", "1.250,0 %"),
        (Decimal(0), 2, "0.00 %", "0,00 %"),
        (Decimal(1), 0, "100 %", "100 %"),
    ],
)
def test_a_share_in_percent_keeps_its_decimals(
    share: Decimal, decimals: int, english: str, dutch: str
) -> None:
    assert (EN.percent(share, decimals), NL.percent(share, decimals)) == (english, dutch)


def test_days_since_count_the_short_day_when_summer_time_begins() -> None:
    before, after = datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert NL.days_since(before, after) == 1


# Sentences


def test_a_sentence_in_each_language() -> None:
    assert (EN.text("Save"), NL.text("Save")) == ("Save", "Opslaan")
    assert NL.text("Complete phase: {next}", next="Offerte") == "Fase afronden: Offerte"


def test_a_sentence_that_nobody_translated_stays_english() -> None:
    assert NL.text("Nobody ever translated {what}.", what="this") == "Nobody ever translated this."


def test_braces_in_what_users_type_are_left_alone() -> None:
    assert NL.text("Moved to {phase}", phase="{oops} {0}") == "Verplaatst naar {oops} {0}"


def test_values_in_a_sentence_are_written_as_the_language_does() -> None:
    moment = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
    assert [NL.value(each) for each in (Decimal("1234.5"), 1234, moment, moment.date())] == [
        "1.234,50",
        "1.234",
        "5 mrt 2026 13:00",
        "5 mrt 2026",
    ]
    assert [NL.value(each) for each in ("1,5", True, None)] == ["1,5", "True", "None"]


def test_a_message_within_a_message_is_translated_too() -> None:
    message = say("Closed as {reason}", reason=say("Moved to {phase}", phase=say("neither")))
    assert EN.message(message) == "Closed as Moved to neither"
    assert NL.message(message) == "Gesloten als Verplaatst naar geen van beide"


@pytest.mark.parametrize(
    ("count", "english", "dutch"),
    [
        (0, "0 customers", "0 klanten"),
        (1, "1 customer", "1 klant"),
        (2, "2 customers", "2 klanten"),
        (1234, "1,234 customers", "1.234 klanten"),
    ],
)
def test_plurals(count: int, english: str, dutch: str) -> None:
    assert EN.count("{count} customer", "{count} customers", count) == english
    assert NL.count("{count} customer", "{count} customers", count) == dutch
    assert NL.message(say_count("{count} customer", "{count} customers", count)) == dutch


def test_a_plural_with_further_values() -> None:
    message = say_count("{phase}: {count} lead", "{phase}: {count} leads", 2, phase="Offerte")
    assert NL.message(message) == "Offerte: 2 leads"
    assert str(message) == "Offerte: 2 leads"


# What there is to choose from


def test_every_language_offered_has_a_name_and_a_locale() -> None:
    assert set(LANGUAGES) == Language.LOCALES.keys() == Language.NAMES.keys()


def test_currencies_and_time_zones() -> None:
    assert {"EUR", "USD", "GBP", "JPY"} <= set(currencies())
    assert "NLG" not in currencies()
    assert {"Europe/Amsterdam", "UTC"} <= set(time_zones())
    assert EN.currency_name("USD") == "US Dollar"
