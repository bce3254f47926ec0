"""Single fields: what is cleaned, what is refused, and that all of it shows at once."""

from decimal import Decimal

import pytest

from crmplus.domain.errors import Invalid
from crmplus.domain.fields import LARGEST_VALUE, Check, has_control_characters, is_blank, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("lead", "LEAD"), (" A-1_b ", "A-1_B"), ("X", "X"), ("A" * 20, "A" * 20), ("0", "0")],
)
def test_a1_a_code_is_kept_in_capitals_without_spaces_around_it(typed: str, kept: str) -> None:
    check = Check()
    assert check.code("code", typed) == kept
    assert not check.problems


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "A" * 21,
        "A" * 10_000,
        "A B",
        "A\nB",
        "É",
        "e\u0301",
        "日本",
        "*bold*",
        "$x$",
        "<img>",
        "A\x00",
        "A\u200f",
        "\u0661",
        "A.B",
    ],
)
def test_a1_a_code_of_anything_else_is_refused(typed: str) -> None:
    check = Check()
    check.code("code", typed)
    assert set(check.problems) == {"code"}


@pytest.mark.parametrize("number", [0, 1, 9_999])
def test_a1_an_order_number_runs_from_0_to_9999(number: int) -> None:
    check = Check()
    assert check.order_number("order_number", number) == number
    assert not check.problems


@pytest.mark.parametrize("number", [None, -1, 10_000, int(1e15)])
def test_a1_an_order_number_outside_its_bounds_is_refused(number: int | None) -> None:
    check = Check()
    check.order_number("order_number", number)
    assert set(check.problems) == {"order_number"}


@pytest.mark.parametrize("score", [1, 50, 100, None])
def test_l1_a_score_runs_from_1_to_100_or_is_not_recorded(score: int | None) -> None:
    check = Check()
    assert check.score("score", score) == score
    assert not check.problems


@pytest.mark.parametrize("score", [0, 101, -1, int(1e15)])
def test_l1_a_score_outside_its_bounds_is_refused(score: int) -> None:
    check = Check()
    check.score("score", score)
    assert set(check.problems) == {"score"}


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("0", "0.00"),
        ("-0", "0.00"),
        ("0.01", "0.01"),
        ("1e3", "1000.00"),
        ("12.5000", "12.50"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_l1_an_amount_is_kept_exactly_in_cents(amount: str, kept: str) -> None:
    check = Check()
    assert str(check.amount("expected_value", Decimal(amount))) == kept
    assert not check.problems


@pytest.mark.parametrize(
    "amount",
    [
        "-0.01",
        "-1",
        "0.001",
        "1e-400",
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "1e15",
        "1e400",
        "10000000000000",
    ],
)
def test_l1_any_other_amount_is_refused(amount: str) -> None:
    check = Check()
    check.amount("expected_value", Decimal(amount))
    assert set(check.problems) == {"expected_value"}


def test_l1_the_largest_value_times_a_full_score_still_fits_eighteen_digits() -> None:
    assert len((LARGEST_VALUE * 100).as_tuple().digits) <= 18


@pytest.mark.parametrize(
    "text", ["*bold* $x$ <img>", "日本", "\u202eabc\u200f", "a" * 80, "'; DROP TABLE lead --", "👩‍👩‍👧"]
)
def test_text_that_people_type_is_kept_as_typed(text: str) -> None:
    check = Check()
    assert check.text("name", text, 80, required=True) == text
    assert not check.problems


def test_text_is_composed_so_that_it_equals_itself_however_typed() -> None:
    assert tidy(" e\u0301 ") == "é"


@pytest.mark.parametrize("text", ["", "  ", "\t\n", "\u200b", "\u200f\u202e", "\u00a0", " \u2060 "])
def test_a_required_text_that_nobody_can_see_is_refused(text: str) -> None:
    check = Check()
    check.text("name", text, 80, required=True)
    assert set(check.problems) == {"name"}


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x07", "\x1b[2J", "a\nb", "a\tb", "\ud800", "a" * 81, "a" * 10_000]
)
def test_text_with_control_characters_or_too_long_is_refused(text: str) -> None:
    check = Check()
    check.text("name", text, 80)
    assert set(check.problems) == {"name"}


def test_line_breaks_pass_only_where_there_are_lines() -> None:
    assert has_control_characters("a\nb")
    assert not has_control_characters("a\r\n\tb", lines=True)
    assert has_control_characters("a\x00b", lines=True)
    assert is_blank("") and not is_blank("\u200ba")


@pytest.mark.parametrize("email", ["", "a@b.nl", "O'Brien+x@mail.example.com", "日本@例え.jp"])
def test_u1_an_e_mail_address_is_optional(email: str) -> None:
    check = Check()
    assert check.email("email", email) == email
    assert not check.problems


@pytest.mark.parametrize(
    "email", ["a", "a@b", "@b.nl", "a@@b.nl", "a b@c.nl", "a@b.nl\n,c@d.nl", "a@" + "b" * 260]
)
def test_u1_what_is_no_e_mail_address_is_refused(email: str) -> None:
    check = Check()
    check.email("email", email)
    assert set(check.problems) == {"email"}


def test_all_that_is_wrong_with_a_form_shows_at_once_and_first_words_stand() -> None:
    check = Check()
    check.code("code", "")
    check.score("score", 0)
    check.refuse("score", check.problems["code"])
    with pytest.raises(Invalid) as refused:
        check.done()
    assert set(refused.value.fields) == {"code", "score"}
    assert refused.value.fields["score"] != refused.value.fields["code"]
