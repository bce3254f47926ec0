"""Drift on screen: how score and value went from phase to phase, of leads won and leads lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from crmplus.analytics.drift import PhaseDrift, Recorded, first_parting
from crmplus.analytics.figures.calibration import DriftPoint, drift_lines
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.phase import PhaseType
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.chosen import chart_clicked
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.figure_table import figure_table
from crmplus.ui.pickers import funnel_types, set_in_url
from crmplus.ui.scores_choice import phase_name
from crmplus.ui.scores_leads import drift_code
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain

Drift = Sequence[PhaseDrift]


@dataclass(frozen=True, slots=True)
class _Measure:
    """One of the two things that drift: how it is called, read, counted and written."""

    key: str
    title: str
    kind: Kind
    mean: Callable[[Recorded], Decimal | None]
    count: Callable[[Recorded], int]
    write: Callable[[Decimal], str]


def ask_for_funnel() -> None:
    """Phases of several funnels can't stand in one row: a click chooses one."""
    st.write(_("Choose an account type to see how scores went from phase to phase."))
    with st.container(horizontal=True):
        for each in funnel_types():
            st.button(
                plain(each.description),
                key=f"funnel-{each.code}",
                on_click=set_in_url,
                args=("type", each.code, ""),
            )


def show_drift(drift: Drift) -> None:
    """The answer, then scores and values side by side."""
    st.write(plain(" ".join([_about_scores(drift), *_about_values(drift)])))
    left, right = st.columns(2, gap="medium")
    with left:
        _show(drift, _scores())
    with right:
        _show(drift, _values())
    how_counted(
        _(
            "The leads closed as won or lost in the period, by what was recorded in their last visit to "
            "each phase; phases they were never in, or only skipped, don't count. Means are over the "
            "leads with a score, or with an expected value, whose number stands in brackets; fewer than "
            "ten are not drawn. A difference in scores is named where it is more than two standard errors."
        )
    )


def _scores() -> _Measure:
    return _Measure(
        "score",
        _("Mean score"),
        Kind.DECIMAL,
        lambda part: part.mean_score,
        lambda part: part.score_count,
        lambda mean: language().decimal(mean, 0),
    )


def _values() -> _Measure:
    return _Measure(
        "value",
        _("Mean expected value"),
        Kind.MONEY,
        lambda part: part.mean_value,
        lambda part: part.value_count,
        language().short_money,
    )


def _show(drift: Drift, measure: _Measure) -> None:
    won, lost = _points(drift, measure, Outcome.WON), _points(drift, measure, Outcome.LOST)
    names = (_("won"), _("lost"))
    st.subheader(measure.title, anchor=False)
    if any(point.mean is not None for point in (*won, *lost)):
        spoken = "; ".join(
            f"{name}, {point.hover}"
            for name, points in zip(names, (won, lost), strict=True)
            for point in points
            if point.mean is not None
        )
        key = f"drift-{measure.key}-chart"
        st.plotly_chart(
            drift_lines(won, lost, names, is_dark=st.context.theme.type == "dark"),
            key=key,
            on_select=chart_clicked(key),
            selection_mode="points",
            config=picture_of(measure.title),
            alt=f"{measure.title}: {spoken}",
        )
    if few := [
        f"{point.phase}, {name} {point.rests_on}"
        for name, points in zip(names, (won, lost), strict=True)
        for point in points
        if point.mean is None
    ]:
        st.caption(plain(_("Not drawn, with fewer than ten leads: {places}.", places="; ".join(few))))
    _show_table(drift, measure)


def _points(drift: Drift, measure: _Measure, outcome: Outcome) -> list[DriftPoint]:
    return [_point(each, _of(each, outcome), measure, outcome) for each in drift]


def _point(each: PhaseDrift, part: Recorded, measure: _Measure, outcome: Outcome) -> DriftPoint:
    mean, count, name = measure.mean(part), measure.count(part), phase_name(each.phase)
    label = "" if mean is None else measure.write(mean)
    hover = _n(
        "{phase}: {mean} ({count} lead)", "{phase}: {mean} ({count} leads)", count, phase=name, mean=label
    )
    rests_on = f"({language().number(count)})"
    return DriftPoint(drift_code(each.phase, outcome, measure.key), name, mean, label, rests_on, hover)


def _show_table(drift: Drift, measure: _Measure) -> None:
    columns = [
        Column("phase", _("Phase")),
        Column("won_count", _("Leads won"), Kind.NUMBER),
        Column("won_mean", _("Mean, won"), measure.kind),
        Column("lost_count", _("Leads lost"), Kind.NUMBER),
        Column("lost_mean", _("Mean, lost"), measure.kind),
    ]
    rows = [
        {
            "phase": phase_name(each.phase),
            "won_count": measure.count(each.won),
            "won_mean": measure.mean(each.won),
            "lost_count": measure.count(each.lost),
            "lost_mean": measure.mean(each.lost),
        }
        for each in drift
    ]

    def behind(row: int, column: str) -> str | None:
        outcome = column.partition("_")[0]
        if outcome not in (Outcome.WON, Outcome.LOST):
            return None
        return drift_code(drift[row].phase, Outcome(outcome), measure.key)

    title = _("{measure} by phase", measure=measure.title)
    figure_table(f"drift-{measure.key}", title, columns, rows, behind)


def _about_scores(drift: Drift) -> str:
    """Where leads lost began to be told from leads won, before the closing if anywhere."""
    if all(each.difference is None for each in drift):
        return _("Too few leads were won and lost to compare their scores.")
    parted = first_parting(tuple(drift))
    if parted is None:
        return _("In no phase did the scores of leads lost differ from those of leads won beyond chance.")
    name = phase_name(parted.phase)
    lost = _scores().write(parted.lost.mean_score or Decimal(0))
    won = _scores().write(parted.won.mean_score or Decimal(0))
    if (parted.difference or 0) < 0:
        return _(
            "Leads that we lost scored higher in {phase}: {lost} against {won}.",
            phase=name,
            lost=lost,
            won=won,
        )
    if parted.phase.phase_type is PhaseType.CLOSING:
        return _(
            "Leads that we lost scored lower only in {phase}: {lost} against {won}.",
            phase=name,
            lost=lost,
            won=won,
        )
    return _(
        "Leads that we lost already scored lower in {phase}: {lost} against {won}.",
        phase=name,
        lost=lost,
        won=won,
    )


def _about_values(drift: Drift) -> list[str]:
    """What leads won and lost were worth in the last phase before closing that can be compared."""
    compared = [
        (each, each.won.mean_value, each.lost.mean_value)
        for each in drift
        if each.phase.phase_type is not PhaseType.CLOSING
    ]
    for each, won, lost in reversed(compared):
        if won is not None and lost is not None:
            return [
                _(
                    "In {phase} leads won were worth {won} on average, leads lost {lost}.",
                    phase=phase_name(each.phase),
                    won=language().round_money(won),
                    lost=language().round_money(lost),
                )
            ]
    return []


def _of(each: PhaseDrift, outcome: Outcome) -> Recorded:
    return each.won if outcome is Outcome.WON else each.lost
