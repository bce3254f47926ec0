"""The reached funnel (M2): known leads, exact numbers, and the leads behind each."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from crmplus.analytics import conversion as measure
from crmplus.analytics.choice import Choice
from crmplus.analytics.conversion import Conversion, Dropped, Step, measure_conversion
from crmplus.analytics.conversion_beside import (
    Opened,
    list_open_now,
    measure_open_now,
    measure_openings,
)
from crmplus.analytics.conversion_leads import Part, Which, list_conversion_leads
from crmplus.analytics.figures.reached import Fate, Piece, ReachedBar, reached_bars
from crmplus.analytics.period import Period
from crmplus.domain.closing_reason import ClosingReasonDraft, Outcome
from crmplus.domain.customer import CustomerDraft
from crmplus.domain.lead import Lead, LeadValues
from crmplus.domain.phase import PhaseType
from crmplus.domain.sight import EVERYTHING
from crmplus.services.closing_reasons import add_closing_reason
from crmplus.services.customers import add_customer
from crmplus.services.leads import close_lead, list_leads_of_customer, move_lead, reopen_lead
from crmplus.services.phases import archive_phase, reorder_phase
from crmplus.store.database import Database
from crmplus.store.identity import new_id
from crmplus.store.tables import PHASE
from tests.world import (
    ADMIN,
    NOW,
    VALUES,
    account_type,
    customer,
    new_account_type,
    person,
    phase,
    reason,
)

D = Decimal
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CALL, MEETING, CALC, QUOTE = "LEAD-CALL", "LEAD-MEETING", "LEAD-CALC", "LEAD-QUOTE"
SCORED = LeadValues(score=50)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def lead(database: Database, *path: str, ends: str = "", opened: datetime = NOW, **of: object) -> Lead:
    """A lead that began in Call appointment, went to the phases of `path`, and was closed if `ends`."""
    draft = CustomerDraft(name="A", account_type_id=account_type(database).id, **of)  # type: ignore[arg-type]
    made = add_customer(database, ADMIN, draft, opened)
    found = list_leads_of_customer(database, ADMIN, made.id)[0]
    for code in path:
        found = move_lead(database, ADMIN, found.id, found.version, phase(database, code).id, SCORED, opened)
    return close(database, found, ends) if ends else found


def close(database: Database, found: Lead, ends: str) -> Lead:
    end, why = phase(database, "LEAD-CLOSED").id, reason(database, ends).id
    return close_lead(database, ADMIN, found.id, found.version, end, why, VALUES, found.phase_entered_at_utc)


def duplicate(database: Database) -> None:
    draft = ClosingReasonDraft("DUPLICATE", "Duplicate", 90, Outcome.NEITHER)
    add_closing_reason(database, ADMIN, draft, NOW)


def chosen(database: Database, code: str = "LEAD", **asked: object) -> Choice:
    return Choice(account_type(database, code).id, **asked)  # type: ignore[arg-type]


def measured(database: Database, code: str = "LEAD", **asked: object) -> Conversion:
    return measure_conversion(database, ADMIN, chosen(database, code, **asked))


def reached(found: Conversion) -> list[int]:
    """By phase, and won."""
    return [*(step.reached for step in found.steps), found.won]


def skipped(found: Conversion) -> list[int]:
    return [step.skipped for step in found.steps]


def dropped(found: Conversion) -> list[tuple[int, int, int]]:
    """By phase: still open, lost, neither."""
    return [(s.dropped.still_open, s.dropped.lost, s.dropped.neither) for s in found.steps]


def test_m2_without_leads_every_phase_shows_zeros_and_no_share(database: Database) -> None:
    found = measured(database)
    assert [step.phase.code for step in found.steps] == [CALL, MEETING, CALC, QUOTE]
    assert (reached(found), skipped(found), dropped(found)) == ([0] * 5, [0] * 4, [(0, 0, 0)] * 4)
    assert found.won_share is found.biggest_leak is found.steps[0].to_next is None


def test_m2_one_lead_alone(database: Database) -> None:
    lead(database, MEETING)
    found = measured(database)
    assert (reached(found), skipped(found)) == ([1, 1, 0, 0, 0], [0] * 4)
    assert dropped(found)[1] == (1, 0, 0)
    assert found.steps[0].to_next == 1
    assert found.steps[1].to_next == 0
    assert found.steps[2].to_next is None
    assert found.biggest_leak is None


def make_the_worked_example(database: Database) -> None:
    """Eight leads: two won, three lost, one duplicate, two open."""
    duplicate(database)
    lead(database, MEETING, CALC, QUOTE, ends="WON")
    lead(database, QUOTE, ends="WON")
    lead(database, MEETING, CALC, ends="LOST")
    lead(database, MEETING, ends="COMPETITOR")
    lead(database, MEETING, ends="LOST")
    lead(database, ends="DUPLICATE")
    lead(database, MEETING, QUOTE, MEETING)
    lead(database)


def test_the_worked_example_of_the_reached_funnel(database: Database) -> None:
    make_the_worked_example(database)
    found = measured(database)
    assert reached(found) == [8, 6, 4, 3, 2]
    assert skipped(found) == [0, 1, 2, 0]
    assert dropped(found) == [(1, 0, 1), (0, 2, 0), (0, 1, 0), (1, 0, 0)]
    assert [step.to_next for step in found.steps] == [D("0.75"), D(4) / 6, D("0.75"), D(2) / 3]
    assert [found.from_first(step.reached) for step in found.steps] == [1, D("0.75"), D("0.5"), D("0.375")]
    assert found.won_share == D("0.25")
    leak = found.biggest_leak
    assert leak and (leak.phase.code, leak.dropped.lost, leak.reached) == (MEETING, 2, 6)
    assert {reason_id for reason_id, _count in leak.dropped.lost_for} == {
        reason(database, code).id for code in ("LOST", "COMPETITOR")
    }


def test_m2_a_won_lead_reached_all_and_a_lost_one_no_further_than_it_had_been(database: Database) -> None:
    lead(database, ends="WON")
    lead(database, ends="LOST")
    found = measured(database)
    assert reached(found) == [2, 1, 1, 1, 1]
    assert skipped(found) == [0, 1, 1, 1]
    assert dropped(found)[0] == (0, 1, 0)


def test_m2_standing_in_a_closing_phase_passes_nothing(database: Database) -> None:
    lead(database, MEETING, "LEAD-CLOSED")
    assert reached(measured(database)) == [1, 1, 0, 0, 0]


def test_m2_a_repeated_phase_counts_once_and_going_back_unreaches_nothing(database: Database) -> None:
    lead(database, MEETING, CALC, MEETING, CALL, MEETING)
    found = measured(database)
    assert (reached(found), skipped(found)) == ([1, 1, 1, 0, 0], [0] * 4)
    assert dropped(found)[2] == (1, 0, 0)


def test_m2_a_reopened_lead_is_open_where_it_had_been_furthest(database: Database) -> None:
    won = lead(database, MEETING, ends="WON")
    reopen_lead(database, ADMIN, won.id, won.version, phase(database, CALL).id, NOW)
    found = measured(database)
    assert (reached(found), found.won) == ([1, 1, 0, 0, 0], 0)
    assert dropped(found)[1] == (1, 0, 0)


def test_m2_leads_of_an_archived_phase_still_reached_the_first_and_what_they_had_been_in(
    database: Database,
) -> None:
    lead(database, CALC, ends="LOST")
    lead(database, MEETING, CALC, ends="LOST")
    row = phase(database, CALC)
    archive_phase(database, ADMIN, row.id, row.version, NOW)
    found = measured(database)
    assert [step.phase.code for step in found.steps] == [CALL, MEETING, QUOTE]
    assert (reached(found), dropped(found)) == ([2, 1, 0, 0], [(0, 1, 0), (0, 1, 0), (0, 0, 0)])


def test_m2_a_lead_that_was_in_no_phase_of_the_funnel_reached_the_first_by_skipping_it(
    database: Database,
) -> None:
    lead(database)
    to = account_type(database, "PROSPECT").id
    with database.transaction(EVERYTHING) as connection:  # as an archived phase of the old funnel leaves it
        for table in ("lead", "lead_stay"):
            connection.execute(f"UPDATE {table} SET account_type_id = $to", {"to": to})
    found = measured(database, code="PROSPECT")
    assert (reached(found), skipped(found)) == ([1, 0, 0, 0, 0], [1, 0, 0, 0])
    assert reached(measured(database)) == [0] * 5


def test_m2_order_is_that_of_the_funnel_now(database: Database) -> None:
    lead(database, CALC)
    reorder_phase(database, ADMIN, phase(database, CALC).id, -1, NOW)
    found = measured(database)
    assert [step.phase.code for step in found.steps] == [CALL, CALC, MEETING, QUOTE]
    assert (reached(found), skipped(found)) == ([1, 1, 0, 0, 0], [0] * 4)


def test_m2_days_of_opening_are_those_of_the_workspace_both_included(database: Database) -> None:
    for moment in ("2026-03-31T21:59", "2026-03-31T22:00", "2026-04-30T21:59", "2026-04-30T22:00"):
        lead(database, opened=at(moment))
    april = Period(date(2026, 4, 1), date(2026, 4, 30), AMSTERDAM)
    assert measured(database, period=april).opened == 2
    assert measured(database, period=replace(april, end=None)).opened == 3
    assert measured(database, period=replace(april, start=None)).opened == 3


def test_m2_an_owner_and_an_account_type_narrow_the_cohort(database: Database) -> None:
    ann = person(database)
    lead(database, MEETING, owner_id=ann.id)
    lead(database)
    customer(database, "P", "PROSPECT")
    assert reached(measured(database, owner_id=ann.id)) == [1, 1, 0, 0, 0]
    assert reached(measured(database)) == [2, 1, 0, 0, 0]
    assert measured(database, code="PROSPECT").opened == 1


def test_m2_an_account_type_without_phases_has_an_empty_funnel(database: Database) -> None:
    new_account_type(database, "EMPTY")
    assert measured(database, code="EMPTY") == Conversion(0, 0, ())
    assert measure_open_now(database, ADMIN, chosen(database, "EMPTY")) == ()


def test_m2_asks_for_one_account_type(database: Database) -> None:
    with pytest.raises(ValueError, match="one account type"):
        measure_conversion(database, ADMIN, Choice())


def test_a_funnel_longer_than_a_number_has_bits_is_measured_alike(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_the_worked_example(database)
    whole = measured(database)
    monkeypatch.setattr(measure, "_BITS", 2)
    assert measured(database) == whole
    monkeypatch.undo()
    row = phase(database, QUOTE)
    more = [replace(row, id=new_id(), code=f"STEP-{n}", order_number=100 + n) for n in range(70)]
    with database.transaction(EVERYTHING) as connection:
        PHASE.insert(connection, *more)
    lead(database, "STEP-69")
    found = measured(database)
    assert (len(found.steps), reached(found)[-2:], skipped(found)[-2:]) == (74, [3, 2], [3, 2])


def test_of_equal_leaks_the_one_that_fewer_reached_is_the_biggest() -> None:
    def step(reached: int, lost: int) -> Step:
        row = object()
        return Step(row, reached, 0, Dropped(0, ((NOW, lost),)))  # type: ignore[arg-type]

    steps = (step(9, 2), step(7, 2), step(5, 1))
    assert Conversion(9, 4, steps).biggest_leak is steps[1]


def every_figure(found: Conversion) -> list[tuple[Which, int]]:
    """All figures of the funnel, each with the part that lists its leads."""
    figures = [
        (Which(Part.REACHED), found.opened),
        (Which(Part.WON), found.won),
        (Which(Part.OPEN), found.still_open),
        (Which(Part.LOST), found.lost),
        (Which(Part.NEITHER), found.neither),
        (Which(Part.CLOSED), found.lost + found.neither),
        (Which(Part.DROPPED), found.opened - found.won),
    ]
    for step in found.steps:
        own, gone = step.phase.id, step.dropped
        figures += [
            (Which(Part.REACHED, own), step.reached),
            (Which(Part.WENT_ON, own), step.went_on),
            (Which(Part.SKIPPED, own), step.skipped),
            (Which(Part.DROPPED, own), gone.total),
            (Which(Part.OPEN, own), gone.still_open),
            (Which(Part.LOST, own), gone.lost),
            (Which(Part.NEITHER, own), gone.neither),
            (Which(Part.CLOSED, own), gone.lost + gone.neither),
            *((Which(Part.CLOSED, own, why), count) for why, count in gone.lost_for + gone.neither_for),
        ]
    return figures


def test_behind_every_figure_stand_as_many_leads_as_it_counts(database: Database) -> None:
    make_the_worked_example(database)
    lead(database, MEETING, ends="LOST", opened=at("2025-01-01T12:00"))
    for period in (Period(), Period(date(2026, 1, 1), None, AMSTERDAM)):
        choice = chosen(database, period=period)
        for which, count in every_figure(measure_conversion(database, ADMIN, choice)):
            leads, total = list_conversion_leads(database, ADMIN, choice, which, 99)
            assert (which, total, len({lead.lead_id for lead in leads})) == (which, count, count)


def test_the_leads_of_a_part_are_the_right_ones_the_last_opened_first(database: Database) -> None:
    old = lead(database, QUOTE, opened=at("2026-01-01T12:00"))
    new = lead(database, QUOTE, opened=at("2026-02-01T12:00"))
    lead(database, MEETING)
    which, choice = Which(Part.SKIPPED, phase(database, CALC).id), chosen(database)
    leads, total = list_conversion_leads(database, ADMIN, choice, which, 1)
    assert ([found.lead_id for found in leads], total) == ([new.id], 2)
    assert leads[0].moment == new.opened_at_utc
    leads, total = list_conversion_leads(database, ADMIN, choice, which, 1, 1)
    assert ([found.lead_id for found in leads], total) == ([old.id], 2)
    assert list_conversion_leads(database, ADMIN, choice, which, 1, 9) == ([], 2)


def test_the_snapshot_counts_open_leads_where_they_stand_now(database: Database) -> None:
    lead(database, MEETING, CALC, MEETING, opened=at("2026-01-01T12:00"))
    lead(database, MEETING)
    lead(database, "LEAD-CLOSED")
    lead(database, MEETING, ends="LOST")
    choice = chosen(database, period=Period(date(2026, 2, 1), None, AMSTERDAM))
    found = measure_open_now(database, ADMIN, choice)
    assert [(now.phase.code, now.lead_count, now.cohort_count) for now in found] == [
        (CALL, 0, 0),
        (MEETING, 2, 1),
        (CALC, 0, 0),
        (QUOTE, 0, 0),
        ("LEAD-CLOSED", 1, 1),
    ]
    assert sum(now.cohort_count for now in found) == measure_conversion(database, ADMIN, choice).still_open
    for now in found:
        assert list_open_now(database, ADMIN, choice, now.phase.id, 9)[1] == now.cohort_count
        assert list_open_now(database, ADMIN, chosen(database), now.phase.id, 9)[1] == now.lead_count
    assert list_open_now(database, ADMIN, choice, None, 9)[1] == 2


def test_openings_are_counted_by_month_of_the_workspace_and_in_the_period_before(database: Database) -> None:
    for moment in ("2025-03-31T21:59", "2025-03-31T22:00", "2026-02-28T23:00", "2026-02-28T22:59"):
        lead(database, opened=at(moment), ends="WON")
    lead(database)
    choice = chosen(database, period=Period(date(2026, 3, 1), date(2026, 3, 31), AMSTERDAM))
    found = measure_openings(database, ADMIN, choice, date(2026, 3, 15))
    assert [month.start for month in found.months][::11] == [date(2025, 4, 1), date(2026, 3, 1)]
    assert [(month.opened, month.won) for month in found.months] == [(1, 1), *[(0, 0)] * 9, (1, 1), (2, 1)]
    assert found.before == Opened(date(2026, 2, 1), 1, 1)
    assert [month.won_share for month in found.months][-3:] == [None, 1, D("0.5")]
    assert measured(database, period=choice.before.period).opened == 1  # type: ignore[union-attr]


def test_an_open_period_has_months_and_nothing_before(database: Database) -> None:
    lead(database)
    found = measure_openings(database, ADMIN, chosen(database), date(2026, 3, 2))
    assert (found.before, found.months[-1]) == (None, Opened(date(2026, 3, 1), 1, 0))


def bars(*pieces: dict[Fate, int]) -> list[ReachedBar]:
    return [
        ReachedBar(
            f"<b>{n}", f"label {n}", "note", {f: Piece(c, f"{n} {f}", f"{f}.{n}") for f, c in p.items()}
        )
        for n, p in enumerate(pieces)
    ]


NAMES = {fate: f"{fate} name" for fate in Fate}


def test_bars_of_the_reached_funnel_stack_from_a_common_edge_first_on_top() -> None:
    figure = reached_bars(bars({Fate.ON: 5, Fate.LOST: 3}, {Fate.WON: 5}), NAMES)
    by_name = {trace.name: trace for trace in figure.data}
    assert (list(by_name["on name"].x), list(by_name["lost name"].x)) == ([5], [3])
    assert (list(by_name["won name"].x), list(by_name["won name"].y)) == ([5], [1])
    assert figure.layout.barmode == "stack"
    assert tuple(figure.layout.xaxis.range) == (0, 8)
    low, high = figure.layout.yaxis.range
    assert low > 1 > 0 > high


def test_parts_of_a_bar_differ_by_more_than_their_colour_and_say_what_was_clicked() -> None:
    for is_dark in (False, True):
        figure = reached_bars(bars(dict.fromkeys(Fate, 2)), NAMES, is_dark=is_dark)
        shapes = [trace.marker.pattern.shape for trace in figure.data if trace.marker.pattern.shape]
        assert len(set(shapes)) == 3
        assert [list(trace.customdata) for trace in figure.data] == [[f"{fate}.0"] for fate in Fate]


def test_words_stand_above_and_below_a_bar_as_they_were_typed() -> None:
    words = reached_bars(bars({Fate.ON: 1}), NAMES).layout.annotations
    assert [word.text for word in words] == ["<b>1. &lt;b&gt;0</b>  label 0", "note"]
    assert words[0].yshift > 0 > words[1].yshift


def test_a_funnel_without_leads_or_bars_can_be_drawn() -> None:
    assert tuple(reached_bars(bars({Fate.ON: 0}), NAMES).layout.xaxis.range) == (0, 1)
    assert not reached_bars([], NAMES).layout.annotations


def test_the_qualification_phase_is_first_whatever_its_number(database: Database) -> None:
    assert measured(database).steps[0].phase.phase_type is PhaseType.QUALIFICATION
