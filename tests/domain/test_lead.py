"""What is recorded of a lead (L1) and what it weighs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crmplus.domain.errors import Invalid
from crmplus.domain.lead import LeadValues, weighted


def test_l1_nothing_recorded_is_in_order() -> None:
    assert LeadValues().checked() == LeadValues()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score", 0),
        ("score", 101),
        ("expected_value", Decimal("NaN")),
        ("expected_value", Decimal("Infinity")),
        ("expected_value", Decimal("-1")),
        ("recurring_value", Decimal("0.001")),
        ("recurring_value", Decimal("1e15")),
        ("expected_close_date", date(1989, 12, 31)),
        ("expected_close_date", date(2101, 1, 1)),
        ("note", "a" * 10_001),
        ("note", "a\x00"),
    ],
)
def test_l1_each_value_is_checked(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        replace(LeadValues(), **{field: value}).checked()
    assert set(refused.value.fields) == {field}


def test_l1_a_note_of_ten_thousand_characters_with_lines_is_in_order() -> None:
    note = "a\n" * 4_999 + "ab"
    assert LeadValues(note=note).checked().note == note


@pytest.mark.parametrize(
    ("value", "score", "weight"),
    [
        ("0.01", 1, "0.0001"),
        ("1000", 40, "400"),
        ("9999999999999.99", 100, "9999999999999.99"),
        ("0", 50, "0"),
    ],
)
def test_m1_a_weighted_value_is_exact(value: str, score: int, weight: str) -> None:
    assert weighted(Decimal(value), score) == Decimal(weight)


def test_m1_nothing_recorded_weighs_nothing() -> None:
    assert weighted(None, 40) == weighted(Decimal(5), None) == weighted(None, None) == 0
