"""Imports: what the check promised is done, all of it in one transaction, or nothing."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import CrmError, Refused
from crmplus.domain.importing import ImportRun
from crmplus.domain.sight import EVERYTHING
from crmplus.exchange import imports, planning
from crmplus.exchange.fields import Kind
from crmplus.exchange.imports import run_import
from crmplus.exchange.mapping import CustomerKey, ImportMapping
from crmplus.services.closing_reasons import archive_closing_reason
from crmplus.services.customers import change_customer, get_customer
from crmplus.services.leads import move_lead, save_lead
from crmplus.services.people import archive_person
from crmplus.services.phases import archive_phase
from crmplus.store.database import Database
from crmplus.store.folding import rows_searched_otherwise
from tests.exchange.imported import (
    LATER,
    VALUES,
    assert_sound,
    check,
    customers,
    leads,
    load,
    mapping_of,
    reasons,
)
from tests.world import (
    ADMIN,
    account_type,
    customer,
    draft_of,
    everything,
    new_account_type,
    new_phase,
    person,
    phase,
    query,
    reason,
)
from tests.world import VALUES as TYPED

MANAGER = Actor(None, "Mia", Role.MANAGER, EVERYTHING)
TEXT = (
    "lead_id;customer_name;title;phase;closing_reason;lead_owner;expected_value\n"
    "1;Acme;Oven;Demo;;Ann;100\n2;Bakery;Hob;;Price;Ann;50\n3;Bakery;Pan;Quote;;;9\n"
)


@pytest.fixture
def ann(database: Database) -> Database:
    person(database)
    return database


def test_a_check_writes_nothing(ann: Database, tmp_path: Path) -> None:
    before = everything(ann)
    checked = check(ann, tmp_path, TEXT)
    assert everything(ann) == before
    assert (checked.counts.customers_made, checked.counts.leads_made, checked.row_count) == (2, 3, 3)
    assert [row.description for row in checked.settings.made] == ["Demo", "Price"]  # type: ignore[union-attr]


def test_an_import_does_what_its_check_promised_and_says_so(ann: Database, tmp_path: Path) -> None:
    checked, run = load(ann, tmp_path, TEXT)
    assert leads(ann).keys() == {"Oven", "Hob", "Pan"}
    assert (run.customers_made, run.leads_made, run.settings_made, run.row_count) == (2, 3, 2, 3)
    assert (run.file_name, run.kind, run.source, run.actor_name) == ("file.csv", "leads", "sheet", ADMIN.name)
    actions = query(ann, "SELECT action, count(*) FROM change_log WHERE at_utc = $at GROUP BY 1", at=LATER)
    assert dict(actions) == {
        "phase_made": 1,
        "closing_reason_made": 1,
        "customer_imported": 2,
        "lead_imported": 3,
    }
    assert not checked.does_nothing
    assert load(ann, tmp_path, TEXT)[0].does_nothing


def test_the_good_rows_are_imported_without_the_refused_ones(ann: Database, tmp_path: Path) -> None:
    checked, run = load(ann, tmp_path, TEXT + "4;Dairy;Churn;;;;x\n")
    assert (checked.refused_count, run.refused_count, run.leads_made) == (1, 1, 3)
    assert [name for _, name in customers(ann)] == ["Acme", "Bakery"]


def test_two_clicks_import_once(ann: Database, tmp_path: Path) -> None:
    checked = check(ann, tmp_path, TEXT)
    run = run_import(ann, ADMIN, checked, LATER)
    before = everything(ann)
    assert run_import(ann, ADMIN, checked, LATER) == run
    assert everything(ann) == before


def test_two_threads_import_one_check_once(ann: Database, tmp_path: Path) -> None:
    checked, runs = check(ann, tmp_path, TEXT), []
    clicks = [
        threading.Thread(target=lambda: runs.append(run_import(ann, ADMIN, checked, LATER))) for _ in "ab"
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert len(runs) == 2
    assert runs[0] == runs[1]
    assert len(leads(ann)) == 3
    assert_sound(ann)


def test_two_people_who_import_the_same_file_at_once_import_it_once(ann: Database, tmp_path: Path) -> None:
    checks = [check(ann, tmp_path, TEXT) for _ in "ab"]
    done: list[ImportRun | CrmError] = []

    def go(number: int) -> None:
        try:
            done.append(run_import(ann, ADMIN, checks[number], LATER))
        except CrmError as error:
            done.append(error)

    threads = [threading.Thread(target=go, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(found).__name__ for found in done) == ["ImportRun", "Refused"]
    assert len(leads(ann)) == 3
    assert_sound(ann)


class Cut(BaseException):
    """As a rerun of the page ends a run."""


def test_cut_off_at_any_step_nothing_is_written(ann: Database, tmp_path: Path) -> None:
    load(ann, tmp_path, TEXT)
    checked = check(
        ann, tmp_path, TEXT.replace(";100", ";120").replace("Acme;Oven", "Acme;Stove") + "9;New;Pot;;;;\n"
    )
    shares: list[float] = []
    before = everything(ann)

    def cut_after(count: int) -> Callable[[float], None]:
        seen: list[float] = []

        def progress(share: float) -> None:
            seen.append(share)
            if len(seen) > count:
                raise Cut

        return progress

    for count in range(20):
        try:
            run_import(ann, ADMIN, checked, LATER, cut_after(count))
        except Cut:
            assert everything(ann) == before
            shares.append(count)
        else:
            break
    assert len(shares) >= 8
    assert_sound(ann)


def test_progress_grows_to_the_whole(ann: Database, tmp_path: Path) -> None:
    shares: list[float] = []
    run_import(ann, ADMIN, check(ann, tmp_path, TEXT), LATER, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


# Somebody changes something between check and import


def namesake(database: Database) -> None:
    customer(database, "ACME bv", "CUSTOMER")


def moved_lead(database: Database) -> None:
    lead = leads(database)["Kettle"]
    move_lead(database, ADMIN, lead.id, lead.version, phase(database, "LEAD-CALC").id, TYPED, LATER)


def saved_lead(database: Database) -> None:
    lead = leads(database)["Kettle"]
    save_lead(database, ADMIN, lead.id, lead.version, TYPED, LATER)


def archived_phase(database: Database) -> None:
    quote = phase(database, "LEAD-QUOTE")
    archive_phase(database, ADMIN, quote.id, quote.version, LATER)


def added_phase(database: Database) -> None:
    new_phase(database, "LEAD-DEMO")


def archived_reason(database: Database) -> None:
    won = reason(database)
    archive_closing_reason(database, ADMIN, won.id, won.version, LATER)


def archived_person(database: Database) -> None:
    ((ann_id, version),) = query(database, "SELECT id, version FROM person")
    archive_person(database, ADMIN, ann_id, version, LATER)


def added_type(database: Database) -> None:
    new_account_type(database, "DEALER")


@pytest.mark.parametrize(
    "happens",
    [
        namesake,
        moved_lead,
        saved_lead,
        archived_phase,
        added_phase,
        archived_reason,
        archived_person,
        added_type,
    ],
)
def test_what_was_promised_is_done_or_nothing(
    ann: Database, tmp_path: Path, happens: Callable[[Database], None]
) -> None:
    head = TEXT.splitlines()[0] + "\n"
    load(ann, tmp_path, head + "7;Kiosk;Kettle;Meeting;;;10\n")
    checked = check(ann, tmp_path, TEXT + "7;Kiosk;Kettle;Meeting;;;20\n")
    assert checked.counts.leads_changed == 1
    happens(ann)
    before = everything(ann)
    with pytest.raises(Refused, match="Check the file again"):
        run_import(ann, ADMIN, checked, LATER)
    assert everything(ann) == before
    assert_sound(ann)


def test_what_has_nothing_to_do_with_the_file_is_no_hindrance(ann: Database, tmp_path: Path) -> None:
    checked = check(ann, tmp_path, TEXT)
    customer(ann, "Elsewhere")
    run_import(ann, ADMIN, checked, LATER)
    assert [number for number, _ in customers(ann)] == ["C-00001", "C-00002", "C-00003"]
    assert_sound(ann)


def test_a_refused_row_does_not_change_its_customer(database: Database, tmp_path: Path) -> None:
    customer(database, "Acme", "CUSTOMER")
    before = everything(database)
    head = "customer_name;title;is_active;account_type\n"
    checked = check(database, tmp_path, head + "Acme;Oven;no;Lead\n")
    assert (checked.refused_count, checked.counts.customers_changed, checked.does_nothing) == (1, 0, True)
    load(database, tmp_path, head + "Acme;Oven;no;Lead\nBakery;Pan;;\n")
    assert query(database, "SELECT name, is_active FROM customer ORDER BY name") == [
        ("Acme", True),
        ("Bakery", True),
    ]
    assert everything(database) != before


def test_what_a_refused_row_said_is_news_again_once_it_is_good(database: Database, tmp_path: Path) -> None:
    customer(database, "Acme", "CUSTOMER")
    head = "lead_id;customer_name;city;title;status\n"
    load(database, tmp_path, head + "1;Acme;Delft;Oven;won\n")
    refused, _ = load(database, tmp_path, head + "2;Acme;Breda;Hob;\n3;Bakery;;Pan;\n")
    assert (len(reasons(refused)), refused.counts.customers_changed) == (1, 0)
    ours = get_customer(database, ADMIN, "C-00001")
    change_customer(
        database,
        ADMIN,
        ours.id,
        ours.version,
        draft_of(ours, account_type_id=account_type(database).id),
        LATER,
    )
    checked, _ = load(database, tmp_path, head + "2;Acme;Breda;Hob;\n")
    assert (checked.counts.customers_changed, checked.counts.leads_made) == (1, 1)
    assert query(database, "SELECT city FROM customer WHERE name = 'Acme'") == [("Breda",)]


def test_a_new_number_is_no_customer_while_its_lead_stays_with_another(
    database: Database, tmp_path: Path
) -> None:
    head = "lead_id;customer_number;customer_name;title\n"
    by_number = CustomerKey.NUMBER
    load(database, tmp_path, head + "1;K-1;Acme;Oven\n", customer_key=by_number)
    ours = get_customer(database, ADMIN, "K-1")
    change_customer(database, ADMIN, ours.id, ours.version, draft_of(ours, number="K-9"), LATER)
    checked, _ = load(
        database, tmp_path, head + "1;K-1;Bakery;Oven\n2;;Dairy;Churn\n", customer_key=by_number
    )
    assert (checked.counts.customers_made, checked.counts.leads_kept) == (1, 1)
    assert [name for _, name in customers(database)] == ["Dairy", "Acme"]


@pytest.mark.parametrize("number", ["C-999999999", "C-9999999999", "C-999999999999", "C-1000000000"])
def test_numbers_of_many_digits_do_not_stand_in_the_way_of_new_ones(
    database: Database, tmp_path: Path, number: str
) -> None:
    text = f"customer_number;customer_name\n{number};Acme\n;Bakery\n"
    load(database, tmp_path, text, Kind.CUSTOMERS)
    for names in ("Dairy\nEgghouse\n", "Fishery\n", "Grocery\n"):
        load(database, tmp_path, "customer_name\n" + names, Kind.CUSTOMERS)
    numbers = [found for found, _ in customers(database)]
    assert len({found.lower() for found in numbers}) == 6
    assert ("C-00001" in numbers) == (number != "C-999999999")


def test_numbers_beyond_nine_digits_that_somebody_has_are_passed_over(
    database: Database, tmp_path: Path
) -> None:
    customer(database, "Acme", number="C-999999999")
    customer(database, "Bakery", number="c-1000000001")
    text = "customer_number;customer_name\n;Dairy\nC-1000000002;Egghouse\n;Fishery\n"
    load(database, tmp_path, text, Kind.CUSTOMERS)
    assert [number for number, _ in customers(database)] == [
        "C-1000000000",
        "C-1000000002",
        "C-1000000003",
        "C-999999999",
        "c-1000000001",
    ]


# Who may


def test_people_are_made_by_an_administrator_only(database: Database, tmp_path: Path) -> None:
    text = "customer_name;title;lead_owner\nAcme;Oven;Bo\n"
    with pytest.raises(Refused, match="Only an administrator can add people"):
        check(database, tmp_path, text, actor=MANAGER)
    person(database)
    checked = check(database, tmp_path, text.replace("Bo", "Ann"), actor=MANAGER)
    assert run_import(database, MANAGER, checked, LATER).leads_made == 1


# A mapping that can't be


@pytest.mark.parametrize(
    ("text", "kind", "decided", "sentence"),
    [
        ("title\nOven\n", Kind.LEADS, {}, "No column holds the customer's name"),
        ("customer_name;title\nA;B\n", Kind.HISTORY, {}, "A history needs a column with the lead's key"),
        ("customer_name;title\nA;B\n", Kind.LEADS, {"account_type": "CUSTOMER"}, "Customer has no funnel"),
        ("customer_name;title\nA;B\n", Kind.LEADS, {"account_type": "NONE"}, "no account type NONE"),
        ("customer_name;title\n", Kind.LEADS, {}, "nothing to import"),
    ],
)
def test_a_mapping_that_fits_no_row_is_refused(
    database: Database, tmp_path: Path, text: str, kind: Kind, decided: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        check(database, tmp_path, text, kind, **decided)


def test_a_column_that_is_not_there_is_named(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = {"customer_name": "customer_name", "Lost": "title"}
    with pytest.raises(Refused, match="The file has no column Lost"):
        check(database, tmp_path, "customer_name\nA\n", columns=columns)


def test_too_many_changes_and_too_long_histories_are_refused(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "lead_id;customer_name;title;phase\n1;A;Oven;Call\n2;A;Hob;Call\n"
    load(database, tmp_path, text)
    monkeypatch.setattr(planning, "MOST_CHANGES", 1)
    with pytest.raises(Refused, match="more than 1 rows"):
        check(database, tmp_path, text.replace("Call", "Quote"))
    monkeypatch.setattr(imports, "LONGEST_HISTORY", 1)
    with pytest.raises(Refused, match="at most 1 rows"):
        check(database, tmp_path, text, Kind.HISTORY)


def test_only_so_many_problems_are_listed_and_all_are_counted(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_PROBLEMS", 2)
    customer(database, "Off", is_active=False)
    checked = check(database, tmp_path, "customer_name;title;score\n" + "Off;x;\nOff;x;101\n" * 3)
    assert (len(checked.problems), checked.refused_count) == (2, 6)
    assert [line for line, _, _ in reasons(checked)] == sorted(line for line, _, _ in reasons(checked))


def test_rows_are_checked_in_batches_of_any_number(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmplus.exchange.staging._ROWS_A_BATCH", 3)
    text = "customer_name;title\n" + "".join(f"A{n % 5};T{n}\n" for n in range(10))
    checked, _ = load(database, tmp_path, text)
    assert (checked.counts.customers_made, checked.counts.leads_made) == (5, 10)


def test_the_scratch_folder_goes_with_the_check(database: Database, tmp_path: Path) -> None:
    checked = check(database, tmp_path, "customer_name\nA\n", Kind.CUSTOMERS)
    folder = checked.folder.path
    assert folder.is_dir()
    del checked
    assert not folder.exists()


def test_a_mapping_for_one_file_is_used_for_the_next(database: Database, tmp_path: Path) -> None:
    """New names in it have no meaning yet: their rows are refused, the others are imported."""
    mapping: ImportMapping = replace(mapping_of("customer_name;phase", Kind.LEADS), values=VALUES)
    checked = check(
        database, tmp_path, "customer_name;phase\nA;Quote\nB;Unheard of\n", columns=mapping.columns
    )
    assert [line for line, _, _ in reasons(checked)] == [3]
    assert LATER - timedelta(days=1) < checked.at


def test_what_is_imported_is_found_by_what_it_holds(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, "customer_name;customer_number;city\nAcmé;É-1;Überlingen\nBäckerei;;Zürich\n")
    with database.read(EVERYTHING) as connection:
        assert rows_searched_otherwise(connection) == []
