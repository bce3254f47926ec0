"""Closed leads in sentences: why they were lost, what figures rest on; none where nothing is to say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from crmplus.analytics.closings import ClosingFigures, Closings, OutcomeFigures, ReasonFigures
from crmplus.analytics.reasons import LastPhase
from crmplus.domain.closing_reason import Outcome
from crmplus.services.account_types import list_account_types
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.phases import list_phases
from crmplus.ui.session import _, _n, language, read


def rests_on(total: ClosingFigures) -> list[str]:
    """How many leads a rate or a cycle rests on."""
    count = total.decided.lead_count
    return [_n("It rests on {count} won or lost lead.", "It rests on {count} won or lost leads.", count)]


def neither_counted(total: ClosingFigures) -> list[str]:
    """How many leads stand beside all rates."""
    count = total.neither.lead_count
    if not count:
        return []
    return [
        _n(
            "{count} lead was closed as neither won nor lost; it is in no rate and no cycle.",
            "{count} leads were closed as neither won nor lost; they are in no rate and no cycle.",
            count,
        )
    ]


def no_rate(total: ClosingFigures) -> list[str]:
    """Why there is a dash, where leads were closed but none won or lost."""
    if total.decided.lead_count or not total.closed_count:
        return []
    return [_("Nothing was won or lost, so there is no win rate.")]


def lost_without_worth(total: ClosingFigures) -> list[str]:
    """A rate in value of 100 % is no feat where nobody recorded what was lost."""
    if total.win_rate_in_value is None or not total.lost.lead_count or total.lost.value:
        return []
    return [_("The lost leads have no expected value above zero, so the win rate in value says nothing.")]


def without_value(total: ClosingFigures) -> list[str]:
    """How many leads count as zero in value, by outcome."""
    won, lost = total.won.value_missing, total.lost.value_missing
    sentences = []
    if won:
        sentences.append(
            _n(
                "{count} won lead has no expected value and counts as zero.",
                "{count} won leads have no expected value and count as zero.",
                won,
            )
        )
    if lost:
        sentences.append(
            _n(
                "{count} lost lead has no expected value and counts as zero.",
                "{count} lost leads have no expected value and count as zero.",
                lost,
            )
        )
    return sentences


def reasons_answer(closings: Closings, last_phases: Sequence[LastPhase]) -> list[str]:
    """Why leads were lost, what that cost and where, and why they were won; the first is the answer."""
    names = reason_names()
    lost = [r for r in closings.by_reason if r.outcome is Outcome.LOST]
    won = [r for r in closings.by_reason if r.outcome is Outcome.WON]
    lost_ids = {reason.reason_id for reason in lost}
    return [
        *_most_lost(lost, closings.total.lost, names),
        *_most_value_lost(lost, closings.total.lost, names),
        *_lost_from([p for p in last_phases if p.reason_id in lost_ids], closings.total.lost.lead_count),
        *_most_won(won, closings.total.won, names),
    ]


def reason_names() -> dict[UUID, str]:
    """What closing reasons are called, archived ones too."""
    return {r.id: r.description for r in read(list_closing_reasons, with_archived=True)}


def phase_names() -> dict[UUID | None, str]:
    """What phases are called that leads were closed from, in funnel order; None is none at all."""
    types = {t.id: t for t in read(list_account_types, with_archived=True)}
    phases = [p for p in read(list_phases, with_archived=True) if p.account_type_id in types]
    order = list(types)
    phases.sort(key=lambda phase: (order.index(phase.account_type_id), phase.sort_key))
    with_phases = {phase.account_type_id for phase in phases}
    names: dict[UUID | None, str] = {
        phase.id: phase.description
        if len(with_phases) == 1
        else f"{phase.description} ({types[phase.account_type_id].description})"
        for phase in phases
    }
    return {**names, None: _("straight away")}


def _most_lost(lost: Sequence[ReasonFigures], total: OutcomeFigures, names: Mapping[UUID, str]) -> list[str]:
    if not lost:
        return []
    most = [r for r in lost if r.total.lead_count == lost[0].total.lead_count]
    if len(most) > 1:
        return [
            _n(
                "Most often lost to {reasons}: {count} lost lead each, of {total}.",
                "Most often lost to {reasons}: {count} lost leads each, of {total}.",
                lost[0].total.lead_count,
                reasons=_listed([names[r.reason_id] for r in most]),
                total=total.lead_count,
            )
        ]
    return [
        _n(
            "Most often lost to “{reason}”: {part} of {count} lost lead, {value}.",
            "Most often lost to “{reason}”: {part} of {count} lost leads, {value}.",
            total.lead_count,
            reason=names[lost[0].reason_id],
            part=lost[0].total.lead_count,
            value=language().short_money(lost[0].total.value),
        )
    ]


def _most_value_lost(
    lost: Sequence[ReasonFigures], total: OutcomeFigures, names: Mapping[UUID, str]
) -> list[str]:
    """Only where it is another reason than the one that leads are lost to most often."""
    dearest = max(lost, key=lambda reason: reason.total.value, default=None)
    if not dearest or dearest.total.value <= lost[0].total.value:
        return []
    words = language()
    return [
        _(
            "Most value lost to “{reason}”: {value} of {total}.",
            reason=names[dearest.reason_id],
            value=words.short_money(dearest.total.value),
            total=words.short_money(total.value),
        )
    ]


def _lost_from(lost: Sequence[LastPhase], total: int) -> list[str]:
    """Silent where two phases lost as many, or where there is but one lead."""
    counts = Counter[UUID | None]()
    for each in lost:
        counts[each.phase_id] += each.lead_count
    ranked = counts.most_common(2)
    if total < 2 or not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return []
    phase_id, part = ranked[0]
    if phase_id is None:
        return [
            _(
                "Most often lost straight away, from no other phase: {part} of {total}.",
                part=part,
                total=total,
            )
        ]
    name = phase_names().get(phase_id, "")
    return [_("Most often lost from {phase}: {part} of {total}.", phase=name, part=part, total=total)]


def _most_won(won: Sequence[ReasonFigures], total: OutcomeFigures, names: Mapping[UUID, str]) -> list[str]:
    """Only where there is more than one reason to win, and one of them leads."""
    if len(won) < 2 or won[0].total.lead_count == won[1].total.lead_count:
        return []
    return [
        _(
            "Most often won as “{reason}”: {part} of {total}, {value}.",
            reason=names[won[0].reason_id],
            value=language().short_money(won[0].total.value),
            part=won[0].total.lead_count,
            total=total.lead_count,
        )
    ]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
