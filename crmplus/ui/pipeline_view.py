"""The open pipeline on screen: the answer, then bars (M1)."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import streamlit as st

from crmplus.analytics.figures.bars import Bar, phase_bars
from crmplus.analytics.pipeline import PipelineFigures, PipelineFilter, Standing
from crmplus.domain.actor import Permission
from crmplus.domain.phase import Phase
from crmplus.ui.cards import Card, Change, change_of, show_cards
from crmplus.ui.chosen import chart_clicked, chosen
from crmplus.ui.counted import how_counted
from crmplus.ui.download import picture_of
from crmplus.ui.pipeline_words import (
    all_missing,
    phase_name,
    rests_on_leads,
    rests_on_scores,
    signed_number,
    without_expected,
    without_recurring,
)
from crmplus.ui.session import _, actor, language, workspace
from crmplus.ui.text import plain
from crmplus.ui.words import per_period

Measure = Callable[[PipelineFigures], Decimal]


def say_of_which_day(as_of: date | None) -> None:
    """A past day is said aloud: every figure below is another one than today's."""
    if as_of:
        sentence = _(
            "As the leads stood at the end of {day}: phase, owner, account type and values of then.",
            day=as_of,
        )
        st.info(plain(sentence), icon=":material/history:")


def say_without_phases() -> None:
    st.info(_("This funnel has no phases yet."), icon=":material/linear_scale:")
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/lead_phases.py", label=_("To the lead phases"))


def say_without_leads(as_of: date | None) -> None:
    """What is missing, and the next step."""
    if as_of:
        sentence = _("No lead was open then with these filters. Choose a later day or other filters.")
    else:
        sentence = _("No open lead matches. Start one on a customer card, or choose other filters.")
    st.info(sentence, icon=":material/inbox:")
    if not as_of:
        st.page_link("pages/customers.py", label=_("To the customers"))


def show_totals(standing: Standing) -> None:
    """The answer before the charts: each figure with its change in a month and its course in a year."""
    words, period = language(), per_period(workspace().recurring_period)
    total, before = standing.pipeline.total, standing.before.total
    counts = change_of(
        total.lead_count,
        before.lead_count,
        words=signed_number(total.lead_count - before.lead_count),
    )
    measures: list[tuple[str, Measure]] = [
        (_("Expected value"), lambda f: f.expected_value),
        (_("Weighted value"), lambda f: f.weighted_value),
        (_("Recurring {period}", period=period), lambda f: f.recurring_value),
        (_("Weighted {period}", period=period), lambda f: f.weighted_recurring_value),
    ]
    leads = _card(
        standing, _("Open leads"), words.number(total.lead_count), counts, lambda f: Decimal(f.lead_count)
    )
    values = [
        _card(
            standing,
            label,
            words.short_money(measure(total)),
            change_of(measure(total), measure(before)),
            measure,
        )
        for label, measure in measures
    ]
    show_cards([leads, *values])
    _say_where(standing)
    how_counted(
        _(
            "The sums over all phases of the funnel; one-off and recurring value are never added up. "
            "Each change is against the end of {day}. The line runs over the ends of the last twelve "
            "months to the day itself. On a past day a lead counts in the phase, for the owner and with "
            "the values that it had then.",
            day=standing.day_before,
        ),
        *all_missing(total),
    )


def _card(standing: Standing, label: str, value: str, change: Change | None, measure: Measure) -> Card:
    return Card(
        label,
        value,
        change,
        series=[measure(figures) for _day, figures in standing.course],
        behind="all" if standing.pipeline.total.lead_count else None,
    )


def _say_where(standing: Standing) -> None:
    """What the changes are changes from, and where most of the weighted value stands, in words."""
    words, whole = language(), standing.pipeline.total.weighted_value
    sentences = [_("Changes are since {day}.", day=standing.day_before)]
    if whole:
        phase, most = max(standing.pipeline.phases, key=lambda pair: pair[1].weighted_value)
        sentences.append(
            _(
                "Most of the weighted value stands in {phase}: {part} of {whole}.",
                phase=phase.description,
                part=words.short_money(most.weighted_value),
                whole=words.short_money(whole),
            )
        )
    st.write(plain(" ".join(sentences)))


def show_leads_chart(standing: Standing, asked: PipelineFilter) -> None:
    """How many leads stand in each phase."""
    _chart(
        "count",
        _("Leads per phase"),
        standing,
        asked,
        lambda figures: Decimal(figures.lead_count),
        language().short_number,
    )
    how_counted(
        _("The open leads that stand in each phase; each lead counts once."),
        *rests_on_leads(standing.pipeline.total),
    )


def show_weighted_chart(standing: Standing, asked: PipelineFilter) -> None:
    """What they are worth once, by phase."""
    total = standing.pipeline.total
    _chart(
        "weighted",
        _("Weighted expected value"),
        standing,
        asked,
        lambda figures: figures.weighted_value,
        language().short_money,
    )
    how_counted(
        _("Per phase the sum of expected value × score / 100 over its open leads."),
        *rests_on_scores(total),
        *without_expected(total),
    )


def show_recurring_chart(standing: Standing, asked: PipelineFilter) -> None:
    """What they are worth again and again, by phase."""
    total, period = standing.pipeline.total, per_period(workspace().recurring_period)
    _chart(
        "recurring",
        _("Weighted recurring value, {period}", period=period),
        standing,
        asked,
        lambda figures: figures.weighted_recurring_value,
        language().short_money,
    )
    how_counted(
        _(
            "Per phase the sum of recurring value × score / 100 over its open leads. "
            "It is never added to one-off value."
        ),
        *rests_on_scores(total),
        *without_recurring(total),
    )


def _chart(
    key: str,
    title: str,
    standing: Standing,
    asked: PipelineFilter,
    measure: Measure,
    write: Callable[[Decimal], str],
) -> None:
    """Bars for one measure; a click on one lists the leads of its phase."""
    before = {phase.id: measure(figures) for phase, figures in standing.before.phases}
    bars = []
    for phase, figures in standing.pipeline.phases:
        name = phase_name(phase, asked.account_type_id)
        label = _label(measure(figures), measure(standing.pipeline.total), write)
        then = _("{amount} on {day}", amount=write(before.get(phase.id, Decimal(0))), day=standing.day_before)
        bars.append(Bar(_code(phase), name, measure(figures), label, f"{name}: {label}; {then}"))
    st.subheader(plain(title), anchor=False)
    spoken = "; ".join(f"{bar.name}: {bar.label}" for bar in bars)
    st.plotly_chart(
        phase_bars(bars, selected=_chosen_place(bars), is_dark=st.context.theme.type == "dark"),
        key=f"{key}-chart",
        on_select=chart_clicked(f"{key}-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: {spoken}",
    )


def _label(value: Decimal, whole: Decimal, write: Callable[[Decimal], str]) -> str:
    share = language().share(value, whole)
    return f"{write(value)} · {share}" if share else write(value)


def _code(phase: Phase) -> str:
    return f"phase.{phase.code}"


def _chosen_place(bars: Sequence[Bar]) -> int | None:
    return next((place for place, bar in enumerate(bars) if bar.key == chosen()), None)
