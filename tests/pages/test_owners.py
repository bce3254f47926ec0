"""Owners on screen, with and without leads."""

import pytest

from tests.pages.visit import Visit, seen


def test_owners_stand_side_by_side_with_a_total(small: Visit) -> None:
    at = small("owners", closed="all")
    frame = at.dataframe[0].value
    assert list(frame["owner"]) == ["Ann", "nobody", "Total"]
    assert list(frame["open_count"]) == ["2", "1", "3"]
    assert list(frame["won"]) == ["1", "0", "1"]
    assert list(frame["lost"]) == ["0", "1", "1"]
    assert "Ann won most: €1,000." in seen(at)


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
