"""Owners on screen, with and without leads."""

from datetime import timedelta

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.person import PersonDraft
from crmplus.services.leads import close_lead
from crmplus.services.people import add_person, archive_person, list_people
from crmplus.store.database import the_database
from tests.pages.visit import Visit, seen
from tests.world import ADMIN, NOW, VALUES, customer_with_lead, phase, reason


def test_owners_stand_side_by_side_with_a_total(small: Visit) -> None:
    at = small("owners", closed="all")
    frame = at.dataframe[0].value
    assert list(frame["owner"]) == ["Ann", "nobody", "Total"]
    assert list(frame["open_count"]) == ["2", "1", "3"]
    assert list(frame["won"]) == ["1", "0", "1"]
    assert list(frame["lost"]) == ["0", "1", "1"]
    assert "won most" not in seen(at), "of one there is no most"


def test_an_owner_is_chosen_by_a_filter(small: Visit) -> None:
    at = small("owners", closed="all", owner="AN")
    assert list(at.dataframe[0].value["owner"]) == ["Ann", "Total"]


def test_an_empty_workspace_says_what_is_missing(empty: Visit) -> None:
    at = empty("owners")
    assert "Give leads an owner" in at.info[0].value
    assert not at.dataframe


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("open:AN", "Open leads of Ann: 2 leads"),
        ("won:AN", "Leads won by Ann: 1 lead"),
        ("lost:nobody", "Leads lost by nobody: 1 lead"),
        ("won:*", "Leads won by all owners: 1 lead"),
        ("decided:*", "Leads won or lost by all owners: 2 leads"),
        ("open:*", "Open leads of all owners: 3 leads"),
        ("ageing:nobody", "Ageing leads of nobody: 1 lead"),
    ],
)
def test_a_click_lists_the_leads_behind_a_figure(small: Visit, code: str, title: str) -> None:
    at = small("owners", closed="all", show=code)
    assert title in seen(at)


@pytest.mark.parametrize("code", ["open:ZZ", "won", "<img>:AN", "everything:AN", ""])
def test_a_code_that_names_nothing_lists_nothing(small: Visit, code: str) -> None:
    at = small("owners", closed="all", show=code)
    assert not at.exception
    assert len(at.dataframe) == 1


def test_archived_people_with_the_same_initials_are_not_taken_for_one_another(small: Visit) -> None:
    database = the_database()
    ann = next(person for person in list_people(database, ADMIN) if person.name == "Ann")
    archive_person(database, ADMIN, ann.id, ann.version, NOW)
    andy = add_person(database, ADMIN, PersonDraft("Andy", "AN", Role.REP), NOW)
    _customer, lead = customer_with_lead(database, "Tannery", owner_id=andy.id)
    closing = phase(database, "LEAD-CLOSED").id
    close_lead(database, ADMIN, lead.id, lead.version, closing, reason(database).id, VALUES, NOW)
    archive_person(database, ADMIN, andy.id, andy.version, NOW + timedelta(days=1))
    for code, name in (("AN~", "Ann"), ("AN~2", "Andy")):
        assert f"Leads won by {name}: 1 lead" in seen(small("owners", closed="all", show=f"won:{code}"))
        at = small("owners", closed="all", owner=code)
        assert list(at.dataframe[0].value["owner"]) == [name, "Total"]
    assert not small("forecast").exception


def test_of_owners_who_won_as_much_all_are_named(small: Visit) -> None:
    database = the_database()
    bo = add_person(database, ADMIN, PersonDraft("Bo", "BO", Role.REP), NOW)
    _customer, lead = customer_with_lead(database, "Tannery", owner_id=bo.id)
    closing = phase(database, "LEAD-CLOSED").id
    close_lead(database, ADMIN, lead.id, lead.version, closing, reason(database).id, VALUES, NOW)
    assert "Ann, Bo won most: €1,000 each." in seen(small("owners", closed="all"))
