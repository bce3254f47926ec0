"""The settings' forms: account types, phases, closing reasons, people and the workspace."""

from dataclasses import replace
from uuid import UUID

import pytest

from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.errors import Invalid
from crmplus.domain.person import PersonDraft, Role
from crmplus.domain.phase import PhaseDraft, PhaseType
from crmplus.domain.workspace import RecurringPeriod, WorkspaceDraft
from tests.world import NASTY_TEXTS

TYPE = AccountTypeDraft("lead", "Lead", 10, uses_phases=True, is_default=False)
PHASE = PhaseDraft(UUID(int=7), "call", "Call", PhaseType.REGULAR, 10)
REASON = ClosingReasonDraft("won", "Won", 10, Outcome.WON)
PERSON = PersonDraft("Ann", "an", Role.REP)
WORKSPACE = WorkspaceDraft("", "eur", RecurringPeriod.MONTH, "en", 0, "Europe/Amsterdam")
CODED = pytest.mark.parametrize("draft", [TYPE, PHASE, REASON], ids=["A1", "P1", "C1"])


@CODED
def test_a_draft_in_order_comes_back_with_its_code_in_capitals(draft: AccountTypeDraft) -> None:
    assert draft.checked() == replace(draft, code=draft.code.upper())


@CODED
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("description", ""),
        ("description", "a" * 81),
        ("order_number", -1),
        ("order_number", None),
    ],
)
def test_a1_p1_c1_each_field_is_checked(draft: AccountTypeDraft, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        replace(draft, **{field: value}).checked()
    assert set(refused.value.fields) == {field}


@CODED
@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_a1_a_description_may_be_any_text(draft: AccountTypeDraft, text: str) -> None:
    assert replace(draft, description=text).checked().description


@pytest.mark.parametrize("days", [None, 1, 14, 3650])
def test_p1_a_phase_has_a_limit_in_days_or_none(days: int | None) -> None:
    assert replace(PHASE, limit_days=days).checked().limit_days == days


@pytest.mark.parametrize("days", [0, -1, 3651, 2.5])
def test_p1_a_limit_is_a_whole_number_of_days(days: int) -> None:
    with pytest.raises(Invalid) as refused:
        replace(PHASE, limit_days=days, code="").checked()
    assert set(refused.value.fields) == {"limit_days", "code"}
    assert "from 1 to" in refused.value.fields["limit_days"].text


def test_a_person_has_a_name_and_initials_in_capitals() -> None:
    assert PERSON.checked().initials == "AN"
    with pytest.raises(Invalid) as refused:
        PersonDraft("", "ABCDE", Role.REP).checked()
    assert set(refused.value.fields) == {"name", "initials"}


def test_a_workspace_needs_no_company_name() -> None:
    assert WORKSPACE.checked().currency == "EUR"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "EURO"),
        ("currency", "€€€"),
        ("currency", ""),
        ("language", "xx"),
        ("first_weekday", 7),
        ("first_weekday", -1),
        ("time_zone", "Mars/Base"),
        ("time_zone", "../../etc/passwd"),
        ("company_name", "a\x00"),
    ],
)
def test_each_field_of_the_workspace_is_checked(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        replace(WORKSPACE, **{field: value}).checked()
    assert set(refused.value.fields) == {field}
