"""Saved views: of whom they are, who sees them, and who may do what with them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import Conflict, FieldChange, Invalid, NotFound, NotPermitted, Refused
from crmplus.domain.person import Person
from crmplus.domain.saved_view import LONGEST_QUERY, SavedViewDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.people import delete_person
from crmplus.services.saved_views import (
    change_view,
    get_view,
    is_own,
    list_views,
    may_rename,
    remove_view,
    save_view,
)
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import ADMIN, NASTY_TEXTS, NOW, everything, logged, orphans, person

LATER = NOW + timedelta(hours=1)
MINE = SavedViewDraft("Big ones", "leads", "owner=AN&value=1000")
SHARED = replace(MINE, is_shared=True)


@pytest.fixture
def ann_herself(database: Database) -> Person:
    return person(database)


@pytest.fixture
def ann(ann_herself: Person) -> Actor:
    return ann_herself.seeing(EVERYTHING)


@pytest.fixture
def mia(database: Database) -> Actor:
    return person(database, "Mia", "MI", Role.MANAGER).seeing(EVERYTHING)


@pytest.fixture
def bob(database: Database) -> Actor:
    return person(database, "Bob", "BO").seeing(EVERYTHING)


@pytest.fixture
def vic(database: Database) -> Actor:
    return person(database, "Vic", "VI", Role.VIEWER).seeing(EVERYTHING)


def names(database: Database, actor: Actor, page: str | None = None) -> list[str]:
    return [view.name for view in list_views(database, actor, page)]


def test_own_views_come_before_those_that_others_share_each_by_name(
    database: Database, ann: Actor, bob: Actor
) -> None:
    for actor, name, is_shared in (
        (bob, "Alpha", True),
        (bob, "Hidden", False),
        (ann, "zulu", False),
        (ann, "Élan", True),
    ):
        save_view(database, actor, SavedViewDraft(name, "leads", "", is_shared), NOW)
    assert names(database, ann) == ["Élan", "zulu", "Alpha"]
    assert names(database, bob) == ["Alpha", "Hidden", "Élan"]
    assert names(database, ADMIN) == ["Alpha", "Élan"]
    assert orphans(database) == []


def test_views_are_listed_by_page_or_all(database: Database, ann: Actor) -> None:
    save_view(database, ann, MINE, NOW)
    save_view(database, ann, replace(MINE, page="funnel", name="Autumn"), NOW)
    assert names(database, ann, "leads") == ["Big ones"]
    assert names(database, ann, "funnel") == ["Autumn"]
    assert names(database, ann) == ["Autumn", "Big ones"]


def test_the_local_administrator_has_views_too(database: Database, ann: Actor) -> None:
    made = save_view(database, ADMIN, MINE, NOW)
    assert is_own(ADMIN, made)
    assert not is_own(ann, made)
    assert names(database, ADMIN) == ["Big ones"]
    assert names(database, ann) == []


def test_a_view_is_made_changed_and_removed_with_its_history(database: Database, ann: Actor) -> None:
    before = len(logged(database))
    made = save_view(database, ann, MINE, NOW)
    draft = SavedViewDraft("Bigger", "leads", "value=9", is_shared=True)
    changed = change_view(database, ann, made.id, 1, draft, LATER)
    assert changed == replace(made, name="Bigger", query="value=9", is_shared=True, version=2)
    assert get_view(database, ann, made.id) == changed
    remove_view(database, ann, made.id, 2, LATER)
    assert logged(database)[before:] == [
        ("saved_view_made", 1),
        ("saved_view_changed", 2),
        ("saved_view_deleted", 3),
    ]
    with pytest.raises(NotFound):
        get_view(database, ann, made.id)


def test_a_view_stays_on_its_page(database: Database, ann: Actor) -> None:
    made = save_view(database, ann, MINE, NOW)
    assert change_view(database, ann, made.id, 1, replace(MINE, page="funnel"), LATER).page == "leads"


def test_saving_twice_saves_once(database: Database, ann: Actor, bob: Actor) -> None:
    key = new_id()
    made = save_view(database, ann, MINE, NOW, key)
    assert save_view(database, ann, MINE, LATER, key) == made
    assert names(database, ann) == ["Big ones"]
    with pytest.raises(NotFound):  # a key of somebody else tells nothing
        save_view(database, bob, MINE, LATER, key)


@pytest.mark.parametrize("name", ["Big ones", " big ONES ", "BÍG ones"])
def test_one_person_has_a_name_once_a_page(database: Database, ann: Actor, name: str) -> None:
    save_view(database, ann, MINE, NOW)
    other = save_view(database, ann, replace(MINE, name="Other"), NOW)
    before = everything(database)
    with pytest.raises(Invalid) as saving:
        save_view(database, ann, replace(MINE, name=name), NOW)
    with pytest.raises(Invalid) as renaming:
        change_view(database, ann, other.id, 1, replace(MINE, name=name), NOW)
    assert list(saving.value.fields) == list(renaming.value.fields) == ["name"]
    assert "has this name already" in str(saving.value)
    assert everything(database) == before


def test_other_people_and_other_pages_may_have_the_same_name(
    database: Database, ann: Actor, bob: Actor
) -> None:
    save_view(database, ann, SHARED, NOW)
    save_view(database, bob, SHARED, NOW)
    save_view(database, ADMIN, SHARED, NOW)
    save_view(database, ann, replace(MINE, page="funnel"), NOW)
    assert names(database, ann) == ["Big ones"] * 4


def test_a_view_may_keep_its_name_or_change_its_case(database: Database, ann: Actor) -> None:
    made = save_view(database, ann, MINE, NOW)
    assert change_view(database, ann, made.id, 1, replace(MINE, name="BIG ONES"), NOW).name == "BIG ONES"


def test_a_private_view_of_somebody_else_is_as_if_it_were_not_there(
    database: Database, ann: Actor, mia: Actor
) -> None:
    made = save_view(database, ann, MINE, NOW)
    before = everything(database)
    sentences = set()
    for view_id in (made.id, new_id()):
        for attempt in (
            lambda key: get_view(database, mia, key),
            lambda key: change_view(database, mia, key, 1, MINE, NOW),
            lambda key: remove_view(database, mia, key, 1, NOW),
        ):
            with pytest.raises(NotFound) as found:
                attempt(view_id)
            sentences.add(str(found.value))
    assert sentences == {"This saved view does not exist any more, or it is not shared with you."}
    assert everything(database) == before


def test_a_rep_only_opens_what_others_share(database: Database, ann: Actor, bob: Actor) -> None:
    made = save_view(database, ann, SHARED, NOW)
    assert get_view(database, bob, made.id) == made
    assert not may_rename(bob, made)
    before = everything(database)
    with pytest.raises(NotPermitted):
        change_view(database, bob, made.id, 1, replace(SHARED, name="Mine"), NOW)
    with pytest.raises(NotPermitted):
        remove_view(database, bob, made.id, 1, NOW)
    assert everything(database) == before


def test_a_manager_renames_and_removes_what_others_share_but_leaves_its_filters(
    database: Database, ann: Actor, mia: Actor
) -> None:
    made = save_view(database, ann, SHARED, NOW)
    assert may_rename(mia, made)
    before = everything(database)
    for draft in (replace(SHARED, query="value=1"), replace(SHARED, is_shared=False)):
        with pytest.raises(NotPermitted) as refused:
            change_view(database, mia, made.id, 1, draft, NOW)
        assert "Only who made a saved view" in str(refused.value)
    assert everything(database) == before
    renamed = change_view(database, mia, made.id, 1, replace(SHARED, name="Ours"), NOW)
    assert (renamed.name, renamed.owner_id) == ("Ours", ann.person_id)
    remove_view(database, mia, made.id, 2, NOW)
    assert names(database, ann) == []


def test_a_manager_can_not_give_a_view_a_name_its_owner_has_already(
    database: Database, ann: Actor, mia: Actor
) -> None:
    save_view(database, ann, replace(MINE, name="Taken"), NOW)
    made = save_view(database, ann, SHARED, NOW)
    save_view(database, mia, replace(MINE, name="Free"), NOW)
    with pytest.raises(Invalid):
        change_view(database, mia, made.id, 1, replace(SHARED, name="taken"), NOW)
    assert change_view(database, mia, made.id, 1, replace(SHARED, name="Free"), NOW).name == "Free"


def test_a_viewer_keeps_views_but_shares_none(database: Database, vic: Actor) -> None:
    made = save_view(database, vic, MINE, NOW)
    before = everything(database)
    with pytest.raises(NotPermitted):
        save_view(database, vic, replace(SHARED, name="Shared"), NOW)
    with pytest.raises(NotPermitted):
        change_view(database, vic, made.id, 1, SHARED, NOW)
    assert everything(database) == before
    change_view(database, vic, made.id, 1, replace(MINE, name="Mine"), NOW)
    remove_view(database, vic, made.id, 2, NOW)


def test_who_became_a_viewer_can_still_take_back_what_was_shared(database: Database, ann: Actor) -> None:
    made = save_view(database, ann, SHARED, NOW)
    now_viewer = replace(ann, role=Role.VIEWER)
    with pytest.raises(NotPermitted):
        change_view(database, now_viewer, made.id, 1, replace(SHARED, name="Other"), NOW)
    assert not change_view(database, now_viewer, made.id, 1, MINE, NOW).is_shared


def test_what_was_saved_in_between_is_never_overwritten(database: Database, ann: Actor, mia: Actor) -> None:
    made = save_view(database, ann, SHARED, NOW)
    change_view(database, mia, made.id, 1, replace(SHARED, name="Ours"), LATER)
    before = everything(database)
    with pytest.raises(Conflict) as found:
        change_view(database, ann, made.id, 1, replace(SHARED, query="value=2"), LATER)
    assert (found.value.actor_name, found.value.version) == ("Mia", 2)
    assert found.value.changes == (FieldChange("name", "Big ones", "Ours"),)
    with pytest.raises(Conflict):
        remove_view(database, ann, made.id, 1, LATER)
    assert everything(database) == before


@pytest.mark.parametrize(
    "draft, field",
    [
        (replace(MINE, name="  "), "name"),
        (replace(MINE, name="x" * 81), "name"),
        (replace(MINE, name="a\x07b"), "name"),
        (replace(MINE, page=""), "page"),
        (replace(MINE, query="x" * (LONGEST_QUERY + 1)), "query"),
        (replace(MINE, query="a=\x00"), "query"),
    ],
)
def test_what_can_not_be_kept_is_refused(
    database: Database, ann: Actor, draft: SavedViewDraft, field: str
) -> None:
    before = everything(database)
    with pytest.raises(Invalid) as found:
        save_view(database, ann, draft, NOW)
    assert list(found.value.fields) == [field]
    assert everything(database) == before


def test_odd_texts_are_kept_as_they_are(database: Database, ann: Actor) -> None:
    for text in NASTY_TEXTS:
        made = save_view(database, ann, SavedViewDraft(text, "leads", "&&=;?%00%zz&a=b"), NOW)
        assert get_view(database, ann, made.id).query == "&&=;?%00%zz&a=b"


def test_a_person_with_saved_views_is_not_deleted(
    database: Database, ann_herself: Person, ann: Actor
) -> None:
    save_view(database, ann, MINE, NOW)
    with pytest.raises(Refused):
        delete_person(database, ADMIN, ann_herself.id, 1, NOW)
    assert orphans(database) == []
