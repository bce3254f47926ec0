"""The open pipeline on screen: figures, bars, and the leads behind a bar (M1)."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from uuid import UUID

import pandas as pd
import streamlit as st

from crmplus.analytics.figures import Bar, phase_bars
from crmplus.analytics.pipeline import Pipeline, PipelineFigures, PipelineFilter, list_pipeline_leads
from crmplus.domain.phase import Phase
from crmplus.ui.forms import scroll_to
from crmplus.ui.lead_form import chosen_lead_key
from crmplus.ui.session import _, _n, language, now, workspace
from crmplus.ui.tables import PAGE_SIZE, open_on_click, page_count, read_page
from crmplus.ui.text import plain
from crmplus.ui.words import per_period

Measure = Callable[[PipelineFigures], Decimal]
_BAR_CLICKED = "a bar was clicked"


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


def show_table(pipeline: Pipeline) -> None:
    """All figures of M1 by phase, with their totals."""
    words, period = language(), per_period(workspace().recurring_period)
    st.subheader(_("All figures"), anchor=False)
    heads = {
        "phase": _("Phase"),
        "leads": _("Leads"),
        "expected": _("Expected"),
        "weighted": _("Weighted"),
        "recurring": _("Recurring {period}", period=period),
        "weighted_recurring": _("Weighted {period}", period=period),
    }
    lines = [(phase.description, figures) for phase, figures in pipeline.phases]
    rows = [
        {
            "phase": name,
            "leads": words.number(figures.lead_count),
            "expected": words.round_money(figures.expected_value),
            "weighted": words.round_money(figures.weighted_value),
            "recurring": words.round_money(figures.recurring_value),
            "weighted_recurring": words.round_money(figures.weighted_recurring_value),
        }
        for name, figures in [*lines, (_("Total"), pipeline.total)]
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        key="figures-table",
        column_config={
            field: st.column_config.TextColumn(head, alignment="left" if field == "phase" else "right")
            for field, head in heads.items()
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
        config={"displayModeBar": False, "responsive": True},
        alt=f"{title}: {spoken}",
    )
    with st.popover(_("How is this counted?"), type="tertiary", icon=":material/calculate:"):
        st.write(plain(formula))
        st.write(plain(" ".join(rests_on)))


def _choose_bar(key: str) -> None:
    """Keep the phase of the clicked bar in the URL; a second click lets it go."""
    st.session_state[_BAR_CLICKED] = True
    points = st.session_state[key].selection.get("points", [])
    if points:
        st.query_params["phase"] = points[0]["customdata"]
    else:
        st.query_params.pop("phase", None)


def show_leads(pipeline: Pipeline, chosen: PipelineFilter, phase_id: UUID) -> str | None:
    """The leads that stand in a phase, heaviest first; the number of the customer clicked."""
    if st.session_state.pop(_BAR_CLICKED, False):
        scroll_to(".st-key-leads-behind")
    phase, figures = next((p, f) for p, f in pipeline.phases if p.id == phase_id)
    st.container(key="leads-behind").subheader(
        plain(
            _n(
                "{phase}: {count} lead",
                "{phase}: {count} leads",
                figures.lead_count,
                phase=phase.description,
            )
        ),
        anchor=False,
    )
    if not figures.lead_count:
        st.info(_("No open lead stands in this phase."), icon=":material/inbox:")
        return None
    key = f"leads-page-{hash((chosen, phase_id))}"  # other leads begin at the first page
    leads, total = read_page(st.session_state.get(key, 1), list_pipeline_leads, chosen, phase_id)
    words, moment = language(), now()
    rows = [
        {
            "customer": lead.customer,
            "title": lead.title or "–",
            "owner": lead.owner or "–",
            "score": "–" if lead.score is None else str(lead.score),
            "expected": "–" if lead.expected_value is None else words.round_money(lead.expected_value),
            "weighted": words.round_money(lead.weighted_value),
            "days": words.number(words.days_since(lead.phase_entered_at_utc, moment)),
            "close": "–" if lead.expected_close_date is None else words.day(lead.expected_close_date),
        }
        for lead in leads
    ]
    heads = {
        "customer": _("Customer"),
        "weighted": _("Weighted"),
        "score": _("Score"),
        "expected": _("Expected"),
        "days": _("Days in phase"),
        "close": _("Expected close"),
        "owner": _("Owner"),
        "title": _("Lead"),
    }
    right = {
        field: st.column_config.TextColumn(heads[field], alignment="right")
        for field in ("score", "expected", "weighted", "days")
    }
    clicked, _head = open_on_click("pipeline-leads", heads, rows, _("Leads in this phase"), config=right)
    if total > PAGE_SIZE:
        st.pagination(page_count(total), key=key)
    st.caption(_("Click a row to open the customer."))
    if clicked is None:
        return None
    st.session_state[chosen_lead_key(leads[clicked].customer_id)] = leads[clicked].lead_id
    return leads[clicked].number


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
