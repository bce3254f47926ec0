from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.customer import Customer
from crmplus.domain.errors import Conflict, NotFound, NotPermitted, Refused
from crmplus.domain.lead import Lead
from crmplus.domain.next_step import NextStep, NextStepDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.leads import close_lead, get_lead_card, reopen_lead
from crmplus.services.next_steps import (
    add_next_step,
    change_next_step,
    finish_next_step,
    list_next_steps,
    remove_next_step,
    reopen_next_step,
)
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NASTY_TEXTS,
    NOW,
    VALUES,
    customer_with_lead,
    everything,
    logged,
    logged_since,
    orphans,
    person,
    phase,
    query,
    reason,
)

DAY = date(2026, 3, 4)
CALL = NextStepDraft("Call", DAY)
LATER = NOW + timedelta(hours=1)
NOBODY = UUID(int=0)


@pytest.fixture
def bakery(database: Database) -> tuple[Customer, Lead]:
    return customer_with_lead(database, "Bakery")


@pytest.fixture
def lead(bakery: tuple[Customer, Lead]) -> Lead:
    return bakery[1]


def close(database: Database, lead: Lead) -> Lead:
    newest = get_lead_card(database, ADMIN, lead.id).lead
    closed, why = phase(database, "LEAD-CLOSED").id, reason(database, "WON").id
    return close_lead(database, ADMIN, lead.id, newest.version, closed, why, VALUES, LATER)


def planned(database: Database, lead: Lead, draft: NextStepDraft = CALL) -> NextStep:
    return add_next_step(database, ADMIN, lead.id, draft, NOW)


def told(database: Database) -> list[tuple[str, int, UUID]]:
    """What the history says of next steps: action, version and whose card it is on."""
    sql = "SELECT action, version, customer_id FROM change_log WHERE entity = 'next_step' ORDER BY id"
    return query(database, sql)


def test_a_step_is_planned_and_is_on_the_history_of_its_customer(
    database: Database, bakery: tuple[Customer, Lead]
) -> None:
    customer, lead = bakery
    step = planned(database, lead, NextStepDraft(" Call ", DAY, time(14, 0)))
    assert (step.lead_id, step.description, step.due_date, step.due_time) == (
        lead.id,
        "Call",
        DAY,
        time(14, 0),
    )
    assert step.is_open
    assert list_next_steps(database, ADMIN, lead.id) == [step]
    assert told(database) == [("next_step_made", 1, customer.id)]
    assert orphans(database) == []


def test_open_steps_are_listed_by_day_then_time_and_without_a_time_last(
    database: Database, lead: Lead
) -> None:
    for text, day, at in (
        ("d", DAY, None),
        ("e", DAY + timedelta(days=1), time(8, 0)),
        ("c", DAY, time(16, 0)),
        ("a", DAY - timedelta(days=9), None),
        ("b", DAY, time(0, 0)),
    ):
        planned(database, lead, NextStepDraft(text, day, at))
    assert [step.description for step in list_next_steps(database, ADMIN, lead.id)] == list("abcde")


def test_the_same_form_sent_twice_plans_one_step(database: Database, lead: Lead) -> None:
    new = new_id()
    first = add_next_step(database, ADMIN, lead.id, CALL, NOW, new)
    again = add_next_step(database, ADMIN, lead.id, CALL, LATER, new)
    assert first == again
    assert len(told(database)) == 1


def test_a_step_is_put_off_and_said_otherwise(database: Database, bakery: tuple[Customer, Lead]) -> None:
    customer, lead = bakery
    step = planned(database, lead)
    put_off = change_next_step(
        database, ADMIN, step.id, 1, NextStepDraft("Call twice", DAY + timedelta(days=7)), LATER
    )
    assert put_off == replace(step, description="Call twice", due_date=DAY + timedelta(days=7), version=2)
    assert told(database)[1:] == [("next_step_changed", 2, customer.id)]


def test_saving_what_is_so_already_changes_nothing(database: Database, lead: Lead) -> None:
    step = planned(database, lead)
    before = everything(database)
    assert change_next_step(database, ADMIN, step.id, 1, CALL, LATER) == step
    assert everything(database) == before


def test_a_step_done_is_not_listed_any_more_and_stays_in_the_database(
    database: Database, bakery: tuple[Customer, Lead]
) -> None:
    customer, lead = bakery
    step = planned(database, lead)
    done = finish_next_step(database, ADMIN, step.id, 1, LATER)
    assert done.done_at_utc == LATER
    assert list_next_steps(database, ADMIN, lead.id) == []
    assert told(database)[1:] == [("next_step_done", 2, customer.id)]
    assert query(database, "SELECT count(*) FROM next_step") == [(1,)]


def test_done_twice_is_done_once_whoever_comes_second(database: Database, lead: Lead) -> None:
    step = planned(database, lead)
    done = finish_next_step(database, person(database).seeing(EVERYTHING), step.id, 1, LATER)
    count = len(logged(database))
    assert finish_next_step(database, ADMIN, step.id, 1, LATER + timedelta(minutes=1)) == done
    assert logged_since(database, count) == []


def test_not_done_after_all(database: Database, lead: Lead) -> None:
    step = planned(database, lead)
    done = finish_next_step(database, ADMIN, step.id, 1, LATER)
    opened = reopen_next_step(database, ADMIN, step.id, done.version, LATER)
    assert opened == replace(step, version=3)
    assert list_next_steps(database, ADMIN, lead.id) == [opened]
    assert told(database)[-1][0] == "next_step_reopened"
    assert reopen_next_step(database, ADMIN, step.id, 3, LATER) == opened


def test_a_step_removed_is_gone_and_its_history_keeps_what_it_said(
    database: Database, bakery: tuple[Customer, Lead]
) -> None:
    customer, lead = bakery
    step = planned(database, lead)
    remove_next_step(database, ADMIN, step.id, 1, LATER)
    assert list_next_steps(database, ADMIN, lead.id) == []
    assert told(database)[-1] == ("next_step_deleted", 2, customer.id)
    kept = query(database, "SELECT before_json FROM change_log WHERE action = 'next_step_deleted'")
    assert "Call" in kept[0][0]


@pytest.mark.parametrize("what", ["change", "finish", "remove", "reopen"])
def test_l6_of_two_who_saw_the_same_version_the_second_is_told_who_changed_what(
    database: Database, lead: Lead, what: str
) -> None:
    ann = person(database)
    step = planned(database, lead)
    change_next_step(database, ann.seeing(EVERYTHING), step.id, 1, NextStepDraft("Visit", DAY), LATER)
    before = everything(database)
    with pytest.raises(Conflict) as conflict:
        match what:
            case "change":
                draft = NextStepDraft("Write", DAY)
                change_next_step(database, ADMIN, step.id, 1, draft, LATER)
            case "finish":
                finish_next_step(database, ADMIN, step.id, 1, LATER)
            case "remove":
                remove_next_step(database, ADMIN, step.id, 1, LATER)
            case "reopen":
                reopen_next_step(database, ADMIN, step.id, 1, LATER)
    assert conflict.value.actor_name == "Ann"
    assert conflict.value.version == 2
    assert [(c.field, c.before, c.after) for c in conflict.value.changes] == [
        ("description", "Call", "Visit")
    ]
    assert everything(database) == before


def test_a_step_that_is_done_is_neither_changed_nor_put_off(database: Database, lead: Lead) -> None:
    step = planned(database, lead)
    done = finish_next_step(database, ADMIN, step.id, 1, LATER)
    before = everything(database)
    with pytest.raises(Refused, match="done already"):
        change_next_step(database, ADMIN, step.id, done.version, NextStepDraft("Visit", DAY), LATER)
    assert everything(database) == before


@pytest.mark.parametrize("what", ["add", "change", "finish", "remove", "reopen"])
def test_on_a_closed_lead_nothing_is_planned_or_done(database: Database, lead: Lead, what: str) -> None:
    step = planned(database, lead)
    close(database, lead)
    before = everything(database)
    with pytest.raises(Refused, match="closed"):
        match what:
            case "add":
                planned(database, lead)
            case "change":
                change_next_step(database, ADMIN, step.id, 1, NextStepDraft("Visit", DAY), LATER)
            case "finish":
                finish_next_step(database, ADMIN, step.id, 1, LATER)
            case "remove":
                remove_next_step(database, ADMIN, step.id, 1, LATER)
            case "reopen":
                reopen_next_step(database, ADMIN, step.id, 1, LATER)
    assert everything(database) == before


def test_steps_outlive_the_closing_and_count_again_once_the_lead_is_reopened(
    database: Database, lead: Lead
) -> None:
    step = planned(database, lead)
    closed = close(database, lead)
    reopen_lead(database, ADMIN, lead.id, closed.version, lead.phase_id, LATER)
    assert list_next_steps(database, ADMIN, lead.id) == [step]
    assert finish_next_step(database, ADMIN, step.id, 1, LATER).done_at_utc == LATER


def test_what_does_not_exist_is_said_so(database: Database, lead: Lead) -> None:
    step = planned(database, lead)
    remove_next_step(database, ADMIN, step.id, 1, LATER)
    before = everything(database)
    for gone in (step.id, NOBODY):
        with pytest.raises(NotFound):
            change_next_step(database, ADMIN, gone, 1, CALL, LATER)
        with pytest.raises(NotFound):
            finish_next_step(database, ADMIN, gone, 1, LATER)
        with pytest.raises(NotFound):
            remove_next_step(database, ADMIN, gone, 1, LATER)
    with pytest.raises(NotFound):
        add_next_step(database, ADMIN, NOBODY, CALL, LATER)
    assert list_next_steps(database, ADMIN, NOBODY) == []
    assert everything(database) == before


def test_a_viewer_looks_and_changes_nothing(database: Database, lead: Lead) -> None:
    step = planned(database, lead)
    viewer = person(database, "Vic", "VI", Role.VIEWER).seeing(EVERYTHING)
    before = everything(database)
    assert list_next_steps(database, viewer, lead.id) == [step]
    for act in (
        lambda: add_next_step(database, viewer, lead.id, CALL, LATER),
        lambda: change_next_step(database, viewer, step.id, 1, CALL, LATER),
        lambda: finish_next_step(database, viewer, step.id, 1, LATER),
        lambda: reopen_next_step(database, viewer, step.id, 1, LATER),
        lambda: remove_next_step(database, viewer, step.id, 1, LATER),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert everything(database) == before


@pytest.mark.parametrize("text", NASTY_TEXTS)
def test_a_step_keeps_what_was_typed(database: Database, lead: Lead, text: str) -> None:
    step = planned(database, lead, NextStepDraft(text, DAY))
    assert list_next_steps(database, ADMIN, lead.id) == [step]
