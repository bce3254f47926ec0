"""The import page, from a file to what became of it."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from crmplus.exchange.detect import detect
from crmplus.exchange.fields import Kind
from crmplus.exchange.mapping import Action, Choice
from crmplus.exchange.mappings import list_mappings
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.source import open_source
from crmplus.exchange.undo import list_imports, undo_import
from crmplus.services.account_types import archive_account_type
from crmplus.services.customers import CustomerQuery, list_customers
from crmplus.services.people import list_people
from crmplus.store.database import the_database
from crmplus.ui.import_draft import ImportDraft, Step
from tests.pages.visit import Visit, choose, seen
from tests.world import ADMIN, NASTY_TEXTS, account_type, customer

CUSTOMERS = "Name,City,E-mail\nAcme,Utrecht,info@acme.nl\nBolt,Delft,\n"
LEADS = (
    "Deal id,Company,Deal name,Stage,Amount,Deal owner\n"
    "1,Acme,Oven,Meeting,1000,Ann\n"
    "2,Bolt,Press,Demo given,2500,Cor\n"
    "3,,Mill,Won,50,Cor\n"
)


def upload(at: AppTest, content: str | bytes, name: str = "deals.csv") -> AppTest:
    data = content.encode() if isinstance(content, str) else content
    at.file_uploader[0].set_value((name, data, "text/csv")).run()
    assert not at.exception
    return at


def draft(at: AppTest) -> ImportDraft:
    found: ImportDraft = at.session_state["import"]
    return found


def key(at: AppTest, name: str) -> str:
    """The key of a widget in English."""
    return f"import-{draft(at).turn}-en-{name}"


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def go_on(at: AppTest, *steps: Step) -> AppTest:
    """Press Next; arrive at these steps, one after the other."""
    for step in steps:
        press(at, f"import-next-{int(draft(at).step)}")
        assert draft(at).step is step, seen(at)
    return at


def customers() -> dict[str, str]:
    """Name to account type."""
    rows, _ = list_customers(the_database(), ADMIN, CustomerQuery(), 1_000)
    return {row.name: row.account_type for row in rows}


def test_customers_go_from_the_file_to_the_list(empty: Visit) -> None:
    at = upload(empty("import_data"), CUSTOMERS)
    assert draft(at).step is Step.READING
    assert "comma" in seen(at) and "Utrecht" in seen(at)
    go_on(at, Step.COLUMNS)
    assert "3 columns are recognised." in seen(at)
    next(box for box in at.checkbox if box.label.startswith("Start a lead")).check().run()
    go_on(at, Step.CHECK)  # no names of settings, so no values to ask about
    assert "2 rows, ready to import" in seen(at)
    assert customers() == {}
    press(at, "import-now")
    assert draft(at).step is Step.RESULT
    assert "2 customers made" in seen(at) and "2 leads made" in seen(at)
    assert customers() == {"Acme": "Lead", "Bolt": "Lead"}


def test_the_same_file_again_says_nothing_new(empty: Visit) -> None:
    at = empty("import_data")
    for _ in range(2):
        go_on(upload(at, CUSTOMERS), Step.COLUMNS, Step.CHECK)
        if "import-now" in [button.key for button in at.button]:
            press(press(at, "import-now"), "import-another")
    assert "2 rows, and they say nothing new" in seen(at)
    assert "import-now" not in [button.key for button in at.button]
    assert len(list_imports(the_database(), ADMIN)) == 1


@pytest.mark.parametrize("language, sentence", [("en", "This is a PDF"), ("nl", "Dit is een pdf")])
def test_a_file_that_is_no_table_is_refused_with_what_it_is(
    empty: Visit, language: str, sentence: str
) -> None:
    at = upload(empty("import_data", language=language), b"%PDF-1.7 content", "deals.csv")
    assert draft(at).step is Step.FILE
    assert sentence in at.error[0].value


def test_a_file_that_breaks_off_far_below_is_refused_before_its_columns(empty: Visit) -> None:
    rows = "".join(f"Acme {number},Delft\n" for number in range(3_000))
    at = upload(empty("import_data"), f'Name,City\n{rows}"never closed,x\n')
    press(at, "import-next-2")
    assert draft(at).step is Step.READING
    assert "A quote that opens in line 3,002 is never closed" in seen(at)


def test_another_separator_reads_the_file_anew_and_can_be_changed_back(empty: Visit) -> None:
    at = upload(empty("import_data"), CUSTOMERS)
    at.session_state["import-reading-settings"] = True
    at.run()
    choose(at, "Separator", "tab")
    assert draft(at).reading.delimiter == "\t"
    assert "Acme,Utrecht,info@acme.nl" in seen(at)
    choose(at, "Encoding", "UTF-16")
    assert at.error and at.button(key="import-next-2").disabled
    choose(at, "Encoding", "UTF-8")
    choose(at, "Separator", "comma (,)")
    assert not at.error
    assert draft(at).reading.header_row == 1
    go_on(at, Step.COLUMNS)
    assert draft(at).names == ["Name", "City", "E-mail"]


def test_a_sheet_of_a_workbook_is_chosen_by_name(empty: Visit) -> None:
    book = openpyxl.Workbook()
    book.active.append(["note"])
    book.create_sheet("日本").append(["Name", "City"])
    book["日本"].append(["Acme", "Delft"])
    file = io.BytesIO()
    book.save(file)
    at = upload(empty("import_data"), file.getvalue(), "book.xlsx")
    at.session_state["import-reading-settings"] = True
    at.run()
    choose(at, "Sheet", "日本")
    go_on(at, Step.COLUMNS, Step.CHECK)
    assert "1 row, ready to import" in seen(at)


def test_a_field_claimed_twice_stops_the_way_on_and_says_where(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), CUSTOMERS), Step.COLUMNS)
    choose(at, "What City is", "E-mail")
    assert "E-mail is that already; choose one." in seen(at)
    assert "City is that already; choose one." in seen(at)
    assert at.button(key="import-next-3").disabled
    choose(at, "What City is", "– leave out –")
    assert "1 column is left out: City." in seen(at)
    assert not at.button(key="import-next-3").disabled


def test_without_a_column_of_names_the_way_on_is_closed(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), "x,y\n1,2\n"), Step.COLUMNS)
    assert "No column holds the customer's name. Choose which one does." in seen(at)
    assert at.button(key="import-next-3").disabled


def test_going_back_and_to_another_page_loses_no_decision(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), LEADS), Step.COLUMNS)
    choose(at, "What Deal name is", "Lead: Note")
    at.radio(key=key(at, "has-placeholder")).set_value(True).run()
    at.text_input(key=key(at, "placeholder")).set_value("Nobody").run()
    go_on(at, Step.VALUES)
    choose(at, "What Demo given is", "Send quote")
    press(at, "import-back-4")
    press(at, "import-back-3")
    go_on(at, Step.COLUMNS)
    at.switch_page("pages/customers.py").run()
    at.switch_page("pages/import_data.py").run()
    assert draft(at).step is Step.COLUMNS
    assert next(box.value for box in at.selectbox if box.label == "What Deal name is") == "note"
    assert at.text_input(key=key(at, "placeholder")).value == "Nobody"
    go_on(at, Step.VALUES)
    box = next(box for box in at.selectbox if box.label == "What Demo given is")
    assert box.value == Choice(Action.USE, "LEAD-QUOTE")


def test_rows_without_a_customer_are_pointed_out_and_refused_unless_one_takes_them(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), LEADS), Step.COLUMNS)
    assert "1 row names no customer." in seen(at)
    go_on(at, Step.VALUES, Step.CHECK)
    assert "This row names no customer." in seen(at)
    assert at.button(key="import-now").label == "Import the 2 good rows"
    press(press(at, "import-back-5"), "import-back-4")
    at.radio(key=key(at, "has-placeholder")).set_value(True).run()
    go_on(at, Step.VALUES, Step.CHECK)
    assert "3 rows, ready to import" in seen(at)
    press(at, "import-now")
    assert set(customers()) == {"Acme", "Bolt", "Unknown customer"}


def test_names_are_proposed_and_can_be_told_otherwise(small: Visit) -> None:
    at = go_on(upload(small("import_data"), LEADS), Step.COLUMNS, Step.VALUES)
    assert draft(at).values["phase"] == {
        "Meeting": Choice(Action.USE, "LEAD-MEETING"),
        "Demo given": Choice(Action.MAKE),
        "Won": Choice(Action.USE, "LEAD-CLOSED", "WON"),
    }
    assert "2 names: 1 is here, 1 will be made" in seen(at)
    at.radio(key=key(at, "people-lead_owner-1-1")).set_value(Action.EMPTY).run()
    assert "2 names: 1 is here, 1 is left empty" in seen(at)
    choose(at, "What Demo given is", "× refuse these rows")
    go_on(at, Step.CHECK)
    assert "Rows with this value are refused" in seen(at)
    assert not draft(at).check.settings.made  # type: ignore[union-attr]


def test_what_folded_reasons_count_as_is_said(empty: Visit) -> None:
    reasons = [*(f"Too late {number}" for number in range(13)), "Won by referral", "Duplicate lead"]
    rows = "".join(f"{number},Acme {number},Call,{name}\n" for number, name in enumerate(reasons))
    at = go_on(
        upload(empty("import_data"), f"Deal id,Company,Stage,Closing reason\n{rows}"),
        Step.COLUMNS,
        Step.VALUES,
    )
    assert "15 will be made (1 won, 13 lost, 1 neither)" in seen(at).replace("\\", "")
    assert "Will be made as won: Won by referral" in seen(at)
    assert "Too late 7, and 5 more" in seen(at)


def test_names_with_unclear_outcomes_stand_out_of_the_fold(empty: Visit) -> None:
    names = [*(f"Waiting {number}" for number in range(13)), "Order cancelled", "Won", "Lost"]
    rows = "".join(f"{number},Acme {number},{name}\n" for number, name in enumerate(names))
    at = go_on(upload(empty("import_data"), f"Deal id,Company,Stage\n{rows}"), Step.COLUMNS, Step.VALUES)
    assert "15 names: 2 are here, 13 will be made" in seen(at)
    assert "Order cancelled" in seen(at)


def test_a_closing_without_a_reason_asks_for_one_and_keeps_the_answer(empty: Visit) -> None:
    content = "Deal id,Company,Stage\n1,Acme,Closed\n"
    at = go_on(upload(empty("import_data"), content), Step.COLUMNS, Step.VALUES)
    assert "Until you choose, its rows are refused." in seen(at)
    choose(at, "What Closed is", "Closed: Lost")
    at.run()
    assert "Until you choose" not in seen(at)
    assert draft(at).values["phase"]["Closed"] == Choice(Action.USE, "LEAD-CLOSED", "LOST")
    go_on(at, Step.CHECK)
    assert "1 row, ready to import" in seen(at)


@pytest.mark.parametrize(
    "name, column, source",
    [
        ("contacts (2).csv", "id", "contacts id"),
        ("contacts-2026-03-01.csv", "ID", "contacts ID"),
        ("deals.csv", "Deal id", "Deal id"),
    ],
)
def test_ids_are_those_of_a_system_with_a_name_of_its_own(
    empty: Visit, name: str, column: str, source: str
) -> None:
    """Two systems that both call theirs "id" don't mean the same customers."""
    content = f"{column},Company,Stage\n1,Acme,Meeting\n"
    at = go_on(upload(empty("import_data"), content, name), Step.COLUMNS)
    assert draft(at).mapping().source == source


@pytest.mark.parametrize(
    "content",
    [
        CUSTOMERS,
        LEADS,
        "Deal ID,Customer ID,Customer name,Deal name,Stage,Deal status,Lost reason\n"
        "7,1,Acme,Oven,Call,Closed,Competitor\n8,2,Bakery,Pan,Meeting,Open,\n",
        "First Name,Last Name,Company,Email,Lead Status,Notes\nJan,Smit,Acme,j@a.nl,Open,hi\n",
        "id,Company,Stage,Phase entered\n1,Acme,Call,2026-01-01\n1,Acme,Meeting,2026-02-01\n",
        "id,Company,Stage,Phase entered\n,Acme,Call,2026-01-01\n,Bakery,Meeting,2026-02-01\n",
        "Customer number,Company,Account type\nK1,Acme,Partner\n",
    ],
    ids=["customers", "leads", "closed status", "people", "history", "blank ids", "numbers"],
)
def test_the_browser_proposes_what_the_command_line_does(empty: Visit, tmp_path: Path, content: str) -> None:
    at = go_on(upload(empty("import_data"), content), Step.COLUMNS)
    if draft(at).has_values:
        go_on(at, Step.VALUES)
    (tmp_path / "deals.csv").write_text(content)
    source = open_source(tmp_path / "deals.csv", "deals.csv")
    assert draft(at).mapping() == propose_mapping(the_database(), ADMIN, source, detect(source).reading)


def test_files_of_one_system_share_the_name_of_its_customers_ids(empty: Visit) -> None:
    found = set()
    for columns in ("Customer ID,Customer name,City", "Deal ID,Customer ID,Customer name"):
        at = go_on(upload(empty("import_data"), f"{columns}\n1,2,3\n"), Step.COLUMNS)
        found.add(draft(at).mapping().source)
    assert found == {"Customer ID"}


def test_a_manager_makes_no_people(small: Visit) -> None:
    at = go_on(upload(small("import_data", working_as="Mia"), LEADS), Step.COLUMNS, Step.VALUES)
    assert "2 names: 1 is here, 1 is left empty" in seen(at)
    assert "make them" not in seen(at)
    go_on(at, Step.CHECK)
    assert "Import the 2 good rows" in [button.label for button in at.button]


def test_decisions_are_kept_by_name_and_offered_for_a_file_with_the_same_columns(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), LEADS), Step.COLUMNS, Step.VALUES)
    choose(at, "What Demo given is", "Send quote")
    go_on(at, Step.CHECK)
    at.text_input(key=key(at, "saved-name")).set_value("Pipedrive").run()
    press(at, "import-keep")
    saved = list_mappings(the_database(), ADMIN)[0]
    assert saved.name == "Pipedrive"

    at = empty("import_data")
    go_on(upload(at, LEADS.replace("Demo given", "Offer")), Step.COLUMNS)
    choose(at, "What Amount is", "– leave out –")
    press(at, f"import-use-{saved.id}")
    assert "are used." in seen(at)
    assert draft(at).columns["Amount"] == "expected_value"
    assert draft(at).values["phase"]["Demo given"] == Choice(Action.USE, "LEAD-QUOTE")
    press(at, f"import-forget-{saved.id}")
    assert list_mappings(the_database(), ADMIN) == []


def test_decisions_without_a_name_are_not_kept(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), CUSTOMERS), Step.COLUMNS, Step.CHECK)
    at.text_input(key=key(at, "saved-name")).set_value(" ").run()
    press(at, "import-keep")
    assert "Fill this in" in seen(at)
    assert list_mappings(the_database(), ADMIN) == []


def test_a_promise_that_no_longer_holds_is_not_kept_and_can_be_made_again(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), CUSTOMERS), Step.COLUMNS, Step.CHECK)
    customer(the_database(), "Acme")
    press(at, "import-now")
    assert draft(at).step is Step.CHECK
    assert "Check the file again, then import." in seen(at)
    press(at, "import-check-again")
    assert at.metric[0].delta == "1 changed, 0 left alone"
    press(at, "import-now")
    assert draft(at).step is Step.RESULT


def test_what_changes_is_shown_with_before_and_after(empty: Visit) -> None:
    at = empty("import_data")
    go_on(upload(at, CUSTOMERS), Step.COLUMNS, Step.CHECK)
    press(press(at, "import-now"), "import-another")
    go_on(upload(at, CUSTOMERS.replace("Delft", "Leiden")), Step.COLUMNS, Step.CHECK)
    assert "1 change of what is here already" in seen(at)
    table = at.dataframe[0].value
    assert list(table.iloc[0]) == [3, "Bolt", "City", "Delft", "Leiden"]


def test_a_lead_that_moves_is_shown_with_its_phases(empty: Visit) -> None:
    at = empty("import_data")
    for stage in ("Meeting", "Send quote"):
        content = f"Deal id,Company,Deal name,Stage,Note\n1,Acme,Oven,{stage},about {stage}\n"
        go_on(upload(at, content), Step.COLUMNS, Step.VALUES, Step.CHECK)
        if stage == "Meeting":
            press(press(at, "import-now"), "import-another")
    rows = {row.field: (row.before, row.after) for row in at.dataframe[0].value.itertuples()}
    assert rows["Phase"] == ("Meeting", "Send quote")
    assert rows["Note"] == ("about Meeting", "about Send quote")


def test_leads_without_a_ready_funnel_are_sent_to_the_lead_phases(empty: Visit) -> None:
    at = empty("import_data")
    for code in ("LEAD", "PROSPECT"):
        row = account_type(the_database(), code)
        archive_account_type(the_database(), ADMIN, row.id, row.version, datetime.now(UTC))
    go_on(upload(at, LEADS), Step.COLUMNS)
    assert "no account type has one that is ready" in seen(at)
    assert at.button(key="import-next-3").disabled


def test_a_cancelled_import_leaves_nothing(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), CUSTOMERS), Step.COLUMNS, Step.CHECK)
    draft(at).is_importing = True  # a run that was left a while ago
    at.run()
    assert draft(at).step is Step.CHECK and not draft(at).is_importing
    assert customers() == {}
    assert "import-now" in [button.key for button in at.button]


def test_a_run_that_a_second_click_broke_off_goes_on(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), CUSTOMERS), Step.COLUMNS, Step.CHECK)
    draft(at).is_importing = True
    draft(at).last_progress = datetime.now(UTC) + timedelta(days=1)
    at.run()
    assert draft(at).step is Step.RESULT
    assert len(list_imports(the_database(), ADMIN)) == 1


def test_the_uploaded_file_goes_with_the_import(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), CUSTOMERS), Step.COLUMNS, Step.CHECK)
    kept = draft(at).contents
    assert kept is not None
    upload_at, check = kept.source.path, draft(at).check
    assert check is not None
    rows_at = check.folder.path
    assert upload_at.exists() and rows_at.exists()
    press(press(at, "import-now"), "import-another")
    assert not upload_at.exists() and not rows_at.exists()


def test_nasty_names_show_as_typed(empty: Visit) -> None:
    head = ",".join(f'"{text}"' for text in NASTY_TEXTS)
    cells = ",".join("x" * 10_000 for _ in NASTY_TEXTS)
    at = upload(empty("import_data"), f"{head},Stage,Customer name\n{cells},*Open*,Acme\n", "*a* $b$ <i>.csv")
    assert "*a* $b$ <i>.csv" in seen(at)
    go_on(at, Step.COLUMNS)
    assert "**\\*bold\\* \\$x\\$ \\<img src\\=x\\>**" in [each.value for each in at.markdown]
    go_on(at, Step.VALUES, Step.CHECK)
    assert max(len(each.value) for each in at.markdown) < 500


def test_a_history_needs_ids_and_phases(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), CUSTOMERS), Step.COLUMNS)
    at.radio(key=key(at, "kind")).set_value(Kind.HISTORY).run()
    assert "A history needs a column with the lead's key" in seen(at)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_step_draws_in_both_languages(small: Visit, language: str) -> None:
    at = upload(small("import_data", language=language), LEADS)
    go_on(at, Step.COLUMNS, Step.VALUES, Step.CHECK)
    press(at, "import-now")
    assert draft(at).step is Step.RESULT
    press(at, "import-another")
    assert "deals.csv" in seen(at)


@pytest.mark.parametrize(("working_as", "who"), [("", "by the local administrator"), ("Mia", "by Mia")])
def test_an_import_says_who_made_it(small: Visit, working_as: str, who: str) -> None:
    at = go_on(upload(small("import_data", working_as=working_as), CUSTOMERS), Step.COLUMNS, Step.CHECK)
    press(press(at, "import-now"), "import-another")
    assert who in seen(at)


def test_the_question_before_an_undo_says_that_settings_and_people_go(empty: Visit) -> None:
    at = go_on(upload(empty("import_data"), LEADS), Step.COLUMNS, Step.VALUES, Step.CHECK)
    press(at, "import-now")
    press(at, "import-undo-result")
    sentence = "Settings and people that it made are removed, unless something uses them\\."
    assert sentence in [each.value for each in at.markdown]
    undo_import(the_database(), ADMIN, list_imports(the_database(), ADMIN)[0].id, datetime.now(UTC))
    assert list_people(the_database(), ADMIN, with_archived=True) == []


@pytest.mark.parametrize("name", ["Ann", "Vic"])
def test_who_may_not_configure_never_gets_here(small: Visit, name: str) -> None:
    at = small("import_data", working_as=name)
    assert not at.file_uploader
