"""Targets: one a month and owner, all or none saved, nothing of anybody else overwritten."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import Conflict, FieldChange, Invalid, NotFound, NotPermitted, Refused
from crmplus.domain.person import Person
from crmplus.domain.sight import EVERYTHING, Sight
from crmplus.domain.target import Target, TargetChange, target_field
from crmplus.services.people import delete_person, list_people
from crmplus.services.targets import list_targets, set_targets
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import ADMIN, NOW, everything, logged, orphans, person, query

D = Decimal
JAN, FEB, DEC = date(2026, 1, 1), date(2026, 2, 1), date(2026, 12, 1)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ann(database: Database) -> Person:
    return person(database)


def change(owner: Person, month: date, amount: str | None, version: int | None = None) -> TargetChange:
    return TargetChange(owner.id, month, None if amount is None else D(amount), version)


def save(database: Database, *changes: TargetChange, actor: Actor = ADMIN) -> None:
    set_targets(database, actor, changes, NOW)


def amounts(database: Database, year: int = 2026) -> dict[date, Decimal]:
    return {target.month: target.amount for target in list_targets(database, ADMIN, year)}


def test_targets_are_listed_by_year(database: Database, ann: Person) -> None:
    save(
        database,
        change(ann, DEC, "30"),
        change(ann, JAN, "1000.50"),
        change(ann, date(2025, 12, 1), "9"),
        change(ann, date(2027, 1, 1), "8"),
    )
    assert amounts(database) == {JAN: D("1000.50"), DEC: D(30)}
    assert amounts(database, 2025) == {date(2025, 12, 1): D(9)}
    assert orphans(database) == []


def test_targets_are_made_changed_and_removed_in_one_go_with_their_history(
    database: Database, ann: Person
) -> None:
    save(database, change(ann, JAN, "10"), change(ann, FEB, "20"))
    before = len(logged(database))
    save(
        database,
        change(ann, JAN, "11", version=1),
        change(ann, FEB, None, version=1),
        change(ann, DEC, "0"),
    )
    assert amounts(database) == {JAN: D(11), DEC: D(0)}
    assert logged(database)[before:] == [
        ("target_changed", 2),
        ("target_deleted", 2),
        ("target_made", 1),
    ]
    ((old, new),) = query(
        database, "SELECT before_json, after_json FROM change_log WHERE action = 'target_changed'"
    )
    assert (old, new) == ('{"amount": "10.00"}', '{"amount": "11.00"}')


def test_there_is_one_target_an_owner_and_month(database: Database, ann: Person) -> None:
    save(database, change(ann, JAN, "10"), change(ann, date(2026, 1, 20), "12"))
    assert amounts(database) == {JAN: D(12)}


def test_saving_the_same_again_changes_nothing(database: Database, ann: Person) -> None:
    changes = (change(ann, JAN, "10"), change(ann, FEB, None))
    save(database, *changes)
    before = everything(database)
    save(database, *changes)
    save(database)
    assert everything(database) == before


def test_l6_a_month_saved_in_between_is_refused_with_who_and_when_and_both_amounts(
    database: Database, ann: Person
) -> None:
    save(database, change(ann, JAN, "10"), change(ann, FEB, "20"))
    mia = person(database, "Mia", "MI", Role.MANAGER)
    theirs = (change(ann, JAN, "15", 1), change(ann, FEB, None, 1))
    set_targets(database, mia.seeing(EVERYTHING), theirs, LATER)
    before = everything(database)
    with pytest.raises(Conflict) as refused:
        save(
            database,
            change(ann, JAN, "12", 1),
            change(ann, FEB, "22", 1),
            change(ann, DEC, "30"),
        )
    assert (refused.value.actor_name, refused.value.at_utc) == ("Mia", LATER)
    assert refused.value.changes == (
        FieldChange(target_field(ann.id, JAN), "10.00", D(15)),
        FieldChange(target_field(ann.id, FEB), "20.00", None),
    )
    assert everything(database) == before


def test_l6_a_target_made_in_between_is_not_overwritten(database: Database, ann: Person) -> None:
    save(database, change(ann, JAN, "10"))
    with pytest.raises(Conflict):
        save(database, change(ann, JAN, "12"))
    save(database, change(ann, JAN, "12", 1))
    assert amounts(database) == {JAN: D(12)}


def test_l6_a_target_removed_and_made_again_is_not_taken_for_the_first(
    database: Database, ann: Person
) -> None:
    save(database, change(ann, JAN, "10"))
    save(database, change(ann, JAN, None, 1))
    save(database, change(ann, JAN, "20"))
    (made,) = list_targets(database, ADMIN, 2026)
    assert made.version == 3
    with pytest.raises(Conflict):
        save(database, change(ann, JAN, "12", 1))


def test_l6_both_typing_the_same_is_no_conflict(database: Database, ann: Person) -> None:
    save(database, change(ann, JAN, "10"))
    save(database, change(ann, JAN, "15", 1))
    before = everything(database)
    save(database, change(ann, JAN, "15", 1))
    assert everything(database) == before


def test_wrong_amounts_are_all_named_and_nothing_is_saved(database: Database, ann: Person) -> None:
    bea = person(database, "Bea", "BE")
    before = everything(database)
    with pytest.raises(Invalid) as refused:
        save(database, change(ann, JAN, "-1"), change(ann, FEB, "20"), change(bea, DEC, "1.005"))
    assert list(refused.value.fields) == [target_field(ann.id, JAN), target_field(bea.id, DEC)]
    assert everything(database) == before


def test_a_target_needs_an_owner_that_there_is(database: Database, ann: Person) -> None:
    before = everything(database)
    stranger = replace(ann, id=new_id())
    with pytest.raises(NotFound):
        save(database, change(ann, JAN, "10"), change(stranger, JAN, "10"))
    assert everything(database) == before


def test_a_version_that_never_was_is_refused(database: Database, ann: Person) -> None:
    with pytest.raises(NotFound, match="never was"):
        save(database, change(ann, JAN, "10", 7))


@pytest.mark.parametrize("role", [Role.REP, Role.VIEWER])
def test_those_who_may_not_configure_may_look_only(database: Database, ann: Person, role: Role) -> None:
    actor = Actor(None, "x", role, EVERYTHING)
    with pytest.raises(NotPermitted):
        save(database, change(ann, JAN, "10"), actor=actor)
    assert list_targets(database, actor, 2026) == []


def test_a5_an_owner_who_ever_had_a_target_is_not_deleted(database: Database, ann: Person) -> None:
    save(database, change(ann, JAN, "10"))
    save(database, change(ann, JAN, None, 1))
    with pytest.raises(Refused, match="Archive it instead"):
        delete_person(database, ADMIN, ann.id, ann.version, NOW)
    assert list_people(database, ADMIN) == [ann]


def test_a_target_reads_back_exactly(database: Database, ann: Person) -> None:
    save(database, change(ann, JAN, "9999999999999.99"))
    (made,) = list_targets(database, ADMIN, 2026)
    assert made == Target(made.id, ann.id, JAN, D("9999999999999.99"), 1)


@pytest.mark.parametrize("version", [None, 1, 2])
@pytest.mark.parametrize("amount", ["5", "1000", None])
def test_a_target_out_of_sight_is_neither_set_nor_told(
    database: Database, ann: Person, version: int | None, amount: str | None
) -> None:
    mia = person(database, "Mia", "MI", Role.MANAGER)
    save(database, change(ann, JAN, "1000"))
    own = mia.seeing(Sight(frozenset({mia.id})))
    before = everything(database)
    with pytest.raises(NotFound):
        save(database, change(mia, JAN, "1"), change(ann, JAN, amount, version), actor=own)
    assert everything(database) == before
    save(database, change(mia, JAN, "1"), actor=own)
    assert list_targets(database, own, 2026)[0].owner_id == mia.id
