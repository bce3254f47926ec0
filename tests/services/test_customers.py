"""Customers (U1 to U5)."""

from datetime import timedelta

import pytest

from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.actor import Role
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.errors import Conflict, Invalid, NotFound, Refused
from crmplus.domain.sight import EVERYTHING
from crmplus.services.account_types import change_account_type
from crmplus.services.customers import (
    SORTABLE,
    CustomerQuery,
    add_customer,
    change_customer,
    find_look_alikes,
    get_customer,
    list_changes_of_customer,
    list_customers,
    next_number,
)
from crmplus.services.leads import close_lead, get_lead_card, list_leads_of_customer, save_lead, start_lead
from crmplus.services.people import archive_person
from crmplus.services.phases import archive_phase, change_phase
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
    new_account_type,
    orphans,
    person,
    phase,
    phase_draft,
    query,
    reason,
)


def names(database: Database, **asked: object) -> list[str]:
    return [row.name for row in list_customers(database, ADMIN, CustomerQuery(**asked), 50)[0]]


def test_u1_a_number_is_filled_in_with_the_next_free_one(database: Database) -> None:
    assert next_number(database, ADMIN) == "C-00001"
    assert [customer(database, name).number for name in "AB"] == ["C-00001", "C-00002"]
    assert next_number(database, ADMIN) == "C-00003"


@pytest.mark.parametrize(
    ("typed", "following"),
    [
        ("C-00012", "C-00013"),
        ("c-00012", "C-00013"),
        ("C-12", "C-00013"),
        ("C-99999", "C-100000"),
        ("C-999999998", "C-999999999"),
        ("C-999999999", "C-1000000000"),
        ("C-1000000000", "C-00001"),
        ("C-999999999999", "C-00001"),
        ("C-\u0661\u0662", "C-00001"),
        ("D-00012", "C-00001"),
        ("C-00012x", "C-00001"),
        ("日本", "C-00001"),
    ],
)
def test_u1_whatever_number_was_typed_the_next_one_is_free(
    database: Database, typed: str, following: str
) -> None:
    customer(database, "A", number=typed)
    assert customer(database, "B").number == following
    assert len({customer(database, name).number for name in "CDE"}) == 3


@pytest.mark.parametrize("again", ["C-00012", "c-00012", " C-00012\n"])
def test_u1_a_number_is_unique_whatever_its_case(database: Database, again: str) -> None:
    customer(database, "A", number="C-00012")
    other = customer(database, "B")
    before = everything(database)
    with pytest.raises(Invalid) as refused:
        customer(database, "C", number=again)
    assert set(refused.value.fields) == {"number"}
    with pytest.raises(Invalid):
        change_customer(database, ADMIN, other.id, 1, draft_of(other, number=again), NOW)
    assert everything(database) == before


def test_u1_a_customer_keeps_its_number_when_the_field_is_emptied_and_may_change_its_case(
    database: Database,
) -> None:
    made = customer(database)
    saved = change_customer(database, ADMIN, made.id, 1, draft_of(made, number="", city="Ede"), NOW)
    assert saved.number == made.number
    saved = change_customer(database, ADMIN, made.id, 2, draft_of(saved, number="c-00001"), NOW)
    assert saved.number == "c-00001"


@pytest.mark.parametrize("asked", ["C-00001", "c-00001", " C-00001 "])
def test_u1_a_customer_is_found_by_its_number(database: Database, asked: str) -> None:
    made = customer(database)
    assert get_customer(database, ADMIN, asked) == made


@pytest.mark.parametrize("asked", ["", "C-00002", "%", "C-0000_", "' OR 1=1 --", "C-00001\x00", "a" * 10_000])
def test_a_number_that_nobody_has_is_not_found(database: Database, asked: str) -> None:
    customer(database)
    with pytest.raises(NotFound):
        get_customer(database, ADMIN, asked)


def test_a_number_with_an_accent_is_found_however_it_is_typed(database: Database) -> None:
    made = customer(database, number="Café-1")
    assert get_customer(database, ADMIN, "cafe\u0301-1") == made


def test_u1_every_field_is_kept(database: Database) -> None:
    ann = person(database)
    typed = CustomerDraft(
        "Acme",
        account_type(database).id,
        "N1",
        "Jan",
        "jan@acme.nl",
        "06-12345678",
        "Straat 1",
        "1234 AB",
        "Ede",
        "NL",
        "one\ntwo",
        ann.id,
        False,
    )
    made = add_customer(database, ADMIN, typed, NOW)
    assert draft_of(made) == typed
    assert get_customer(database, ADMIN, "N1") == made


def test_u1_an_owner_or_account_type_that_does_not_exist_is_refused(database: Database) -> None:
    made = customer(database)
    before = everything(database)
    for wrong in ({"owner_id": new_id()}, {"account_type_id": new_id()}):
        with pytest.raises(NotFound):
            add_customer(database, ADMIN, draft_of(made, number="", **wrong), NOW)
        with pytest.raises(NotFound):
            change_customer(database, ADMIN, made.id, 1, draft_of(made, **wrong), NOW)
    assert everything(database) == before


def test_u1_what_an_archived_person_owns_stays_theirs(database: Database) -> None:
    ann = person(database)
    made, lead = customer_with_lead(database, owner_id=ann.id)
    archive_person(database, ADMIN, ann.id, 1, NOW)
    saved = change_customer(database, ADMIN, made.id, 1, draft_of(made, city="Ede"), NOW)
    assert saved.owner_id == ann.id
    assert lead.owner_id == ann.id


def test_u3_saving_a_customer_starts_its_lead_in_the_qualification_phase(database: Database) -> None:
    count = len(logged(database))
    made = customer(database)
    (lead,) = list_leads_of_customer(database, ADMIN, made.id)
    assert lead.phase_id == phase(database, "LEAD-CALL").id
    assert lead.is_open
    assert logged_since(database, count) == [("customer_made", 1), ("lead_started", 1)]


def test_u3_saving_again_starts_no_second_lead_not_even_after_the_first_was_closed(
    database: Database,
) -> None:
    made, lead = customer_with_lead(database)
    saved = change_customer(database, ADMIN, made.id, 1, draft_of(made, city="Ede"), NOW)
    close_lead(
        database, ADMIN, lead.id, 1, phase(database, "LEAD-CLOSED").id, reason(database).id, VALUES, NOW
    )
    change_customer(database, ADMIN, made.id, 2, draft_of(saved, city="Epe"), NOW)
    assert len(list_leads_of_customer(database, ADMIN, made.id)) == 1


@pytest.mark.parametrize("when", ["type gets phases", "type changes", "becomes active"])
def test_u3_a_customer_without_a_lead_gets_one_when_it_is_saved_with_a_funnel(
    database: Database, when: str
) -> None:
    made = customer(
        database, code="LEAD" if when == "becomes active" else "CUSTOMER", is_active=when[0] != "b"
    )
    assert list_leads_of_customer(database, ADMIN, made.id) == []
    changed = draft_of(made, is_active=True)
    if when == "type changes":
        changed = draft_of(made, account_type_id=account_type(database, "PROSPECT").id)
    if when == "type gets phases":
        changed = draft_of(made)
        kind = account_type(database, "CUSTOMER")
        change_account_type(
            database, ADMIN, kind.id, 1, AccountTypeDraft("CUSTOMER", "Customer", 30, True, False), NOW
        )
        theirs = [phase(database, f"PROSPECT-{code}") for code in ("CALL", "CLOSED")]
        for row in theirs:
            change_phase(database, ADMIN, row.id, 1, phase_draft(row, account_type_id=kind.id), NOW)
    change_customer(database, ADMIN, made.id, 1, changed, NOW)
    assert len(list_leads_of_customer(database, ADMIN, made.id)) == 1


def test_u3_a_customer_can_have_several_leads_open_and_closed(database: Database) -> None:
    made, lead = customer_with_lead(database)
    close_lead(
        database, ADMIN, lead.id, 1, phase(database, "LEAD-CLOSED").id, reason(database).id, VALUES, NOW
    )
    second = start_lead(database, ADMIN, made.id, NOW + timedelta(days=1), "Second")
    third = start_lead(database, ADMIN, made.id, NOW + timedelta(days=2), "Third")
    listed = list_leads_of_customer(database, ADMIN, made.id)
    assert [found.id for found in listed] == [third.id, second.id, lead.id]


def test_u3_a_double_click_on_save_adds_one_customer_with_one_lead(database: Database) -> None:
    key = new_id()
    typed = CustomerDraft("Acme", account_type(database).id)
    first = add_customer(database, ADMIN, typed, NOW, key)
    before = everything(database)
    assert add_customer(database, ADMIN, typed, NOW, key) == first
    assert everything(database) == before


def test_u4_without_open_leads_the_account_type_changes_freely(database: Database) -> None:
    made, lead = customer_with_lead(database)
    close_lead(
        database, ADMIN, lead.id, 1, phase(database, "LEAD-CLOSED").id, reason(database).id, VALUES, NOW
    )
    for version, code in enumerate(("CUSTOMER", "PROSPECT", "LEAD"), 1):
        typed = draft_of(made, account_type_id=account_type(database, code).id)
        assert change_customer(database, ADMIN, made.id, version, typed, NOW).version == version + 1


def test_u4_an_open_lead_goes_on_in_the_phase_chosen_with_its_values_and_history(database: Database) -> None:
    made, lead = customer_with_lead(database)
    save_lead(database, ADMIN, lead.id, 1, VALUES, NOW)
    typed = draft_of(made, account_type_id=account_type(database, "PROSPECT").id)
    chosen = {lead.id: phase(database, "PROSPECT-CALC").id}
    count = len(logged(database))
    change_customer(database, ADMIN, made.id, 1, typed, NOW, chosen)
    card = get_lead_card(database, ADMIN, lead.id)
    assert (card.lead.account_type_id, card.lead.phase_id) == (typed.account_type_id, chosen[lead.id])
    assert (card.lead.score, card.lead.expected_value) == (VALUES.score, VALUES.expected_value)
    assert [r.state.value for r in card.records] == ["left", "skipped", "skipped", "current"]
    assert card.records[0].note == "met"
    assert logged_since(database, count) == [("lead_transferred", 3), ("customer_changed", 2)]
    assert orphans(database) == []


@pytest.mark.parametrize(
    ("to", "chosen", "error", "words"),
    [
        ("PROSPECT", None, Refused, "Choose in which phase"),
        ("PROSPECT", "LEAD-CALC", NotFound, "not part of the funnel"),
        ("PROSPECT", "archived", NotFound, "not part of the funnel"),
        ("PROSPECT", "unknown", NotFound, "not part of the funnel"),
        ("CUSTOMER", "LEAD-CALC", Refused, "has no funnel, and 2 leads are open"),
        ("UNREADY", "LEAD-CALC", Refused, "No qualification phase"),
    ],
)
def test_u4_a_change_that_leaves_an_open_lead_nowhere_writes_nothing(
    database: Database, to: str, chosen: str | None, error: type[Exception], words: str
) -> None:
    new_account_type(database, "UNREADY")
    made, first = customer_with_lead(database)
    second = start_lead(database, ADMIN, made.id, NOW)
    good, gone = phase(database, "PROSPECT-CALL"), phase(database, "PROSPECT-MEETING")
    archive_phase(database, ADMIN, gone.id, 1, NOW)
    where = {"archived": gone.id, "unknown": new_id()}
    mapping = {first.id: good.id}
    if chosen:
        mapping[second.id] = where.get(chosen) or phase(database, chosen).id
    typed = draft_of(made, account_type_id=account_type(database, to).id)
    before = everything(database)
    with pytest.raises(error, match=words):
        change_customer(database, ADMIN, made.id, 1, typed, NOW, mapping)
    assert everything(database) == before


def test_u4_a_stale_change_of_account_type_moves_no_lead(database: Database) -> None:
    made, lead = customer_with_lead(database)
    change_customer(database, ADMIN, made.id, 1, draft_of(made, city="Ede"), NOW)
    typed = draft_of(made, account_type_id=account_type(database, "PROSPECT").id)
    before = everything(database)
    with pytest.raises(Conflict):
        change_customer(
            database, ADMIN, made.id, 1, typed, NOW, {lead.id: phase(database, "PROSPECT-CALL").id}
        )
    assert everything(database) == before


def test_u5_a_customer_with_open_leads_stays_active(database: Database) -> None:
    made, lead = customer_with_lead(database)
    before = everything(database)
    with pytest.raises(Refused, match="1 open lead") as refused:
        change_customer(database, ADMIN, made.id, 1, draft_of(made, is_active=False), NOW)
    assert refused.value.customer_numbers == (made.number,)
    assert everything(database) == before
    close_lead(
        database, ADMIN, lead.id, 1, phase(database, "LEAD-CLOSED").id, reason(database).id, VALUES, NOW
    )
    assert not change_customer(database, ADMIN, made.id, 1, draft_of(made, is_active=False), NOW).is_active


def test_l6_a_stale_save_names_who_when_and_what_folded_to_one_change_a_field(database: Database) -> None:
    ann = person(database, role=Role.REP)
    made = customer(database, city="Ede")
    saved = change_customer(database, ADMIN, made.id, 1, draft_of(made, city="Epe"), NOW)
    later = NOW + timedelta(hours=1)
    change_customer(
        database, ann.seeing(EVERYTHING), made.id, 2, draft_of(saved, city="Goor", name="Acme 2"), later
    )
    before = everything(database)
    with pytest.raises(Conflict) as refused:
        change_customer(database, ADMIN, made.id, 1, draft_of(made, phone="112"), NOW)
    assert (refused.value.actor_name, refused.value.at_utc, refused.value.version) == ("Ann", later, 3)
    changes = {change.field: (change.before, change.after) for change in refused.value.changes}
    assert changes == {"city": ("Ede", "Goor"), "name": ("Acme", "Acme 2")}
    assert everything(database) == before
    with pytest.raises(NotFound):
        change_customer(database, ADMIN, made.id, 99, draft_of(made), NOW)


def test_l7_a_change_is_kept_with_what_differs_and_nothing_else(database: Database) -> None:
    made = customer(database, "Café", city="Ede")
    change_customer(database, ADMIN, made.id, 1, draft_of(made, city=""), NOW)
    (change, *_), total = list_changes_of_customer(database, ADMIN, made.id, 50)
    assert total == 3
    assert (change.action, change.before, change.after) == ("customer_changed", {"city": "Ede"}, {"city": ""})
    assert len(list_changes_of_customer(database, ADMIN, made.id, 2, 2)[0]) == 1


def test_a_save_that_changes_nothing_writes_nothing(database: Database) -> None:
    made = customer(database)
    before = everything(database)
    assert change_customer(database, ADMIN, made.id, 1, draft_of(made), NOW) == made
    assert everything(database) == before


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_any_name_is_kept_and_found(database: Database, text: str) -> None:
    made = customer(database, text)
    customer(database, "Zzz")
    assert names(database, search=text) == [made.name]
    assert [found.number for found in find_look_alikes(database, ADMIN, text)] == [made.number]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["Bäkkerij Één", "Zed"]),
        ("  ", ["Bäkkerij Één", "Zed"]),
        ("BAKK", ["Bäkkerij Één"]),
        ("een", ["Bäkkerij Één"]),
        ("jan@", ["Zed"]),
        ("c-00002", ["Zed"]),
        ("utrecht", ["Zed"]),
        ("%", []),
        ("_", []),
        ("zed%", []),
        ("\x00", []),
        ("a" * 10_000, []),
    ],
)
def test_customers_are_found_by_any_part_of_their_text(
    database: Database, search: str, found: list[str]
) -> None:
    customer(database, "Bäkkerij Één")
    customer(database, "Zed", email="jan@zed.nl", city="Utrecht", contact="Jan")
    assert names(database, search=search) == found


def test_the_list_filters_by_type_owner_phase_and_activity(database: Database) -> None:
    ann = person(database)
    customer(database, "A", owner_id=ann.id)
    customer(database, "B", code="CUSTOMER")
    customer(database, "C", is_active=False)
    assert names(database, account_type_id=account_type(database, "CUSTOMER").id) == ["B"]
    assert names(database, owner_id=ann.id) == ["A"]
    assert names(database, phase_id=phase(database, "LEAD-CALL").id) == ["A"]
    assert names(database, is_active=False) == ["C"]
    (row,), total = list_customers(database, ADMIN, CustomerQuery(search="a", owner_id=ann.id), 50)
    assert (total, row.lead_count, row.phase, row.owner) == (1, 1, "Call appointment", "Ann")


@pytest.mark.parametrize("sort", [*SORTABLE, "nonsense; DROP TABLE lead"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_lists_every_customer_once_over_pages(
    database: Database, sort: str, descending: bool
) -> None:
    with database.transaction(EVERYTHING):
        for n in range(7):
            customer(
                database, f"Name {n % 3}", city="" if n % 2 else f"City {n}", code=("LEAD", "CUSTOMER")[n % 2]
            )
    asked = CustomerQuery(sort=sort, descending=descending)
    pages = [list_customers(database, ADMIN, asked, 3, offset) for offset in (0, 3, 6, 9)]
    assert [total for _, total in pages] == [7, 7, 7, 7]
    assert [len(page) for page, _ in pages] == [3, 3, 1, 0]
    assert len({row.id for page, _ in pages for row in page}) == 7
    if sort == "city":
        cities = [row.city for page, _ in pages for row in page]
        filled = sorted([city for city in cities if city], reverse=descending)
        assert cities == filled + [""] * 3


def test_a_list_without_a_match_has_no_pages(database: Database) -> None:
    assert list_customers(database, ADMIN, CustomerQuery(search="x"), 50) == ([], 0)
    assert list_customers(database, ADMIN, CustomerQuery(search="x"), 50, 50) == ([], 0)


def test_look_alikes_share_a_name_an_address_or_a_phone(database: Database) -> None:
    customer(database, "Bakkerij De Ster B.V.", email="Info@Ster.nl", phone="+31 6 12345678", number="N1")
    customer(database, "***", number="N2")
    for asked, same in (
        (("bakkerij de ster", "", ""), (True, False, False)),
        (("x", "info@ster.NL", ""), (False, True, False)),
        (("x", "", "0612345678"), (False, False, True)),
    ):
        (found,) = find_look_alikes(database, ADMIN, *asked)
        assert (found.same_name, found.same_email, found.same_phone) == same
    for nothing in ("x", "", "***", "日本", "a" * 10_000):
        assert find_look_alikes(database, ADMIN, nothing) == []


def test_every_row_of_a_life_names_rows_that_exist(database: Database) -> None:
    customer_with_lead(database, owner_id=person(database).id)
    assert orphans(database) == []
    with database.transaction(EVERYTHING) as connection:
        connection.count("DELETE FROM person WHERE $always", {"always": True})
    assert {table for table, _, _ in orphans(database)} == {"customer", "lead", "lead_version"}
    assert query(database, "SELECT count(*) FROM person") == [(0,)]
