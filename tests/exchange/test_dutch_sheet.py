"""A Dutch sheet, as accounting programs and Excel write it: every value arrives as it was meant."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from crmplus.exchange.fields import Kind
from crmplus.exchange.imports import Check
from crmplus.exchange.mapping import Action, Choice, CustomerKey
from crmplus.exchange.reading import DateOrder, Reading
from crmplus.store.database import Database
from tests.exchange.importing import import_file
from tests.world import query

D = Decimal
ZONE = ZoneInfo("Europe/Amsterdam")
HEADER = [
    "Naam",
    "Debiteurnummer",
    "Contactpersoon",
    "E-mail",
    "Telefoon",
    "Straat",
    "Postcode",
    "Plaats",
    "Land",
    "Opmerking",
    "Accounttype",
    "Fase",
    "Score",
    "Verwachte waarde",
    "Terugkerende waarde",
    "Afsluitreden",
    "Startdatum",
    "Sluitdatum",
]
CLIENTS: tuple[tuple[Any, ...], ...] = (
    (
        "Bakkerij Jansen & Zonen B.V.",
        "10042",
        "Anouk de Vries",
        "anouk@bakkerij.example",
        "030-2345678",
        "Oudegracht 12 bis",
        "3511 AB",
        "Utrecht",
        "Nederland",
        "belt liever 's ochtends; niet mailen",
        "Lead",
        "Offerte verstuurd",
        60,
        D("12345.67"),
        D("99.5"),
        "",
        date(2026, 1, 31),
        None,
    ),
    (
        "Café Citroën",
        "10043",
        "Zoë",
        "zoë@citroën.example",
        "+31 6 12345678",
        "Plein 1",
        "1012 XX",
        "’s-Hertogenbosch",
        "België",
        "€ 5 korting",
        "Lead",
        "Gewonnen",
        100,
        D("1000"),
        D("0.05"),
        "Gewonnen",
        date(2025, 12, 1),
        date(2026, 2, 28),
    ),
    (
        "Drukkerij Één",
        "00044",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "Lead",
        "Verloren",
        None,
        D("0.5"),
        None,
        "Te duur",
        date(2025, 11, 2),
        date(2026, 1, 12),
    ),
)


def dutch(cell: Any) -> str:
    """A cell as a Dutch spreadsheet writes it: 12.345,67 and 31-01-2026."""
    if isinstance(cell, Decimal):
        whole, cents = f"{cell:,.2f}".split(".")
        return f"{whole.replace(',', '.')},{cents}"
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    text = "" if cell is None else str(cell)
    return f'"{text}"' if ";" in text else text


def sheet(folder: Path, encoding: str) -> Path:
    lines = [HEADER, *([dutch(cell) for cell in row] for row in CLIENTS)]
    path = folder / "klanten.csv"
    path.write_bytes("".join(";".join(line) + "\r\n" for line in lines).encode(encoding))
    return path


def workbook(folder: Path) -> Path:
    """Dates as dates and numbers as numbers, as Excel keeps them."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(HEADER)
    for row in CLIENTS:
        page.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
    path = folder / "klanten.xlsx"
    book.save(path)
    return path


@pytest.fixture(params=["cp1252", "utf-8-sig", "xlsx"])
def arrived(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Check]:
    """The sheet, imported from each kind of file."""
    path = workbook(tmp_path) if request.param == "xlsx" else sheet(tmp_path, request.param)
    yield import_file(database, path)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_how_it_is_written_is_detected(database: Database, tmp_path: Path, encoding: str) -> None:
    check = import_file(database, sheet(tmp_path, encoding))
    assert check.mapping.reading == Reading(
        encoding=encoding, delimiter=";", header_row=1, decimal_mark=",", date_order=DateOrder.DAY_FIRST
    )


def test_every_column_is_recognised_and_every_row_taken(arrived: Check) -> None:
    mapping = arrived.mapping
    assert (mapping.kind, mapping.customer_key) == (Kind.LEADS, CustomerKey.NUMBER)
    assert list(mapping.columns) == HEADER
    assert (arrived.row_count, arrived.refused_count) == (3, 0)
    assert (arrived.counts.customers_made, arrived.counts.leads_made) == (3, 3)
    assert mapping.values["phase"]["Offerte verstuurd"] == Choice(Action.USE, "LEAD-QUOTE")
    assert mapping.values["phase"]["Gewonnen"] == Choice(Action.USE, "LEAD-CLOSED", "WON")


def test_customers_arrive_letter_by_letter(database: Database, arrived: Check) -> None:
    columns = "name, number, contact, email, phone, street, postal_code, city, country, remark"
    found = query(database, f"SELECT {columns} FROM customer ORDER BY name")
    assert found == [row[:10] for row in CLIENTS]
    assert query(
        database,
        "SELECT DISTINCT code FROM customer JOIN account_type ON account_type.id = account_type_id",
    ) == [("LEAD",)]


def test_leads_arrive_to_the_cent_and_the_day(database: Database, arrived: Check) -> None:
    found = query(
        database,
        "SELECT number, phase.code, closing_reason.description, outcome, score, expected_value, "
        "recurring_value, opened_at_utc, closed_at_utc FROM lead JOIN customer ON customer.id = customer_id "
        "JOIN phase ON phase.id = phase_id LEFT JOIN closing_reason ON closing_reason.id = closing_reason_id "
        "ORDER BY name",
    )
    assert found == [
        ("10042", "LEAD-QUOTE", None, None, 60, D("12345.67"), D("99.50"), at(2026, 1, 31), None),
        (
            "10043",
            "LEAD-CLOSED",
            "Won",
            "won",
            100,
            D("1000.00"),
            D("0.05"),
            at(2025, 12, 1),
            at(2026, 2, 28),
        ),
        (
            "00044",
            "LEAD-CLOSED",
            "Te duur",
            "lost",
            None,
            D("0.50"),
            None,
            at(2025, 11, 2),
            at(2026, 1, 12),
        ),
    ]


def test_again_it_changes_nothing_whatever_kind_of_file_it_is(
    database: Database, arrived: Check, tmp_path: Path
) -> None:
    for path in (sheet(tmp_path, "cp1252"), sheet(tmp_path, "utf-8-sig"), workbook(tmp_path)):
        check = import_file(database, path)
        assert check.does_nothing
        assert (check.counts.customers_kept, check.counts.leads_kept) == (3, 3)


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=ZONE)
