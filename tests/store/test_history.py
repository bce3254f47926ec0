"""History: appended in the same transaction, and edited by nothing (L7)."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

import crmplus
from crmplus.domain.actor import Actor, Role
from crmplus.domain.sight import EVERYTHING
from crmplus.store.database import Database
from crmplus.store.history import Change, changes_of_customer, changes_since, record_change
from crmplus.store.identity import new_id
from tests.world import ADMIN, NASTY_TEXTS, NOW, query

CRMPLUS = Path(crmplus.__file__).parent
ROW = UUID(int=1)


def change(version: int, before: dict[str, object] | None, after: dict[str, object] | None) -> Change:
    return Change("x_changed", "x", ROW, version, before, after, customer_id=UUID(int=2))


def test_l7_nothing_but_the_erasing_of_a_customer_or_a_demo_updates_or_deletes_history() -> None:
    touching = re.compile(
        r"(?is)\b(update|delete\s+from|insert\s+or\s+replace\s+into|truncate|drop\s+table|alter\s+table|merge\s+into)"
        r"\s+\W*(change_log|lead_version)\b"
    )
    sources = [p for p in CRMPLUS.rglob("*") if p.suffix in (".py", ".sql")]
    assert len(sources) > 30
    assert [p.name for p in sources if touching.search(p.read_text())] == ["scrubbing.py"]
    naming = re.compile(r"[\"'](change_log|lead_version)[\"']")
    named = {str(p.relative_to(CRMPLUS)) for p in sources if naming.search(p.read_text())}
    # An export reads all tables, an import of it fills an empty database, and a check counts their rows.
    whole_workspace = {
        "store/restore.py",
        "exchange/workspace_readme.py",
        "keeping/rules.py",
        "keeping/check.py",
    }
    assert named == {"store/history.py", "store/erase.py", "store/scrubbing.py"} | whole_workspace


def test_l7_only_erasing_a_customer_scrubs() -> None:
    callers = {p.name for p in CRMPLUS.rglob("*.py") if "scrub(" in p.read_text()}
    assert callers == {"scrubbing.py", "privacy.py"}


def test_l7_only_the_demos_end_can_erase() -> None:
    callers = {p.name for p in CRMPLUS.rglob("*.py") if "erase_everything" in p.read_text()}
    assert callers == {"erase.py", "setup.py"}


def test_l7_a_change_keeps_who_when_what_before_and_after(empty_database: Database) -> None:
    ann = Actor(new_id(), "Ann", Role.REP, EVERYTHING)
    before = {"name": "A", "value": Decimal("1.50"), "day": date(2026, 1, 1), "same": 1, "version": 1}
    after = {"name": "B", "value": None, "day": date(2026, 1, 2), "same": 1, "version": 2}
    with empty_database.transaction(EVERYTHING) as connection:
        record_change(connection, ann, NOW, change(2, before, after))
        (found,) = changes_since(connection, ROW, 1)
    assert (found.actor_id, found.actor_name, found.at_utc) == (ann.person_id, "Ann", NOW)
    assert found.before == {"name": "A", "value": "1.50", "day": "2026-01-01"}
    assert found.after == {"name": "B", "value": None, "day": "2026-01-02"}


def test_l7_what_was_made_has_no_before_and_what_was_deleted_no_after(empty_database: Database) -> None:
    with empty_database.transaction(EVERYTHING) as connection:
        record_change(connection, ADMIN, NOW, change(1, None, {"name": "A"}))
        record_change(connection, ADMIN, NOW, change(2, {"name": "A"}, None))
        made, deleted = changes_since(connection, ROW, 0)
    assert (made.before, made.after) == ({}, {"name": "A"})
    assert (deleted.before, deleted.after) == ({"name": "A"}, {})


@pytest.mark.parametrize("text", [*NASTY_TEXTS, '"\\', "a\nb", "a" * 10_000])
def test_l7_any_text_is_kept_as_it_was(empty_database: Database, text: str) -> None:
    with empty_database.transaction(EVERYTHING) as connection:
        record_change(connection, ADMIN, NOW, change(1, None, {"note": text}))
    ((kept,),) = query(empty_database, "SELECT after_json FROM change_log")
    assert json.loads(kept) == {"note": text}


def test_l7_the_history_of_a_card_is_newest_first_and_comes_in_pages(empty_database: Database) -> None:
    with empty_database.transaction(EVERYTHING) as connection:
        for version in range(1, 8):
            record_change(connection, ADMIN, NOW, change(version, None, {"n": version}))
        pages = [changes_of_customer(connection, UUID(int=2), 3, offset) for offset in (0, 3, 6, 9)]
    assert [[c.version for c in page] for page in pages] == [[7, 6, 5], [4, 3, 2], [1], []]
    assert [c.version for c in changes_since_all(empty_database, 4)] == [5, 6, 7]


def changes_since_all(database: Database, version: int) -> list[object]:
    with database.read(EVERYTHING) as connection:
        return changes_since(connection, ROW, version)


def test_keys_made_later_sort_later() -> None:
    keys = [new_id() for _ in range(2_000)]
    assert sorted(keys) == keys
    assert len(set(keys)) == 2_000
