"""Privacy: all that is kept on a customer comes out, and goes, while figures and history stay."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from crmplus.analytics.choice import Choice
from crmplus.analytics.closings import measure_closings
from crmplus.analytics.owners import measure_owners
from crmplus.analytics.time_in_phase import measure_time_in_phase
from crmplus.domain.contact_person import ContactPersonDraft
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Conflict, NotFound, Refused
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.saved_view import SavedViewDraft
from crmplus.exchange.undo import undo_import
from crmplus.keeping.check import check
from crmplus.services.contact_persons import add_contact_person, change_contact_person
from crmplus.services.customers import change_customer, get_customer, list_changes_of_customer
from crmplus.services.leads import close_lead, describe_lead, list_leads_of_customer, save_lead
from crmplus.services.next_steps import add_next_step
from crmplus.services.notes import add_note, change_note
from crmplus.services.privacy import (
    erase_customer,
    erase_gone_customer,
    export_customer,
    list_gone_customers,
    preview_erasure,
)
from crmplus.services.saved_views import change_view, list_views, remove_view, save_view
from crmplus.services.search import search_everything
from crmplus.store.database import Database
from tests.exchange.imported import load
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    customer,
    customer_with_lead,
    draft_of,
    everything,
    orphans,
    phase,
    query,
    reason,
)

MARK = "Zebrafish"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def marked(database: Database) -> Customer:
    """A customer whose every text has a mark, with a history full of them, and a won lead."""
    fields = ("contact", "street", "postal_code", "city", "country", "remark")
    row, lead = customer_with_lead(
        database, f"{MARK} Ltd", **dict.fromkeys(fields, MARK), email=f"{MARK}@x.nl"
    )
    row = change_customer(
        database, ADMIN, row.id, row.version, draft_of(row, phone="06 1", name=f"{MARK} 2"), NOW
    )
    lead = describe_lead(database, ADMIN, lead.id, lead.version, MARK, None, NOW)
    lead = save_lead(database, ADMIN, lead.id, lead.version, replace(VALUES, note=MARK), NOW)
    add_next_step(database, ADMIN, lead.id, NextStepDraft(MARK, NOW.date()), NOW)
    note = add_note(database, ADMIN, lead.id, MARK, NOW)
    change_note(database, ADMIN, note.id, 1, f"{MARK} again", NOW)
    person = add_contact_person(database, ADMIN, row.id, ContactPersonDraft(MARK, MARK), NOW)
    change_contact_person(database, ADMIN, person.id, 1, ContactPersonDraft(MARK, "x"), NOW)
    ids = phase(database, "LEAD-CLOSED").id, reason(database).id
    close_lead(
        database, ADMIN, lead.id, lead.version, *ids, replace(VALUES, note=MARK), NOW + timedelta(days=1)
    )
    customer_with_lead(database, "Somebody else")
    return row


def erased(database: Database, customer: Customer) -> Customer:
    return erase_customer(database, ADMIN, customer.id, customer.version, LATER)


def test_what_is_kept_comes_out_with_every_table_that_knows_the_customer(
    database: Database, marked: Customer
) -> None:
    document = json.loads(export_customer(database, ADMIN, marked.id, LATER))
    for table, rows in everything(database).items():
        of_customer = [row for row in rows if MARK in repr(row)]
        if table in document["tables"]:
            assert json.dumps(document["tables"][table]).count(MARK) >= len(of_customer)
        else:
            assert not of_customer, table
    assert "Somebody else" not in json.dumps(document)


def test_after_erasing_no_word_is_left_in_any_table(database: Database, marked: Customer) -> None:
    assert MARK in repr(everything(database))
    erased(database, marked)
    left = repr(everything(database))
    assert MARK not in left
    assert MARK.lower() not in left
    assert "Somebody else" in left


def test_figures_are_as_before(database: Database, marked: Customer) -> None:
    everything_chosen = Choice()

    def figures() -> list[object]:
        return [
            measure_closings(database, ADMIN, everything_chosen),
            measure_owners(database, ADMIN, everything_chosen, LATER.date()),
            measure_time_in_phase(database, ADMIN, everything_chosen),
        ]

    before = figures()
    erased(database, marked)
    assert figures() == before


def test_the_history_goes_on_to_say_what_happened_and_when(database: Database, marked: Customer) -> None:
    before, _ = list_changes_of_customer(database, ADMIN, marked.id, 100)
    erased(database, marked)
    after, _ = list_changes_of_customer(database, ADMIN, marked.id, 100)
    kept = after[-len(before) :]
    assert [(c.action, c.at_utc) for c in kept] == [(c.action, c.at_utc) for c in before]
    assert [c.after.get("score") for c in kept] == [c.after.get("score") for c in before]
    assert after[0].action == "customer_erased"
    assert after[-1].after["name"] == "(Erased customer)"


def test_the_card_says_erased_customer_and_search_finds_it_by_number_alone(
    database: Database, marked: Customer
) -> None:
    row = erased(database, marked)
    assert get_customer(database, ADMIN, marked.number) == row
    assert (row.name, row.email, row.is_active) == ("Erased customer", "", False)
    assert search_everything(database, ADMIN, MARK).total == 0
    assert [lead.title for lead in list_leads_of_customer(database, ADMIN, row.id)] == [""]


def test_the_database_is_sound_afterwards(database: Database, marked: Customer) -> None:
    erased(database, marked)
    assert check(database) == []
    assert orphans(database) == []


def test_with_an_open_lead_nothing_is_erased(database: Database) -> None:
    row, _ = customer_with_lead(database, MARK)
    assert preview_erasure(database, ADMIN, row.id).open_lead_count == 1
    before = everything(database)
    with pytest.raises(Refused):
        erased(database, row)
    assert everything(database) == before


def test_erasing_from_a_stale_tab_is_refused(database: Database, marked: Customer) -> None:
    change_customer(database, ADMIN, marked.id, marked.version, draft_of(marked, city="Epe"), NOW)
    before = everything(database)
    with pytest.raises(Conflict):
        erased(database, marked)
    assert everything(database) == before


def test_what_an_import_remembers_of_it_goes_too(database: Database, marked: Customer) -> None:
    with database.transaction(ADMIN.sight) as connection:
        connection.append(
            "import_row",
            ["import_id", "entity", "entity_id", "version", "before_json"],
            [(marked.id, "customer", marked.id, 2, json.dumps({"name": MARK, "version": 1}))],
        )
        connection.append(
            "import_key",
            ["entity", "source", "key", "entity_id", "import_id", "fingerprint"],
            [("customer", "maven", MARK, marked.id, marked.id, "x")],
        )
    erased(database, marked)
    assert query(database, "FROM import_key") == []
    ((before_json,),) = query(database, "SELECT before_json FROM import_row")
    assert json.loads(before_json) == {"name": "(Erased customer)", "version": 1}


HEAD = "lead_id;customer_name;city;title;expected_value;note\n"


def imported_and_undone(database: Database, folder: Path) -> UUID:
    """The customer that an import made, changed by a second one, until both were undone."""
    runs = [
        load(database, folder, f"{HEAD}1;{MARK};{MARK};{MARK};{value};{MARK} {value}\n", at=NOW)[1]
        for value in (1, 2)
    ]
    ((customer_id,),) = query(database, "SELECT id FROM customer WHERE name = $name", name=MARK)
    for run in reversed(runs):
        undo_import(database, ADMIN, run.id, LATER)
    return UUID(str(customer_id))


def test_a_lead_that_an_undone_import_took_away_is_erased_with_its_customer(
    database: Database, tmp_path: Path
) -> None:
    row = customer(database, MARK)
    imported_and_undone(database, tmp_path)
    assert (
        query(database, "SELECT id FROM lead WHERE customer_id = $id AND title = $t", id=row.id, t=MARK) == []
    )
    for lead in list_leads_of_customer(database, ADMIN, row.id):
        ids = phase(database, "LEAD-CLOSED").id, reason(database).id
        close_lead(database, ADMIN, lead.id, lead.version, *ids, VALUES, LATER)
    assert MARK in json.dumps(
        json.loads(export_customer(database, ADMIN, row.id, LATER))["tables"]["import_row"]
    )
    erased(database, get_customer(database, ADMIN, row.number))
    assert MARK not in repr(everything(database))
    assert check(database) == []


def test_a_customer_of_an_undone_import_is_found_handed_over_and_erased(
    database: Database, tmp_path: Path
) -> None:
    gone_id = imported_and_undone(database, tmp_path)
    customer_with_lead(database, "Somebody else")
    (gone,) = list_gone_customers(database, ADMIN, f" {MARK.upper()} ")
    assert (gone.id, gone.number, gone.name) == (gone_id, "C-00001", MARK)
    assert list_gone_customers(database, ADMIN, "Somebody") == list_gone_customers(database, ADMIN, " ") == []
    document = json.loads(export_customer(database, ADMIN, gone.id, LATER))
    assert document["customer"] == gone.number
    assert MARK in json.dumps(document["tables"]["lead_version"])
    before = query(database, "SELECT id, action, at_utc FROM change_log ORDER BY id")
    erase_gone_customer(database, ADMIN, gone.id, LATER)
    assert MARK not in repr(everything(database))
    after = query(database, "SELECT id, action, at_utc FROM change_log ORDER BY id")
    assert after[: len(before)] == before
    assert [action for _id, action, _at in after[len(before) :]] == ["customer_erased"]
    assert list_gone_customers(database, ADMIN, gone.number) == check(database) == []
    with pytest.raises(NotFound):
        erase_gone_customer(database, ADMIN, gone.id, LATER)


def test_a_customer_that_is_there_is_not_erased_as_a_gone_one(database: Database, marked: Customer) -> None:
    before = everything(database)
    with pytest.raises(NotFound):
        erase_gone_customer(database, ADMIN, marked.id, LATER)
    assert everything(database) == before


def test_what_saved_views_search_for_goes_and_what_others_are_found_by_stays(
    database: Database, marked: Customer
) -> None:
    customer(database, "Bakery West")
    change_customer(
        database, ADMIN, marked.id, marked.version, draft_of(marked, name=f"Bakery {MARK}"), LATER
    )

    def view(name: str, query: str) -> None:
        save_view(database, ADMIN, SavedViewDraft(name, "leads", query), NOW)

    view("part", f"owner=all&search={MARK[:5].lower()}&view=list")
    view("more", f"search=the+{MARK}%40x.nl+again")
    view("others", "search=bakery")
    view("number", f"search={marked.number}")
    view("none", "owner=all&view=list")
    view("before", f"search={MARK}")
    view("gone", f"search={MARK}+2")
    views = {each.name: each for each in list_views(database, ADMIN)}
    change_view(database, ADMIN, views["before"].id, 1, SavedViewDraft("before", "leads", "search=oven"), NOW)
    remove_view(database, ADMIN, views["gone"].id, 1, NOW)
    erased(database, get_customer(database, ADMIN, marked.number))
    assert MARK[:5].lower() not in repr(everything(database)).lower()
    assert {each.name: each.query for each in list_views(database, ADMIN)} == {
        "part": "owner=all&search=%28Erased+customer%29&view=list",
        "more": "search=%28Erased+customer%29",
        "others": "search=bakery",
        "number": f"search={marked.number}",
        "none": "owner=all&view=list",
        "before": "search=oven",
    }
    assert check(database) == []
