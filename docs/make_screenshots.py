"""`python -m docs.make_screenshots`: make the pictures of the user guide from demo data.

It starts the program on a new demo in a temporary folder and drives Chromium through it.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from crmplus.domain.actor import LOCAL_ADMIN
from crmplus.services.account_types import list_account_types
from crmplus.services.customers import CustomerQuery, list_customers
from crmplus.services.demo import make_demo
from crmplus.services.phases import get_funnel
from crmplus.services.setup import default_workspace
from crmplus.store.database import Database
from tests.browser import driver
from tests.browser.driver import serve

IMAGES = Path(__file__).with_name("images")
INSIGHT = (
    "funnel",
    "conversion",
    "time_in_phase",
    "forecast",
    "win_loss",
    "scores?type=LEAD",
    "changes?changed=quarter",
    "owners",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with serve(Path(folder) / "empty.duckdb") as address:
            welcome(browser, address)
        demo = Path(folder) / "demo.duckdb"
        customer = make_demo_database(demo)
        with serve(demo) as address:
            rounds(browser, address, customer)
        browser.close()


def make_demo_database(path: Path) -> str:
    """A demo; the number of a customer whose lead has come some way."""
    database = Database.open(path)
    make_demo(database, LOCAL_ADMIN, default_workspace("en", "Europe/Amsterdam"), datetime.now(UTC))
    lead_type = list_account_types(database, LOCAL_ADMIN)[0]
    third = get_funnel(database, LOCAL_ADMIN, lead_type.id).phases[2]
    found, _total = list_customers(database, LOCAL_ADMIN, CustomerQuery(phase_id=third.id), 1)
    database.close()
    return found[0].number


def welcome(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 560})
    open_page(page, address)
    shoot(page, "welcome")
    page.close()


def rounds(browser: Browser, address: str, customer: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    open_page(page, f"{address}/customers")
    shoot(page, "customers")
    page.get_by_role("button", name="New customer").click()
    settle(page)
    shoot(page, "new-customer")
    open_page(page, f"{address}/customer?customer={customer}")
    shoot(page, "overview")
    page.get_by_role("tab", name="History").click()
    settle(page)
    shoot(page, "history")
    page.get_by_role("tab", name="Overview").click()
    settle(page)
    page.locator("[class*=st-key-lead-actions]").get_by_role("button", name="More").click()
    page.get_by_text("Close lead …").click()
    settle(page)
    page.get_by_role("dialog").get_by_text("Competitor").click()
    settle(page)
    shoot(page, "close")
    for name in ("account_types", "lead_phases", "workspace"):
        open_page(page, f"{address}/{name}")
        shoot(page, name.replace("_", "-"))
    open_page(page, f"{address}/lead_phases")
    page.get_by_role("button", name="Change").nth(2).click()
    page.get_by_text("Archive …").click()
    settle(page)
    shoot(page, "archive-phase")
    for address_of_page, picture in (("my_day", "my-day"), ("leads", "board"), ("leads?view=list", "list")):
        open_page(page, f"{address}/{address_of_page}")
        shoot(page, picture)
    page.set_viewport_size({"width": 1280, "height": 1000})
    for name in INSIGHT:
        open_page(page, f"{address}/{name}")
        shoot(page, name.partition("?")[0].replace("_", "-"))
    page.set_viewport_size({"width": 1280, "height": 800})
    import_file(page, address)
    page.close()
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    open_page(phone, f"{address}/customer?customer={customer}")
    shoot(phone, "phone")
    phone.close()


DEALS = """Deal ID;Account;Deal name;Stage;Owner;Amount;Probability;Created;Closed;Remarks
D-1;Bakkerij Zonnehof;Oven line;Proposal made;Mia Jansen;12.500,00;60;3-2-2026;;call back in June
D-2;Slagerij Vos;Cold store;Won;Mia Jansen;8.250,00;;12-1-2026;9-4-2026;
D-3;Kaasboerderij Linde;Cutter;Negotiation;Ivo Smit;4.100,50;40;28-2-2026;;
D-4;Garage Pol;Lift;Lost;Ivo Smit;15.900,00;;7-1-2026;31-3-2026;too dear
D-5;Hotel Duinzicht;Kitchen;Won;Mia Jansen;22.000;;19-1-2026;18-13-2026;
"""


def import_file(page: Page, address: str) -> None:
    """Deals of an imaginary system, one with a date that is none, up to the check."""
    open_page(page, f"{address}/import_data")
    page.locator("input[type=file]").set_input_files(
        {"name": "deals.csv", "mimeType": "text/csv", "buffer": DEALS.encode("cp1252")}
    )
    page.get_by_role("button", name="Next: Columns").wait_for()
    page.get_by_role("button", name="Next: Columns").click()
    for button, picture in (("Next: Values", "import-columns"), ("Next: Check", "import-values")):
        settle(page)
        shoot(page, picture)
        page.get_by_role("button", name=button).click()
        settle(page)
    page.get_by_text("row is refused").wait_for()
    page.set_viewport_size({"width": 1280, "height": 1000})
    settle(page)
    shoot(page, "import-check")


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page is drawn, charts and tables too."""
    driver.settle(page)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(700)


def shoot(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    main()
