"""People: who owns and who acts."""

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.errors import Conflict, Invalid, Refused
from crmplus.domain.lead import LeadValues
from crmplus.domain.person import PersonDraft
from crmplus.domain.sight import EVERYTHING
from crmplus.services.closing_reasons import reorder_closing_reason
from crmplus.services.leads import save_lead
from crmplus.services.people import (
    add_person,
    archive_person,
    change_person,
    delete_person,
    list_people,
    restore_person,
)
from crmplus.services.phases import change_phase
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NOW,
    customer,
    customer_with_lead,
    everything,
    logged,
    orphans,
    person,
    phase,
    phase_draft,
    reason,
)


def test_people_are_listed_by_name_whatever_its_case(database: Database) -> None:
    for name, initials in (("bea", "BE"), ("Cas", "CA"), ("Ann", "AN")):
        person(database, name, initials)
    assert [p.name for p in list_people(database, ADMIN)] == ["Ann", "bea", "Cas"]


def test_nobody_in_use_shares_initials(database: Database) -> None:
    ann = person(database)
    with pytest.raises(Invalid, match="Ann has these initials") as refused:
        person(database, "Anton", "an")
    assert set(refused.value.fields) == {"initials"}
    archive_person(database, ADMIN, ann.id, 1, NOW)
    anton = person(database, "Anton", "an")
    with pytest.raises(Invalid):
        restore_person(database, ADMIN, ann.id, 2, NOW)
    change_person(database, ADMIN, anton.id, 1, PersonDraft("Anton", "AT", Role.REP), NOW)
    restore_person(database, ADMIN, ann.id, 2, NOW)
    assert len(list_people(database, ADMIN)) == 2


def test_a5_a_person_whom_nothing_names_is_deleted(database: Database) -> None:
    ann = person(database)
    changed = change_person(database, ADMIN, ann.id, 1, PersonDraft("Anna", "AN", Role.ADMIN), NOW)
    delete_person(database, ADMIN, ann.id, changed.version, NOW)
    assert list_people(database, ADMIN, with_archived=True) == []
    assert logged(database)[-3:] == [("person_made", 1), ("person_changed", 2), ("person_deleted", 3)]


@pytest.mark.parametrize(
    "use", ["owns a customer", "saved", "changed a phase", "reordered", "added a person"]
)
def test_a5_a_person_who_owned_or_changed_anything_is_archived_instead(database: Database, use: str) -> None:
    ann = person(database, role=Role.ADMIN)
    if use == "owns a customer":
        customer(database, owner_id=ann.id)
    elif use == "saved":
        _, lead = customer_with_lead(database)
        save_lead(database, ann.seeing(EVERYTHING), lead.id, 1, LeadValues(score=5), NOW)
    elif use == "changed a phase":
        row = phase(database, "LEAD-CALL")
        change_phase(database, ann.seeing(EVERYTHING), row.id, 1, phase_draft(row, description="x"), NOW)
    elif use == "reordered":
        reorder_closing_reason(database, ann.seeing(EVERYTHING), reason(database).id, 1, NOW)
    else:
        add_person(database, ann.seeing(EVERYTHING), PersonDraft("Bea", "BE", Role.REP), NOW)
    before = everything(database)
    with pytest.raises(Refused, match="Archive it instead"):
        delete_person(database, ADMIN, ann.id, 1, NOW)
    assert everything(database) == before
    archive_person(database, ADMIN, ann.id, 1, NOW)
    assert ann.id not in [p.id for p in list_people(database, ADMIN)]
    assert orphans(database) == []


def test_l6_a_stale_save_is_refused_and_names_who_changed_what(database: Database) -> None:
    ann, boss = person(database), person(database, "Boss", "BO", Role.ADMIN)
    change_person(database, boss.seeing(EVERYTHING), ann.id, 1, PersonDraft("Anna", "AN", Role.REP), NOW)
    before = everything(database)
    for attempt in (
        lambda: change_person(database, ADMIN, ann.id, 1, PersonDraft("X", "AN", Role.REP), NOW),
        lambda: archive_person(database, ADMIN, ann.id, 1, NOW),
        lambda: restore_person(database, ADMIN, ann.id, 1, NOW),
        lambda: delete_person(database, ADMIN, ann.id, 1, NOW),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert (refused.value.actor_name, refused.value.at_utc) == ("Boss", NOW)
        assert [(c.field, c.before, c.after) for c in refused.value.changes] == [("name", "Ann", "Anna")]
    assert everything(database) == before


def test_adding_twice_with_the_same_key_adds_once(database: Database) -> None:
    key, typed = new_id(), PersonDraft("Ann", "AN", Role.REP)
    first = add_person(database, ADMIN, typed, NOW, key)
    before = everything(database)
    assert add_person(database, ADMIN, typed, NOW, key) == first
    assert everything(database) == before
