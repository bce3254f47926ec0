"""What holds for every page: it draws, in both languages, for those who may see it."""

from decimal import Decimal

import pytest

from crmplus.domain.actor import PERMISSIONS, Permission, Role
from crmplus.domain.lead import LeadValues
from crmplus.services.customers import CustomerQuery, list_customers
from crmplus.services.leads import list_leads_of_customer, save_lead
from crmplus.services.people import list_people
from crmplus.store.database import the_database
from tests.pages.visit import Visit, labels
from tests.world import ADMIN, NOW

TITLES = {
    "customers": ("Customers", "Klanten"),
    "customer": ("Customer card", "Klantkaart"),
    "funnel": ("Funnel", "Funnel"),
    "win_loss": ("Win and loss", "Gewonnen en verloren"),
    "conversion": ("Conversion", "Conversie"),
    "time_in_phase": ("Time in phase", "Tijd per fase"),
    "forecast": ("Forecast", "Prognose"),
    "scores": ("Scores", "Scores"),
    "changes": ("Changes", "Wijzigingen"),
    "owners": ("Owners", "Eigenaren"),
    "targets": ("Targets", "Doelen"),
    "account_types": ("Account types", "Accounttypes"),
    "lead_phases": ("Lead phases", "Leadfasen"),
    "closing_reasons": ("Closing reasons", "Afsluitredenen"),
    "people": ("People", "Mensen"),
    "workspace": ("Workspace", "Werkruimte"),
    "import_data": ("Import", "Importeren"),
}
NEEDS = {
    "customers": Permission.VIEW,
    "customer": Permission.VIEW,
    "funnel": Permission.VIEW,
    "win_loss": Permission.VIEW,
    "conversion": Permission.VIEW,
    "time_in_phase": Permission.VIEW,
    "forecast": Permission.VIEW,
    "scores": Permission.VIEW,
    "changes": Permission.VIEW,
    "owners": Permission.VIEW,
    "targets": Permission.CONFIGURE,
    "account_types": Permission.CONFIGURE,
    "lead_phases": Permission.CONFIGURE,
    "closing_reasons": Permission.CONFIGURE,
    "people": Permission.ADMINISTER,
    "workspace": Permission.ADMINISTER,
    "import_data": Permission.CONFIGURE,
}
ROLES = {"Ann": Role.REP, "Mia": Role.MANAGER, "Vic": Role.VIEWER}
FORBIDDEN = [
    (name, page)
    for name, role in ROLES.items()
    for page, need in NEEDS.items()
    if need not in PERMISSIONS[role]
]


@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize("language", [0, 1], ids=["en", "nl"])
def test_a_page_draws_in_an_empty_workspace(empty: Visit, page: str, language: int) -> None:
    at = empty(page, language=("en", "nl")[language])
    assert not at.exception
    assert not at.error
    assert at.title[0].value == TITLES[page][language]


@pytest.mark.parametrize("page", TITLES)
@pytest.mark.parametrize("language", [0, 1], ids=["en", "nl"])
def test_a_page_draws_in_a_workspace_at_work(small: Visit, page: str, language: int) -> None:
    at = small(page, language=("en", "nl")[language])
    assert not at.exception
    assert not at.error
    assert at.title[0].value == TITLES[page][language]


@pytest.mark.parametrize("name, page", FORBIDDEN)
def test_a_page_that_a_role_may_not_see_is_not_drawn_for_it(small: Visit, name: str, page: str) -> None:
    at = small(page, working_as=name)
    assert not at.exception
    assert at.title[0].value == "My day"


def test_a_page_that_a_role_may_not_see_is_left_when_the_role_is_taken_on(small: Visit) -> None:
    at = small("workspace")
    person = next(p.id for p in list_people(the_database(), ADMIN) if p.name == "Ann")
    at.sidebar.selectbox(key="working_as").set_value(person).run()
    assert not at.exception
    assert at.title[0].value == "My day"


def test_a_viewer_is_offered_nothing_that_changes(small: Visit) -> None:
    """On the pages of figures buttons choose what is shown; none of them is a page's action."""
    for page in (page for page, need in NEEDS.items() if need is Permission.VIEW):
        at = small(page, working_as="Vic", **({"customer": "C-00001"} if page == "customer" else {}))
        assert not at.exception
        assert not [b.label for b in at.button if b.proto.type == "primary"]
        assert page != "customer" or not labels(at)
        assert not at.get("menu_button"), page


@pytest.mark.parametrize("page", [page for page in TITLES if page not in ("customer", "import_data")])
def test_a_page_draws_with_the_largest_amounts(small: Visit, page: str) -> None:
    """Sums and squares of them pass what the engine's narrow decimals hold."""
    largest = LeadValues(99, Decimal("9999999999999.99"), Decimal("9999999999999.99"), NOW.date())
    for customer in list_customers(the_database(), ADMIN, CustomerQuery(), 50)[0]:
        for lead in list_leads_of_customer(the_database(), ADMIN, customer.id):
            if lead.is_open:
                save_lead(the_database(), ADMIN, lead.id, lead.version, largest, NOW)
    at = small(page)
    assert not at.exception
    assert not at.error
