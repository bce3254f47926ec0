"""What is taken along from each screen: what the filters show, all pages of it, for who may see it."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from crmplus.store.database import the_database
from crmplus.ui import tables
from tests.pages.visit import Visit, choose, seen
from tests.world import customer, query

Made = dict[str, Callable[[], bytes]]
"""What a click on each button would hand over, by the name of the file without its date."""


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Made:
    """AppTest can't click on downloads: Streamlit is listened to while it notes them down."""
    found: Made = {}
    note = MediaFileManager.add_deferred

    def listen(self: MediaFileManager, make: Callable[[], bytes], *args: object, **kwargs: object) -> str:
        name = next(str(value) for value in (*args, *kwargs.values()) if str(value).endswith(ENDINGS))
        stem, _space, ending = name.rpartition(" ")
        found[stem + ending[len("2026-01-01") :]] = make
        return note(self, make, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(MediaFileManager, "add_deferred", listen)
    return found


ENDINGS = (".csv", ".xlsx", ".zip")


def lines(content: bytes, delimiter: str = ",") -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "Excel takes it for UTF-8"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_customers_are_those_that_the_filters_show_in_their_order(small: Visit, offered: Made) -> None:
    at = small("customers", sort="number", order="down")
    heads, *rows = lines(offered["Customers.csv"]())
    assert heads[:3] == ["Name", "Phase of the newest open lead", "Open leads"]
    assert [row[0] for row in rows] == ["Attic", "Depot", "Dairy", "Fishery", "Smithy", "Bakery"]
    assert [row[-1] for row in rows] == ["no", "yes", "yes", "yes", "yes", "yes"]
    choose(at, "Owner", "Ann")
    assert [row[0] for row in lines(offered["Customers.csv"]())[1:]] == ["Smithy", "Bakery"]


def test_customers_of_all_pages_are_taken_along(
    small: Visit, offered: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE_SIZE", 2)
    at = small("customers")
    assert len(at.dataframe[0].value) == 2
    assert len(lines(offered["Customers.csv"]())) == 7


def test_a_file_holds_what_is_there_when_it_is_asked_for(small: Visit, offered: Made) -> None:
    small("customers")
    customer(the_database(), "=Newest")
    rows = lines(offered["Customers.csv"]())
    assert [row[0] for row in rows if "Newest" in row[0]] == ["'=Newest"]


def test_a_dutch_reader_gets_dutch_heads_words_and_semicolons(small: Visit, offered: Made) -> None:
    small("customers", language="nl")
    heads, *rows = lines(offered["Klanten.csv"](), ";")
    assert (heads[0], heads[-1]) == ("Naam", "Actieve klant")
    assert {row[-1] for row in rows} == {"ja", "nee"}


def test_an_empty_list_offers_nothing(empty: Visit, offered: Made) -> None:
    at = empty("customers")
    assert not at.exception
    assert offered == {}


def test_separator_and_byte_order_mark_can_be_chosen(small: Visit, offered: Made) -> None:
    at = small("customers")
    at.selectbox(key="customers-delimiter").set_value("\t").run()
    at.checkbox(key="customers-with-bom").uncheck().run()
    assert offered["Customers.csv"]().startswith(b"Name\tPhase of the newest open lead\t")


def named(offered: Made, start: str) -> Callable[[], bytes]:
    """The CSV whose name begins like this; the rest of it can be a day."""
    return next(make for name, make in offered.items() if name.startswith(start) and name.endswith(".csv"))


def test_figures_of_the_funnel_are_exact(small: Visit, offered: Made) -> None:
    small("funnel", type="LEAD")
    rows = lines(named(offered, "Per phase, compared with")())
    assert rows[0][:5] == ["Phase", "Leads", "Leads then", "Leads ±", "Expected"]
    assert rows[2] == ["Meeting", "2", "2", "0", *["13000.00"] * 2, "0.00", *["7600.00"] * 2, "0.00"]
    assert rows[-1][:5] == ["Total", "3", "3", "0", "13000.00"]
    rows = lines(named(offered, "Recurring, compared with")())
    assert rows[0][:2] == ["Phase", "Recurring per month"]
    assert rows[2] == ["Meeting", "51.00", "51.00", "0.00", "25.50", "25.50", "0.00"]


def test_amounts_of_a_dutch_reader_have_a_comma(small: Visit, offered: Made) -> None:
    small("funnel", language="nl", type="LEAD")
    make = next(make for name, make in offered.items() if name.endswith(".csv"))
    assert lines(make(), ";")[2][4] == "13000,00"


def test_the_leads_behind_a_bar_go_along(small: Visit, offered: Made) -> None:
    small("funnel", type="LEAD", show="phase.LEAD-MEETING")
    page = openpyxl.load_workbook(io.BytesIO(offered["Meeting.xlsx"]())).active
    assert page is not None
    heads, *rows = [[cell.value for cell in row] for row in page.iter_rows()]
    found = [dict(zip(heads, row, strict=True)) for row in rows]
    assert [(row["Customer"], row["Weighted"], row["Score"]) for row in found] == [
        ("Bakery", 7200, 60),
        ("Dairy", 400, 40),
    ]
    assert found[0]["Number"] == "C-00001"
    assert isinstance(found[0]["Days in phase"], int)


def test_a_phase_without_leads_offers_no_download(small: Visit, offered: Made) -> None:
    small("funnel", type="LEAD", show="phase.LEAD-QUOTE")
    assert [name for name in offered if name.startswith("Send quote")] == []


@pytest.mark.parametrize(
    ("page", "name", "first"),
    [
        ("account_types", "Account types", ["Lead", "LEAD", "10", "phases on", "default", ""]),
        (
            "lead_phases",
            "Lead phases",
            ["Call appointment", "LEAD-CALL", "qualification", "10", "14", "1", ""],
        ),
        ("closing_reasons", "Closing reasons", ["Won", "WON", "10", "won", ""]),
        ("people", "People", ["Ann", "AN", "rep", "–", "no sign-in yet", ""]),
    ],
)
def test_settings_go_along_as_they_are_listed(
    small: Visit, offered: Made, page: str, name: str, first: list[str]
) -> None:
    at = small(page)
    assert not at.exception
    assert lines(offered[f"{name}.csv"]())[1] == first
    assert offered[f"{name}.xlsx"]().startswith(b"PK")


def test_a_history_goes_along_whole_in_words(small: Visit, offered: Made) -> None:
    customer_id = query(the_database(), "SELECT id FROM customer WHERE number = 'C-00001'")[0][0]
    at = small("customer", customer="C-00001")
    at.session_state[f"tab-{customer_id}"] = "History"
    at.run()
    heads, *rows = lines(offered["History of C-00001.csv"]())
    assert heads == ["When", "Who", "Lead", "What", "Details"]
    assert rows[-1][3] == "Customer made."
    assert "Call appointment completed, on to Meeting." in [row[3] for row in rows]
    assert datetime.fromisoformat(rows[0][0]) >= datetime.fromisoformat(rows[-1][0])


def test_everything_goes_along_and_comes_back_on_another_first_start(
    small: Visit, offered: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small("workspace")
    content = offered["CRM+.zip"]()
    monkeypatch.setenv("CRMPLUS_DATABASE", str(tmp_path / "other.duckdb"))
    at = Visit()()
    assert at.button(key="welcome-bring-back").disabled
    at.get("file_uploader")[0].upload("all.zip", content).run()
    at.button(key="welcome-bring-back").click().run()
    assert not at.exception
    assert at.title[0].value == "My day"
    assert [name for (name,) in query(the_database(), "SELECT name FROM customer ORDER BY number")] == [
        "Bakery",
        "Smithy",
        "Fishery",
        "Dairy",
        "Depot",
        "Attic",
    ]


def test_a_file_that_is_no_export_is_refused_where_it_was_chosen(first_start: Visit) -> None:
    at = first_start()
    at.get("file_uploader")[0].upload("all.zip", b"no zip").run()
    at.button(key="welcome-bring-back").click().run()
    assert not at.exception
    assert "is damaged, or is no ZIP of a CRM+ export" in seen(at)
    assert at.title[0].value == "Welcome to CRM+"
