import pytest

from crmplus.domain.account_type import AccountTypeDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.account_types import add_account_type
from crmplus.services.workspace import find_workspace
from crmplus.store.database import the_database
from tests.pages.visit import Visit, choose, seen
from tests.world import ADMIN, NOW, new_account_type, query


def test_account_types_say_which_have_phases_and_which_is_the_default(small: Visit) -> None:
    words = seen(small("account_types"))
    assert words.index("**Lead**") < words.index("**Prospect**") < words.index("**Customer**")
    assert words.count("phases on") == 2
    assert words.count("\ndefault") == 1


def test_a_ready_funnel_says_so_and_counts_its_open_leads(small: Visit) -> None:
    words = seen(small("lead_phases"))
    assert "Ready: leads can travel through this funnel." in words
    assert "2 open leads" in words


def test_a_funnel_that_lacks_phases_says_what_and_why(small: Visit) -> None:
    new_account_type(the_database(), "PARTNER")
    at = small("lead_phases")
    choose(at, "Account type", "Partner")
    assert not at.exception
    assert "without one no closing reason can be chosen" in seen(at)
    assert not at.success


def test_a_funnel_is_named_in_the_address_by_its_code_whatever_it_is_called(small: Visit) -> None:
    draft = AccountTypeDraft("B2B", "Prospect (B2B) & Co.", 50, uses_phases=True, is_default=False)
    add_account_type(the_database(), ADMIN, draft, NOW)
    assert "Set up the lead phases of Prospect (B2B) & Co." in seen(small("account_types"))
    box = small("lead_phases", type="B2B").main.selectbox[0]
    assert box.options[box.index or 0].replace("\\", "") == "Prospect (B2B) & Co."


def test_the_limit_of_a_phase_is_shown_and_can_be_chosen_for_a_new_one(small: Visit) -> None:
    at = small("lead_phases")
    assert "limit 21 days" in seen(at)
    at.button(key="add").click().run()
    field = at.number_input(key="phase-new-limit_days")
    assert field.value is None
    assert "Empty: no limit." in field.help


def test_a_phase_without_a_limit_has_a_dash_in_the_list(small: Visit) -> None:
    with the_database().transaction(EVERYTHING) as connection:
        connection.execute("UPDATE phase SET limit_days = NULL")
    at = small("lead_phases")
    assert not at.exception
    assert "limit" not in seen(at).replace("Limit in days", "")
    assert "–" in seen(at)


def test_closing_reasons_show_their_outcome(small: Visit) -> None:
    words = seen(small("closing_reasons"))
    assert words.index("**Won**") < words.index("**Lost**") < words.index("**Competitor**")


def test_without_people_the_page_says_why_to_add_them(empty: Visit) -> None:
    assert "Nobody here yet" in seen(empty("people"))


def test_people_are_listed_with_their_roles(small: Visit) -> None:
    words = seen(small("people"))
    for name, role in (("Ann", "rep"), ("Mia", "manager"), ("Vic", "viewer")):
        assert f"**{name}**" in words
        assert role in words


@pytest.mark.parametrize(
    "page, key",
    [("account_types", "add"), ("lead_phases", "add"), ("closing_reasons", "add"), ("people", "add")],
)
def test_adding_opens_an_empty_form(small: Visit, page: str, key: str) -> None:
    at = small(page)
    at.button(key=key).click().run()
    assert not at.exception
    assert any(b.label == "Save" for b in at.button)
    assert at.text_input[0].value == ""


def test_the_workspace_saves_what_is_typed(small: Visit) -> None:
    at = small("workspace")
    at.text_input(key="workspace-company_name").set_value("Acme Sales")
    at.selectbox(key="workspace-recurring_period").select("year")
    at.button(key="workspace-save").click().run()
    assert not at.exception
    made = find_workspace(the_database())
    assert made is not None
    assert (made.company_name, made.recurring_period.value) == ("Acme Sales", "year")


def test_a_workspace_that_somebody_saved_in_between_is_refused_with_both_values(small: Visit) -> None:
    first, second = small("workspace"), small("workspace")
    first.text_input(key="workspace-company_name").set_value("Theirs")
    first.button(key="workspace-save").click().run()
    second.text_input(key="workspace-company_name").set_value("Mine")
    second.button(key="workspace-save").click().run()
    assert not second.exception
    assert "Nothing was overwritten" in seen(second)
    assert second.text_input(key="workspace-company_name").value == "Mine"
    assert query(the_database(), "SELECT company_name FROM workspace") == [("Theirs",)]
    second.button(key="workspace-overwrite").click().run()
    assert query(the_database(), "SELECT company_name FROM workspace") == [("Mine",)]
