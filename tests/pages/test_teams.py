import pytest

from crmplus.domain.sight import Reach
from crmplus.domain.team import TeamDraft
from crmplus.services.people import list_people
from crmplus.services.teams import add_team
from crmplus.services.workspace import find_workspace
from crmplus.store.database import the_database
from tests.pages.visit import Visit, seen
from tests.world import ADMIN, NOW, query


def team_of(*names: str, name: str = "North") -> None:
    people = [person.id for person in list_people(the_database(), ADMIN) if person.name in names]
    add_team(the_database(), ADMIN, TeamDraft(name, tuple(people)), NOW)


def test_without_teams_the_page_says_what_they_are_for(small: Visit) -> None:
    words = seen(small("teams"))
    assert "No team yet" in words
    assert "What everybody sees now:" in words


def test_teams_are_listed_with_their_members(small: Visit) -> None:
    small("teams")
    team_of("Vic", "Ann")
    words = seen(small("teams"))
    assert "**North**" in words
    assert "Ann, Vic" in words


def test_adding_opens_an_empty_form_that_offers_everybody_in_use(small: Visit) -> None:
    at = small("teams")
    at.button(key="add").click().run()
    assert not at.exception
    members = at.multiselect(key="team-new-members")
    assert (members.options, members.value) == (["Ann", "Mia", "Vic"], [])
    assert at.text_input(key="team-new-name").value == ""


def test_what_would_be_seen_is_counted_before_it_is_saved(small: Visit) -> None:
    small("teams")
    team_of("Ann", "Vic")
    at = small("teams")
    table = at.table[0].value
    assert list(table["Customers"]) == ["6", "6", "6"]
    at.get_by_key("sight-rep_sees").set_value(Reach.OWN).run()
    at.get_by_key("sight-viewer_sees").set_value(Reach.TEAM).run()
    at.get_by_key("sight-manager_sees").set_value(Reach.TEAM).run()
    assert not at.exception
    assert "What everybody would see once you save:" in seen(at)
    table = at.table[0].value
    assert [list(row)[1:] for row in table.to_numpy()] == [
        ["their own", "2", "2"],
        ["their own, as they are in no team", "0", "0"],
        ["their team\\'s\\: North", "2", "2"],
    ]
    assert find_workspace(the_database()).rep_sees is Reach.ALL  # type: ignore[union-attr]
    at.button(key="sight-save").click().run()
    assert not at.exception
    stored = find_workspace(the_database())
    assert stored is not None
    assert (stored.manager_sees, stored.rep_sees, stored.viewer_sees) == (Reach.TEAM, Reach.OWN, Reach.TEAM)
    assert "What everybody sees now:" in seen(at)


def test_a_choice_that_somebody_made_in_between_is_shown_beside_ones_own(small: Visit) -> None:
    first, second = small("teams"), small("teams")
    first.get_by_key("sight-rep_sees").set_value(Reach.OWN).run()
    first.button(key="sight-save").click().run()
    second.get_by_key("sight-viewer_sees").set_value(Reach.OWN).run()
    second.button(key="sight-save").click().run()
    assert not second.exception
    words = seen(second)
    assert "Nothing was overwritten" in words
    second.button(key="sight-overwrite").click().run()
    assert query(the_database(), "SELECT rep_sees, viewer_sees FROM workspace") == [("own", "own")]


def test_saving_the_workspace_leaves_what_roles_see_as_it_is(small: Visit) -> None:
    at = small("teams")
    at.get_by_key("sight-rep_sees").set_value(Reach.OWN).run()
    at.button(key="sight-save").click().run()
    at = small("workspace")
    at.text_input(key="workspace-company_name").set_value("Acme Sales")
    at.button(key="workspace-save").click().run()
    assert query(the_database(), "SELECT company_name, rep_sees FROM workspace") == [("Acme Sales", "own")]


@pytest.mark.parametrize("who", ["Ann", "Mia", "Vic"])
def test_nobody_but_an_administrator_gets_the_page(small: Visit, who: str) -> None:
    at = small("teams", working_as=who)
    assert "What each role sees" not in seen(at)
