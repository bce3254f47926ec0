"""Fields of a lead typed over one by one, and that a refused edit writes nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmplus.domain.actor import Actor, Role
from crmplus.domain.errors import Conflict, CrmError, Invalid, NotFound, NotPermitted, Refused
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.sight import EVERYTHING
from crmplus.services.lead_edits import LeadEdit, edit_lead
from crmplus.services.leads import close_lead, get_lead_card, save_lead
from crmplus.services.people import archive_person
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    customer_with_lead,
    everything,
    logged_since,
    person,
    phase,
    query,
    reason,
)

LATER = NOW + timedelta(days=1)


def lead_with_values(database: Database) -> Lead:
    _, lead = customer_with_lead(database)
    return save_lead(database, ADMIN, lead.id, lead.version, VALUES, NOW)


def edit(database: Database, lead: Lead, **fields: Any) -> Lead:
    return edit_lead(database, ADMIN, lead.id, lead.version, LeadEdit(**fields), LATER)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score", 100),
        ("score", None),
        ("expected_value", Decimal("9999999999999.99")),
        ("expected_value", None),
        ("recurring_value", Decimal("0.01")),
        ("expected_close_date", date(2027, 1, 31)),
        ("expected_close_date", None),
    ],
)
def test_only_the_named_field_changes_in_the_lead_and_its_phase(
    database: Database, field: str, value: object
) -> None:
    lead = lead_with_values(database)
    before = get_lead_card(database, ADMIN, lead.id)
    after = edit(database, lead, **{field: value})
    card = get_lead_card(database, ADMIN, lead.id)
    assert card.lead == after
    names = ("score", "expected_value", "recurring_value", "expected_close_date", "note")
    kept = [name for name in names if name != field]
    assert [getattr(card.values, name) for name in kept] == [getattr(before.values, name) for name in kept]
    assert getattr(card.values, field) == getattr(after, field) == value


def test_an_edit_of_a_value_is_logged_as_recorded_and_one_of_the_owner_as_described(
    database: Database,
) -> None:
    lead, ann = lead_with_values(database), person(database)
    lead = edit(database, lead, score=70)
    lead = edit(database, lead, owner_id=ann.id)
    lead = edit(database, lead, owner_id=None, score=80)
    assert logged_since(database, -3) == [("lead_saved", 3), ("lead_described", 4), ("lead_saved", 5)]
    assert (lead.owner_id, lead.score) == (None, 80)
    versions = query(
        database, "SELECT version, score, owner_id FROM lead_version WHERE version > 2 ORDER BY version"
    )
    assert versions == [(3, 70, None), (4, 70, ann.id), (5, 80, None)]


def test_an_edit_that_changes_nothing_is_no_change(database: Database) -> None:
    lead = lead_with_values(database)
    before = everything(database)
    assert edit(database, lead, score=VALUES.score, owner_id=None) == lead
    assert edit(database, lead) == lead
    assert everything(database) == before


def test_l6_an_edit_from_an_older_version_names_who_changed_what(database: Database) -> None:
    lead, ann = lead_with_values(database), person(database)
    values = LeadValues(score=41, expected_value=VALUES.expected_value)
    save_lead(database, ann.seeing(EVERYTHING), lead.id, lead.version, values, LATER)
    before = everything(database)
    with pytest.raises(Conflict) as refused:
        edit(database, lead, expected_value=Decimal(1))
    assert refused.value.actor_name == "Ann"
    assert "score" in [change.field for change in refused.value.changes]
    assert everything(database) == before
    on_top = LeadEdit(expected_value=Decimal(1))
    saved = edit_lead(database, ADMIN, lead.id, refused.value.version, on_top, LATER)
    assert (saved.score, saved.expected_value) == (41, Decimal(1))


@pytest.mark.parametrize(
    "fields",
    [
        {"score": 0},
        {"score": 101},
        {"score": -1},
        {"expected_value": Decimal("-0.01")},
        {"expected_value": Decimal("1e15")},
        {"expected_value": Decimal("NaN")},
        {"recurring_value": Decimal("0.001")},
        {"expected_close_date": date(1989, 12, 31)},
    ],
)
def test_l1_what_a_field_cant_hold_is_refused_and_writes_nothing(
    database: Database, fields: dict[str, Any]
) -> None:
    lead = lead_with_values(database)
    before = everything(database)
    with pytest.raises(Invalid) as refused:
        edit(database, lead, **fields)
    assert refused.value.fields.keys() == fields.keys()
    assert everything(database) == before


def test_l5_a_closed_lead_is_not_edited(database: Database) -> None:
    lead = lead_with_values(database)
    ids = phase(database, "LEAD-CLOSED").id, reason(database).id
    lead = close_lead(database, ADMIN, lead.id, lead.version, *ids, VALUES, NOW)
    before = everything(database)
    for fields in ({"score": 1}, {"owner_id": None}):
        with pytest.raises(Refused):
            edit(database, lead, **fields)
    assert everything(database) == before


def test_an_archived_owner_is_kept_but_not_chosen(database: Database) -> None:
    lead, ann = lead_with_values(database), person(database)
    lead = edit(database, lead, owner_id=ann.id)
    archive_person(database, ADMIN, ann.id, ann.version, NOW)
    lead = edit(database, lead, owner_id=ann.id, score=3)
    assert (lead.owner_id, lead.score) == (ann.id, 3)
    lead = edit(database, lead, owner_id=None)
    before = everything(database)
    with pytest.raises(Refused, match="archived"):
        edit(database, lead, owner_id=ann.id)
    with pytest.raises(NotFound):
        edit(database, lead, owner_id=new_id())
    assert everything(database) == before


@pytest.mark.parametrize("role", [Role.VIEWER])
def test_a_viewer_edits_nothing(database: Database, role: Role) -> None:
    lead = lead_with_values(database)
    before = everything(database)
    with pytest.raises(NotPermitted):
        edit_lead(
            database, Actor(None, "Vic", role, EVERYTHING), lead.id, lead.version, LeadEdit(score=1), NOW
        )
    assert everything(database) == before


def test_a_lead_that_never_was_or_a_version_that_never_was_is_refused(database: Database) -> None:
    lead = lead_with_values(database)
    for lead_id, version in ((new_id(), 1), (lead.id, 99)):
        with pytest.raises(CrmError):
            edit_lead(database, ADMIN, lead_id, version, LeadEdit(score=1), NOW)
