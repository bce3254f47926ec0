"""Time in phase on screen: the answer in words, the bars, the figures of each phase (M3)."""

from decimal import Decimal

import streamlit as st

from crmplus.analytics.ageing import Ageing, Ages
from crmplus.analytics.figures.durations import Duration, duration_bars
from crmplus.analytics.time_in_phase import PhaseTimes, TimeInPhase, slowest
from crmplus.domain.phase import Phase
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.chosen import chart_clicked
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.figure_table import figure_table
from crmplus.ui.session import _, _n, language
from crmplus.ui.text import plain
from crmplus.ui.time_in_phase_cards import weightless
from crmplus.ui.time_in_phase_leads import Of

_NOTHING = "–"
_CLICKABLE = {
    "phase": Of.AGEING,
    "left": Of.LEFT,
    "median": Of.LEFT,
    "ninetieth": Of.LEFT,
    "again": Of.AGAIN,
    "open": Of.OPEN,
    "median_age": Of.OPEN,
    "ageing": Of.AGEING,
}


def say_where(times: PhaseTimes, ageing: Ageing) -> None:
    """The answer in words."""
    words, sentences = language(), []
    if found := slowest(times):
        phase, figures = found
        sentences.append(
            _(
                "Leads take longest in {phase}: the median is {median} days, "
                "and nine in ten take at most {ninetieth}.",
                phase=phase.description,
                median=words.decimal(figures.median_days or Decimal(0), 1),
                ninetieth=words.decimal(figures.ninetieth_days or Decimal(0), 1),
            )
        )
    if ageing.ageing_count:
        most = max(ages.ageing_count for _phase, ages in ageing.phases)
        phase, *as_many = [phase for phase, ages in ageing.phases if ages.ageing_count == most]
        sentences.append(
            _("{count} of {open} open leads are ageing.", count=ageing.ageing_count, open=ageing.open_count)
            if as_many
            else _n(
                "{count} of {open} open leads is ageing, in {phase}.",
                "{count} of {open} open leads are ageing, most in {phase}: {most}.",
                ageing.ageing_count,
                open=ageing.open_count,
                phase=phase.description,
                most=most,
            )
        )
    if sentences:
        st.write(plain(" ".join(sentences)))


def show_chart(times: PhaseTimes) -> None:
    """Median, 90th percentile and limit of each phase; a click lists the leads that left it."""
    title = _("Days in each phase")
    st.subheader(title, anchor=False)
    phases = [_duration(phase, figures) for phase, figures in times]
    st.plotly_chart(
        duration_bars(
            phases, _("Median"), _("90th percentile"), _("Limit"), is_dark=st.context.theme.type == "dark"
        ),
        key="durations-chart",
        on_select=chart_clicked("durations-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: " + "; ".join(phase.hover for phase in phases),
    )
    how_counted(
        _(
            "Over the leads that left the phase, for the last time in the period, and are not in it now: "
            "the days elapsed in it, all visits of a lead added up. The median is the one in the middle "
            "when all stand in order; nine in ten leads take at most the 90th percentile."
        ),
        _n(
            "It rests on {count} time that a lead left a phase.",
            "It rests on {count} times that a lead left a phase.",
            sum(figures.lead_count for _phase, figures in times),
        ),
    )


def show_table(times: PhaseTimes, ageing: Ageing) -> None:
    """Every phase with its times and its open leads; a click on a figure lists the leads behind it."""
    found, standing = dict(times), dict(ageing.phases)
    phases = list(dict.fromkeys([*found, *standing]))
    rows = [_row(phase, found.get(phase, TimeInPhase()), standing.get(phase, Ages())) for phase in phases]

    def behind(row: int, key: str) -> str | None:
        return _CLICKABLE[key].code(phases[row]) if key in _CLICKABLE and rows[row][key] else None

    figure_table("durations", _("All phases"), _columns(), rows, behind)
    how_counted(
        _(
            "Age: calendar days from the day an open lead came into its phase, this visit, to today. "
            "Ageing: its age is more than the limit of the phase; without a limit no lead is ageing. "
            "Open leads count whatever the period."
        ),
        _n("It rests on {count} open lead.", "It rests on {count} open leads.", ageing.open_count),
        *weightless(ageing),
    )
    st.caption(_("Click a figure or a bar to list the leads behind it."))


def _columns() -> list[Column]:
    return [
        Column("phase", _("Phase")),
        Column("left", _("Leads that left"), Kind.NUMBER),
        Column("median", _("Median days"), Kind.DECIMAL),
        Column("ninetieth", _("90th percentile"), Kind.DECIMAL),
        Column("again", _("More than once"), Kind.NUMBER),
        Column("limit", _("Limit in days"), Kind.NUMBER),
        Column("open", _("Open now"), Kind.NUMBER),
        Column("median_age", _("Median age"), Kind.DECIMAL),
        Column("ageing", _("Ageing now"), Kind.NUMBER),
    ]


def _row(phase: Phase, times: TimeInPhase, ages: Ages) -> dict[str, object]:
    return {
        "phase": _name(phase),
        "left": times.lead_count,
        "median": times.median_days,
        "ninetieth": times.ninetieth_days,
        "again": times.again_count,
        "limit": phase.limit_days,
        "open": ages.open_count,
        "median_age": ages.median_days,
        "ageing": ages.ageing_count if phase.limit_days else None,
    }


def _duration(phase: Phase, figures: TimeInPhase) -> Duration:
    words, name = language(), _name(phase)
    if figures.median_days is None or figures.ninetieth_days is None:
        nothing = _("{phase}: no lead left it", phase=name)
        return Duration(Of.LEFT.code(phase), name, None, None, phase.limit_days, _NOTHING, nothing)
    median, ninetieth = words.decimal(figures.median_days, 1), words.decimal(figures.ninetieth_days, 1)
    said = [
        _n(
            "{phase}: median {median} days, 90th percentile {ninetieth}, {count} lead",
            "{phase}: median {median} days, 90th percentile {ninetieth}, {count} leads",
            figures.lead_count,
            phase=name,
            median=median,
            ninetieth=ninetieth,
        )
    ]
    if phase.limit_days:
        said.append(_("limit {days}", days=words.days(phase.limit_days)))
    return Duration(
        Of.LEFT.code(phase),
        name,
        float(figures.median_days),
        float(figures.ninetieth_days),
        phase.limit_days,
        f"{median} · {ninetieth}",
        ", ".join(said),
    )


def _name(phase: Phase) -> str:
    return _("{name} (archived)", name=phase.description) if phase.archived_at_utc else phase.description
