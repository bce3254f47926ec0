"""What real exports do that would spoil a first try: each is taken as it is meant, and said."""

from decimal import Decimal
from pathlib import Path

import pytest

from crmplus.domain.errors import Refused
from crmplus.exchange.fields import Kind
from crmplus.exchange.imports import Check, check_file
from crmplus.exchange.mapping import Action, Choice, ImportMapping
from crmplus.exchange.phones import first_phone
from crmplus.exchange.problems import (
    CONTACT_AS_NAME,
    LINES_JOINED,
    MORE_THAN_A_NUMBER,
    NAMESAKES,
    PLACEHOLDER,
    REPEATED,
)
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import open_source
from crmplus.store.database import Database
from tests.exchange.importing import import_file
from tests.world import ADMIN, NOW, everything, query


def imported(database: Database, folder: Path, text: str) -> Check:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return import_file(database, path)


def said(check: Check) -> dict[str, tuple[int, int]]:
    """The notes: how many rows each is about, and the first line."""
    return {str(note.message): (note.count, note.first_line) for note in check.notes}


# Cells


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("", ""),
        ("030-2345678", "030-2345678"),
        ("030-2345678 / 06-12345678", "030-2345678 / 06-12345678"),
        ("030-2345678 (kantoor), 06-12345678 (Jan), 06-87654321 (Piet)", "030-2345678 (kantoor)"),
        ("06-12345678;030-2345678;030-2345679;030-2345680;030-2345681", "06-12345678"),
        ('[{"label": "work", "value": "5454445454"}, {"value": "1"}]', "5454445454"),
        ('{"id": 1, "work": {"value": 5454445454}}', "5454445454"),
        ("[]", ""),
        ("[030-2345678", "[030-2345678"),
        ("[" * 5000, ""),
        ("please do not call before ten in the morning, nor after five", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_of_a_cell_with_more_than_a_phone_number_the_first_is_kept(cell: str, number: str | None) -> None:
    assert first_phone(cell) == (cell if number is None else number)


def test_a_cut_phone_cell_is_said(database: Database, tmp_path: Path) -> None:
    text = 'name,phone\nAcme,"[{""value"": ""030-2345678""}]"\nBakery, 030-1 \nSmith,-\n'
    check = imported(database, tmp_path, text)
    assert said(check) == {str(MORE_THAN_A_NUMBER): (1, 2)}
    phones = query(database, "SELECT phone FROM customer ORDER BY name")
    assert phones == [("030-2345678",), ("030-1",), ("",)]


def test_a_phone_cell_that_is_no_number_and_too_long_is_refused(database: Database, tmp_path: Path) -> None:
    check = imported(database, tmp_path, f"name,phone\nAcme,{'call me ' * 8}\nBakery,1\n")
    (problem,) = check.problems
    assert (problem.line, problem.column) == (2, "phone")
    assert str(problem.reason) == "At most 50 characters; this has 63."


def test_line_breaks_in_a_cell_for_one_line_are_spaces_and_remarks_keep_them(
    database: Database, tmp_path: Path
) -> None:
    text = 'name,street,remark\n"Acme\r\nHolding","Kade 1\n\tachter ","one\ntwo"\nBakery,Dam 1,\n'
    check = imported(database, tmp_path, text)
    assert said(check) == {str(LINES_JOINED): (2, 2)}
    rows = query(database, "SELECT name, street, remark FROM customer ORDER BY name")
    assert rows == [("Acme Holding", "Kade 1 achter", "one\ntwo"), ("Bakery", "Dam 1", "")]


def test_other_control_characters_are_refused(database: Database, tmp_path: Path) -> None:
    check = imported(database, tmp_path, "name,city\nAc\x07me,Utrecht\nBakery,Delft\n")
    assert [(problem.line, problem.column) for problem in check.problems] == [(2, "name")]


def test_a_dash_is_no_address_and_no_mistake(database: Database, tmp_path: Path) -> None:
    check = imported(database, tmp_path, "name,email\nAcme,-\nBakery,b@bakery.example\nSmith,n.a.\n")
    assert [(problem.line, problem.value) for problem in check.problems] == [(4, "n.a.")]
    assert query(database, "SELECT email FROM customer ORDER BY name") == [("",), ("b@bakery.example",)]


# Rows


def test_a_row_that_says_the_same_again_is_imported_once_and_said(database: Database, tmp_path: Path) -> None:
    check = imported(
        database, tmp_path, "name,city\nAcme,Utrecht\nBakery,Delft\nAcme,Utrecht\nAcme,Utrecht\n"
    )
    assert said(check) == {str(REPEATED): (2, 4)}
    assert (check.row_count, check.refused_count, check.counts.customers_made) == (4, 0, 2)


def test_a_row_that_says_otherwise_of_the_same_customer_is_refused(
    database: Database, tmp_path: Path
) -> None:
    check = imported(database, tmp_path, "name,city\nAcme,Utrecht\nAcme,Delft\nACME B.V.,Utrecht\n")
    assert [problem.line for problem in check.problems] == [3, 4]
    assert str(check.problems[0].reason) == (
        "This customer stands on line 2 already, with other details. "
        "Tell the two apart by name or number, or leave one out."
    )
    assert check.counts.customers_made == 1


def test_a_person_without_a_company_is_a_customer(database: Database, tmp_path: Path) -> None:
    text = (
        "Company Name,Contact Name,Opportunity,Expected Revenue\nAcme,Jan,One,10\n,Piet,Two,20\n,,Three,30\n"
    )
    check = imported(database, tmp_path, text)
    assert said(check)[str(CONTACT_AS_NAME)] == (1, 3)
    assert str(PLACEHOLDER) not in said(check)
    assert [(problem.line, str(problem.reason)) for problem in check.problems] == [
        (4, "This row names no customer.")
    ]
    assert query(database, "SELECT name, contact FROM customer ORDER BY name") == [
        ("Acme", "Jan"),
        ("Piet", "Piet"),
    ]


def test_a_row_of_another_width_says_both_numbers(database: Database, tmp_path: Path) -> None:
    rows = ["Acme,Utrecht", "Bakery,Delft", "Dairy,Breda", "Depot", "Smith,Delft,", "Jones,Delft,more"]
    check = imported(database, tmp_path, "\n".join(["name,city", *rows]))
    assert [(problem.line, str(problem.reason).split(".")[0]) for problem in check.problems] == [
        (5, "The header has 2 columns, and this row has 1"),
        (7, "The header has 2 columns, and this row has 3"),
    ]
    assert check.counts.customers_made == 4


def test_a_header_alone_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No rows stand below the header"):
        imported(database, tmp_path, "name,city\n")


# What columns and names mean


def test_a_closing_date_alone_makes_no_list_of_leads(database: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No column holds the customer's name"):
        imported(database, tmp_path, "Bank,City,Closing Date\nFirst,Utrecht,3-Nov-23\nNext,Delft,4-Nov-23\n")
    check = imported(
        database, tmp_path, "Name,City,Closing Date\nFirst,Utrecht,3-Nov-23\nNext,Delft,4-Nov-23\n"
    )
    assert check.mapping.kind is Kind.LEADS


def test_a_list_of_people_with_a_lead_status_is_one_of_customers(database: Database, tmp_path: Path) -> None:
    header = "Record ID,First Name,Last Name,Email,Contact owner,Lead Status,Create Date,Associated Company"
    rows = ["1,Maria,Vos,m@vos.example,,,2025-01-02,", "2,Brian,Bos,,Ann,Open deal,2025-01-02,Acme"]
    check = imported(database, tmp_path, "\n".join([header, *rows]))
    assert check.mapping.kind is Kind.CUSTOMERS
    assert check.mapping.columns["Record ID"] == "customer_id"
    assert query(database, "SELECT name, contact FROM customer ORDER BY name") == [
        ("Acme", "Brian Bos"),
        ("Maria Vos", "Maria Vos"),
    ]


def test_files_of_customers_and_of_their_leads_name_the_same_customers(
    database: Database, tmp_path: Path
) -> None:
    customers = imported(database, tmp_path, "Customer ID,Customer name,City\n1,Acme,Delft\n2,Acme,Breda\n")
    leads = imported(
        database, tmp_path, "Deal ID,Customer ID,Customer name,Deal name\n7,1,Acme,Oven\n8,2,Acme,Pan\n"
    )
    assert customers.mapping.source == leads.mapping.source == "Customer ID"
    assert (leads.counts.customers_made, leads.counts.leads_made) == (0, 2)


def test_an_id_with_no_more_name_than_that_is_of_the_file(database: Database, tmp_path: Path) -> None:
    assert imported(database, tmp_path, "id,Company\n1,Acme\n").mapping.source == "file id"


def test_a_list_of_people_with_owners_of_leads_is_one_of_leads(database: Database, tmp_path: Path) -> None:
    header = "First Name,Last Name,Company,Lead Owner,Lead Status,Created Date"
    check = imported(
        database, tmp_path, f"{header}\nMaria,Vos,Acme,Ann,New,1/31/2025\nJan,Bos,Beta,Ann,New,2/1/2025\n"
    )
    assert check.mapping.kind is Kind.LEADS
    assert query(database, "SELECT count(*) FROM lead") == [(2,)]


def test_a_closing_phase_with_words_around_its_reason_is_understood(
    database: Database, tmp_path: Path
) -> None:
    stages = [
        "Closed Lost to Competition",
        "Closed - no budget, lost",
        "Closed and won",
        "Closed",
        "Closed, not won",
    ]
    rows = [f"Deal {n};Acme;{stage};10" for n, stage in enumerate(stages)]
    check = imported(database, tmp_path, "\n".join(["Deal Name;Account Name;Stage;Amount", *rows]))
    found = (
        "SELECT title, code FROM lead JOIN closing_reason ON closing_reason.id = closing_reason_id ORDER BY 1"
    )
    assert query(database, found) == [("Deal 0", "COMPETITOR"), ("Deal 1", "LOST"), ("Deal 2", "WON")]
    assert [problem.value for problem in check.problems] == ["Closed", "Closed, not won"]


def test_a_stage_with_its_pipeline_behind_it_is_understood(database: Database, tmp_path: Path) -> None:
    text = (
        "Record ID,Deal Name,Deal Stage,Amount,Close Date,Associated Company\n"
        "1,One,Closed Won (Sales Pipeline),1200,2025-02-28 17:00,Acme\n"
        "2,Two,Closed Lost (Sales Pipeline),,2025-03-28 17:00,Acme\n"
        "3,Three,Appointment Scheduled (Sales Pipeline),10.5,,Beta\n"
    )
    check = imported(database, tmp_path, text)
    assert check.refused_count == 0
    assert query(
        database,
        "SELECT title, phase.code, closing_reason.code, expected_value FROM lead "
        "JOIN phase ON phase.id = phase_id LEFT JOIN closing_reason ON closing_reason.id = closing_reason_id "
        "ORDER BY title",
    ) == [
        ("One", "LEAD-CLOSED", "WON", Decimal("1200.00")),
        ("Three", "LEAD-CALL", None, Decimal("10.50")),
        ("Two", "LEAD-CLOSED", "LOST", None),
    ]


@pytest.mark.parametrize("field", ["account_type", "customer_owner"])
def test_a_name_too_long_for_what_it_would_make_refuses_its_rows(
    database: Database, tmp_path: Path, field: str
) -> None:
    before = everything(database)
    name = "Very " * 40 + "long"
    (tmp_path / "file.csv").write_text(f"Name,Of\nAcme,{name}\nBakery,\n")
    mapping = ImportMapping(
        Kind.CUSTOMERS,
        {"Name": "customer_name", "Of": field},
        "LEAD",
        values={field: {name: Choice(Action.MAKE)}},
    )
    source = open_source(tmp_path / "file.csv", "file.csv")
    check = check_file(database, ADMIN, source, Reading(), mapping, NOW)
    assert [(problem.line, problem.column) for problem in check.problems] == [(2, "Of")]
    assert "At most" in str(check.problems[0].reason)
    assert check.settings.made == []
    assert everything(database) == before


@pytest.mark.parametrize(
    ("cells", "scores"),
    [
        (["1.0", "0.8", "0", "0,25", "1", ""], [100, 80, None, 25, 100, None]),
        (["1.0", "80", "0", "25", "1", ""], [1, 80, None, 25, 1, None]),
        (["1", "0.8", "25"], [1, 80, 25]),
        (["1", "0", "1"], [1, None, 1]),
        (["1%", "0.8", "1"], [1, 80, 1]),
        (["0.8%", "0.8", "1,00"], [1, 80, 1]),
        (["0.5", "x", "1"], [50, None, 1]),
    ],
    ids=str,
)
def test_where_all_scores_are_parts_of_one_a_one_is_a_hundred_percent(
    database: Database, tmp_path: Path, cells: list[str], scores: list[int | None]
) -> None:
    rows = [f"{n};Acme;Lead {n};{cell};100" for n, cell in enumerate(cells)]
    header = "Deal ID;Company Name;Deal Name;Probability;Amount"
    imported(database, tmp_path, "\n".join([header, *rows]))
    found = dict(query(database, "SELECT title, score FROM lead"))
    assert [found.get(f"Lead {n}") for n in range(len(cells))] == scores


def test_customers_told_apart_by_a_key_that_have_one_name_are_said(
    database: Database, tmp_path: Path
) -> None:
    rows = ["1,Acme,Jan,Smit", "2,Beta,Ann,Bos", "3,ACME B.V.,Piet,Smit", "4,Acme,An,Vis"]
    text = "\n".join(["id,company,first_name,last_name", *rows])
    check = imported(database, tmp_path, text)
    assert said(check) == {str(NAMESAKES): (2, 4)}
    assert check.counts.customers_made == 4
    (tmp_path / "more").mkdir()
    check = imported(database, tmp_path / "more", "id,company\n8,Beta\n9,Gamma\n")
    assert said(check) == {str(NAMESAKES): (1, 2)}
