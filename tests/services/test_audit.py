"""The audit: changes and events in one list that can be searched and that nothing edits."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import crmplus
from crmplus.domain.actor import Role
from crmplus.domain.audit import AuditAction, AuditLine
from crmplus.domain.errors import NotPermitted
from crmplus.domain.sight import EVERYTHING, NOTHING
from crmplus.services.audit import AuditQuery, list_audit, record, record_event
from crmplus.services.privacy import export_customer
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, customer_with_lead, person


def lines(database: Database, **chosen: object) -> list[AuditLine]:
    return list_audit(database, ADMIN, AuditQuery(**chosen), 1000)[0]  # type: ignore[arg-type]


def test_changes_and_events_stand_in_one_list_newest_first(database: Database) -> None:
    ann = person(database)
    record(database, ann.seeing(EVERYTHING), AuditAction.SIGNED_IN, NOW + timedelta(days=1))
    row, _ = customer_with_lead(database)
    found = lines(database)
    assert found[0].action == AuditAction.SIGNED_IN
    assert found[0].actor_name == "Ann"
    assert [line.subject for line in found if line.action == "customer_made"] == [row.number]
    assert [line.at_utc for line in found] == sorted((line.at_utc for line in found), reverse=True)


@pytest.mark.parametrize(
    ("search", "finds"),
    [("10.0.0.7", True), ("ANN", True), ("signed", True), ("c-00001", False), ("%", False)],
)
def test_it_is_searched_by_who_what_about_and_where(database: Database, search: str, finds: bool) -> None:
    ann = person(database)
    with database.quiet_transaction() as connection:
        record_event(connection, NOW, AuditAction.SIGNED_IN, ann.id, "Ann", address="10.0.0.7")
    assert bool([line for line in lines(database, search=search) if line.before is None]) is finds


def test_filters_choose_a_person_a_period_and_what_happened_at_the_door(database: Database) -> None:
    ann = person(database)
    customer_with_lead(database)
    record(database, ann.seeing(EVERYTHING), AuditAction.SIGNED_IN, NOW + timedelta(days=1))
    assert {line.action for line in lines(database, only_door=True)} == {"signed_in"}
    assert {line.actor_id for line in lines(database, actor_id=ann.id)} == {ann.id}
    assert {line.action for line in lines(database, from_utc=NOW + timedelta(hours=1))} == {"signed_in"}
    assert "signed_in" not in {line.action for line in lines(database, before_utc=NOW + timedelta(days=1))}


def test_pages_add_up(database: Database) -> None:
    customer_with_lead(database)
    everything, total = list_audit(database, ADMIN, AuditQuery(), 1000)
    paged = [list_audit(database, ADMIN, AuditQuery(), 3, offset)[0] for offset in range(0, total, 3)]
    assert [line.id for page in paged for line in page] == [line.id for line in everything]
    assert len(everything) == total


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REP, Role.VIEWER])
def test_it_is_for_administrators_who_see_everything(database: Database, role: Role) -> None:
    ann = person(database, role=role)
    admin = person(database, "Ada", "AD", Role.ADMIN)
    for actor in (ann.seeing(EVERYTHING), admin.seeing(NOTHING)):
        with pytest.raises(NotPermitted):
            list_audit(database, actor, AuditQuery(), 1)


def test_a_file_that_is_taken_along_is_in_it(database: Database) -> None:
    row, _ = customer_with_lead(database)
    export_customer(database, ADMIN, row.id, NOW)
    assert [(line.action, line.subject) for line in lines(database, only_door=True)] == [
        ("customer_exported", row.number)
    ]


def test_an_event_makes_no_page_stale(database: Database) -> None:
    before = database.data_version
    record(database, ADMIN, AuditAction.LIST_EXPORTED, NOW)
    assert database.data_version == before


def test_nothing_in_the_program_edits_it() -> None:
    """Erasing a demo empties all tables, by their names; no other statement changes this one."""
    folder = Path(crmplus.__file__).parent
    writing = re.compile(r"(UPDATE|DELETE FROM|TRUNCATE)\s+audit_event", re.IGNORECASE)
    for path in [*folder.rglob("*.py"), *folder.rglob("*.sql")]:
        assert not writing.search(path.read_text(encoding="utf-8")), path
