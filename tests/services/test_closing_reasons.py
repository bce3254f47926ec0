"""Closing reasons (C1, C2)."""

from dataclasses import replace

import pytest

from crmplus.domain.closing_reason import ClosingReason, ClosingReasonDraft, Outcome
from crmplus.domain.errors import Conflict, Invalid, NotFound, Refused
from crmplus.domain.lead import Lead
from crmplus.domain.sight import EVERYTHING
from crmplus.services.closing_reasons import (
    add_closing_reason,
    archive_closing_reason,
    change_closing_reason,
    count_closed_with,
    delete_closing_reason,
    list_closing_reasons,
    reorder_closing_reason,
    restore_closing_reason,
)
from crmplus.services.leads import close_lead, get_lead_card, reopen_lead
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import ADMIN, NOW, VALUES, customer_with_lead, everything, logged, phase, reason


def draft(row: ClosingReason, **changed: object) -> ClosingReasonDraft:
    kept = {name: getattr(row, name) for name in ClosingReasonDraft.__slots__}
    return replace(ClosingReasonDraft(**kept), **changed)


def codes(database: Database, **options: bool) -> list[str]:
    return [row.code for row in list_closing_reasons(database, ADMIN, **options)]


def close(database: Database, lead: Lead, phase_code: str = "LEAD-CLOSED", code: str = "WON") -> Lead:
    where, why = phase(database, phase_code), reason(database, code)
    return close_lead(database, ADMIN, lead.id, lead.version, where.id, why.id, VALUES, NOW)


def test_c1_a_code_is_unique_whatever_its_case(database: Database) -> None:
    with pytest.raises(Invalid) as refused:
        add_closing_reason(database, ADMIN, ClosingReasonDraft("won", "x", 1, Outcome.LOST), NOW)
    assert set(refused.value.fields) == {"code"}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_c1_a_reason_has_an_outcome(database: Database, outcome: Outcome) -> None:
    made = add_closing_reason(database, ADMIN, ClosingReasonDraft("N", "n", 0, outcome), NOW)
    assert list_closing_reasons(database, ADMIN)[0] == made
    assert made.outcome is outcome


def test_c2_there_is_no_limit_on_how_many_there_are(database: Database) -> None:
    with database.transaction(EVERYTHING):
        for n in range(60):
            add_closing_reason(database, ADMIN, ClosingReasonDraft(f"R{n}", "r", n, Outcome.LOST), NOW)
    assert len(codes(database)) == 63


@pytest.mark.parametrize("code", ["CALL", "MEETING", "CALC", "QUOTE"])
def test_c2_a_reason_can_be_chosen_in_a_closing_phase_only(database: Database, code: str) -> None:
    _, lead = customer_with_lead(database)
    before = everything(database)
    with pytest.raises(Refused, match="closing phase only"):
        close(database, lead, f"LEAD-{code}")
    assert everything(database) == before


def test_c2_a_lead_is_not_closed_without_a_reason_or_with_an_archived_or_unknown_one(
    database: Database,
) -> None:
    _, lead = customer_with_lead(database)
    end, lost = phase(database, "LEAD-CLOSED"), reason(database, "LOST")
    archive_closing_reason(database, ADMIN, lost.id, lost.version, NOW)
    before = everything(database)
    for chosen, error in ((None, Refused), (lost.id, Refused), (new_id(), NotFound), (end.id, NotFound)):
        with pytest.raises(error):
            close_lead(database, ADMIN, lead.id, 1, end.id, chosen, VALUES, NOW)
    assert everything(database) == before


def test_c2_an_archived_reason_stays_on_the_leads_closed_with_it(database: Database) -> None:
    _, lead = customer_with_lead(database)
    close(database, lead)
    won = reason(database)
    archive_closing_reason(database, ADMIN, won.id, won.version, NOW)
    assert codes(database) == ["LOST", "COMPETITOR"]
    assert "WON" in codes(database, with_archived=True)
    assert count_closed_with(database, ADMIN, won.id) == 1
    assert get_lead_card(database, ADMIN, lead.id).current.closing_reason_id == won.id
    restore_closing_reason(database, ADMIN, won.id, 2, NOW)
    assert "WON" in codes(database)
    assert [a for a, _ in logged(database)][-2:] == ["closing_reason_archived", "closing_reason_restored"]


def test_a5_a_reason_is_deleted_only_while_no_lead_was_ever_closed_with_it(database: Database) -> None:
    _, lead = customer_with_lead(database)
    closed = close(database, lead)
    reopen_lead(database, ADMIN, lead.id, closed.version, phase(database, "LEAD-CALL").id, NOW)
    won, lost = reason(database), reason(database, "LOST")
    assert count_closed_with(database, ADMIN, won.id) == 0
    before = everything(database)
    with pytest.raises(Refused, match="Archive it instead"):
        delete_closing_reason(database, ADMIN, won.id, won.version, NOW)
    assert everything(database) == before
    delete_closing_reason(database, ADMIN, lost.id, lost.version, NOW)
    assert codes(database, with_archived=True) == ["WON", "COMPETITOR"]
    assert logged(database)[-1] == ("closing_reason_deleted", 2)


def test_a4_everything_can_be_edited_and_a_stale_save_is_refused(database: Database) -> None:
    row = reason(database)
    typed = ClosingReasonDraft("YES", "$x$", 9_999, Outcome.NEITHER)
    assert draft(change_closing_reason(database, ADMIN, row.id, 1, typed, NOW)) == typed
    before = everything(database)
    for attempt in (
        lambda: change_closing_reason(database, ADMIN, row.id, 1, draft(row), NOW),
        lambda: archive_closing_reason(database, ADMIN, row.id, 1, NOW),
        lambda: restore_closing_reason(database, ADMIN, row.id, 1, NOW),
        lambda: delete_closing_reason(database, ADMIN, row.id, 1, NOW),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert everything(database) == before


def test_reordering_and_adding_twice(database: Database) -> None:
    reorder_closing_reason(database, ADMIN, reason(database, "COMPETITOR").id, -1, NOW)
    assert codes(database) == ["WON", "COMPETITOR", "LOST"]
    key, typed = new_id(), ClosingReasonDraft("N", "n", 0, Outcome.WON)
    first = add_closing_reason(database, ADMIN, typed, NOW, key)
    before = everything(database)
    assert add_closing_reason(database, ADMIN, typed, NOW, key) == first
    assert everything(database) == before
