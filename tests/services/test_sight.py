"""Sight: somebody who sees a part finds that part, and nothing else, whatever they ask."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints
from uuid import UUID, uuid4

import pytest

from crmplus import analytics
from crmplus.analytics import conversion_leads
from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import ClosingFigures
from crmplus.analytics.pipeline_figures import PipelineFilter
from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.actor import Actor, Permission, Role
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.errors import CrmError, NotFound, NotPermitted, Refused
from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.phase import PhaseType
from crmplus.domain.sight import EVERYTHING, NOTHING, Reach, Sight
from crmplus.domain.team import Team
from crmplus.services import (
    account_types,
    bulk,
    closing_reasons,
    contact_persons,
    customers,
    lead_edits,
    leads,
    next_steps,
    notes,
    phases,
    quick_add,
)
from crmplus.services.acting import actor_of
from crmplus.services.bulk_plans import AddStep
from crmplus.services.demo import make_demo
from crmplus.services.people import archive_person, list_people
from crmplus.services.search import search_everything
from crmplus.services.setup import default_workspace
from crmplus.services.workspace import change_workspace, find_workspace
from crmplus.store.database import Database
from crmplus.store.statements import statements
from crmplus.store.tables import TEAM
from tests.services.test_permissions import TABLE
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    account_type,
    customer_with_lead,
    draft_of,
    everything,
    person,
    phase,
    phase_draft,
    query,
    reason,
)

MARK = "Zebrafish"
"""In every text of what is Bob's: wherever Ann meets it, something leaked."""

NOT_NARROWED = {
    "workspace": "what holds for the whole company",
    "person": "colleagues have names",
    "account_type": "a setting",
    "phase": "a setting",
    "closing_reason": "a setting",
    "saved_view": "its own rule: one's own and those that are shared; it holds a name and filters",
    "import_mapping": "says how a file is read, and is for those who see everything",
    "team": "colleagues, as person",
    "team_member": "colleagues, as person",
    "credential": "asked by the door alone",
    "sign_in_session": "asked by the door alone",
    "invitation": "asked by the door alone",
    "schema_migration": "says which program made the database",
}


@pytest.fixture
def ann(database: Database) -> Actor:
    found = person(database, "Ann", "AN")
    return found.seeing(Sight(frozenset({found.id})))


class Bobs:
    """What is Bob's, of which Ann sees nothing."""

    def __init__(self, database: Database) -> None:
        bob = person(database, "Bob", "BO")
        self.bob = bob
        at = NOW + timedelta(hours=1)
        self.customer, lead = customer_with_lead(database, f"{MARK} Ltd", owner_id=bob.id, city=MARK)
        self.step = next_steps.add_next_step(database, ADMIN, lead.id, NextStepDraft(MARK, NOW.date()), at)
        self.note = notes.add_note(database, ADMIN, lead.id, MARK, at)
        self.contact = contact_persons.add_contact_person(
            database, ADMIN, self.customer.id, ContactPersonDraft(MARK), at
        )
        self.lead = leads.save_lead(database, ADMIN, lead.id, lead.version, VALUES, at)
        won = leads.start_lead(database, ADMIN, self.customer.id, at, MARK)
        ids = phase(database, "LEAD-CLOSED").id, reason(database).id
        self.won = leads.close_lead(database, ADMIN, won.id, won.version, *ids, VALUES, at)


@pytest.fixture
def bobs(database: Database) -> Bobs:
    return Bobs(database)


# Reading


def test_every_table_is_narrowed_or_has_a_reason_not_to_be(database: Database) -> None:
    with database.read(NOTHING) as connection:
        tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()")}
        views = {
            name for (name,) in connection.execute("SELECT view_name FROM duckdb_views() WHERE temporary")
        }
    assert tables - views == NOT_NARROWED.keys()


def test_who_sees_nothing_finds_no_row_that_belongs_to_anybody(database: Database, bobs: Bobs) -> None:
    with database.read(NOTHING) as connection:
        for table in everything(database).keys() - NOT_NARROWED.keys() - {"change_log"}:
            assert connection.execute(f"FROM {table}") == []
        assert connection.execute("FROM change_log WHERE customer_id IS NOT NULL") == []
        assert connection.execute("FROM open_lead") == []


def test_no_statement_reaches_past_the_views() -> None:
    for name, sql in statements().items():
        assert not re.search(r"\bmain\.|\bmemory\.", sql), name


def test_in_no_table_is_a_word_of_what_lies_out_of_sight(database: Database, ann: Actor, bobs: Bobs) -> None:
    customer_with_lead(database, "Bakery", owner_id=ann.person_id)
    with database.read(ann.sight) as connection:
        found = {name: connection.execute(f"FROM {name}") for name in everything(database)}
        found["open_lead"] = connection.execute("FROM open_lead")
    assert len(found["lead"]) == len(found["customer"]) == len(found["open_lead"]) == 1
    assert MARK not in repr(found)
    assert MARK in repr(everything(database))


def test_of_a_shared_customer_only_ones_own_leads_are_there(
    database: Database, ann: Actor, bobs: Bobs
) -> None:
    hers = leads.start_lead(database, ADMIN, bobs.customer.id, NOW, "Hers")
    leads.describe_lead(database, ADMIN, hers.id, hers.version, "Hers", ann.person_id, NOW)
    card = customers.get_customer(database, ann, bobs.customer.number)
    assert [lead.title for lead in leads.list_leads_of_customer(database, ann, card.id)] == ["Hers"]
    logged, total = customers.list_changes_of_customer(database, ann, card.id, 100)
    of_leads = [change for change in logged if change.entity == "lead"]
    assert {change.entity_id for change in of_leads} == {hers.id}
    assert not [change for change in logged if change.entity in ("next_step", "note")]
    assert total == len(logged)


def test_a_change_of_a_note_or_step_out_of_sight_is_not_in_the_history(
    database: Database, ann: Actor, bobs: Bobs
) -> None:
    hers = leads.start_lead(database, ADMIN, bobs.customer.id, NOW, "Hers")
    leads.describe_lead(database, ADMIN, hers.id, hers.version, "Hers", ann.person_id, NOW)
    notes.change_note(database, ADMIN, bobs.note.id, 1, "Changed", NOW)
    next_steps.finish_next_step(database, ADMIN, bobs.step.id, 1, NOW)
    notes.remove_note(database, ADMIN, bobs.note.id, 2, NOW)
    logged, _ = customers.list_changes_of_customer(database, ann, bobs.customer.id, 100)
    assert not [change for change in logged if change.entity in ("next_step", "note")]


def test_search_finds_nothing_out_of_sight(database: Database, ann: Actor, bobs: Bobs) -> None:
    assert search_everything(database, ADMIN, MARK).total == 5
    assert search_everything(database, ann, MARK).total == 0


def test_a_lead_that_is_handed_over_comes_into_sight_with_all_its_past(
    database: Database, ann: Actor, bobs: Bobs
) -> None:
    leads.describe_lead(database, ADMIN, bobs.lead.id, bobs.lead.version, "", ann.person_id, NOW)
    assert leads.get_lead_card(database, ann, bobs.lead.id).records
    assert [note.text for note in notes.list_notes(database, ann, bobs.lead.id)] == [MARK]


# Figures


@pytest.fixture(scope="module")
def demo() -> Iterator[Database]:
    made = Database.open(None)
    make_demo(made, ADMIN, default_workspace("en", "Europe/Amsterdam"), NOW)
    yield made
    made.close()


@pytest.fixture(scope="module")
def hers_alone(demo: Database) -> Iterator[tuple[Actor, Database]]:
    """Somebody of the demo who sees her own, and a database from which all else was deleted."""
    owner = next(found for found in list_people(demo, ADMIN) if found.role is Role.REP)
    left = Database.open(None)
    with demo.read(EVERYTHING) as whole, left.transaction(EVERYTHING) as connection:
        names = [name for name, rows in everything(demo).items() if rows]
        for name in names:
            rows = whole.execute(f"FROM {name}")
            columns = [column[0] for column in whole.cursor.description or ()]
            connection.append(name, columns, rows)
        connection.flush()
        for sql in (
            "DELETE FROM lead WHERE owner_id IS DISTINCT FROM $owner",
            "DELETE FROM customer WHERE owner_id IS DISTINCT FROM $owner"
            " AND NOT EXISTS (FROM lead WHERE lead.customer_id = customer.id)",
            "DELETE FROM target WHERE owner_id IS DISTINCT FROM $owner",
        ):
            connection.count(sql, {"owner": owner.id} if "$owner" in sql else {})
        for name in ("phase_record", "lead_version", "lead_span", "lead_stay", "next_step", "note"):
            connection.execute(f"DELETE FROM {name} WHERE lead_id NOT IN (SELECT id FROM lead)")
        connection.touched_leads.clear()
    yield owner.seeing(Sight(frozenset({owner.id}))), left
    left.close()


def measures() -> list[Callable[..., Any]]:
    """Everything in the room of figures that asks a database on behalf of somebody."""
    rooms = [path.stem for path in Path(analytics.__file__).parent.glob("*.py") if path.stem != "__init__"]
    return [
        function
        for room in sorted(rooms)
        for name, function in inspect.getmembers(
            import_module(f"crmplus.analytics.{room}"), inspect.isfunction
        )
        if function.__module__ == f"crmplus.analytics.{room}"
        and not name.startswith("_")
        and {"database", "actor"} <= inspect.signature(function).parameters.keys()
    ]


@pytest.mark.parametrize(
    "measure", measures(), ids=lambda measure: f"{measure.__module__[18:]}.{measure.__name__}"
)
def test_figures_are_those_of_a_workspace_that_holds_nothing_else(
    measure: Callable[..., Any], demo: Database, hers_alone: tuple[Actor, Database]
) -> None:
    actor, left = hers_alone
    arguments = arguments_for(measure, demo)
    seen = measure(demo, actor, *arguments)
    assert seen == measure(left, ADMIN, *arguments)
    if not measure.__name__.startswith("list_"):
        assert seen != measure(demo, ADMIN, *arguments)


def arguments_for(measure: Callable[..., Any], database: Database) -> list[Any]:
    """One for each parameter that has no default, behind the database and the actor."""
    hints = get_type_hints(measure)
    parameters = list(inspect.signature(measure).parameters.values())[2:]
    return [
        argument_for(parameter.name, hints[parameter.name], database)
        for parameter in parameters
        if parameter.default is parameter.empty
    ]


def argument_for(name: str, hint: Any, database: Database) -> Any:
    funnel = phase(database, "LEAD-MEETING")
    known: dict[Any, Any] = {
        Choice: Choice(funnel.account_type_id),
        PipelineFilter: PipelineFilter(funnel.account_type_id),
        date: NOW.date(),
        int: 10_000,
        bool: False,
        UUID: funnel.id,
        UUID | None: funnel.id,
        ClosingFigures: ClosingFigures(),
        conversion_leads.Which: conversion_leads.Which(conversion_leads.Part.REACHED, funnel.id),
    }
    if name == "at_utc":
        return NOW - timedelta(days=30)
    if hint in known:
        return known[hint]
    kind = (get_args(hint) or (hint,))[0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return kind()


# Writing

Deed = Callable[[Database, Actor, Bobs], object]
DEEDS: dict[Callable[..., object], Deed] = {
    customers.change_customer: lambda d, a, b: customers.change_customer(
        d, a, b.customer.id, b.customer.version, draft_of(b.customer, city="Epe"), NOW
    ),
    leads.start_lead: lambda d, a, b: leads.start_lead(d, a, b.customer.id, NOW),
    leads.save_lead: lambda d, a, b: leads.save_lead(
        d, a, b.lead.id, b.lead.version, replace(VALUES, score=2), NOW
    ),
    leads.complete_phase: lambda d, a, b: leads.complete_phase(d, a, b.lead.id, b.lead.version, VALUES, NOW),
    leads.move_lead: lambda d, a, b: leads.move_lead(
        d, a, b.lead.id, b.lead.version, phase(d, "LEAD-MEETING").id, VALUES, NOW
    ),
    leads.close_lead: lambda d, a, b: leads.close_lead(
        d, a, b.lead.id, b.lead.version, phase(d, "LEAD-CLOSED").id, reason(d).id, VALUES, NOW
    ),
    leads.reopen_lead: lambda d, a, b: leads.reopen_lead(
        d, a, b.won.id, b.won.version, phase(d, "LEAD-MEETING").id, NOW
    ),
    leads.describe_lead: lambda d, a, b: leads.describe_lead(
        d, a, b.lead.id, b.lead.version, "Mine", a.person_id, NOW
    ),
    lead_edits.edit_lead: lambda d, a, b: lead_edits.edit_lead(
        d, a, b.lead.id, b.lead.version, lead_edits.LeadEdit(score=3), NOW
    ),
    quick_add.quick_add: lambda d, a, b: quick_add.quick_add(
        d,
        a,
        quick_add.QuickAddDraft(b.customer.number, customer_id=b.customer.id, is_further=True),
        NOW,
        quick_add.QuickAddKeys(uuid4(), uuid4(), uuid4()),
    ),
    next_steps.add_next_step: lambda d, a, b: next_steps.add_next_step(
        d, a, b.lead.id, NextStepDraft("x", NOW.date()), NOW
    ),
    next_steps.change_next_step: lambda d, a, b: next_steps.change_next_step(
        d, a, b.step.id, 1, NextStepDraft("x", NOW.date()), NOW
    ),
    next_steps.finish_next_step: lambda d, a, b: next_steps.finish_next_step(d, a, b.step.id, 1, NOW),
    next_steps.reopen_next_step: lambda d, a, b: next_steps.reopen_next_step(d, a, b.step.id, 1, NOW),
    next_steps.remove_next_step: lambda d, a, b: next_steps.remove_next_step(d, a, b.step.id, 1, NOW),
    notes.add_note: lambda d, a, b: notes.add_note(d, a, b.lead.id, "x", NOW),
    notes.change_note: lambda d, a, b: notes.change_note(d, a, b.note.id, 1, "x", NOW),
    notes.remove_note: lambda d, a, b: notes.remove_note(d, a, b.note.id, 1, NOW),
    contact_persons.add_contact_person: lambda d, a, b: contact_persons.add_contact_person(
        d, a, b.customer.id, ContactPersonDraft("x"), NOW
    ),
    contact_persons.change_contact_person: lambda d, a, b: contact_persons.change_contact_person(
        d, a, b.contact.id, 1, ContactPersonDraft("x"), NOW
    ),
    contact_persons.remove_contact_person: lambda d, a, b: contact_persons.remove_contact_person(
        d, a, b.contact.id, 1, NOW
    ),
}
OTHERWISE = {
    "add_customer": "makes one of one's own",
    "preview_bulk": "says what it would do, tested below",
    "do_bulk": "says what was refused, tested below",
}


def test_every_deed_of_a_rep_is_tried() -> None:
    deeds = {service for service, permission, _ in TABLE if permission is Permission.WORK}
    assert {deed.__name__ for deed in deeds - DEEDS.keys()} == OTHERWISE.keys()


@pytest.mark.parametrize("deed", DEEDS.values(), ids=[service.__name__ for service in DEEDS])
def test_what_lies_out_of_sight_is_not_there_to_be_changed(
    database: Database, ann: Actor, bobs: Bobs, deed: Deed
) -> None:
    before = everything(database)
    with pytest.raises(NotFound) as refused:
        deed(database, ann, bobs)
    assert MARK not in str(refused.value.message)
    assert everything(database) == before
    deed(database, ADMIN, bobs)
    assert everything(database) != before or deed is DEEDS[next_steps.reopen_next_step]


def test_many_at_once_leave_out_what_lies_out_of_sight(database: Database, ann: Actor, bobs: Bobs) -> None:
    _, hers = customer_with_lead(database, "Bakery", owner_id=ann.person_id)
    choices = [bulk.Choice(hers.id, hers.version), bulk.Choice(bobs.lead.id, bobs.lead.version)]
    action = AddStep(NextStepDraft("Call", NOW.date()))
    assert bulk.preview_bulk(database, ann, action, choices, NOW).of(bulk.Fate.REFUSED)
    done = bulk.do_bulk(database, ann, action, choices, NOW)
    assert MARK not in repr(done)
    assert [effect.lead_id for effect in done.of(bulk.Fate.CHANGES)] == [hers.id]
    assert len(query(database, "FROM next_step WHERE lead_id = $id", id=bobs.lead.id)) == 1


def test_reading_by_key_finds_nothing_either(database: Database, ann: Actor, bobs: Bobs) -> None:
    keys = {bobs.customer.id, bobs.lead.id, bobs.won.id}
    for service, permission, arguments in TABLE:
        if permission is not Permission.VIEW or service.__module__.startswith("crmplus.analytics"):
            continue
        for key in keys:
            given = [key if isinstance(each, UUID) else each for each in arguments]
            given = [bobs.customer.number if each == "C-1" else each for each in given]
            try:
                found = service(database, ann, *given)
            except CrmError as error:
                found = error.message
            assert MARK not in repr(found), service


def test_a_number_that_somebody_elses_customer_has_is_neither_proposed_nor_taken(
    database: Database, ann: Actor, bobs: Bobs
) -> None:
    assert customers.next_number(database, ann) == "C-00002"
    taken = replace(draft_of(bobs.customer), name="Other", owner_id=ann.person_id)
    with pytest.raises(CrmError) as refused:
        customers.add_customer(database, ann, taken, NOW)
    assert MARK not in str(refused.value.message)


@pytest.mark.parametrize("typed", [f"{MARK} Ltd", MARK, f"{MARK} Ltd Utrecht", "C-00001"])
def test_quick_add_neither_shows_nor_takes_a_customer_out_of_sight(
    database: Database, ann: Actor, bobs: Bobs, typed: str
) -> None:
    assert bobs.customer.number == "C-00001"
    draft = quick_add.QuickAddDraft(typed)
    assert isinstance(quick_add.quick_add(database, ADMIN, draft, NOW, keys()), quick_add.Question)
    made = quick_add.quick_add(database, ann, draft, NOW, keys())
    assert isinstance(made, quick_add.Added)
    assert made.is_new_customer


def test_quick_add_counts_and_opens_only_leads_in_sight(database: Database, ann: Actor, bobs: Bobs) -> None:
    hers = shared(database, ann, bobs)
    draft = quick_add.QuickAddDraft(bobs.customer.number)
    asked = quick_add.quick_add(database, ann, draft, NOW, keys())
    assert isinstance(asked, quick_add.Question)
    (match,) = asked.matches
    assert (match.open_lead_count, match.open_lead_id) == (1, hers.id)


def test_a_lead_at_the_customer_of_somebody_out_of_sight_is_ones_own(
    database: Database, ann: Actor, bobs: Bobs
) -> None:
    shared(database, ann, bobs)
    assert leads.start_lead(database, ann, bobs.customer.id, NOW).owner_id == ann.person_id
    step = NextStepDraft("Call", NOW.date())
    draft = quick_add.QuickAddDraft(bobs.customer.number, VALUES.expected_value, step, is_further=True)
    made = quick_add.quick_add(database, ann, draft, NOW, keys())
    assert isinstance(made, quick_add.Added)
    assert (made.lead.owner_id, made.lead.expected_value) == (ann.person_id, VALUES.expected_value)
    assert leads.start_lead(database, ADMIN, bobs.customer.id, NOW).owner_id == bobs.bob.id


@pytest.mark.parametrize("is_bobs", [True, False])
def test_the_first_lead_of_a_customer_is_seen_by_whoever_makes_it(
    database: Database, ann: Actor, bobs: Bobs, is_bobs: bool
) -> None:
    draft = replace(draft_of(bobs.customer), number="", owner_id=bobs.bob.id if is_bobs else None)
    key = uuid4()
    made = customers.add_customer(database, ann, draft, NOW, key)
    (first,) = leads.list_leads_of_customer(database, ann, made.id)
    assert (made.owner_id, first.owner_id) == (draft.owner_id or ann.person_id, ann.person_id)
    assert customers.add_customer(database, ann, draft, NOW, key) == made


def test_what_somebody_makes_for_nobody_is_theirs_where_they_would_not_see_it(
    database: Database, ann: Actor
) -> None:
    no_funnel = account_type(database, "CUSTOMER").id
    made = customers.add_customer(database, ann, CustomerDraft("Depot", no_funnel), NOW)
    assert customers.get_customer(database, ann, made.number) == made
    own, _ = customer_with_lead(database, "Bakery", owner_id=ann.person_id)
    further = leads.start_lead(database, ann, own.id, NOW, owner_id=None)
    assert (made.owner_id, further.owner_id) == (ann.person_id, ann.person_id)
    seeing_all, yard = replace(ann, sight=EVERYTHING), CustomerDraft("Yard", no_funnel)
    assert customers.add_customer(database, seeing_all, yard, NOW).owner_id is None


def test_a_key_of_something_out_of_sight_returns_nothing(database: Database, ann: Actor, bobs: Bobs) -> None:
    hers = shared(database, ann, bobs)
    own, _ = customer_with_lead(database, "Bakery", owner_id=ann.person_id)
    draft, step = replace(draft_of(own), number=""), NextStepDraft("x", NOW.date())
    quick = quick_add.QuickAddDraft("Bakery", is_further=True)
    other, _ = customer_with_lead(database, MARK, owner_id=bobs.bob.id)
    contact = contact_persons.add_contact_person(database, ADMIN, other.id, ContactPersonDraft(MARK), NOW)
    before = everything(database)
    for deed in (
        lambda: customers.add_customer(database, ann, draft, NOW, other.id),
        lambda: leads.start_lead(database, ann, own.id, NOW, new=bobs.lead.id),
        lambda: notes.add_note(database, ann, hers.id, "x", NOW, bobs.note.id),
        lambda: next_steps.add_next_step(database, ann, hers.id, step, NOW, bobs.step.id),
        lambda: contact_persons.add_contact_person(
            database, ann, own.id, ContactPersonDraft("x"), NOW, contact.id
        ),
        lambda: quick_add.quick_add(database, ann, quick, NOW, replace(keys(), customer=other.id)),
        lambda: quick_add.quick_add(database, ann, quick, NOW, replace(keys(), lead=bobs.lead.id)),
    ):
        with pytest.raises(NotFound):
            deed()
    assert everything(database) == before


def keys() -> quick_add.QuickAddKeys:
    return quick_add.QuickAddKeys(uuid4(), uuid4(), uuid4())


def shared(database: Database, ann: Actor, bobs: Bobs) -> Lead:
    """A lead of Ann at the customer of Bob."""
    lead = leads.start_lead(database, ADMIN, bobs.customer.id, NOW, "Hers")
    return leads.describe_lead(database, ADMIN, lead.id, lead.version, "Hers", ann.person_id, NOW)


def test_counts_of_settings_are_of_what_is_seen(database: Database, ann: Actor, bobs: Bobs) -> None:
    customer_with_lead(database, "Bakery", owner_id=ann.person_id)
    call, won = phase(database, "LEAD-CALL"), reason(database)
    assert phases.count_open_leads(database, ADMIN) == {call.id: 2}
    assert phases.count_open_leads(database, ann) == {call.id: 1}
    assert closing_reasons.count_closed_with(database, ADMIN, won.id) == 1
    assert closing_reasons.count_closed_with(database, ann, won.id) == 0


@pytest.mark.parametrize("code", ["LEAD-CALL", "LEAD-QUOTE"])
def test_archiving_a_phase_is_for_who_sees_all_its_leads_and_says_so(
    database: Database, ann: Actor, bobs: Bobs, code: str
) -> None:
    manager, row = replace(ann, role=Role.MANAGER), phase(database, code)
    target = phase(database, "LEAD-MEETING").id
    before = everything(database)
    with pytest.raises(NotPermitted, match="everybody's leads"):
        phases.preview_archive(database, manager, row.id)
    with pytest.raises(NotPermitted, match="everybody's leads"):
        phases.archive_phase(database, manager, row.id, row.version, NOW, target)
    assert everything(database) == before
    phases.archive_phase(database, replace(manager, sight=EVERYTHING), row.id, row.version, NOW, target)


@pytest.mark.parametrize(
    "changed", [{"is_active": False}, {"account_type": "PROSPECT"}, {"account_type": "CUSTOMER"}]
)
def test_what_concerns_open_leads_out_of_sight_is_refused_without_their_number(
    database: Database, ann: Actor, bobs: Bobs, changed: dict[str, Any]
) -> None:
    hers = shared(database, ann, bobs)
    if "account_type" in changed:
        changed = {"account_type_id": account_type(database, changed["account_type"]).id}
    typed = draft_of(bobs.customer, **changed)
    where = {hers.id: phase(database, "PROSPECT-CALL").id}
    before = everything(database)
    with pytest.raises(Refused, match="Others have open leads at this customer, which you don't see"):
        customers.change_customer(database, ann, bobs.customer.id, bobs.customer.version, typed, NOW, where)
    assert everything(database) == before
    city = draft_of(bobs.customer, city="Epe")
    customers.change_customer(database, ann, bobs.customer.id, bobs.customer.version, city, NOW)


SettingDeed = Callable[[Database, Actor], object]
SETTING_DEEDS: dict[str, SettingDeed] = {
    "archive the account type": lambda d, a: account_types.archive_account_type(
        d, a, account_type(d).id, account_type(d).version, NOW
    ),
    "switch its phases off": lambda d, a: account_types.change_account_type(
        d, a, account_type(d).id, 1, AccountTypeDraft("LEAD", "Lead", 10, False, True), NOW
    ),
    "change the phase's type": lambda d, a: phases.change_phase(
        d,
        a,
        phase(d, "LEAD-CALL").id,
        1,
        phase_draft(phase(d, "LEAD-CALL"), phase_type=PhaseType.REGULAR),
        NOW,
    ),
}


@pytest.mark.parametrize("has_one_herself", [False, True])
@pytest.mark.parametrize("deed", SETTING_DEEDS.values(), ids=SETTING_DEEDS.keys())
def test_a_setting_that_leads_out_of_sight_use_is_refused_without_their_number_and_cards(
    database: Database, ann: Actor, bobs: Bobs, deed: SettingDeed, has_one_herself: bool
) -> None:
    manager = replace(ann, role=Role.MANAGER)
    if has_one_herself:
        customer_with_lead(database, "Bakery", owner_id=ann.person_id)
    before = everything(database)
    with pytest.raises(Refused, match=r"Others have .*leads .*which you don't see") as refused:
        deed(database, manager)
    assert not re.search(r"\d", str(refused.value.message))
    assert refused.value.customer_numbers == ()
    assert everything(database) == before


@pytest.mark.parametrize("deed", SETTING_DEEDS.values(), ids=SETTING_DEEDS.keys())
def test_a_setting_that_only_leads_in_sight_use_is_refused_with_their_number(
    database: Database, ann: Actor, deed: SettingDeed
) -> None:
    own, _ = customer_with_lead(database, "Bakery", owner_id=ann.person_id)
    with pytest.raises(Refused, match="1 lead") as refused:
        deed(database, replace(ann, role=Role.MANAGER))
    assert set(refused.value.customer_numbers) <= {own.number}


@pytest.mark.parametrize("permission", [Permission.CONFIGURE, Permission.ADMINISTER])
def test_files_of_everything_are_for_those_who_see_everything(
    database: Database, permission: Permission
) -> None:
    actor = Actor(None, "x", Role.ADMIN, NOTHING)
    rooms = ("crmplus.exchange.imports", "crmplus.exchange.undo", "crmplus.exchange.workspace_files")
    for service, needed, arguments in TABLE:
        if needed is permission and service.__module__ in rooms:
            with pytest.raises(NotPermitted):
                service(database, actor, *arguments)


# Who sees what


def set_reach(database: Database, **reaches: Reach) -> None:
    workspace = find_workspace(database)
    assert workspace
    draft = replace(default_workspace("en", "Europe/Amsterdam"), **reaches)  # type: ignore[arg-type]
    change_workspace(database, ADMIN, workspace.version, draft, NOW)


def put_together(database: Database, *people: UUID) -> None:
    team = Team(uuid4(), "North", 1)
    with database.transaction(EVERYTHING) as connection:
        TEAM.insert(connection, team)
        connection.append("team_member", ["team_id", "person_id"], [(team.id, each) for each in people])


def sight_of(database: Database, person_id: UUID) -> Sight:
    actor = actor_of(database, person_id)
    assert actor
    return actor.sight


@pytest.mark.parametrize("role", list(Role))
def test_everybody_sees_everything_until_the_workspace_says_otherwise(database: Database, role: Role) -> None:
    assert sight_of(database, person(database, role=role).id) == EVERYTHING


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REP, Role.VIEWER])
def test_own_is_ones_own_and_team_is_that_of_all_ones_teams(database: Database, role: Role) -> None:
    ann, bob, cas, dirk = (
        person(database, name, name[:2], role).id for name in ("Ann", "Bob", "Cas", "Dirk")
    )
    put_together(database, ann, bob)
    put_together(database, ann, cas)
    set_reach(database, **{f"{role}_sees": Reach.TEAM})
    assert sight_of(database, ann) == Sight(frozenset({ann, bob, cas}))
    assert sight_of(database, bob) == Sight(frozenset({ann, bob}))
    assert sight_of(database, dirk) == Sight(frozenset({dirk}))
    set_reach(database, **{f"{role}_sees": Reach.OWN})
    assert sight_of(database, ann) == Sight(frozenset({ann}))


def test_an_administrator_sees_everything_whatever_the_workspace_says(database: Database) -> None:
    set_reach(database, manager_sees=Reach.OWN, rep_sees=Reach.OWN, viewer_sees=Reach.OWN)
    assert sight_of(database, person(database, role=Role.ADMIN).id) == EVERYTHING


def test_who_is_archived_or_unknown_does_not_act(database: Database) -> None:
    gone = person(database)
    archive_person(database, ADMIN, gone.id, 1, NOW)
    assert actor_of(database, gone.id) is None
    assert actor_of(database, uuid4()) is None
