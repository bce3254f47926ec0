"""Quick add: a lead, and its customer where there is none yet, in one go."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import Invalid, NotFound, NotPermitted, Refused
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import list_leads_of_customer
from crmplus.services.next_steps import list_next_steps
from crmplus.services.phases import archive_phase
from crmplus.services.quick_add import (
    MOST_MATCHES,
    Added,
    Doubt,
    Question,
    QuickAddDraft,
    QuickAddKeys,
    quick_add,
)
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NASTY_TEXTS,
    NOW,
    account_type,
    customer,
    customer_with_lead,
    everything,
    logged,
    orphans,
    person,
    phase,
    query,
)

FULL = QuickAddDraft("Bakkerij De Ster", Decimal("12000.00"), NextStepDraft("Call back", date(2026, 3, 3)))


def keys() -> QuickAddKeys:
    return QuickAddKeys(new_id(), new_id(), new_id())


def add(database: Database, draft: QuickAddDraft, actor: Actor = ADMIN) -> Added | Question:
    return quick_add(database, actor, draft, NOW, keys())


def added(database: Database, draft: QuickAddDraft, actor: Actor = ADMIN) -> Added:
    found = add(database, draft, actor)
    assert isinstance(found, Added)
    return found


def asked(database: Database, draft: QuickAddDraft) -> Question:
    before = everything(database)
    found = add(database, draft)
    assert isinstance(found, Question)
    assert everything(database) == before
    return found


def customers(database: Database) -> list[str]:
    return [row[0] for row in query(database, "SELECT name FROM customer ORDER BY name")]


def test_a_name_nobody_has_makes_a_customer_with_its_lead_value_and_next_step(database: Database) -> None:
    ann = person(database).seeing(EVERYTHING)
    made = added(database, FULL, ann)
    (lead,) = list_leads_of_customer(database, ADMIN, made.customer.id)
    assert lead == made.lead
    assert (lead.expected_value, lead.owner_id) == (Decimal("12000.00"), ann.person_id)
    assert lead.phase_id == phase(database, "LEAD-CALL").id
    (step,) = list_next_steps(database, ADMIN, lead.id)
    assert (step.description, step.due_date) == ("Call back", date(2026, 3, 3))
    assert sorted(logged(database)[-4:]) == [
        ("customer_made", 1),
        ("lead_saved", 2),
        ("lead_started", 1),
        ("next_step_made", 1),
    ]
    assert orphans(database) == []


def test_a_name_alone_will_do(database: Database) -> None:
    made = added(database, QuickAddDraft("Acme"))
    assert made.is_new_customer
    assert made.lead.expected_value is None
    assert list_next_steps(database, ADMIN, made.lead.id) == []


@pytest.mark.parametrize("typed", ["Acme B.V.", "ACME bv", " acme-b v ", "c-00001"])
def test_a_customer_is_meant_by_its_name_or_number(database: Database, typed: str) -> None:
    known, _lead = customer_with_lead(database, "Acme B.V.", number="C-00001")
    question = asked(database, QuickAddDraft(typed))
    assert question.doubt is Doubt.OPEN_LEAD
    assert [match.id for match in question.matches] == [known.id]
    further = added(database, QuickAddDraft(typed, is_further=True))
    assert further.customer.id == known.id
    assert len(list_leads_of_customer(database, ADMIN, known.id)) == 2
    assert added(database, QuickAddDraft("Acme B.V.", is_new=True)).customer.id != known.id


def test_several_of_one_name_are_asked_about(database: Database) -> None:
    for city in ("Utrecht", "Delft"):
        customer(database, "Acme", "CUSTOMER", city=city)
    question = asked(database, QuickAddDraft("Acme"))
    assert question.doubt is Doubt.SEVERAL
    assert {match.city for match in question.matches} == {"Utrecht", "Delft"}


@pytest.mark.parametrize(
    ("typed", "known"),
    [("Sauna & Spa", "Sauna"), ("Sauna", "Sauna & Spa"), ("Acme", "Acme B.V."), ("Acme AG", "Acme AB")],
)
def test_one_whose_name_is_that_but_for_a_legal_form_is_asked_about(
    database: Database, typed: str, known: str
) -> None:
    one, _lead = customer_with_lead(database, known)
    question = asked(database, QuickAddDraft(typed, is_further=True))
    assert question.doubt is Doubt.SIMILAR
    assert [match.id for match in question.matches] == [one.id]


def test_a_sign_between_words_makes_another_name(database: Database) -> None:
    customer_with_lead(database, "HM")
    assert added(database, QuickAddDraft("H&M")).is_new_customer


def test_a_name_with_all_its_words_goes_before_those_it_is_like(database: Database) -> None:
    for _number in range(MOST_MATCHES + 1):
        customer(database, "Sauna", "CUSTOMER")
    known, _lead = customer_with_lead(database, "Sauna & Spa")
    assert added(database, QuickAddDraft("sauna & spa", is_further=True)).customer.id == known.id


def test_of_more_than_are_shown_it_is_said_how_many_there_are_and_a_number_chooses(
    database: Database,
) -> None:
    known = [customer_with_lead(database, "Acme")[0] for _number in range(MOST_MATCHES + 2)]
    question = asked(database, QuickAddDraft("Acme"))
    assert (question.doubt, len(question.matches), question.more_count) == (Doubt.SEVERAL, MOST_MATCHES, 2)
    similar = asked(database, QuickAddDraft("Acme Utrecht"))
    assert (similar.doubt, len(similar.matches), similar.more_count) == (Doubt.SIMILAR, MOST_MATCHES, 2)
    last = added(database, QuickAddDraft(known[-1].number, is_further=True))
    assert last.customer.id == known[-1].id


def test_one_whose_name_holds_it_is_asked_about(database: Database) -> None:
    known = customer(database, "Bakkerij De Ster Utrecht", "CUSTOMER")
    question = asked(database, QuickAddDraft("Bakkerij De Ster"))
    assert question.doubt is Doubt.SIMILAR
    assert [match.id for match in question.matches] == [known.id]


def test_a_customer_whose_type_has_no_funnel_is_refused_with_a_way_to_its_card(database: Database) -> None:
    known = customer(database, "Depot", "CUSTOMER")
    before = everything(database)
    with pytest.raises(Refused) as refused:
        add(database, QuickAddDraft("Depot"))
    assert refused.value.customer_numbers == (known.number,)
    assert everything(database) == before


def test_one_that_was_chosen_and_is_gone_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        add(database, QuickAddDraft("Acme", customer_id=new_id()))


def test_adding_with_the_same_keys_adds_once(database: Database) -> None:
    customer_with_lead(database, "Smithy")
    for draft in (FULL, replace(FULL, customer="Smithy", is_further=True)):
        same = keys()
        first = quick_add(database, ADMIN, draft, NOW, same)
        after = everything(database)
        second = quick_add(database, ADMIN, draft, NOW, same)
        assert isinstance(first, Added)
        assert isinstance(second, Added)
        assert first.lead.id == second.lead.id
        assert everything(database) == after


def test_of_those_who_add_one_name_at_once_the_first_makes_it_and_the_others_are_asked(
    database: Database,
) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _number: add(database, QuickAddDraft("Acme")), range(8)))
    assert sum(isinstance(each, Added) for each in done) == 1
    assert customers(database) == ["Acme"]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (QuickAddDraft(""), "customer"),
        (QuickAddDraft("x" * 10_000), "customer"),
        (QuickAddDraft("Acme", Decimal(-1)), "expected_value"),
        (QuickAddDraft("Acme", Decimal("1e15")), "expected_value"),
        (QuickAddDraft("Acme", None, NextStepDraft("x" * 10_000, date(2026, 3, 3))), "next_step"),
        (QuickAddDraft("Acme", None, NextStepDraft("Call", date(1, 1, 1))), "due_date"),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_nothing_is_written(
    database: Database, draft: QuickAddDraft, field: str
) -> None:
    before = everything(database)
    with pytest.raises(Invalid) as refused:
        add(database, draft)
    assert set(refused.value.fields) == {field}
    assert everything(database) == before


@pytest.mark.parametrize("name", NASTY_TEXTS)
def test_any_name_is_kept_as_typed(database: Database, name: str) -> None:
    made = added(database, QuickAddDraft(name, None, NextStepDraft(name, date(2026, 3, 3))))
    assert customers(database) == [made.customer.name]
    assert query(database, "SELECT description FROM next_step") == [(made.customer.name,)]


def test_without_a_ready_default_funnel_the_first_ready_one_is_taken(database: Database) -> None:
    closed = phase(database, "LEAD-CLOSED")
    archive_phase(database, ADMIN, closed.id, closed.version, NOW)
    made = added(database, QuickAddDraft("Acme"))
    assert made.lead.account_type_id == account_type(database, "PROSPECT").id


def test_without_any_ready_funnel_it_is_refused_in_words(database: Database) -> None:
    for code in ("LEAD-CLOSED", "PROSPECT-CLOSED"):
        found = phase(database, code)
        archive_phase(database, ADMIN, found.id, found.version, NOW)
    before = everything(database)
    with pytest.raises(Refused) as refused:
        add(database, QuickAddDraft("Acme"))
    assert "closing phase" in refused.value.message.text
    assert everything(database) == before


def test_a_viewer_may_not(database: Database) -> None:
    with pytest.raises(NotPermitted):
        add(database, FULL, Actor(None, "Vic", Role.VIEWER, EVERYTHING))
