"""Lead phases (P1 to P5)."""

import json
from decimal import Decimal

import pytest

from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.errors import Conflict, Invalid, NotFound, Refused
from crmplus.domain.lead import Lead, LeadValues, RecordState
from crmplus.domain.phase import Phase, PhaseType
from crmplus.services.account_types import archive_account_type, change_account_type
from crmplus.services.leads import (
    close_lead,
    complete_phase,
    get_lead_card,
    move_lead,
    reopen_lead,
    save_lead,
    start_lead,
)
from crmplus.services.phases import (
    add_phase,
    archive_phase,
    change_phase,
    count_open_leads,
    delete_phase,
    get_funnel,
    list_phases,
    preview_archive,
    reorder_phase,
    restore_phase,
)
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    account_type,
    customer,
    customer_with_lead,
    everything,
    logged,
    logged_since,
    new_account_type,
    new_phase,
    orphans,
    phase,
    phase_draft,
    query,
    reason,
)


def funnel_codes(database: Database, code: str = "LEAD") -> list[str]:
    return [
        p.code.removeprefix(code + "-")
        for p in get_funnel(database, ADMIN, account_type(database, code).id).phases
    ]


def closed_lead(database: Database) -> Lead:
    _, lead = customer_with_lead(database)
    end = phase(database, "LEAD-CLOSED")
    return close_lead(database, ADMIN, lead.id, 1, end.id, reason(database).id, VALUES, NOW)


@pytest.mark.parametrize("code", ["lead-call", "PROSPECT-CALL"])
def test_p1_a_code_is_unique_in_the_workspace(database: Database, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        new_phase(database, code)
    assert set(refused.value.fields) == {"code"}


def test_p1_a_type_with_phases_off_takes_none(database: Database) -> None:
    before = everything(database)
    with pytest.raises(Refused, match="switched off"):
        new_phase(database, "NEW", of="CUSTOMER")
    row = phase(database, "LEAD-CALC")
    elsewhere = phase_draft(row, account_type_id=account_type(database, "CUSTOMER").id)
    with pytest.raises(Refused, match="switched off"):
        change_phase(database, ADMIN, row.id, row.version, elsewhere, NOW)
    with pytest.raises(NotFound):
        add_phase(database, ADMIN, phase_draft(row, code="N", account_type_id=new_id()), NOW)
    assert everything(database) == before


def test_p2_a_new_phase_takes_its_place_in_the_funnel(database: Database) -> None:
    new_phase(database, "DEMO", order_number=25)
    new_phase(database, "LATE", order_number=9_999)
    new_phase(database, "ALSO", PhaseType.CLOSING, order_number=0)
    assert funnel_codes(database) == ["CALL", "MEETING", "DEMO", "CALC", "QUOTE", "LATE", "ALSO", "CLOSED"]


def test_p3_a_second_qualification_phase_is_refused_however_it_would_come_about(database: Database) -> None:
    row = phase(database, "LEAD-CALC")
    before = everything(database)
    with pytest.raises(Refused, match="qualification phase already"):
        new_phase(database, "NEW", PhaseType.QUALIFICATION)
    with pytest.raises(Refused, match="qualification phase already"):
        typed = phase_draft(row, phase_type=PhaseType.QUALIFICATION)
        change_phase(database, ADMIN, row.id, row.version, typed, NOW)
    with pytest.raises(Refused, match="qualification phase already"):
        theirs = phase(database, "PROSPECT-CALL")
        typed = phase_draft(theirs, account_type_id=row.account_type_id)
        change_phase(database, ADMIN, theirs.id, theirs.version, typed, NOW)
    assert everything(database) == before


def test_p3_an_archived_qualification_phase_does_not_come_back_beside_its_successor(
    database: Database,
) -> None:
    old = phase(database, "LEAD-CALL")
    archive_phase(database, ADMIN, old.id, old.version, NOW)
    new_phase(database, "NEW", PhaseType.QUALIFICATION)
    with pytest.raises(Refused, match="qualification phase already"):
        restore_phase(database, ADMIN, old.id, 2, NOW)


@pytest.mark.parametrize(
    ("code", "words"), [("LEAD-CALL", "No qualification phase"), ("LEAD-CLOSED", "No closing phase")]
)
def test_p3_without_its_ends_a_funnel_starts_no_lead_and_says_why(
    database: Database, code: str, words: str
) -> None:
    made = customer(database, is_active=True)
    (open_lead,) = [row[0] for row in query(database, "SELECT id FROM lead")]
    row = phase(database, code)
    target = phase(database, "LEAD-CALC").id
    archive_phase(database, ADMIN, row.id, row.version, NOW, move_to=target)
    with pytest.raises(Refused, match=words) as refused:
        start_lead(database, ADMIN, made.id, NOW)
    funnel = get_funnel(database, ADMIN, row.account_type_id)
    assert refused.value.message in funnel.missing
    assert get_lead_card(database, ADMIN, open_lead).lead.is_open


def test_p3_a_customer_of_a_funnel_that_is_not_ready_is_saved_without_a_lead(database: Database) -> None:
    row = phase(database, "LEAD-CLOSED")
    archive_phase(database, ADMIN, row.id, row.version, NOW)
    customer(database)
    assert query(database, "SELECT count(*) FROM lead") == [(0,)]


def test_p4_a_phase_that_leads_stand_in_is_not_deleted(database: Database) -> None:
    customer_with_lead(database)
    row = phase(database, "LEAD-CALL")
    before = everything(database)
    with pytest.raises(Refused, match="Archive it instead"):
        delete_phase(database, ADMIN, row.id, row.version, NOW)
    assert everything(database) == before


def test_p4_a_phase_that_a_lead_only_skipped_is_not_deleted_either(database: Database) -> None:
    closed_lead(database)
    row = phase(database, "LEAD-QUOTE")
    with pytest.raises(Refused):
        delete_phase(database, ADMIN, row.id, row.version, NOW)


def test_p4_a_phase_that_nothing_visited_is_deleted(database: Database) -> None:
    customer_with_lead(database)
    row = phase(database, "LEAD-QUOTE")
    delete_phase(database, ADMIN, row.id, row.version, NOW)
    assert funnel_codes(database) == ["CALL", "MEETING", "CALC", "CLOSED"]
    assert logged(database)[-1] == ("phase_deleted", 2)


def test_p4_a_phase_with_leads_does_not_change_account_type(database: Database) -> None:
    _, lead = customer_with_lead(database)
    theirs = account_type(database, "PROSPECT").id
    row = move_on(database, lead, "LEAD-CALC")
    calc, meeting, quote = (phase(database, f"LEAD-{code}") for code in ("CALC", "MEETING", "QUOTE"))
    assert row.phase_id == calc.id
    for taken in (calc, meeting):  # stood in, and skipped
        with pytest.raises(Refused, match="stays with its account type"):
            change_phase(database, ADMIN, taken.id, 1, phase_draft(taken, account_type_id=theirs), NOW)
    moved = change_phase(database, ADMIN, quote.id, 1, phase_draft(quote, account_type_id=theirs), NOW)
    assert moved.account_type_id == theirs


def move_on(database: Database, lead: Lead, code: str, values: LeadValues = VALUES) -> Lead:
    return move_lead(database, ADMIN, lead.id, lead.version, phase(database, code).id, values, NOW)


def test_p4_a_phase_with_leads_open_or_closed_does_not_change_type(database: Database) -> None:
    closed_lead(database)
    end = phase(database, "LEAD-CLOSED")
    with pytest.raises(Refused, match="its type stays"):
        change_phase(database, ADMIN, end.id, 1, phase_draft(end, phase_type=PhaseType.REGULAR), NOW)


def test_p4_archiving_without_saying_where_the_leads_go_is_refused_with_their_number(
    database: Database,
) -> None:
    customer_with_lead(database, "A")
    customer_with_lead(database, "B")
    row, elsewhere = phase(database, "LEAD-CALL"), phase(database, "PROSPECT-CALL")
    before = everything(database)
    with pytest.raises(Refused, match="2 open leads stand in Call appointment"):
        archive_phase(database, ADMIN, row.id, row.version, NOW)
    with pytest.raises(Refused):
        archive_phase(database, ADMIN, row.id, row.version, NOW, move_to=row.id)
    for wrong in (elsewhere.id, new_id()):
        with pytest.raises(NotFound):
            archive_phase(database, ADMIN, row.id, row.version, NOW, move_to=wrong)
    assert everything(database) == before


def test_p4_leads_do_not_move_to_an_archived_phase(database: Database) -> None:
    customer_with_lead(database)
    row, gone = phase(database, "LEAD-CALL"), phase(database, "LEAD-CALC")
    archive_phase(database, ADMIN, gone.id, gone.version, NOW)
    with pytest.raises(NotFound):
        archive_phase(database, ADMIN, row.id, row.version, NOW, move_to=gone.id)


def test_p4_the_preview_says_what_archiving_then_does(database: Database) -> None:
    for name, value in (("A", "1000.10"), ("B", "0.90")):
        _, lead = customer_with_lead(database, name)
        save_lead(database, ADMIN, lead.id, 1, LeadValues(50, Decimal(value)), NOW)
    customer_with_lead(database, "C")
    row, target = phase(database, "LEAD-CALL"), phase(database, "LEAD-CALC")
    seen = preview_archive(database, ADMIN, row.id)
    assert (seen.lead_count, seen.expected_value, seen.weighted_value) == (3, Decimal(1001), Decimal("500.5"))
    count = len(logged(database))
    assert archive_phase(database, ADMIN, row.id, row.version, NOW, move_to=target.id) == 3
    assert count_open_leads(database, ADMIN) == {target.id: 3}
    actions = sorted(action for action, _ in logged_since(database, count))
    assert actions == ["lead_relocated"] * 3 + ["phase_archived"]


def test_p4_history_keeps_the_archived_phase(database: Database) -> None:
    _, lead = customer_with_lead(database)
    save_lead(database, ADMIN, lead.id, 1, VALUES, NOW)
    row = phase(database, "LEAD-CALL")
    archive_phase(database, ADMIN, row.id, 1, NOW, move_to=phase(database, "LEAD-QUOTE").id)
    card = get_lead_card(database, ADMIN, lead.id)
    assert [r.state.value for r in card.records] == ["left", "skipped", "skipped", "current"]
    assert (card.records[0].phase_id, card.records[0].note) == (row.id, "met")
    assert row.id in [p.id for p in card.phases]
    assert row.id not in [p.id for p in card.funnel.phases]
    assert orphans(database) == []


def test_p4_archiving_a_phase_that_only_closed_leads_stand_in_moves_none(database: Database) -> None:
    lead = closed_lead(database)
    row = phase(database, "LEAD-CLOSED")
    assert archive_phase(database, ADMIN, row.id, row.version, NOW) == 0
    assert get_lead_card(database, ADMIN, lead.id).phase.id == row.id


def test_l5_a_lead_whose_closing_phase_was_archived_can_be_reopened(database: Database) -> None:
    lead = closed_lead(database)
    new_phase(database, "END", PhaseType.CLOSING)
    row = phase(database, "LEAD-CLOSED")
    archive_phase(database, ADMIN, row.id, row.version, NOW)
    again = reopen_lead(database, ADMIN, lead.id, lead.version, phase(database, "LEAD-CALL").id, NOW)
    assert again.is_open
    assert [r.state for r in get_lead_card(database, ADMIN, lead.id).records][-2:] == [
        RecordState.CLOSED,
        RecordState.CURRENT,
    ]


def test_p3_completing_where_all_that_follows_was_archived_says_what_is_missing(database: Database) -> None:
    _, lead = customer_with_lead(database)
    lead = move_on(database, lead, "LEAD-QUOTE")
    row = phase(database, "LEAD-CLOSED")
    archive_phase(database, ADMIN, row.id, row.version, NOW)
    before = everything(database)
    with pytest.raises(Refused, match="No closing phase yet"):
        complete_phase(database, ADMIN, lead.id, lead.version, VALUES, NOW)
    assert everything(database) == before


def test_a_limit_in_days_is_kept_with_its_history_and_may_be_taken_away(database: Database) -> None:
    row = phase(database, "LEAD-CALC")
    changed = change_phase(database, ADMIN, row.id, row.version, phase_draft(row, limit_days=5), NOW)
    assert phase(database, "LEAD-CALC").limit_days == changed.limit_days == 5
    without = change_phase(database, ADMIN, row.id, changed.version, phase_draft(row, limit_days=None), NOW)
    assert phase(database, "LEAD-CALC").limit_days is without.limit_days is None
    sql = "SELECT before_json, after_json FROM change_log WHERE entity_id = $id ORDER BY id DESC LIMIT 2"
    assert [tuple(map(json.loads, each)) for each in query(database, sql, id=str(row.id))] == [
        ({"limit_days": 5}, {"limit_days": None}),
        ({"limit_days": row.limit_days}, {"limit_days": 5}),
    ]


def test_p5_renaming_and_renumbering_changes_nothing_but_words(database: Database) -> None:
    _, lead = customer_with_lead(database)
    for place, row in enumerate(get_funnel(database, ADMIN, lead.account_type_id).phases):
        typed = phase_draft(row, code=f"X{place}", description="Closed", order_number=10 + place)
        change_phase(database, ADMIN, row.id, row.version, typed, NOW)
    for _ in range(4):
        lead = complete_phase(database, ADMIN, lead.id, lead.version, VALUES, NOW)
    with pytest.raises(Refused, match="closing phase"):
        complete_phase(database, ADMIN, lead.id, lead.version, VALUES, NOW)
    end = get_funnel(database, ADMIN, lead.account_type_id).phases[-1]
    assert lead.phase_id == end.id
    assert not close_lead(
        database, ADMIN, lead.id, lead.version, end.id, reason(database).id, VALUES, NOW
    ).is_open


def test_a5_an_archived_phase_is_gone_from_pickers_and_can_be_brought_back(database: Database) -> None:
    row = phase(database, "LEAD-CALC")
    archive_phase(database, ADMIN, row.id, row.version, NOW)
    assert funnel_codes(database) == ["CALL", "MEETING", "QUOTE", "CLOSED"]
    assert row.id not in [p.id for p in list_phases(database, ADMIN)]
    restore_phase(database, ADMIN, row.id, 2, NOW)
    assert funnel_codes(database) == ["CALL", "MEETING", "CALC", "QUOTE", "CLOSED"]
    assert [action for action, _ in logged(database)][-2:] == ["phase_archived", "phase_restored"]


def test_p1_a_phase_does_not_come_back_into_a_type_with_phases_off(database: Database) -> None:
    row, kind = phase(database, "LEAD-CALC"), account_type(database, "LEAD")
    archive_phase(database, ADMIN, row.id, row.version, NOW)
    off = AccountTypeDraft(kind.code, kind.description, kind.order_number, False, kind.is_default)
    change_account_type(database, ADMIN, kind.id, kind.version, off, NOW)
    with pytest.raises(Refused, match="switched off"):
        restore_phase(database, ADMIN, row.id, 2, NOW)


def test_reordering_stays_among_phases_of_its_type(database: Database) -> None:
    row = phase(database, "LEAD-QUOTE")
    reorder_phase(database, ADMIN, row.id, -1, NOW)
    assert funnel_codes(database) == ["CALL", "MEETING", "QUOTE", "CALC", "CLOSED"]
    reorder_phase(database, ADMIN, row.id, -9, NOW)
    assert funnel_codes(database) == ["CALL", "QUOTE", "MEETING", "CALC", "CLOSED"]
    gone = phase(database, "LEAD-CALC")
    archive_phase(database, ADMIN, gone.id, gone.version, NOW)
    with pytest.raises(NotFound):
        reorder_phase(database, ADMIN, gone.id, 1, NOW)


def test_l6_a_stale_save_of_a_phase_writes_nothing(database: Database) -> None:
    row = phase(database, "LEAD-CALC")
    change_phase(database, ADMIN, row.id, 1, phase_draft(row, description="Rekenen"), NOW)
    before = everything(database)
    for attempt in (
        lambda: change_phase(database, ADMIN, row.id, 1, phase_draft(row, description="X"), NOW),
        lambda: archive_phase(database, ADMIN, row.id, 1, NOW),
        lambda: restore_phase(database, ADMIN, row.id, 1, NOW),
        lambda: delete_phase(database, ADMIN, row.id, 1, NOW),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert everything(database) == before


def test_adding_twice_with_the_same_key_adds_once(database: Database) -> None:
    row: Phase = phase(database, "LEAD-CALC")
    typed, key = phase_draft(row, code="NEW"), new_id()
    first = add_phase(database, ADMIN, typed, NOW, key)
    before = everything(database)
    assert add_phase(database, ADMIN, typed, NOW, key) == first
    assert everything(database) == before


def test_an_archived_type_keeps_its_phases(database: Database) -> None:
    kind = new_account_type(database, "NEW")
    new_phase(database, "N1", PhaseType.QUALIFICATION, of="NEW")
    archive_account_type(database, ADMIN, kind.id, kind.version, NOW)
    assert funnel_codes(database, "NEW") == ["N1"]
