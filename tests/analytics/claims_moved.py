"""How leads came to where they are: the reached funnel (M2), and the bridge between two days (M10)."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from crmplus.analytics import bridge as measured_bridge
from crmplus.analytics.bridge import End, Kind, Measure, list_bridge_leads, measure_bridge
from crmplus.analytics.conversion import measure_conversion
from crmplus.analytics.conversion_beside import Opened, list_open_now, measure_open_now, measure_openings
from crmplus.analytics.conversion_leads import Part, Which, list_conversion_leads
from tests.analytics.case import ALL, Case, Claim, close_to, ids, keys, last_of, month_before
from tests.recount import bridge, conversion
from tests.recount.conversion import Reached
from tests.recount.history import Asked
from tests.world import ADMIN

Listing = Callable[..., set[UUID]]


# M2


def of_one_type(case: Case) -> Case:
    """A funnel belongs to one account type: the first where none is asked for."""
    asked = case.asked
    kind = asked.account_type_id or case.history.account_type_ids[0]
    narrowed = Asked(kind, asked.owner_id, asked.first, asked.last, asked.zone)
    return Case(case.database, case.history, narrowed, case.today)


def the_reached_funnel(case: Case) -> None:
    case = of_one_type(case)
    *wanted, won = conversion.reached_funnel(case.history, case.asked)
    measured = measure_conversion(case.database, ADMIN, case.chosen)
    cohort = conversion.cohort(case.history, case.asked)
    assert (measured.opened, measured.won) == (len(cohort), len(won.leads))
    assert [step.phase.id for step in measured.steps] == [step.phase_id for step in wanted]
    for step, own, following in zip(measured.steps, wanted, [*wanted[1:], won], strict=True):
        assert (step.reached, step.skipped) == (len(own.leads), len(own.skipped))
        assert step.went_on == len(following.leads)
        assert step.dropped.still_open == len(own.still_open)
        assert dict(step.dropped.lost_for) == {key: len(found) for key, found in own.lost.items()}
        assert dict(step.dropped.neither_for) == {key: len(found) for key, found in own.neither.items()}
        assert step.reached == step.went_on + step.dropped.total
        count = len(own.leads)
        assert close_to(step.to_next, Decimal(len(following.leads)) / count if count else None)
        share = Decimal(count) / len(cohort) if cohort else None
        assert close_to(measured.from_first(step.reached), share)


def the_leads_behind_the_reached_funnel(case: Case) -> None:
    case = of_one_type(case)

    def listed(part: Part, phase_id: UUID | None = None, reason_id: UUID | None = None) -> set[UUID]:
        which = Which(part, phase_id, reason_id)
        return ids(list_conversion_leads(case.database, ADMIN, case.chosen, which, ALL))

    *wanted, won = conversion.reached_funnel(case.history, case.asked)
    assert listed(Part.WON) == won.leads
    assert listed(Part.REACHED) == keys(conversion.cohort(case.history, case.asked))
    for own, following in zip(wanted, [*wanted[1:], won], strict=True):
        assert listed(Part.REACHED, own.phase_id) == own.leads
        assert listed(Part.WENT_ON, own.phase_id) == following.leads
        assert listed(Part.SKIPPED, own.phase_id) == own.skipped
        assert listed(Part.DROPPED, own.phase_id) == own.leads - following.leads
        assert listed(Part.OPEN, own.phase_id) == own.still_open
        assert_dropped(listed, own)


def assert_dropped(listed: Listing, own: Reached) -> None:
    for part, dropped in ((Part.LOST, own.lost), (Part.NEITHER, own.neither)):
        assert listed(part, own.phase_id) == set().union(*dropped.values())
        for reason_id, found in dropped.items():
            assert listed(part, own.phase_id, reason_id) == found
    assert listed(Part.CLOSED, own.phase_id) == set().union(*own.lost.values(), *own.neither.values())


def the_figures_beside_the_reached_funnel(case: Case) -> None:
    """The months of opening, whatever the days asked for, and what is open now."""
    case = of_one_type(case)
    asked, history = case.asked, case.history
    measured = measure_openings(case.database, ADMIN, case.chosen, case.today)
    months = [month_before(case.today, ago) for ago in reversed(range(12))]
    assert [each.start for each in measured.months] == months
    for each in measured.months:
        assert_opened(case, each, last_of(each.start))
    before = case.chosen.period.before
    assert (measured.before is None) == (before is None)
    if measured.before and before and before.end:
        assert measured.before.start == before.start
        assert_opened(case, measured.before, before.end)
    cohort = keys(conversion.cohort(history, asked))
    now = measure_open_now(case.database, ADMIN, case.chosen)
    assert [each.phase.id for each in now] == [p.id for p in history.funnel(asked.account_type_id)]
    for each in now:
        standing = keys(life for life in history.open(asked) if life.now.phase_id == each.phase.id)
        assert (each.lead_count, each.cohort_count) == (len(standing), len(standing & cohort))
        listed = list_open_now(case.database, ADMIN, case.chosen, each.phase.id, ALL)
        assert ids(listed) == standing & cohort


def assert_opened(case: Case, found: Opened, last: date) -> None:
    within = Asked(case.asked.account_type_id, case.asked.owner_id, found.start, last, case.asked.zone)
    opened = conversion.cohort(case.history, within)
    won = [life for life in opened if case.history.outcome(life.now) == "won"]
    assert (found.opened, found.won) == (len(opened), len(won))


# M10


def asked_of_bridge(case: Case, measure: Measure) -> dict[str, Counter[tuple[UUID, Decimal]]]:
    """The bookings of the recount by kind: lead and amount, each as often as there are such."""
    found = bridge.bookings(case.history, case.asked, bridge.MEASURES[measure.replace("-", "_")])
    by_kind: dict[str, Counter[tuple[UUID, Decimal]]] = {kind: Counter() for kind in Kind}
    for booking in found:
        by_kind[booking.kind.replace(" ", "-")][booking.lead_id, booking.amount] += 1
    return by_kind


def the_bridge(case: Case) -> None:
    measured = measure_bridge(case.database, ADMIN, case.chosen, case.today)
    for measure in Measure:
        plain = bridge.MEASURES[measure.replace("-", "_")]
        opening = bridge.opening(case.history, case.asked, plain)
        closing = bridge.closing(case.history, case.asked, plain)
        assert measured.opening.of(measure) == opening
        assert measured.closing.of(measure) == closing
        steps = measured.steps.of(measure)
        assert [step.kind for step in steps] == list(Kind)
        assert opening + sum((step.amount for step in steps), Decimal(0)) == closing
        wanted = asked_of_bridge(case, measure)
        for step in steps:
            own = wanted[step.kind]
            assert step.change_count == own.total()
            assert step.amount == sum((amount * n for (_, amount), n in own.items()), Decimal(0))


def the_changes_behind_the_bridge(case: Case) -> None:
    for measure in (Measure.WEIGHTED, Measure.RECURRING, Measure.LEADS):
        wanted = asked_of_bridge(case, measure)
        for kind in Kind:
            if measure is Measure.LEADS and kind in (Kind.RAISED, Kind.LOWERED):
                continue
            changes, total = list_bridge_leads(case.database, ADMIN, case.chosen, measure, kind, ALL)
            assert Counter((change.lead_id, change.amount) for change in changes) == wanted[kind]
            assert total == len(changes)


def the_leads_at_the_ends_of_the_bridge(case: Case) -> None:
    asked = case.asked
    for end, day in (
        (End.OPENING, asked.first and asked.first - timedelta(days=1)),
        (End.CLOSING, asked.last),
    ):
        behind = list_bridge_leads(case.database, ADMIN, case.chosen, Measure.EXPECTED, end, ALL)
        if day is None:
            assert end is End.CLOSING or ids(behind) == set()
            continue
        states = [life.when(lambda at, day=day: asked.day(at) <= day) for life in case.history.lives]  # type: ignore[misc]
        found = {s.lead_id: s.expected_value or 0 for s in states if s and s.is_open and asked.wants(s)}
        assert ids(behind) == found.keys()
        assert {lead.lead_id: lead.amount for lead in behind[0]} == found


def the_course_and_the_period_before_the_bridge(case: Case) -> None:
    asked = case.asked
    measured = measure_bridge(case.database, ADMIN, case.chosen, case.today)
    last = asked.last or case.today
    ends = [month_before(last, ago) - timedelta(days=1) for ago in range(len(measured.course) - 2, -1, -1)]
    for day, found in zip(ends, measured.course, strict=False):
        until = Asked(asked.account_type_id, asked.owner_id, None, day, asked.zone)
        for measure in Measure:
            plain = bridge.MEASURES[measure.replace("-", "_")]
            assert found.of(measure) == bridge.closing(case.history, until, plain)
    before = case.chosen.before
    assert (measured.earlier is None) == (before is None)
    if before and measured.earlier:
        period = before.period
        then = Asked(asked.account_type_id, asked.owner_id, period.start, period.end, asked.zone)
        wanted = asked_of_bridge(Case(case.database, case.history, then, case.today), Measure.WEIGHTED)
        for step in measured.earlier.of(Measure.WEIGHTED):
            own = wanted[step.kind]
            assert step.amount == sum((amount * n for (_, amount), n in own.items()), Decimal(0))


def the_parts_at_the_ends_of_the_bridge(case: Case) -> None:
    asked = case.asked
    for part in measured_bridge.Part:
        found = measured_bridge.measure_parts(case.database, ADMIN, case.chosen, part)
        opening, closing = Counter[UUID | None](), Counter[UUID | None]()
        for life in case.history.lives:
            for counted, state in (
                (opening, life.when(asked.is_before)),
                (closing, life.when(lambda at: not asked.is_after(at))),
            ):
                if state and state.is_open and asked.wants(state):
                    counted[state.owner_id if part is measured_bridge.Part.OWNER else state.phase_id] += 1
        assert {each.id: each.opening.leads for each in found if each.opening.leads} == opening
        assert {each.id: each.closing.leads for each in found if each.closing.leads} == closing


CLAIMS: tuple[Claim, ...] = (
    the_reached_funnel,
    the_leads_behind_the_reached_funnel,
    the_figures_beside_the_reached_funnel,
    the_bridge,
    the_changes_behind_the_bridge,
    the_leads_at_the_ends_of_the_bridge,
    the_course_and_the_period_before_the_bridge,
    the_parts_at_the_ends_of_the_bridge,
)
