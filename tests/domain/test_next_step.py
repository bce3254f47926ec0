from datetime import date, time

import pytest

from crmplus.domain.errors import Invalid
from crmplus.domain.next_step import LONGEST_STEP, Due, NextStepDraft

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "due_date, due",
    [
        (date(2026, 3, 1), Due.OVERDUE),
        (date(2025, 3, 2), Due.OVERDUE),
        (date(2026, 3, 2), Due.TODAY),
        (date(2026, 3, 3), Due.COMING),
        (date(2027, 3, 1), Due.COMING),
    ],
)
def test_a_step_is_overdue_once_its_day_has_passed(due_date: date, due: Due) -> None:
    assert Due.of(due_date, TODAY) is due


def test_a_draft_is_cleaned_and_its_time_is_of_whole_minutes() -> None:
    draft = NextStepDraft("  Call  ", TODAY, time(14, 30, 59, 7)).checked()
    assert draft == NextStepDraft("Call", TODAY, time(14, 30))
    assert NextStepDraft("Call", TODAY).checked().due_time is None


def test_midnight_is_a_time() -> None:
    assert NextStepDraft("Call", TODAY, time(0, 0, 30)).checked().due_time == time(0, 0)


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * (LONGEST_STEP + 1), "two\nlines", "bell\x07"])
def test_a_step_says_on_one_line_what_is_to_be_done(text: str) -> None:
    with pytest.raises(Invalid) as wrong:
        NextStepDraft(text, TODAY).checked()
    assert list(wrong.value.fields) == ["description"]


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2101, 1, 1), date.min, date.max])
def test_a_day_out_of_all_reason_is_refused(day: date) -> None:
    with pytest.raises(Invalid) as wrong:
        NextStepDraft("Call", day).checked()
    assert list(wrong.value.fields) == ["due_date"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(Invalid) as wrong:
        NextStepDraft("", date.min).checked()
    assert set(wrong.value.fields) == {"description", "due_date"}
