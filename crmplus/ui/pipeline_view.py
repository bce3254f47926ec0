"""The open pipeline on screen: figures and bars (M1)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

from crmplus.analytics.figures.bars import Bar, phase_bars
from crmplus.analytics.pipeline import Pipeline, PipelineFigures
from crmplus.domain.phase import Phase
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.download import download, picture_of
from crmplus.ui.session import _, _n, language, workspace
from crmplus.ui.tables import in_words
from crmplus.ui.text import plain
from crmplus.ui.words import per_period

Measure = Callable[[PipelineFigures], Decimal]
BAR_CLICKED = "a bar was clicked"


def show_totals(total: PipelineFigures) -> None:
    """The answer before the charts."""
    words, period = language(), per_period(workspace().recurring_period)
    facts = {
        _("Open leads"): words.number(total.lead_count),
        _("Expected value"): words.short_money(total.expected_value),
        _("Weighted value"): words.short_money(total.weighted_value),
        _("Weighted {period}", period=period): words.short_money(total.weighted_recurring_value),
    }
    with st.container(key="figures"):
        columns = st.columns(len(facts))
    for column, (label, value) in zip(columns, facts.items(), strict=True):
        column.metric(plain(label), plain(value), border=True)


def show_table(pipeline: Pipeline, name: str) -> None:
    """All figures of M1 by phase, with their totals; `name` is what they are called in a file."""
    period = per_period(workspace().recurring_period)
    columns = [
        Column("phase", _("Phase")),
        Column("lead_count", _("Leads"), Kind.NUMBER),
        Column("expected_value", _("Expected"), Kind.MONEY),
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("recurring_value", _("Recurring {period}", period=period), Kind.MONEY),
        Column("weighted_recurring_value", _("Weighted {period}", period=period), Kind.MONEY),
    ]
    lines = [(phase.description, figures) for phase, figures in pipeline.phases]
    rows = [
        {"phase": phase, **{column.key: getattr(figures, column.key) for column in columns[1:]}}
        for phase, figures in [*lines, (_("Total"), pipeline.total)]
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("All figures"), anchor=False, width="content")
        download(name, columns, lambda: rows, "figures")
    st.dataframe(
        pd.DataFrame([{c.key: in_words(c.kind, row[c.key]) for c in columns} for row in rows]),
        hide_index=True,
        key="figures-table",
        column_config={
            c.key: st.column_config.TextColumn(c.head, alignment="left" if c.kind is Kind.TEXT else "right")
            for c in columns
        },
        alt=_("All figures"),
    )


def show_chart(
    key: str,
    title: str,
    pipeline: Pipeline,
    measure: Measure,
    write: Callable[[Decimal], str],
    formula: str,
    rests_on: Sequence[str],
) -> None:
    """Bars for one measure; a click on one chooses its phase. `rests_on` says on how many leads."""
    whole = measure(pipeline.total)
    bars = [_bar(phase, measure(figures), whole, write) for phase, figures in pipeline.phases]
    st.subheader(title, anchor=False)
    spoken = "; ".join(f"{bar.name}: {bar.label}" for bar in bars)
    st.plotly_chart(
        phase_bars(bars, selected=_chosen_place(pipeline), is_dark=st.context.theme.type == "dark"),
        key=f"{key}-chart",
        on_select=partial(_choose_bar, f"{key}-chart"),
        selection_mode="points",
        config=picture_of(title),
        alt=f"{title}: {spoken}",
    )
    with st.popover(_("How is this counted?"), type="tertiary", icon=":material/calculate:"):
        st.write(plain(formula))
        st.write(plain(" ".join(rests_on)))


def _choose_bar(key: str) -> None:
    """Keep the phase of the clicked bar in the URL; a second click lets it go."""
    st.session_state[BAR_CLICKED] = True
    points = st.session_state[key].selection.get("points", [])
    if points:
        st.query_params["phase"] = points[0]["customdata"]
    else:
        st.query_params.pop("phase", None)


def _bar(phase: Phase, value: Decimal, whole: Decimal, write: Callable[[Decimal], str]) -> Bar:
    share = language().share(value, whole)
    label = f"{write(value)} · {share}" if share else write(value)
    return Bar(phase.code, phase.description, value, label, f"{phase.description}: {label}")


def chosen_phase(pipeline: Pipeline) -> UUID | None:
    """The phase that the URL names, if it is one of this funnel."""
    place = _chosen_place(pipeline)
    return None if place is None else pipeline.phases[place][0].id


def _chosen_place(pipeline: Pipeline) -> int | None:
    code = st.query_params.get("phase")
    return next((i for i, (phase, _f) in enumerate(pipeline.phases) if phase.code == code), None)


def rests_on_leads(total: PipelineFigures) -> list[str]:
    """How many leads a figure rests on."""
    return [_n("It rests on {count} open lead.", "It rests on {count} open leads.", total.lead_count)]


def rests_on_scores(total: PipelineFigures) -> list[str]:
    """The same, and how many of them weigh nothing yet for want of a score."""
    if not total.score_missing:
        return rests_on_leads(total)
    missing = _n(
        "{count} of them has no score yet and weighs nothing.",
        "{count} of them have no score yet and weigh nothing.",
        total.score_missing,
    )
    return [*rests_on_leads(total), missing]


def without_expected(total: PipelineFigures) -> list[str]:
    if not total.expected_missing:
        return []
    return [
        _n(
            "{count} has no expected value yet.",
            "{count} have no expected value yet.",
            total.expected_missing,
        )
    ]


def without_recurring(total: PipelineFigures) -> list[str]:
    if not total.recurring_missing:
        return []
    return [
        _n(
            "{count} has no recurring value yet.",
            "{count} have no recurring value yet.",
            total.recurring_missing,
        )
    ]
