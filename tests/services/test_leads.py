"""Leads (L1 to L7), and that a refused move writes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.errors import Conflict, Invalid, NotFound, Refused
from crmplus.domain.lead import Lead, LeadValues, RecordState
from crmplus.domain.phase import PhaseType
from crmplus.domain.sight import EVERYTHING
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.customers import change_customer, list_changes_of_customer
from crmplus.services.leads import (
    close_lead,
    complete_phase,
    describe_lead,
    get_lead_card,
    list_leads_of_customer,
    move_lead,
    reopen_lead,
    save_lead,
    start_lead,
)
from crmplus.services.people import archive_person
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NASTY_TEXTS,
    NOW,
    VALUES,
    account_type,
    customer,
    customer_with_lead,
    draft_of,
    everything,
    logged,
    logged_since,
    new_phase,
    person,
    phase,
    query,
    reason,
)

LATER = NOW + timedelta(days=2)


def states(database: Database, lead: Lead) -> list[tuple[str, str]]:
    card = get_lead_card(database, ADMIN, lead.id)
    codes = {p.id: p.code.split("-")[1] for p in card.phases}
    return [(codes[r.phase_id], r.state.value) for r in card.records]


def move(database: Database, lead: Lead, code: str, values: LeadValues = VALUES) -> Lead:
    return move_lead(database, ADMIN, lead.id, lead.version, phase(database, code).id, values, LATER)


def close(database: Database, lead: Lead, why: str = "WON", end: str = "LEAD-CLOSED") -> Lead:
    ids = phase(database, end).id, reason(database, why).id
    return close_lead(database, ADMIN, lead.id, lead.version, *ids, VALUES, LATER)


def test_l1_what_is_recorded_is_kept_to_the_cent(database: Database) -> None:
    _, lead = customer_with_lead(database)
    values = LeadValues(100, Decimal("9999999999999.99"), Decimal("0.01"), date(2026, 12, 31), "$x$\n<img>")
    saved = save_lead(database, ADMIN, lead.id, 1, values, NOW)
    card = get_lead_card(database, ADMIN, lead.id)
    assert card.values == values
    assert card.lead == saved
    assert isinstance(card.lead.expected_value, Decimal)
    again = replace(values, expected_value=None, score=None)
    save_lead(database, ADMIN, lead.id, 2, again, NOW)
    assert get_lead_card(database, ADMIN, lead.id).values == again


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score", 0),
        ("score", 101),
        ("score", -1),
        ("score", int(1e15)),
        ("expected_value", Decimal("NaN")),
        ("expected_value", Decimal("Infinity")),
        ("expected_value", Decimal("-0.01")),
        ("recurring_value", Decimal("0.005")),
        ("recurring_value", Decimal("1e15")),
        ("expected_close_date", date(1, 1, 1)),
        ("note", "a" * 10_001),
        ("note", "\x00"),
    ],
)
def test_l1_a_value_out_of_bounds_is_refused_by_every_move_and_writes_nothing(
    database: Database, field: str, value: object
) -> None:
    _, lead = customer_with_lead(database)
    wrong = replace(VALUES, **{field: value})
    end, won = phase(database, "LEAD-CLOSED").id, reason(database).id
    before = everything(database)
    for attempt in (
        lambda: save_lead(database, ADMIN, lead.id, 1, wrong, NOW),
        lambda: complete_phase(database, ADMIN, lead.id, 1, wrong, NOW),
        lambda: move(database, lead, "LEAD-CALC", wrong),
        lambda: close_lead(database, ADMIN, lead.id, 1, end, won, wrong, NOW),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert set(refused.value.fields) == {field}
    assert everything(database) == before


def test_l2_completing_goes_on_with_the_values_as_a_proposal(database: Database) -> None:
    _, lead = customer_with_lead(database)
    done = complete_phase(database, ADMIN, lead.id, 1, VALUES, LATER)
    card = get_lead_card(database, ADMIN, lead.id)
    assert states(database, lead) == [("CALL", "completed"), ("MEETING", "current")]
    assert card.values == replace(VALUES, note="")
    assert (done.phase_entered_at_utc, card.records[0].left_at_utc) == (LATER, LATER)


def test_l2_the_record_of_a_left_phase_stays_as_it_was(database: Database) -> None:
    _, lead = customer_with_lead(database)
    lead = complete_phase(database, ADMIN, lead.id, 1, VALUES, NOW)
    left = get_lead_card(database, ADMIN, lead.id).records[0]
    save_lead(database, ADMIN, lead.id, 2, LeadValues(1, Decimal(2), Decimal(3), None, "other"), LATER)
    assert get_lead_card(database, ADMIN, lead.id).records[0] == left
    assert left.note == "met"


def test_l2_completing_without_a_score_is_refused(database: Database) -> None:
    _, lead = customer_with_lead(database)
    before = everything(database)
    with pytest.raises(Invalid) as refused:
        complete_phase(database, ADMIN, lead.id, 1, replace(VALUES, score=None), NOW)
    assert set(refused.value.fields) == {"score"}
    assert everything(database) == before


def test_l3_going_back_overwrites_nothing(database: Database) -> None:
    _, lead = customer_with_lead(database)
    for _ in range(2):
        lead = complete_phase(database, ADMIN, lead.id, lead.version, VALUES, NOW)
    earlier = get_lead_card(database, ADMIN, lead.id).records[:2]
    move(database, lead, "LEAD-CALL", replace(VALUES, score=1, note="back"))
    card = get_lead_card(database, ADMIN, lead.id)
    assert card.records[:2] == earlier
    assert states(database, lead) == [
        ("CALL", "completed"),
        ("MEETING", "completed"),
        ("CALC", "left"),
        ("CALL", "current"),
    ]
    assert (card.records[2].score, card.records[2].note) == (1, "back")


def test_l3_phases_jumped_over_are_recorded_as_skipped(database: Database) -> None:
    made, lead = customer_with_lead(database)
    move(database, lead, "LEAD-QUOTE")
    assert states(database, lead) == [
        ("CALL", "left"),
        ("MEETING", "skipped"),
        ("CALC", "skipped"),
        ("QUOTE", "current"),
    ]
    (change, *_), _ = list_changes_of_customer(database, ADMIN, made.id, 1)
    assert change.after["skipped"] == [str(phase(database, f"LEAD-{c}").id) for c in ("MEETING", "CALC")]


def test_l3_a_phase_of_another_funnel_or_its_own_is_no_target(database: Database) -> None:
    _, lead = customer_with_lead(database)
    before = everything(database)
    with pytest.raises(Refused):
        move(database, lead, "LEAD-CALL")
    with pytest.raises(NotFound):
        move(database, lead, "PROSPECT-CALC")
    assert everything(database) == before


@pytest.mark.parametrize("code", ["WON", "LOST", "DOUBLE"])
def test_l4_a_lead_is_closed_from_any_phase_with_the_date_it_happened(database: Database, code: str) -> None:
    add_closing_reason(database, ADMIN, ClosingReasonDraft("DOUBLE", "Double", 9, Outcome.NEITHER), NOW)
    _, lead = customer_with_lead(database)
    lead = move(database, lead, "LEAD-MEETING")
    closed = close(database, lead, code)
    assert (closed.closed_at_utc, closed.closing_reason_id) == (LATER, reason(database, code).id)
    assert states(database, lead) == [
        ("CALL", "left"),
        ("MEETING", "completed"),
        ("CALC", "skipped"),
        ("QUOTE", "skipped"),
        ("CLOSED", "closed"),
    ]


def test_l4_of_several_closing_phases_the_one_chosen_holds_and_the_other_is_not_skipped(
    database: Database,
) -> None:
    new_phase(database, "LEAD-A", PhaseType.CLOSING, order_number=0)
    _, lead = customer_with_lead(database)
    lead = move(database, lead, "LEAD-QUOTE")
    close(database, lead)
    assert states(database, lead)[-2:] == [("QUOTE", "completed"), ("CLOSED", "closed")]


def test_l4_a_closing_phase_of_another_funnel_closes_nothing(database: Database) -> None:
    _, lead = customer_with_lead(database)
    before = everything(database)
    with pytest.raises(NotFound):
        close(database, lead, end="PROSPECT-CLOSED")
    assert everything(database) == before


def test_l5_a_closed_lead_is_read_only(database: Database) -> None:
    _, lead = customer_with_lead(database)
    closed = close(database, lead)
    before = everything(database)
    attempts: list[Callable[[], object]] = [
        lambda: save_lead(database, ADMIN, lead.id, closed.version, VALUES, NOW),
        lambda: complete_phase(database, ADMIN, lead.id, closed.version, VALUES, NOW),
        lambda: move(database, closed, "LEAD-CALL"),
        lambda: move(database, closed, "LEAD-CLOSED"),
        lambda: close(database, closed, "LOST"),
        lambda: describe_lead(database, ADMIN, lead.id, closed.version, "x", None, NOW),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="closed"):
            attempt()
    assert everything(database) == before


def test_l5_a_reopened_lead_has_no_outcome_and_keeps_its_closing_in_the_history(database: Database) -> None:
    made, lead = customer_with_lead(database)
    closed = close(database, lead)
    ended = get_lead_card(database, ADMIN, lead.id).records[-1]
    where = phase(database, "LEAD-CALC").id
    again = reopen_lead(database, ADMIN, lead.id, closed.version, where, LATER + timedelta(days=1))
    assert (again.is_open, again.closing_reason_id, again.closed_at_utc) == (True, None, None)
    card = get_lead_card(database, ADMIN, lead.id)
    assert ended.state is RecordState.CLOSED and ended in card.records
    assert (card.current.phase_id, card.current.state) == (where, RecordState.CURRENT)
    (change, *_), _ = list_changes_of_customer(database, ADMIN, made.id, 1)
    assert change.before["closing_reason_id"] == str(reason(database).id)


def test_l5_reopening_is_refused_while_open_inactive_or_without_a_funnel(database: Database) -> None:
    made, lead = customer_with_lead(database)
    call = phase(database, "LEAD-CALL").id
    with pytest.raises(Refused, match="open already"):
        reopen_lead(database, ADMIN, lead.id, 1, call, NOW)
    closed = close(database, lead)
    idle = change_customer(database, ADMIN, made.id, 1, draft_of(made, is_active=False), NOW)
    with pytest.raises(Refused, match="not active"):
        reopen_lead(database, ADMIN, lead.id, closed.version, call, NOW)
    with pytest.raises(Refused, match="not active"):
        start_lead(database, ADMIN, made.id, NOW)
    typed = draft_of(idle, is_active=True, account_type_id=account_type(database, "CUSTOMER").id)
    change_customer(database, ADMIN, made.id, 2, typed, NOW)
    with pytest.raises(Refused, match="has no funnel"):
        reopen_lead(database, ADMIN, lead.id, closed.version, call, NOW)


def test_l5_a_lead_reopens_in_the_funnel_its_customer_has_by_then(database: Database) -> None:
    made, lead = customer_with_lead(database)
    closed = close(database, lead)
    typed = draft_of(made, account_type_id=account_type(database, "PROSPECT").id)
    change_customer(database, ADMIN, made.id, 1, typed, NOW)
    with pytest.raises(NotFound):
        reopen_lead(database, ADMIN, lead.id, closed.version, phase(database, "LEAD-CALL").id, NOW)
    theirs = phase(database, "PROSPECT-CALC")
    again = reopen_lead(database, ADMIN, lead.id, closed.version, theirs.id, NOW)
    assert (again.account_type_id, again.phase_id) == (theirs.account_type_id, theirs.id)


def test_l6_a_stale_move_of_any_kind_is_refused_names_what_changed_and_writes_nothing(
    database: Database,
) -> None:
    ann = person(database)
    _, lead = customer_with_lead(database)
    save_lead(database, ADMIN, lead.id, 1, VALUES, NOW)
    save_lead(database, ann.seeing(EVERYTHING), lead.id, 2, replace(VALUES, score=50, note="called"), LATER)
    before = everything(database)
    attempts: list[Callable[[], object]] = [
        lambda: save_lead(database, ADMIN, lead.id, 1, VALUES, NOW),
        lambda: complete_phase(database, ADMIN, lead.id, 1, VALUES, NOW),
        lambda: move(database, lead, "LEAD-CALC"),
        lambda: close(database, lead),
        lambda: reopen_lead(database, ADMIN, lead.id, 1, phase(database, "LEAD-CALC").id, NOW),
        lambda: describe_lead(database, ADMIN, lead.id, 1, "x", None, NOW),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict) as refused:
            attempt()
        assert (refused.value.actor_name, refused.value.at_utc, refused.value.version) == ("Ann", LATER, 3)
        changes = {change.field: (change.before, change.after) for change in refused.value.changes}
        assert changes["score"] == (None, 50)
        assert changes["note"] == ("", "called")
    assert everything(database) == before
    assert save_lead(database, ADMIN, lead.id, 3, VALUES, NOW).version == 4


def test_l6_a_version_that_never_was_is_not_taken(database: Database) -> None:
    _, lead = customer_with_lead(database)
    for version in (0, 2, -1):
        with pytest.raises((NotFound, Conflict)):
            save_lead(database, ADMIN, lead.id, version, VALUES, NOW)


def test_l7_every_move_leaves_one_line_and_one_version_of_the_lead(database: Database) -> None:
    _, lead = customer_with_lead(database)
    count = len(logged(database))
    lead = save_lead(database, ADMIN, lead.id, 1, VALUES, NOW)
    lead = complete_phase(database, ADMIN, lead.id, 2, VALUES, NOW)
    lead = move(database, lead, "LEAD-QUOTE")
    lead = describe_lead(database, ADMIN, lead.id, 4, "Oven", None, NOW)
    lead = close(database, lead)
    lead = reopen_lead(database, ADMIN, lead.id, 6, phase(database, "LEAD-CALL").id, NOW)
    assert logged_since(database, count) == [
        ("lead_saved", 2),
        ("phase_completed", 3),
        ("lead_moved", 4),
        ("lead_described", 5),
        ("lead_closed", 6),
        ("lead_reopened", 7),
    ]
    versions = query(database, "SELECT version FROM lead_version ORDER BY version")
    assert versions == [(n,) for n in range(1, 8)]
    same = """
        SELECT count(*) FROM lead JOIN lead_version AS v ON v.lead_id = lead.id AND v.version = lead.version
        WHERE (lead.phase_id, lead.title, lead.visit_number) = (v.phase_id, v.title, v.visit_number)
          AND lead.score IS NOT DISTINCT FROM v.score
          AND lead.closed_at_utc IS NOT DISTINCT FROM v.closed_at_utc
    """
    assert query(database, same) == [(1,)]


def test_l7_a_change_and_its_history_are_written_together_or_not_at_all(database: Database) -> None:
    _, lead = customer_with_lead(database)
    with database.transaction(EVERYTHING) as connection:
        connection.execute("ALTER TABLE lead_version RENAME TO elsewhere")
    kept = query(database, "SELECT * FROM lead"), logged(database)
    with pytest.raises(Exception, match="lead_version"):
        save_lead(database, ADMIN, lead.id, 1, VALUES, NOW)
    assert (query(database, "SELECT * FROM lead"), logged(database)) == kept
    assert query(database, "SELECT score FROM phase_record") == [(None,)]


def test_a_save_that_changes_nothing_writes_nothing(database: Database) -> None:
    _, lead = customer_with_lead(database)
    saved = save_lead(database, ADMIN, lead.id, 1, VALUES, NOW)
    before = everything(database)
    assert save_lead(database, ADMIN, lead.id, 2, VALUES, LATER) == saved
    assert describe_lead(database, ADMIN, lead.id, 2, "", None, LATER) == saved
    assert everything(database) == before


def test_a_note_alone_is_a_change(database: Database) -> None:
    made, lead = customer_with_lead(database)
    save_lead(database, ADMIN, lead.id, 1, LeadValues(note="x"), NOW)
    (change, *_), _ = list_changes_of_customer(database, ADMIN, made.id, 1)
    assert (change.before, change.after) == ({"note": ""}, {"note": "x"})
    save_lead(database, ADMIN, lead.id, 2, LeadValues(note="y"), NOW)
    (change, *_), _ = list_changes_of_customer(database, ADMIN, made.id, 1)
    assert (change.before, change.after) == ({"note": "x"}, {"note": "y"})


def test_u3_a_new_lead_has_a_title_and_the_customers_owner_unless_another_is_named(
    database: Database,
) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    made = customer(database, owner_id=ann.id)
    assert start_lead(database, ADMIN, made.id, NOW, " Oven ").title == "Oven"
    assert start_lead(database, ADMIN, made.id, NOW).owner_id == ann.id
    assert start_lead(database, ADMIN, made.id, NOW, owner_id=bea.id).owner_id == bea.id
    before = everything(database)
    with pytest.raises(Invalid):
        start_lead(database, ADMIN, made.id, NOW, "a" * 201)
    for wrong in ({"owner_id": new_id()}, {}):
        with pytest.raises(NotFound):
            start_lead(database, ADMIN, made.id if wrong else new_id(), NOW, **wrong)
    assert everything(database) == before


def test_u3_a_double_click_on_new_lead_starts_one(database: Database) -> None:
    made, key = customer(database), new_id()
    first = start_lead(database, ADMIN, made.id, NOW, new=key)
    before = everything(database)
    assert start_lead(database, ADMIN, made.id, NOW, new=key) == first
    assert everything(database) == before
    assert len(list_leads_of_customer(database, ADMIN, made.id)) == 2


@pytest.mark.parametrize("title", NASTY_TEXTS)
def test_a_lead_is_described_with_any_title_and_owner(database: Database, title: str) -> None:
    ann = person(database)
    _, lead = customer_with_lead(database)
    saved = describe_lead(database, ADMIN, lead.id, 1, title, ann.id, NOW)
    assert saved.owner_id == ann.id
    archive_person(database, ADMIN, ann.id, 1, NOW)
    assert describe_lead(database, ADMIN, lead.id, 2, "kept", ann.id, NOW).owner_id == ann.id
    assert describe_lead(database, ADMIN, lead.id, 3, "", None, NOW).owner_id is None


def test_a_wrong_description_writes_nothing(database: Database) -> None:
    _, lead = customer_with_lead(database)
    before = everything(database)
    for title, owner, error in (
        ("a" * 201, None, Invalid),
        ("\x00", None, Invalid),
        ("x", new_id(), NotFound),
    ):
        with pytest.raises(error):
            describe_lead(database, ADMIN, lead.id, 1, title, owner, NOW)
    assert everything(database) == before


def test_a_lead_that_does_not_exist_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        get_lead_card(database, ADMIN, UUID(int=1))
    assert list_leads_of_customer(database, ADMIN, UUID(int=1)) == []
