"""What files of other systems look like, and what a newcomer expects of them without a decision."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from crmplus.domain.closing_reason import Outcome
from crmplus.exchange.cells import has_foreign_sign
from crmplus.exchange.detect import detect
from crmplus.exchange.imports import Check, check_file, run_import
from crmplus.exchange.proposal import propose_mapping
from crmplus.exchange.source import open_source
from crmplus.exchange.totals import is_total
from crmplus.store.database import Database
from tests.world import ADMIN, query

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def imported(database: Database, folder: Path, text: str) -> Check:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    source = open_source(path, path.name)
    reading = detect(source).reading
    mapping = propose_mapping(database, ADMIN, source, reading)
    check = check_file(database, ADMIN, source, reading, mapping, AT)
    run_import(database, ADMIN, check, AT)
    return check


def notes(check: Check) -> dict[str, int]:
    return {note.message.text: note.count for note in check.notes}


def test_a_date_won_and_a_date_lost_are_both_closing_dates(database: Database, tmp_path: Path) -> None:
    imported(
        database,
        tmp_path,
        "Deal - Title;Deal - Organization;Deal - Status;Deal - Lost reason;Deal - Deal created;"
        "Deal - Won time;Deal - Lost time;Deal - Value\n"
        "A;Acme;Won;;2024-01-02;2024-02-10;;100\n"
        "B;Bakery;Lost;Price;2024-01-03;;2024-03-01;200\n",
    )
    closed = query(database, "SELECT title, CAST(closed_at_utc AS DATE) FROM lead ORDER BY title")
    assert [(title, str(day)) for title, day in closed] == [("A", "2024-02-09"), ("B", "2024-02-29")]


@pytest.mark.parametrize("line", ["Grand Totals (2 records)", "Totaal;;;300", "Subtotal:;;;", ";Total;;300"])
def test_a_line_with_totals_is_left_out_and_said(database: Database, tmp_path: Path, line: str) -> None:
    check = imported(
        database,
        tmp_path,
        f"Account Name;Opportunity Name;Stage;Amount\nAcme;A;New;100\nBakery;B;New;200\n{line}\n",
    )
    assert (check.counts.leads_made, check.refused_count) == (2, 0)
    assert notes(check)["A line with totals is left out."] == 1
    assert query(database, "SELECT sum(expected_value) FROM lead") == [(Decimal(300),)]


@pytest.mark.parametrize(
    "values",
    [["Total", "Main St 1", "Paris", "FR", "x"], ["Totally Fine BV", "", "", ""], ["", "", ""], ["Total"]],
)
def test_a_customer_called_total_is_no_total(values: list[str]) -> None:
    assert not is_total(values, len(values))


@pytest.mark.parametrize(
    ("text", "currency", "is_foreign"),
    [
        ("$1,200.00", "EUR", True),
        ("€ 1.200,00", "EUR", False),
        ("1200 USD", "EUR", True),
        ("EUR 12", "EUR", False),
        ("$12", "USD", False),
        ("1200", "EUR", False),
        ("", "EUR", False),
        ("12 pcs", "EUR", False),
        ("£5", "GBP", False),
        ("£5", "CHF", True),
    ],
)
def test_the_sign_of_another_currency_is_seen(text: str, currency: str, is_foreign: bool) -> None:
    assert has_foreign_sign(text, currency) is is_foreign


def test_amounts_in_another_currency_are_said_and_not_converted(database: Database, tmp_path: Path) -> None:
    check = imported(
        database, tmp_path, 'Account Name,Opportunity Name,Stage,Amount\nAcme,A,New,"$1,200.00"\n'
    )
    assert (
        notes(check)[
            "An amount bears the sign of another currency than the workspace's. Nothing is converted."
        ]
        == 1
    )
    assert query(database, "SELECT expected_value FROM lead") == [(Decimal("1200.00"),)]


def test_round_thousands_that_show_no_decimal_mark_are_refused_rather_than_read_as_units(
    database: Database, tmp_path: Path
) -> None:
    check = imported(
        database, tmp_path, "Account,Deal name,Stage,Amount\nAcme,A,New,1.250\nBakery,B,New,950\n"
    )
    assert ["1.250 can be read in two ways" in str(problem.reason) for problem in check.problems] == [True]
    assert query(database, "SELECT title, expected_value FROM lead") == [("B", Decimal(950))]


def test_round_thousands_with_a_dash_for_the_cents_are_read_as_such(
    database: Database, tmp_path: Path
) -> None:
    imported(database, tmp_path, 'Account,Deal name,Stage,Amount\nAcme,A,New,"€ 1.250,-"\n')
    assert query(database, "SELECT expected_value FROM lead") == [(Decimal("1250.00"),)]


def test_a_status_of_loss_in_more_words_is_lost_and_an_unclear_one_refused(
    database: Database, tmp_path: Path
) -> None:
    check = imported(
        database,
        tmp_path,
        "Account;Deal name;Status;Amount\nA;1;Open;10\nB;2;Gewonnen;20\nC;3;Verloren;5\n"
        "D;4;Verloren aan concurrent;5\nE;5;Order geannuleerd;5\n",
    )
    assert [(problem.line, problem.column) for problem in check.problems] == [(6, "Status")]
    outcomes = query(
        database,
        "SELECT title, outcome FROM lead LEFT JOIN closing_reason ON closing_reason.id = closing_reason_id "
        "ORDER BY title",
    )
    assert outcomes == [("1", None), ("2", "won"), ("3", "lost"), ("4", "lost")]


def test_an_open_lead_with_a_closing_date_that_passed_is_pointed_out(
    database: Database, tmp_path: Path
) -> None:
    check = imported(
        database,
        tmp_path,
        "Account;Deal name;Stage;Close date\nAcme;A;Shipped;2024-02-01\nBakery;B;Shipped;2027-02-01\n",
    )
    said = notes(check)
    assert said["The lead is open, so its closing date is read as the expected one."] == 1
    assert sum("has passed" in sentence for sentence in said) == 1


def test_a_house_number_and_its_addition_are_part_of_the_street(database: Database, tmp_path: Path) -> None:
    imported(
        database,
        tmp_path,
        "name;debtor_number;street;house_number;house_number_addition;city\nAcme;10;Waterweg;12;b;Ede\n",
    )
    assert query(database, "SELECT street FROM customer") == [("Waterweg 12 b",)]


def test_settings_named_by_refused_rows_only_are_not_made(database: Database, tmp_path: Path) -> None:
    check = imported(
        database,
        tmp_path,
        "Account;Deal name;Stage;Owner;Amount\nAcme;A;New;Ann;100\nBakery;B;New;Bob;a lot\n",
    )
    assert check.refused_count == 1
    assert query(database, "SELECT name FROM person") == [("Ann",)]


def test_leads_alike_in_all_that_tells_them_apart_are_pointed_out(database: Database, tmp_path: Path) -> None:
    check = imported(database, tmp_path, "Account;Deal name;Stage;Amount\nAcme;A;New;10\nAcme;A;New;20\n")
    assert check.counts.leads_made == 2
    assert (
        notes(check)[
            "Leads without an id that share customer, title and opening are told apart by their order."
        ]
        == 1
    )


def test_the_check_says_what_new_leads_are_worth(database: Database, tmp_path: Path) -> None:
    check = imported(
        database,
        tmp_path,
        "Account;Deal name;Stage;Amount;Close date\n"
        "A;1;New;10;\nB;2;Won;20;2024-01-01\nC;3;Won;5;2024-01-01\n",
    )
    found = [(worth.outcome, worth.lead_count, worth.expected_value) for worth in check.worth]
    assert found == [(None, 1, Decimal(10)), (Outcome.WON, 2, Decimal(25))]


def test_a_time_later_today_does_not_make_the_same_file_another(database: Database, tmp_path: Path) -> None:
    text = "Account;Deal name;Stage;Created\nAcme;A;New;2026-11-23 20:00\n"
    imported(database, tmp_path, text)
    check = imported(database, tmp_path, text)
    assert (check.counts.leads_made, check.counts.leads_changed, check.counts.leads_kept) == (0, 0, 1)
