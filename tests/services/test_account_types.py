"""Account types (A1 to A5)."""

from dataclasses import replace

import pytest

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.errors import Conflict, Invalid, NotFound, Refused
from crmplus.domain.phase import PhaseType
from crmplus.services.account_types import (
    add_account_type,
    archive_account_type,
    change_account_type,
    delete_account_type,
    list_account_types,
    reorder_account_type,
    restore_account_type,
)
from crmplus.services.customers import add_customer, change_customer
from crmplus.services.leads import close_lead, list_leads_of_customer, reopen_lead, start_lead
from crmplus.services.phases import archive_phase, list_phases, restore_phase
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    account_type,
    customer,
    customer_with_lead,
    draft_of,
    everything,
    logged,
    logged_since,
    new_account_type,
    new_phase,
    phase,
    reason,
)


def draft(row: AccountType, **changed: object) -> AccountTypeDraft:
    kept = {name: getattr(row, name) for name in AccountTypeDraft.__slots__}
    return replace(AccountTypeDraft(**kept), **changed)


def codes(database: Database, **options: bool) -> list[str]:
    return [row.code for row in list_account_types(database, ADMIN, **options)]


def defaults(database: Database) -> list[str]:
    return [row.code for row in list_account_types(database, ADMIN, with_archived=True) if row.is_default]


@pytest.mark.parametrize("code", ["LEAD", "lead", " Lead "])
def test_a1_a_code_is_unique_whatever_its_case(database: Database, code: str) -> None:
    before = everything(database)
    with pytest.raises(Invalid) as refused:
        add_account_type(database, ADMIN, AccountTypeDraft(code, "x", 1, True, False), NOW)
    assert set(refused.value.fields) == {"code"}
    row = account_type(database, "PROSPECT")
    with pytest.raises(Invalid):
        change_account_type(database, ADMIN, row.id, row.version, draft(row, code=code), NOW)
    assert everything(database) == before


def test_a1_an_archived_ones_code_is_taken_and_the_words_say_so(database: Database) -> None:
    row = account_type(database, "PROSPECT")
    archive_account_type(database, ADMIN, row.id, row.version, NOW)
    with pytest.raises(Invalid, match="archived entry"):
        new_account_type(database, "prospect")


def test_a1_they_are_listed_by_order_number_then_code(database: Database) -> None:
    for code in ("B", "A"):
        add_account_type(database, ADMIN, AccountTypeDraft(code, code, 0, False, False), NOW)
    assert codes(database) == ["A", "B", "LEAD", "PROSPECT", "CUSTOMER"]


def test_a2_a_type_without_lead_phases_starts_no_lead(database: Database) -> None:
    made = customer(database, code="CUSTOMER")
    assert list_leads_of_customer(database, ADMIN, made.id) == []
    with pytest.raises(Refused, match="has no funnel"):
        start_lead(database, ADMIN, made.id, NOW)


def test_a3_making_one_the_default_takes_it_from_the_other(database: Database) -> None:
    row = account_type(database, "PROSPECT")
    count = len(logged(database))
    change_account_type(database, ADMIN, row.id, row.version, draft(row, is_default=True), NOW)
    assert defaults(database) == ["PROSPECT"]
    assert logged_since(database, count) == [("account_type_changed", 2), ("account_type_changed", 2)]
    new_account_type(database, "NEW", is_default=True)
    assert defaults(database) == ["NEW"]


def test_a3_there_may_be_no_default_and_an_archived_one_is_none(database: Database) -> None:
    row = account_type(database, "LEAD")
    archived = archive_account_type(database, ADMIN, row.id, row.version, NOW)
    assert defaults(database) == []
    before = everything(database)
    with pytest.raises(Refused, match="archived"):
        change_account_type(database, ADMIN, row.id, archived.version, draft(archived, is_default=True), NOW)
    assert everything(database) == before


def test_a4_everything_can_be_edited_later(database: Database) -> None:
    row = account_type(database, "CUSTOMER")
    typed = AccountTypeDraft("KLANT", "*Klant*", 0, uses_phases=True, is_default=True)
    saved = change_account_type(database, ADMIN, row.id, row.version, typed, NOW)
    assert draft(saved) == typed
    assert account_type(database, "KLANT") == saved


def test_a4_switching_phases_off_while_leads_are_open_is_refused_with_number_and_place(
    database: Database,
) -> None:
    first, _ = customer_with_lead(database, "A")
    start_lead(database, ADMIN, first.id, NOW)
    second, _ = customer_with_lead(database, "B")
    row = account_type(database, "LEAD")
    before = everything(database)
    with pytest.raises(Refused, match="3 leads are still open") as refused:
        change_account_type(database, ADMIN, row.id, row.version, draft(row, uses_phases=False), NOW)
    assert refused.value.customer_numbers == (first.number, second.number)
    assert everything(database) == before


def test_a4_phases_are_switched_off_once_no_lead_is_open_and_closed_ones_stay_closed(
    database: Database,
) -> None:
    made, lead = customer_with_lead(database)
    closed = close_lead(
        database, ADMIN, lead.id, 1, phase(database, "LEAD-CLOSED").id, reason(database).id, VALUES, NOW
    )
    row = account_type(database, "LEAD")
    change_account_type(database, ADMIN, row.id, row.version, draft(row, uses_phases=False), NOW)
    before = everything(database)
    with pytest.raises(Refused, match="has no funnel"):
        reopen_lead(database, ADMIN, lead.id, closed.version, phase(database, "LEAD-CALL").id, NOW)
    assert everything(database) == before
    assert list_leads_of_customer(database, ADMIN, made.id) == [closed]


def test_a4_archiving_while_leads_are_open_is_refused(database: Database) -> None:
    made, _ = customer_with_lead(database)
    row = account_type(database, "LEAD")
    with pytest.raises(Refused, match="1 lead is still open") as refused:
        archive_account_type(database, ADMIN, row.id, row.version, NOW)
    assert refused.value.customer_numbers == (made.number,)


def test_a5_one_that_nothing_used_is_deleted_with_its_phases(database: Database) -> None:
    row = account_type(database, "PROSPECT")
    delete_account_type(database, ADMIN, row.id, row.version, NOW)
    assert codes(database, with_archived=True) == ["LEAD", "CUSTOMER"]
    assert all(p.account_type_id != row.id for p in list_phases(database, ADMIN, with_archived=True))
    assert sorted(logged(database)[-6:]) == [("account_type_deleted", 2), *[("phase_deleted", 2)] * 5]


def test_a5_one_that_was_ever_used_is_not_deleted_even_when_nothing_uses_it_now(database: Database) -> None:
    made = customer(database, code="PROSPECT", is_active=False)
    moved = draft_of(made, account_type_id=account_type(database, "CUSTOMER").id)
    change_customer(database, ADMIN, made.id, made.version, moved, NOW)
    row = account_type(database, "PROSPECT")
    before = everything(database)
    with pytest.raises(Refused, match="Archive it instead"):
        delete_account_type(database, ADMIN, row.id, row.version, NOW)
    assert everything(database) == before


def test_a5_an_archived_one_is_gone_from_pickers_kept_by_its_customers_and_can_be_brought_back(
    database: Database,
) -> None:
    made = customer(database, code="CUSTOMER")
    row = account_type(database, "CUSTOMER")
    archived = archive_account_type(database, ADMIN, row.id, row.version, NOW)
    assert "CUSTOMER" not in codes(database)
    assert "CUSTOMER" in codes(database, with_archived=True)
    with pytest.raises(Invalid) as refused:
        customer(database, "B", code="CUSTOMER")
    assert set(refused.value.fields) == {"account_type_id"}
    change_customer(database, ADMIN, made.id, made.version, draft_of(made, city="Utrecht"), NOW)
    restore_account_type(database, ADMIN, row.id, archived.version, NOW)
    assert "CUSTOMER" in codes(database)
    assert [action for action, _ in logged(database)][-1] == "account_type_restored"


def test_a5_an_archived_type_starts_no_lead_until_it_is_brought_back(database: Database) -> None:
    made = customer(database, code="LEAD", is_active=False)
    row = account_type(database, "LEAD")
    archived = archive_account_type(database, ADMIN, row.id, row.version, NOW)
    active = change_customer(database, ADMIN, made.id, 1, draft_of(made, is_active=True), NOW)
    assert list_leads_of_customer(database, ADMIN, made.id) == []
    with pytest.raises(Refused, match="has no funnel"):
        start_lead(database, ADMIN, made.id, NOW)
    restore_account_type(database, ADMIN, row.id, archived.version, NOW)
    change_customer(database, ADMIN, made.id, active.version, draft_of(active), NOW)
    assert len(list_leads_of_customer(database, ADMIN, made.id)) == 1


def test_a5_a_phase_of_an_archived_type_may_be_brought_back_and_waits_for_its_type(
    database: Database,
) -> None:
    call = phase(database, "PROSPECT-MEETING")
    archive_phase(database, ADMIN, call.id, call.version, NOW)
    row = account_type(database, "PROSPECT")
    archive_account_type(database, ADMIN, row.id, row.version, NOW)
    assert restore_phase(database, ADMIN, call.id, 2, NOW).archived_at_utc is None
    with pytest.raises(Invalid):
        customer(database, "B", code="PROSPECT")


def test_l6_a_stale_save_is_refused_and_says_what_changed(database: Database) -> None:
    row = account_type(database, "LEAD")
    change_account_type(database, ADMIN, row.id, 1, draft(row, description="Kans"), NOW)
    before = everything(database)
    for attempt in (
        lambda: change_account_type(database, ADMIN, row.id, 1, draft(row, description="X"), NOW),
        lambda: archive_account_type(database, ADMIN, row.id, 1, NOW),
        lambda: delete_account_type(database, ADMIN, row.id, 1, NOW),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert [(c.field, c.before, c.after) for c in refused.value.changes] == [
            ("description", "Lead", "Kans")
        ]
    assert everything(database) == before


def test_a_save_that_changes_nothing_writes_nothing(database: Database) -> None:
    row = account_type(database, "LEAD")
    before = everything(database)
    assert change_account_type(database, ADMIN, row.id, 1, draft(row), NOW) == row
    assert everything(database) == before


def test_adding_twice_with_the_same_key_adds_once(database: Database) -> None:
    key, typed = new_id(), AccountTypeDraft("NEW", "New", 1, True, True)
    first = add_account_type(database, ADMIN, typed, NOW, key)
    before = everything(database)
    assert add_account_type(database, ADMIN, typed, NOW, key) == first
    assert everything(database) == before


def test_reordering_moves_it_and_stops_at_the_ends(database: Database) -> None:
    row = account_type(database, "CUSTOMER")
    for by, order in (
        (-1, ["LEAD", "CUSTOMER", "PROSPECT"]),
        (-9, ["CUSTOMER", "LEAD", "PROSPECT"]),
        (99, ["LEAD", "PROSPECT", "CUSTOMER"]),
        (0, ["LEAD", "PROSPECT", "CUSTOMER"]),
    ):
        reorder_account_type(database, ADMIN, row.id, by, NOW)
        assert codes(database) == order


def test_reordering_an_archived_one_is_refused(database: Database) -> None:
    row = account_type(database, "PROSPECT")
    archive_account_type(database, ADMIN, row.id, row.version, NOW)
    before = everything(database)
    with pytest.raises(NotFound):
        reorder_account_type(database, ADMIN, row.id, 1, NOW)
    assert everything(database) == before


def test_what_does_not_exist_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        archive_account_type(database, ADMIN, new_id(), 1, NOW)


def test_p3_a_type_whose_funnel_is_being_built_says_what_is_missing(database: Database) -> None:
    row = new_account_type(database, "NEW")
    made = customer(database, code="NEW")
    for words, code, kind in (
        ("No qualification phase", "N1", PhaseType.QUALIFICATION),
        ("No closing phase", "N2", PhaseType.CLOSING),
    ):
        with pytest.raises(Refused, match=words):
            start_lead(database, ADMIN, made.id, NOW)
        new_phase(database, code, kind, of="NEW")
    assert start_lead(database, ADMIN, made.id, NOW).account_type_id == row.id


def test_add_customer_of_a_type_that_does_not_exist_is_not_found(database: Database) -> None:
    made = customer(database)
    with pytest.raises(NotFound):
        add_customer(database, ADMIN, draft_of(made, number="", account_type_id=new_id()), NOW)
