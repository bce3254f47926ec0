from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from crmplus.domain.errors import Invalid
from crmplus.domain.fields import LARGEST_VALUE
from crmplus.domain.target import TargetChange, owner_and_month, target_field, target_id

ANN, BEA = UUID(int=1), UUID(int=2)
MAY = date(2026, 5, 1)


def change(amount: str | None, month: date = MAY) -> TargetChange:
    return TargetChange(ANN, month, None if amount is None else Decimal(amount), None)


@pytest.mark.parametrize("amount", ["0", "0.01", "1500", "1500.50", str(LARGEST_VALUE)])
def test_a_target_is_an_amount_of_0_or_more_in_whole_cents(amount: str) -> None:
    clean = change(amount).checked()
    assert clean.amount == Decimal(amount)
    assert clean.amount is not None and clean.amount.as_tuple().exponent == -2


@pytest.mark.parametrize("amount", ["-0.01", "1.005", "10000000000000", "NaN", "Infinity"])
def test_a_wrong_amount_is_refused_under_its_owner_and_month(amount: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(amount).checked()
    (field,) = refused.value.fields
    assert owner_and_month(field) == (ANN, MAY)


def test_none_is_no_target() -> None:
    assert change(None).checked().amount is None


def test_a_month_is_named_by_its_first_day() -> None:
    assert change("1", date(2026, 5, 31)).checked().month == MAY


@pytest.mark.parametrize("year", [1989, 2101])
def test_a_year_that_nobody_means_is_refused(year: int) -> None:
    with pytest.raises(Invalid, match="between 1990 and 2100"):
        change("1", date(year, 1, 1)).checked()


def test_an_owner_and_a_month_have_one_key() -> None:
    assert target_id(ANN, MAY) == target_id(ANN, date(2026, 5, 31))
    others = {target_id(ANN, MAY), target_id(BEA, MAY), target_id(ANN, date(2026, 6, 1))}
    assert len(others) == 3


def test_a_field_tells_whose_target_of_which_month_it_is() -> None:
    assert owner_and_month(target_field(BEA, MAY)) == (BEA, MAY)
    assert owner_and_month("expected_value") is None
    assert owner_and_month("target") is None
