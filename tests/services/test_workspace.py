"""The workspace's own settings."""

from dataclasses import replace

import pytest

from crmplus.domain.errors import Conflict, Invalid, NotFound
from crmplus.domain.workspace import RecurringPeriod, WorkspaceDraft
from crmplus.services.setup import default_workspace
from crmplus.services.workspace import change_workspace, find_workspace
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, everything, logged, logged_since

TYPED = WorkspaceDraft("Acme & Zn", "USD", RecurringPeriod.QUARTER, "nl", 6, "UTC")


def test_everything_of_the_workspace_can_be_changed(database: Database) -> None:
    count = len(logged(database))
    saved = change_workspace(database, ADMIN, 1, TYPED, NOW)
    assert find_workspace(database) == saved
    assert {name: getattr(saved, name) for name in WorkspaceDraft.__slots__} == {
        name: getattr(TYPED, name) for name in WorkspaceDraft.__slots__
    }
    assert saved.zone.key == "UTC"
    assert logged_since(database, count) == [("workspace_changed", 2)]


def test_l6_a_stale_save_of_the_workspace_is_refused(database: Database) -> None:
    change_workspace(database, ADMIN, 1, TYPED, NOW)
    before = everything(database)
    with pytest.raises(Conflict) as refused:
        change_workspace(database, ADMIN, 1, replace(TYPED, currency="EUR"), NOW)
    assert {"currency", "time_zone"} <= {change.field for change in refused.value.changes}
    with pytest.raises(Invalid):
        change_workspace(database, ADMIN, 2, replace(TYPED, currency="E"), NOW)
    assert everything(database) == before


def test_there_is_nothing_to_change_before_the_first_start(empty_database: Database) -> None:
    with pytest.raises(NotFound):
        change_workspace(empty_database, ADMIN, 1, default_workspace("en", "UTC"), NOW)
