"""A day in a rep's life: twenty leads touched, and each as the rep meant it."""

import shutil
from pathlib import Path

from playwright.sync_api import Page

from crmplus.services.customers import CustomerQuery, list_customers
from crmplus.services.leads import get_lead_card, list_leads_of_customer
from crmplus.services.next_steps import list_next_steps
from crmplus.store.database import Database
from tests.browser.driver import serve
from tests.browser.rep_day import NAMES, NEW, VALUE_OF_NEW, begin, make_day
from tests.world import ADMIN, phase


def test_a_day_of_twenty_leads_leaves_what_the_rep_meant(
    page: Page, starter_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(starter_file, tmp_path / "day.duckdb"))
    make_day(path)
    with serve(path) as address:
        day = begin(page, address)
        day.play()
    assert sum(taken.clicks for taken in day.taken) <= 50
    assert all(taken.clicks + taken.keys > 0 for taken in day.taken)

    database = Database.open(path)
    lead = {
        row.name: list_leads_of_customer(database, ADMIN, row.id)[0]
        for row in list_customers(database, ADMIN, CustomerQuery(), 50)[0]
        if row.name in (*NAMES, NEW)
    }
    assert len(lead) == 20
    assert [name for name in lead if lead[name].version == 1 and not steps(database, lead[name].id)] == []
    for name in NAMES[:4]:
        assert f"Visit {name}" in steps(database, lead[name].id)
    meeting = phase(database, "LEAD-MEETING").id
    assert {name for name in lead if lead[name].phase_id == meeting} == {f"Customer {x}" for x in "HIJKR"}
    assert [lead[f"Customer {x}"].score for x in "LMN"] == [61, 62, 63]
    for x in "OPQ":
        assert "Send the spring offer" in steps(database, lead[f"Customer {x}"].id)
    card = get_lead_card(database, ADMIN, lead[NEW].id)
    assert card.values.expected_value == VALUE_OF_NEW
    assert [lead[f"Customer {x}"].closed_at_utc is not None for x in "SGA"] == [True, True, False]
    database.close()


def steps(database: Database, lead_id: object) -> list[str]:
    return [step.description for step in list_next_steps(database, ADMIN, lead_id)]  # type: ignore[arg-type]
