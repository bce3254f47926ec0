"""Shapes of leads: what the domain makes of one lead holds for all of its kind."""

from itertools import product

import pytest

from crmplus.domain.errors import Refused
from crmplus.domain.funnel import Funnel
from crmplus.domain.phase import PhaseType
from crmplus.exchange.shapes import Moment, Shape, Shapes, moment_of, shape_of
from crmplus.services.phases import archive_phase, list_phases
from crmplus.store.database import Database
from tests.world import ADMIN, NOW, account_type, phase, reason


def funnel_of(database: Database) -> Funnel:
    return Funnel.of(account_type(database).id, list_phases(database, ADMIN))


def went(shape: Shape, funnel: Funnel) -> list[tuple[str, str, int | None, int | None]]:
    """Phase, state, and the moments it was entered and left."""
    codes = {p.id: p.code.partition("-")[2] for p in funnel.phases}
    return [
        (codes[r.phase_id], r.state.value, moment_of(r.entered_at_utc), moment_of(r.left_at_utc))
        for r in shape.records
    ]


def test_a_lead_without_a_phase_stands_at_the_start(database: Database) -> None:
    funnel = funnel_of(database)
    shape = shape_of(funnel, None, None, None)
    assert went(shape, funnel) == [("CALL", "current", Moment.OPENED, None)]
    assert len(shape.versions) == 1
    assert shape_of(funnel, funnel.first, None, None) == shape


def test_a_lead_ahead_moved_there_when_it_entered(database: Database) -> None:
    funnel = funnel_of(database)
    shape = shape_of(funnel, phase(database, "LEAD-CALC"), None, None)
    assert went(shape, funnel) == [
        ("CALL", "left", Moment.OPENED, Moment.ENTERED),
        ("MEETING", "skipped", Moment.ENTERED, Moment.ENTERED),
        ("CALC", "current", Moment.ENTERED, None),
    ]


def test_a_closed_lead_has_its_reason_and_moment(database: Database) -> None:
    funnel, won = funnel_of(database), reason(database)
    shape = shape_of(funnel, phase(database, "LEAD-QUOTE"), phase(database, "LEAD-CLOSED"), won)
    assert went(shape, funnel)[-2:] == [
        ("QUOTE", "completed", Moment.ENTERED, Moment.CLOSED),
        ("CLOSED", "closed", Moment.CLOSED, Moment.CLOSED),
    ]
    assert shape.versions[-1].closing_reason_id == won.id == shape.records[-1].closing_reason_id


def test_every_shape_has_visits_and_versions_without_gaps(database: Database) -> None:
    funnel, won = funnel_of(database), reason(database)
    places = [None, *(p for p in funnel.phases if p.phase_type is not PhaseType.CLOSING)]
    for place, (closing, why) in product(places, [(None, None), (phase(database, "LEAD-CLOSED"), won)]):
        shape = shape_of(funnel, place, closing, why)
        last = shape.versions[-1]
        assert [r.visit_number for r in shape.records] == list(range(1, last.visit_number + 1))
        assert [lead.version for lead in shape.versions] == list(range(1, last.version + 1))
        assert last.phase_id == shape.records[-1].phase_id
        assert last.is_open == (why is None)
        for named in ("score", "expected_value", "recurring_value", "expected_close_date"):
            assert {getattr(lead, named) for lead in shape.versions} == {getattr(last, named)}
            assert getattr(shape.records[-1], named) == getattr(last, named)
        assert [r.note != "" for r in shape.records].count(True) == 1


def test_a_shape_is_made_once(database: Database) -> None:
    funnel, shapes = funnel_of(database), Shapes()
    numbers = [shapes.number_of(funnel, None, None, None) for _ in range(3)]
    numbers.append(shapes.number_of(funnel, phase(database, "LEAD-QUOTE"), None, None))
    assert numbers == [0, 0, 0, 1]
    assert len(shapes.found) == 2


def test_p3_a_funnel_that_is_not_ready_has_none(database: Database) -> None:
    ending = phase(database, "LEAD-CLOSED")
    archive_phase(database, ADMIN, ending.id, ending.version, NOW)
    with pytest.raises(Refused, match="No closing phase"):
        Shapes().number_of(funnel_of(database), None, None, None)
