"""Every text field refuses what it can't hold, with a sentence that says what would do."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.actor import Role
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.errors import Invalid
from crmplus.domain.lead import LeadValues, checked_title
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.note import checked_note
from crmplus.domain.person import PersonDraft
from crmplus.domain.phase import PhaseDraft, PhaseType
from crmplus.domain.saved_view import SavedViewDraft
from crmplus.locale.language import Language
from tests.world import VALUES

MEGABYTE = "x" * (1 << 20)
DRAFTS: tuple[Any, ...] = (
    CustomerDraft("Acme", uuid4(), "1", "c", "a@b.example", "1", "s", "p", "c", "c", "r"),
    ContactPersonDraft("Jan", "baker", "1", "a@b.example"),
    PersonDraft("Ann", "AN", Role.REP),
    NextStepDraft("call", date(2026, 3, 2)),
    SavedViewDraft("mine", "leads", "search=a"),
    AccountTypeDraft("A", "a", 1, True, False),
    PhaseDraft(uuid4(), "A", "a", PhaseType.REGULAR, 1),
    ClosingReasonDraft("A", "a", 1, Outcome.LOST),
    LeadValues(VALUES.score, VALUES.expected_value, VALUES.recurring_value, note="met"),
)


def with_text(draft: Any, field: str, text: str) -> Callable[[], object]:
    values = {each.name: getattr(draft, each.name) for each in fields(draft)}
    return lambda: type(draft)(**values | {field: text}).checked()


CASES = [
    (f"{type(draft).__name__}.{field.name}", lambda text, d=draft, f=field.name: with_text(d, f, text)())
    for draft in DRAFTS
    for field in fields(draft)
    if type(getattr(draft, field.name)) is str
] + [("title of a lead", checked_title), ("note", checked_note)]


@pytest.mark.parametrize("name, check", CASES, ids=[name for name, _ in CASES])
def test_a_text_that_is_too_long_is_refused_with_a_sentence(
    name: str, check: Callable[[str], object]
) -> None:
    with pytest.raises(Invalid) as refused:
        check(MEGABYTE)
    sentence = Language("en", None).message(refused.value.message)  # type: ignore[arg-type]
    assert len(sentence) < 200, "it does not repeat the text"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\ud800"], ids=ascii)
@pytest.mark.parametrize("name, check", CASES, ids=[name for name, _ in CASES])
def test_a_character_that_no_keyboard_types_is_refused_with_a_sentence(
    name: str, check: Callable[[str], object], character: str
) -> None:
    with pytest.raises(Invalid):
        check(f"a{character}b")
