"""First start, and the way back out of a demo."""

from dataclasses import replace

import pytest

from crmplus.domain.actor import Role
from crmplus.domain.errors import Invalid, Refused
from crmplus.services.account_types import list_account_types
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.phases import get_funnel
from crmplus.services.setup import create_workspace, default_workspace, erase_demo, starter
from crmplus.services.workspace import find_workspace
from crmplus.store.database import Database
from tests.services.at_the_door import somebody
from tests.world import ADMIN, NOW, customer_with_lead, everything, logged, orphans

DRAFT = default_workspace("en", "Europe/Amsterdam")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_workspace_starts_with_funnels_that_are_ready(empty_database: Database, language: str) -> None:
    create_workspace(empty_database, ADMIN, replace(DRAFT, language=language), NOW)
    types = list_account_types(empty_database, ADMIN)
    assert [t.code for t in types] == ["LEAD", "PROSPECT", "CUSTOMER"]
    assert [t.code for t in types if t.is_default] == ["LEAD"]
    for kind in types:
        funnel = get_funnel(empty_database, ADMIN, kind.id)
        assert funnel.is_ready is kind.uses_phases
        assert all(phase.limit_days for phase in funnel.phases)
    described = [reason["description"][language] for reason in starter()["closing_reasons"]]
    assert [r.description for r in list_closing_reasons(empty_database, ADMIN)] == described
    assert orphans(empty_database) == []
    assert len(logged(empty_database)) == 1 + 3 + 10 + 3


def test_before_the_first_start_there_is_no_workspace(empty_database: Database) -> None:
    assert find_workspace(empty_database) is None


def test_a_workspace_made_twice_is_made_once(empty_database: Database) -> None:
    first = create_workspace(empty_database, ADMIN, DRAFT, NOW)
    before = everything(empty_database)
    assert create_workspace(empty_database, ADMIN, replace(DRAFT, currency="USD"), NOW) == first
    assert everything(empty_database) == before


def test_a_workspace_that_is_refused_writes_nothing(empty_database: Database) -> None:
    with pytest.raises(Invalid):
        create_workspace(empty_database, ADMIN, replace(DRAFT, time_zone="Nowhere"), NOW)
    assert not any(everything(empty_database).values())


def test_l7_real_work_is_never_erased(database: Database) -> None:
    before = everything(database)
    with pytest.raises(Refused, match="nothing was erased"):
        erase_demo(database, ADMIN)
    assert everything(database) == before


def test_a_first_start_that_never_was_has_nothing_to_erase(empty_database: Database) -> None:
    with pytest.raises(Refused):
        erase_demo(empty_database, ADMIN)


def test_an_erased_demo_leaves_nothing_and_is_a_first_start_again(empty_database: Database) -> None:
    create_workspace(empty_database, ADMIN, DRAFT, NOW, is_demo=True)
    customer_with_lead(empty_database)
    erase_demo(empty_database, ADMIN)
    assert not any(everything(empty_database).values())
    workspace = create_workspace(empty_database, ADMIN, DRAFT, NOW)
    assert not workspace.is_demo
    assert customer_with_lead(empty_database)[0].number == "C-00001"


def test_a_demo_that_people_sign_in_to_is_not_erased(empty_database: Database) -> None:
    create_workspace(empty_database, ADMIN, DRAFT, NOW, is_demo=True)
    somebody(empty_database, "Boss", Role.ADMIN, password=True)
    before = everything(empty_database)
    with pytest.raises(Refused, match="People sign in here"):
        erase_demo(empty_database, ADMIN)
    assert everything(empty_database) == before
