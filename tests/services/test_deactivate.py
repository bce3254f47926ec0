"""Somebody leaves: what was theirs goes on with another, and nobody comes in as them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.errors import Conflict, Invalid, NotFound, Refused
from crmplus.domain.lead import LeadValues
from crmplus.domain.next_step import NextStepDraft
from crmplus.domain.person import PersonDraft
from crmplus.domain.session import Way
from crmplus.domain.team import TeamDraft
from crmplus.services.acting import actor_of
from crmplus.services.deactivation import deactivate_person, preview_deactivation
from crmplus.services.doors import list_doors
from crmplus.services.invitations import invite
from crmplus.services.leads import close_lead, list_leads_of_customer, save_lead
from crmplus.services.next_steps import add_next_step, list_next_steps
from crmplus.services.passwords import check_password
from crmplus.services.people import archive_person, change_person, delete_person, restore_person
from crmplus.services.sessions import list_sessions, open_session
from crmplus.services.teams import add_team, list_teams
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.services.at_the_door import SECRET, somebody
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    customer,
    customer_with_lead,
    everything,
    logged_since,
    orphans,
    person,
    phase,
    query,
    reason,
)

LATER = NOW + timedelta(days=2)


def owners(database: Database, table: str) -> list[tuple[str | None, int]]:
    return query(
        database,
        f"SELECT person.name, count(*) FROM {table} AS owned LEFT JOIN person ON person.id = owned.owner_id "
        "GROUP BY 1 ORDER BY 1",
    )


def test_customers_and_open_leads_go_over_and_closed_leads_stay(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    _acme, lead = customer_with_lead(database, "Acme", owner_id=ann.id)
    customer(database, "Attic", "CUSTOMER", owner_id=ann.id, is_active=False)
    smithy, won = customer_with_lead(database, "Smithy", owner_id=ann.id)
    closed, why = phase(database, "LEAD-CLOSED").id, reason(database).id
    close_lead(database, ADMIN, won.id, won.version, closed, why, VALUES, NOW)
    customer_with_lead(database, "Bakery", owner_id=bea.id)
    count = len(query(database, "FROM change_log"))

    deactivate_person(database, ADMIN, ann.id, 1, bea.id, LATER)

    assert owners(database, "customer") == [("Bea", 4)]
    assert owners(database, "lead") == [("Ann", 1), ("Bea", 2)]
    (kept,) = list_leads_of_customer(database, ADMIN, smithy.id)
    assert kept.owner_id == ann.id
    actions = [action for action, _version in logged_since(database, count)]
    assert actions == ["customer_changed"] * 3 + ["lead_described", "person_archived"]
    versions = query(
        database,
        "SELECT owner_id, valid_from_utc FROM lead_version WHERE lead_id = $id ORDER BY version",
        id=lead.id,
    )
    assert versions == [(ann.id, NOW), (bea.id, LATER)]
    assert orphans(database) == []


def test_next_steps_go_along_with_their_leads(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    _, lead = customer_with_lead(database, owner_id=ann.id)
    step = add_next_step(database, ADMIN, lead.id, NextStepDraft("Call", NOW.date()), NOW)
    assert preview_deactivation(database, ADMIN, ann.id).next_step_count == 1
    deactivate_person(database, ADMIN, ann.id, 1, bea.id, LATER)
    assert list_next_steps(database, ADMIN, lead.id) == [step]
    assert preview_deactivation(database, ADMIN, bea.id).next_step_count == 1


def test_the_preview_says_what_the_deed_then_does(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    for name, score, value in (("Acme", 40, "1000.00"), ("Bakery", 25, "200.50"), ("Smithy", None, "0")):
        _, lead = customer_with_lead(database, name, owner_id=ann.id)
        values = LeadValues(score, Decimal(value), Decimal("7") if score else None)
        save_lead(database, ADMIN, lead.id, lead.version, values, NOW)
    before = everything(database)
    told = preview_deactivation(database, ADMIN, ann.id)
    assert everything(database) == before
    assert (told.customer_count, told.open_lead_count) == (3, 3)
    assert told.expected_value == Decimal("1200.50")
    assert told.weighted_value == Decimal("450.125")
    assert told.recurring_value == Decimal("14")
    assert told.refusal is None
    deactivate_person(database, ADMIN, ann.id, 1, bea.id, LATER)
    assert preview_deactivation(database, ADMIN, bea.id) == told
    nothing = replace(told, customer_count=0, open_lead_count=0, expected_value=Decimal(0))
    nothing = replace(nothing, weighted_value=Decimal(0), recurring_value=Decimal(0))
    assert preview_deactivation(database, ADMIN, ann.id) == nothing


def test_what_nobody_takes_over_stays_as_it_is(database: Database) -> None:
    ann = person(database)
    customer_with_lead(database, owner_id=ann.id)
    count = len(query(database, "FROM change_log"))
    deactivate_person(database, ADMIN, ann.id, 1, None, LATER)
    assert owners(database, "lead") == [("Ann", 1)]
    assert logged_since(database, count) == [("person_archived", 2)]


@pytest.mark.parametrize("heir", ["archived", "the same", "nobody known"])
def test_only_somebody_else_in_use_takes_over(database: Database, heir: str) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    customer_with_lead(database, owner_id=ann.id)
    archive_person(database, ADMIN, bea.id, 1, NOW)
    to = {"archived": bea.id, "the same": ann.id, "nobody known": new_id()}[heir]
    before = everything(database)
    with pytest.raises((Refused, NotFound)):
        deactivate_person(database, ADMIN, ann.id, 1, to, LATER)
    assert everything(database) == before


def test_l6_somebody_changed_in_between_stays_with_all_that_is_theirs(database: Database) -> None:
    ann, bea = person(database), person(database, "Bea", "BE")
    customer_with_lead(database, owner_id=ann.id)
    change_person(database, ADMIN, ann.id, 1, PersonDraft("Anna", "AN", Role.REP), NOW)
    before = everything(database)
    with pytest.raises(Conflict):
        deactivate_person(database, ADMIN, ann.id, 1, bea.id, LATER)
    assert everything(database) == before


def test_a_hand_over_that_is_refused_at_its_end_leaves_nothing_behind(database: Database) -> None:
    """The last administrator is refused after the customers and leads were handed over."""
    boss, bea = somebody(database, "Boss", Role.ADMIN, password=True), person(database, "Bea", "BE")
    customer_with_lead(database, owner_id=boss.id)
    before = everything(database)
    with pytest.raises(Refused, match="Boss is the only administrator who can sign in"):
        deactivate_person(database, ADMIN, boss.id, 1, bea.id, LATER)
    assert everything(database) == before
    refusal = preview_deactivation(database, ADMIN, boss.id).refusal
    assert refusal is not None and "Boss is the only administrator" in str(refusal)


def test_nobody_comes_in_as_who_was_archived(database: Database) -> None:
    somebody(database, "Boss", Role.ADMIN, password=True)
    ann, cas = somebody(database, "Ann", password=True), somebody(database, "Cas")
    open_session(database, ann, Way.PASSWORD, "127.0.0.1", "Firefox", NOW)
    invite(database, ADMIN, cas.id, NOW)
    deactivate_person(database, ADMIN, ann.id, 1, None, NOW)
    deactivate_person(database, ADMIN, cas.id, 1, None, NOW)
    assert list_sessions(database, ADMIN, ann.id) == []
    assert check_password(database, ann.email, SECRET, NOW) is None
    assert actor_of(database, ann.id) is None
    assert list_doors(database, ADMIN, NOW).of[cas.id].link_ends_at_utc is None


def test_who_is_brought_back_is_invited_again(database: Database) -> None:
    somebody(database, "Boss", Role.ADMIN, password=True)
    ann = somebody(database, "Ann", password=True)
    archive_person(database, ADMIN, ann.id, 1, NOW)
    restore_person(database, ADMIN, ann.id, 2, NOW)
    assert check_password(database, ann.email, SECRET, NOW) is None
    invite(database, ADMIN, ann.id, NOW)


def test_who_is_archived_stays_in_their_teams(database: Database) -> None:
    ann = person(database)
    team = add_team(database, ADMIN, TeamDraft("North", (ann.id,)), NOW)
    deactivate_person(database, ADMIN, ann.id, 1, None, NOW)
    assert list_teams(database, ADMIN) == [team]


@pytest.mark.parametrize("way", ["archived", "made a rep", "without an address"])
def test_the_last_administrator_who_can_sign_in_stays_one(database: Database, way: str) -> None:
    boss = somebody(database, "Boss", Role.ADMIN, password=True)
    somebody(database, "Nick", Role.ADMIN)
    somebody(database, "Ann", password=True)

    def attempt() -> None:
        if way == "archived":
            archive_person(database, ADMIN, boss.id, 1, NOW)
        elif way == "made a rep":
            change_person(database, ADMIN, boss.id, 1, PersonDraft("Boss", "BO", Role.REP, boss.email), NOW)
        else:
            change_person(database, ADMIN, boss.id, 1, PersonDraft("Boss", "BO", Role.ADMIN, ""), NOW)

    before = everything(database)
    with pytest.raises(Refused, match="only administrator who can sign in"):
        attempt()
    assert everything(database) == before
    somebody(database, "Second", Role.ADMIN, password=True)
    attempt()


def test_the_last_administrator_is_not_deleted_either(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a provider, whoever has an address signs in by it, password or not."""
    monkeypatch.setenv("CRMPLUS_OIDC", "yes")
    boss = somebody(database, "Boss", Role.ADMIN)
    with pytest.raises(Refused, match="only administrator who can sign in"):
        delete_person(database, ADMIN, boss.id, 1, NOW)
    somebody(database, "Second", Role.ADMIN)
    delete_person(database, ADMIN, boss.id, 1, NOW)


def test_while_sign_in_is_off_any_administrator_can_go(database: Database) -> None:
    boss = somebody(database, "Boss", Role.ADMIN)
    archive_person(database, ADMIN, boss.id, 1, NOW)


def test_a5_who_has_a_password_is_archived_instead_of_deleted(database: Database) -> None:
    somebody(database, "Boss", Role.ADMIN, password=True)
    ann = somebody(database, "Ann", password=True)
    before = everything(database)
    with pytest.raises(Refused, match="Archive it instead"):
        delete_person(database, ADMIN, ann.id, 1, NOW)
    assert everything(database) == before


def test_nobody_in_use_shares_an_address_whatever_its_case(database: Database) -> None:
    ann = somebody(database, "Ann")
    typed = PersonDraft("Bea", "BE", Role.REP, "ANN@Example.com")
    bea = person(database, "Bea", "BE")
    with pytest.raises(Invalid, match="Ann has this address already") as refused:
        change_person(database, ADMIN, bea.id, 1, typed, NOW)
    assert set(refused.value.fields) == {"email"}
    archive_person(database, ADMIN, ann.id, 1, NOW)
    change_person(database, ADMIN, bea.id, 1, typed, NOW)
    with pytest.raises(Invalid):
        restore_person(database, ADMIN, ann.id, 2, NOW)
