"""Teams, and what each role sees through them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.errors import Conflict, Invalid, NotFound, Refused
from crmplus.domain.sight import Reach
from crmplus.domain.team import TeamDraft
from crmplus.services.acting import actor_of
from crmplus.services.customers import CustomerQuery, list_customers
from crmplus.services.open_leads import LeadQuery, list_open_leads
from crmplus.services.people import archive_person, delete_person
from crmplus.services.seeing import preview_sight
from crmplus.services.setup import default_workspace
from crmplus.services.teams import add_team, change_team, delete_team, list_teams
from crmplus.services.workspace import change_workspace, find_workspace
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import ADMIN, NOW, customer, customer_with_lead, everything, person, query


def history(database: Database) -> list[tuple[str, int, str, str]]:
    return query(
        database,
        "SELECT action, version, before_json, after_json FROM change_log WHERE entity = 'team' ORDER BY id",
    )


def test_teams_are_listed_by_name_with_their_members(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    add_team(database, ADMIN, TeamDraft("south", (bea.id, ann.id, bea.id)), NOW)
    add_team(database, ADMIN, TeamDraft(" North ", ()), NOW)
    north, south = list_teams(database, ADMIN)
    assert (north.name, north.members, south.name) == ("North", (), "south")
    assert south.members == tuple(sorted((ann.id, bea.id)))


def test_a_change_of_members_is_kept_with_who_was_in_it_before_and_after(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    team = add_team(database, ADMIN, TeamDraft("North", (ann.id,)), NOW)
    changed = change_team(database, ADMIN, team.id, 1, TeamDraft("North", (bea.id,)), NOW)
    delete_team(database, ADMIN, team.id, changed.version, NOW)
    assert history(database) == [
        ("team_made", 1, "{}", f'{{"name": "North", "members": ["{ann.id}"]}}'),
        ("team_changed", 2, f'{{"members": ["{ann.id}"]}}', f'{{"members": ["{bea.id}"]}}'),
        ("team_deleted", 3, f'{{"name": "North", "members": ["{bea.id}"]}}', "{}"),
    ]
    assert list_teams(database, ADMIN) == []
    assert query(database, "FROM team_member") == []


def test_members_come_and_go_and_come_again(database: Database) -> None:
    ann, bea, cas = person(database), person(database, "Bea", "BE"), person(database, "Cas", "CA")
    team = add_team(database, ADMIN, TeamDraft("North", (ann.id, bea.id)), NOW)
    for members in ((bea.id, cas.id), (ann.id,), (), (ann.id, bea.id, cas.id)):
        team = change_team(database, ADMIN, team.id, team.version, TeamDraft("North", members), NOW)
        assert list_teams(database, ADMIN) == [team]
        assert set(team.members) == set(members)


def test_saving_a_team_as_it_is_writes_nothing(database: Database) -> None:
    team = add_team(database, ADMIN, TeamDraft("North", (person(database).id,)), NOW)
    before = everything(database)
    assert change_team(database, ADMIN, team.id, 1, TeamDraft("North", team.members), NOW) == team
    assert everything(database) == before


def test_adding_a_team_twice_with_the_same_key_adds_it_once(database: Database) -> None:
    key, typed = new_id(), TeamDraft("North", (person(database).id,))
    first = add_team(database, ADMIN, typed, NOW, key)
    before = everything(database)
    assert add_team(database, ADMIN, typed, NOW, key) == first
    assert everything(database) == before


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "\u200b", "a\x00b", "NORTH"])
def test_a_team_has_a_name_of_its_own(database: Database, name: str) -> None:
    add_team(database, ADMIN, TeamDraft("North", ()), NOW)
    with pytest.raises(Invalid) as refused:
        add_team(database, ADMIN, TeamDraft(name, ()), NOW)
    assert set(refused.value.fields) == {"name"}


def test_only_people_in_use_come_into_a_team_and_who_leaves_stays_in_theirs(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    team = add_team(database, ADMIN, TeamDraft("North", (ann.id,)), NOW)
    archive_person(database, ADMIN, ann.id, 1, NOW)
    archive_person(database, ADMIN, bea.id, 1, NOW)
    renamed = change_team(database, ADMIN, team.id, 1, TeamDraft("Northern", (ann.id,)), NOW)
    before = everything(database)
    with pytest.raises(Invalid, match="Bea is archived"):
        change_team(database, ADMIN, team.id, renamed.version, TeamDraft("N", (ann.id, bea.id)), NOW)
    with pytest.raises(NotFound):
        add_team(database, ADMIN, TeamDraft("South", (new_id(),)), NOW)
    assert everything(database) == before


def test_l6_a_stale_team_is_refused_and_says_who_was_put_in(database: Database) -> None:
    ann, boss = person(database), person(database, "Boss", "BO", Role.ADMIN)
    team = add_team(database, ADMIN, TeamDraft("North", ()), NOW)
    later = NOW + timedelta(hours=1)
    who = actor_of(database, boss.id)
    assert who is not None
    change_team(database, who, team.id, 1, TeamDraft("North", (ann.id,)), later)
    before = everything(database)
    for attempt in (
        lambda: change_team(database, ADMIN, team.id, 1, TeamDraft("South", ()), NOW),
        lambda: delete_team(database, ADMIN, team.id, 1, NOW),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert (refused.value.actor_name, refused.value.at_utc) == ("Boss", later)
        assert [(c.field, c.before, c.after) for c in refused.value.changes] == [
            ("members", [], [str(ann.id)])
        ]
    assert everything(database) == before


def test_a5_somebody_who_was_ever_in_a_team_is_archived_instead_of_deleted(database: Database) -> None:
    ann = person(database)
    team = add_team(database, ADMIN, TeamDraft("North", (ann.id,)), NOW)
    delete_team(database, ADMIN, team.id, 1, NOW)
    with pytest.raises(Refused, match="Archive it instead"):
        delete_person(database, ADMIN, ann.id, 1, NOW)


def test_the_preview_counts_what_each_would_find_with_their_own_eyes(database: Database) -> None:
    ann, bea, cas = person(database), person(database, "Bea", "BE"), person(database, "Cas", "CA")
    mia = person(database, "Mia", "MI", Role.MANAGER)
    customer_with_lead(database, "Acme", owner_id=ann.id)
    customer_with_lead(database, "Bakery", owner_id=bea.id)
    customer(database, "Depot", "CUSTOMER", owner_id=bea.id)
    customer_with_lead(database, "Nobody's")
    add_team(database, ADMIN, TeamDraft("North", (ann.id, bea.id)), NOW)
    add_team(database, ADMIN, TeamDraft("South", (bea.id, mia.id)), NOW)

    expected = preview_sight(database, ADMIN, Reach.ALL, Reach.TEAM, Reach.OWN)
    assert [(s.name, s.reach, s.customer_count, s.open_lead_count) for s in expected] == [
        ("Ann", Reach.TEAM, 3, 2),
        ("Bea", Reach.TEAM, 3, 2),
        ("Cas", Reach.TEAM, 0, 0),
        ("Mia", Reach.ALL, 4, 3),
    ]
    own = preview_sight(database, ADMIN, Reach.TEAM, Reach.OWN, Reach.OWN)
    assert [(s.customer_count, s.open_lead_count) for s in own] == [(1, 1), (2, 1), (0, 0), (2, 1)]

    stored = find_workspace(database)
    assert stored is not None
    draft = replace(default_workspace("en", "UTC"), manager_sees=Reach.TEAM, rep_sees=Reach.OWN)
    change_workspace(database, ADMIN, stored.version, draft, NOW)
    for seen, who in zip(own, (ann, bea, cas, mia), strict=True):
        actor = actor_of(database, who.id)
        assert actor is not None
        assert list_customers(database, actor, CustomerQuery(), 1)[1] == seen.customer_count
        _leads, count = list_open_leads(database, actor, LeadQuery(NOW.date(), stored.zone), 1)
        assert count == seen.open_lead_count


def test_the_preview_leaves_out_who_is_archived(database: Database) -> None:
    ann = person(database)
    archive_person(database, ADMIN, ann.id, 1, NOW)
    assert preview_sight(database, ADMIN, Reach.ALL, Reach.ALL, Reach.ALL) == []
