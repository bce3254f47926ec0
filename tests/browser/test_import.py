"""An import as a newcomer makes it: a file is dropped, looked at, checked, imported and undone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.driver import PHONE, ROOT, dialog, open_page, press, settle

MAVEN = ROOT.parent / "shared" / "data" / "maven_crm" / "sales_pipeline.csv"
DUTCH = (
    "Naam;Debiteurnummer;E-mail;Plaats;Fase;Score;Verwachte waarde;Afsluitreden;Aangemaakt op\r\n"
    "Bakkerij De Ster;1001;jan@ster.nl;Utrecht;Gesprek;40;12.000,50;;03-02-2026\r\n"
    "Café *Noir* $x$;1002;zoe@noir.nl;Den Haag;Offerte;60;8.500,00;;13-02-2026\r\n"
    "Smederij <img src=x>;1003;;Zwolle;Afgesloten;80;4.000,00;Gewonnen;01-02-2026\r\n"
)
BAD_ROWS = DUTCH + (
    "Drukkerij;1004;kees@;Goes;Offerte;900;abc;;31-02-2026\r\n;1005;;Goes;Offerte;10;100,00;;01-02-2026\r\n"
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "klanten.csv"
    path.write_bytes(DUTCH.encode("cp1252"))
    return path


def upload(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    at_step(page, 2)


def at_step(page: Page, number: int) -> None:
    """Wait until this step is drawn."""
    page.wait_for_selector(f"ol.crm-wizard li:nth-child({number}).now", state="attached", timeout=60_000)
    settle(page)


def go_on(page: Page, *steps: int) -> None:
    for step in steps:
        way_on(page).click()
        at_step(page, step)


def way_on(page: Page) -> Locator:
    return page.locator(".st-key-import-ways").get_by_role("button").last


def pick(page: Page, label: str, option: str) -> None:
    """Choose from a long list, which holds only what is near: type, then click."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.press_sequentially(option.partition(": ")[2] or option)
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_the_maven_file_goes_through_every_step_and_can_be_undone(page: Page, starter: str) -> None:
    if not MAVEN.exists():
        pytest.skip(f"there is no {MAVEN}")
    open_page(page, f"{starter}/import_data")
    upload(page, MAVEN)
    expect(page.get_by_text("column names in line 1")).to_be_visible()
    go_on(page, 3)
    expect(page.get_by_text("8 columns are recognised.")).to_be_visible()
    expect(page.get_by_text("1,425 rows name no customer.")).to_be_visible()
    page.get_by_text("let them go to one customer").click()
    settle(page)
    go_on(page, 4)
    expect(page.get_by_text("30 names: 30 will be made")).to_be_visible()
    pick(page, "What Engaging is", "Meeting")
    go_on(page, 5)
    expect(page.get_by_role("heading", name="8,800 rows, ready to import")).to_be_visible()
    press(page, "Import", exact=True)
    at_step(page, 6)
    expect(page.get_by_text("86 customers made")).to_be_visible()
    expect(page.get_by_text("8,800 leads made")).to_be_visible()
    page.get_by_role("link", name="To win and loss").click()
    page.get_by_role("heading", name="Win and loss").wait_for()
    settle(page)
    expect(
        page.get_by_text("63.15 %").or_(page.get_by_text("63.1 %")).or_(page.get_by_text("63.2 %")).first
    ).to_be_visible()

    page.get_by_role("link", name="Import", exact=True).click()
    at_step(page, 6)
    press(page, "Undo …")
    expect(dialog(page).get_by_text("8,886 customers and leads")).to_be_visible()
    dialog(page).get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("The import was undone")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Customers").first.click()
    expect(page.get_by_text("Your customers will be listed here")).to_be_visible()


def test_a_dutch_sheet_with_decimal_commas_is_imported_as_it_stands(
    new_page: NewPage, starter: str, sheet: Path
) -> None:
    page = new_page(locale="nl-NL")
    open_page(page, f"{starter}/import_data")
    upload(page, sheet)
    expect(page.get_by_text("1.234,56")).to_be_visible()
    go_on(page, 3, 4, 5)
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text("3")
    expect(page.get_by_test_id("stMetricValue").last).to_have_text("0")
    way_on(page).click()
    at_step(page, 6)
    open_page(page, f"{starter}/customer?customer=1001")
    expect(page.get_by_role("heading", name="Bakkerij De Ster")).to_be_visible()
    expect(page.get_by_role("textbox", name="EUR").first).to_have_value("12.000,50")
    open_page(page, f"{starter}/customer?customer=1002")
    expect(page.get_by_role("heading", name="Café *Noir* $x$")).to_be_visible()


def test_bad_rows_are_listed_to_take_along_and_the_good_ones_imported(
    page: Page, starter: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad *rows*.csv"
    path.write_text(BAD_ROWS.replace(";100", ";200"), encoding="utf-8")
    open_page(page, f"{starter}/import_data")
    upload(page, path)
    expect(page.get_by_text("bad *rows*.csv")).to_be_visible()
    go_on(page, 3, 4, 5)
    expect(page.get_by_role("heading", name="2 rows are refused")).to_be_visible()
    press(page, "Download")
    with page.expect_download() as found:
        page.get_by_role("button", name="CSV").click()
    content = found.value.path().read_text(encoding="utf-8-sig")
    assert re.search(r'^5,Score,900,"?Use a whole number', content, re.M), content
    assert "This row names no customer." in content
    page.keyboard.press("Escape")
    press(page, "Import the 3 good rows")
    at_step(page, 6)
    expect(page.get_by_text("2 rows refused")).to_be_visible()


def test_going_back_keeps_what_was_decided(page: Page, starter: str, sheet: Path) -> None:
    open_page(page, f"{starter}/import_data")
    upload(page, sheet)
    go_on(page, 3)
    pick(page, "What Plaats is", "Customer: Country")
    go_on(page, 4)
    pick(page, "What Gesprek is", "Calculation")
    for step in (3, 2):
        press(page, "Back")
        at_step(page, step)
    page.get_by_role("link", name="Customers").first.click()
    settle(page)
    page.get_by_role("link", name="Import", exact=True).click()
    at_step(page, 2)
    go_on(page, 3)
    expect(page.get_by_role("combobox", name="What Plaats is")).to_have_value("Customer: Country")
    go_on(page, 4)
    expect(page.get_by_role("combobox", name="What Gesprek is")).to_have_value("Calculation")


def test_a_cancelled_import_leaves_nothing_and_a_double_click_imports_once(
    page: Page, starter: str, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    rows = "".join(f"Firm {number},X{number}\n" for number in range(60_000))
    path.write_text(f"Name,City\n{rows}", encoding="utf-8")
    open_page(page, f"{starter}/import_data")
    upload(page, path)
    go_on(page, 3, 5)
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Called off: nothing was imported")).to_be_visible(timeout=60_000)
    at_step(page, 5)
    page.get_by_role("button", name="Import", exact=True).dblclick()
    at_step(page, 6)
    expect(page.get_by_text("60,000 customers made")).to_be_visible()
    press(page, "Import another file")
    expect(page.get_by_text("many.csv")).to_have_count(1)


def test_the_whole_wizard_fits_a_phone(new_page: NewPage, starter: str, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(BAD_ROWS.replace(";100", ";300").replace("Utrecht", "Utrecht" * 2_000), encoding="utf-8")
    page = new_page(viewport=PHONE, has_touch=True)
    open_page(page, f"{starter}/import_data")
    upload(page, path)
    for step, name in ((3, "Columns"), (4, "Values"), (5, "Check")):
        go_on(page, step)
        expect(page.get_by_text(f"Step {step} of 6: {name}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        box = way_on(page).bounding_box()
        assert box and box["width"] > 0.8 * PHONE["width"]
