"""Downloads, clicked: the files arrive with the reader's filters, and come back as a workspace."""

import csv
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import drawn, open_page, press, settle


def taken(page: Page, button: Locator, folder: Path) -> Path:
    """The file that a click hands over."""
    with page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_filtered_list_arrives_as_csv_and_as_a_workbook(page: Page, small: str, tmp_path: Path) -> None:
    open_page(page, f"{small}/customers?owner=AN")
    page.locator(".st-key-customers-download").get_by_role("button").click()
    text = taken(page, page.get_by_role("button", name="CSV"), tmp_path)
    book = taken(page, page.get_by_role("button", name="XLSX"), tmp_path)
    with text.open(encoding="utf-8-sig", newline="") as file:
        assert [row["Name"] for row in csv.DictReader(file)] == ["Bakery", "Smithy"]
    page_of_book = openpyxl.load_workbook(book).active
    assert page_of_book is not None
    assert [row[0].value for row in page_of_book.iter_rows()] == ["Name", "Bakery", "Smithy"]
    assert text.name.startswith("Customers 2")


def test_a_chart_is_saved_as_a_picture(page: Page, small: str, tmp_path: Path) -> None:
    open_page(page, f"{small}/funnel")
    chart = page.locator(".st-key-count-chart .js-plotly-plot")
    chart.hover()
    button = chart.locator(".modebar-btn")
    expect(button).to_have_attribute("data-title", "Save as a picture")
    picture = taken(page, button, tmp_path)
    assert picture.name.startswith("Leads per phase 2")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_everything_is_taken_along_to_another_machine(
    page: Page, small: str, first_start: str, tmp_path: Path
) -> None:
    open_page(page, f"{small}/workspace")
    packed = taken(page, page.get_by_role("button", name="Download everything"), tmp_path)
    open_page(page, first_start)
    page.locator("input[type=file]").set_input_files(packed)
    settle(page)
    press(page, "Bring it back")
    drawn(page)
    expect(page.get_by_role("heading", name="My day")).to_be_visible()
    page.get_by_role("link", name="Customers").click()
    expect(page.get_by_text("6 customers")).to_be_visible()
