"""What leads went through and how they ended: the times of M3, M4, M5, M6, M8 and M9."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from crmplus.analytics.calibration import (
    Scored,
    ScoredPart,
    list_leads_without_score,
    list_scored_leads,
    measure_calibration,
)
from crmplus.analytics.closings import ClosingFigures, OutcomeFigures, measure_closings
from crmplus.analytics.drift import list_valued_leads, measure_drift
from crmplus.analytics.reasons import ClosedLeads, Ended, list_closed_leads, measure_last_phases
from crmplus.analytics.time_in_phase import (
    list_leads_that_left,
    measure_months_in_phase,
    measure_time_in_phase,
)
from crmplus.analytics.velocity import list_open_leads, measure_velocity
from crmplus.domain.closing_reason import Outcome
from tests.analytics.case import ALL, Case, Claim, close_to, ids, keys, last_of, month_before
from tests.recount import closings, scores, time_in_phase
from tests.recount.history import Asked, Life
from tests.world import ADMIN

A_DAY = Decimal(86_400)


# M3


def the_time_in_each_phase(case: Case) -> None:
    for phase, times in measure_time_in_phase(case.database, ADMIN, case.chosen):
        found = time_in_phase.seconds_in(case.history, case.asked, phase.id)
        seconds = list(found.values())
        again = {life.now.lead_id for life in case.history.lives if len(life.visits_to(phase.id)) > 1}
        assert times.lead_count == len(seconds)
        assert times.again_count == len(again & found.keys())
        if seconds:
            assert times.median_days == Decimal(time_in_phase.median(seconds) or 0) / A_DAY
            assert times.ninetieth_days == Decimal(time_in_phase.ninetieth(seconds) or 0) / A_DAY
        else:
            assert times.median_days is times.ninetieth_days is None
        leads, _ = behind = list_leads_that_left(case.database, ADMIN, case.chosen, phase.id, False, ALL)
        assert ids(behind) == found.keys()
        assert {lead.lead_id: lead.amount for lead in leads} == {k: n / A_DAY for k, n in found.items()}
        only_again = list_leads_that_left(case.database, ADMIN, case.chosen, phase.id, True, ALL)
        assert ids(only_again) == again & found.keys()


def no_phase_that_leads_left_is_missing(case: Case) -> None:
    shown = {phase.id for phase, _ in measure_time_in_phase(case.database, ADMIN, case.chosen)}
    for phase in case.history.phases:
        if case.asked.account_type_id in (None, phase.account_type_id):
            left = time_in_phase.seconds_in(case.history, case.asked, phase.id)
            assert (phase.id in shown) == (bool(left) or phase.archived_at_utc is None)


def the_time_in_a_phase_by_month(case: Case) -> None:
    asked = case.asked
    for phase in case.history.funnel(asked.account_type_id or case.history.account_type_ids[0]):
        measured = measure_months_in_phase(case.database, ADMIN, case.chosen, phase.id, case.today, 12)
        for back, median in enumerate(reversed(measured)):
            month = month_before(case.today, back)
            within = Asked(asked.account_type_id, asked.owner_id, month, last_of(month), asked.zone)
            seconds = list(time_in_phase.seconds_in(case.history, within, phase.id).values())
            wanted = time_in_phase.median(seconds)
            assert median == (None if wanted is None else Decimal(wanted) / A_DAY)


# M4, M5, M6, M8


def outcome_figures(case: Case, lives: list[Life]) -> OutcomeFigures:
    days = [
        (case.asked.day(life.now.closed_at_utc) - case.asked.day(life.now.opened_at_utc)).days
        for life in lives
        if life.now.closed_at_utc
    ]
    return OutcomeFigures(
        len(lives),
        closings.value_of(lives),
        closings.without_value(lives),
        closings.recurring_of(lives),
        sum(days),
    )


def closing_figures(case: Case, lives: Iterable[Life]) -> ClosingFigures:
    by_outcome: dict[str, list[Life]] = {outcome: [] for outcome in closings.OUTCOMES}
    for life in lives:
        by_outcome[str(case.history.outcome(life.now))].append(life)
    return ClosingFigures(**{name: outcome_figures(case, own) for name, own in by_outcome.items()})


def the_closings(case: Case) -> None:
    history, asked = case.history, case.asked
    measured = measure_closings(case.database, ADMIN, case.chosen)
    closed = history.closed(asked, *closings.OUTCOMES)
    assert measured.total == closing_figures(case, closed)
    assert close_to(measured.total.win_rate, closings.win_rate(history, asked))
    assert close_to(measured.total.win_rate_in_value, closings.win_rate_in_value(history, asked))
    won_values = closings.won_values(history, asked)
    assert close_to(measured.total.won.average_value, closings.mean_of(won_values))
    assert measured.medians.won_value == closings.median_of(won_values)
    for outcomes, part, median in (
        (("won",), measured.total.won, measured.medians.won_days),
        (("lost",), measured.total.lost, measured.medians.lost_days),
        (("won", "lost"), measured.total.decided, measured.medians.decided_days),
    ):
        days = closings.cycles(history, asked, *outcomes)
        assert close_to(part.mean_days, closings.mean_of(days))
        assert median == closings.median_of(days)


def the_parts_of_the_closings(case: Case) -> None:
    measured = measure_closings(case.database, ADMIN, case.chosen)
    closed = case.history.closed(case.asked, *closings.OUTCOMES)
    assert dict(measured.by_owner) == {
        owner_id: closing_figures(case, [life for life in closed if life.now.owner_id == owner_id])
        for owner_id in {life.now.owner_id for life in closed}
    }
    by_month = closings.by_month(case.history, case.asked, *closings.OUTCOMES)
    for month, found in measured.by_month:
        assert found == closing_figures(case, by_month.pop(month, []))
    assert by_month == {}
    by_reason = closings.by_reason(case.history, case.asked)
    assert {each.reason_id for each in measured.by_reason} == by_reason.keys()
    for each in measured.by_reason:
        own = by_reason[each.reason_id]
        assert (each.outcome, each.total) == (
            case.history.outcomes[each.reason_id],
            outcome_figures(case, own),
        )
        assert dict(each.by_owner) == {
            owner_id: outcome_figures(case, [life for life in own if life.now.owner_id == owner_id])
            for owner_id in {life.now.owner_id for life in own}
        }


def the_last_phase_before_closing(case: Case) -> None:
    wanted: dict[tuple[UUID | None, UUID], set[UUID]] = {}
    for reason_id, lives in closings.by_reason(case.history, case.asked).items():
        for life in lives:
            key = closings.last_phase_before_closing(life), reason_id
            wanted.setdefault(key, set()).add(life.now.lead_id)
    measured = measure_last_phases(case.database, ADMIN, case.chosen)
    assert {(each.phase_id, each.reason_id): each.lead_count for each in measured} == {
        key: len(found) for key, found in wanted.items()
    }
    for (phase_id, reason_id), found in wanted.items():
        which = ClosedLeads(reason_id=reason_id, phase_id=phase_id, is_straight_away=phase_id is None)
        assert ids(list_closed_leads(case.database, ADMIN, case.chosen, which, ALL)) == found


def the_leads_behind_the_closings(case: Case) -> None:
    for ended, outcomes in (
        (None, closings.OUTCOMES),
        (Ended.DECIDED, ("won", "lost")),
        *((Ended(outcome), (outcome,)) for outcome in closings.OUTCOMES),
    ):
        closed = case.history.closed(case.asked, *outcomes)
        listed = list_closed_leads(case.database, ADMIN, case.chosen, ClosedLeads(ended), ALL)
        assert ids(listed) == keys(closed)
        nobodys = list_closed_leads(
            case.database, ADMIN, case.chosen, ClosedLeads(ended, is_of_nobody=True, has_value=True), ALL
        )
        assert ids(nobodys) == {
            life.now.lead_id
            for life in closed
            if life.now.owner_id is None and life.now.expected_value is not None
        }


def the_velocity(case: Case) -> None:
    closed = measure_closings(case.database, ADMIN, case.chosen).total
    measured = measure_velocity(case.database, ADMIN, case.chosen, closed)
    assert close_to(measured.per_day, closings.velocity(case.history, case.asked))
    opened = case.history.open(case.asked)
    assert measured.open_count == len(opened)
    assert ids(list_open_leads(case.database, ADMIN, case.chosen, ALL)) == keys(opened)


# M9


def assert_scored(found: Scored, wanted: list[scores.Verdict]) -> None:
    assert (found.lead_count, found.won_count) == (len(wanted), sum(is_won for _, is_won in wanted))
    count = Decimal(len(wanted)) if wanted else None
    mean_score = sum(score for score, _ in wanted) / count if count else None
    assert close_to(found.mean_score, mean_score)
    assert close_to(found.share_won, sum(is_won for _, is_won in wanted) / count if count else None)
    assert close_to(found.brier, scores.brier(wanted))


def the_calibration(case: Case) -> None:
    history, asked = case.history, case.asked
    for phase_id in (None, *(phase.id for phase in history.funnel(asked.account_type_id))):
        measured = measure_calibration(case.database, ADMIN, case.chosen, case.today, phase_id)
        wanted = scores.verdicts(history, asked, phase_id)
        assert_scored(measured.total, wanted)
        by_band = scores.bands(wanted)
        assert len(measured.bands) == 10
        for place, band in enumerate(measured.bands):
            assert_scored(band, by_band.get(place, []))
            part = ScoredPart((10 * place + 1, 10 * place + 10))
            args = case.database, ADMIN, case.chosen, part, phase_id, ALL
            leads, _ = behind = list_scored_leads(*args)
            assert len(ids(behind)) == len(by_band.get(place, []))
            assert sorted(lead.amount or 0 for lead in leads) == sorted(s for s, _ in by_band.get(place, []))
        assert measured.unrecorded == scores.without_score(history, asked, phase_id)
        decided = history.closed(asked, "won", "lost")
        assert measured.without_score == len(decided) - len(wanted)
        behind = list_leads_without_score(case.database, ADMIN, case.chosen, phase_id, ALL)
        assert ids(behind) == {
            life.now.lead_id for life in decided if scores.score_in(life, phase_id) is None
        }
        owners = {life.now.owner_id for life in decided if scores.score_in(life, phase_id) is not None}
        assert {owner_id for owner_id, _ in measured.by_owner} == owners
        for month, found in measured.by_month:
            within = Asked(asked.account_type_id, asked.owner_id, month, last_of(month), asked.zone)
            assert_scored(found, scores.verdicts(history, within, phase_id))


def the_drift(case: Case) -> None:
    if case.asked.account_type_id is None:
        return
    for each in measure_drift(case.database, ADMIN, case.chosen):
        for outcome, found in ((Outcome.WON, each.won), (Outcome.LOST, each.lost)):
            recorded, values = scores.recorded_in(case.history, case.asked, each.phase.id, outcome)
            assert (found.score_count, found.score_sum) == (len(recorded), sum(recorded))
            assert (found.value_count, found.value_sum) == (len(values), sum(values, Decimal(0)))
            args = case.database, ADMIN, case.chosen, each.phase.id, outcome, ALL
            leads, _ = behind = list_valued_leads(*args)
            assert len(ids(behind)) == len(values)
            assert sorted(lead.amount or Decimal(0) for lead in leads) == sorted(values)


CLAIMS: tuple[Claim, ...] = (
    the_time_in_each_phase,
    no_phase_that_leads_left_is_missing,
    the_time_in_a_phase_by_month,
    the_closings,
    the_parts_of_the_closings,
    the_last_phase_before_closing,
    the_leads_behind_the_closings,
    the_velocity,
    the_calibration,
    the_drift,
)
