"""The leads behind a bar of the pipeline: those that a figure counts (M1)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import streamlit as st

from crmplus.analytics.pipeline import Pipeline, PipelineFilter, PipelineLead, list_pipeline_leads
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.rows import as_values
from crmplus.ui.download import ALL_ROWS, download
from crmplus.ui.forms import scroll_to
from crmplus.ui.lead_form import chosen_lead_key
from crmplus.ui.pipeline_view import BAR_CLICKED
from crmplus.ui.session import _, _n, actor, database, language, now, workspace
from crmplus.ui.tables import PAGE_SIZE, in_words, open_on_click, page_count, read_page
from crmplus.ui.text import plain
from crmplus.ui.words import per_period


def show_leads(pipeline: Pipeline, chosen: PipelineFilter, phase_id: UUID) -> str | None:
    """The leads that stand in a phase, heaviest first; the number of the customer clicked."""
    if st.session_state.pop(BAR_CLICKED, False):
        scroll_to(".st-key-leads-behind")
    phase, figures = next((p, f) for p, f in pipeline.phases if p.id == phase_id)
    title = _n("{phase}: {count} lead", "{phase}: {count} leads", figures.lead_count, phase=phase.description)
    with st.container(horizontal=True, vertical_alignment="center", key="leads-behind"):
        st.subheader(plain(title), anchor=False, width="content")
        if figures.lead_count:
            _download(phase.description, chosen, phase_id)
    if not figures.lead_count:
        st.info(_("No open lead stands in this phase."), icon=":material/inbox:")
        return None
    key = f"leads-page-{hash((chosen, phase_id))}"  # other leads begin at the first page
    leads, total = read_page(st.session_state.get(key, 1), list_pipeline_leads, chosen, phase_id)
    clicked = _table(leads)
    if total > PAGE_SIZE:
        st.pagination(page_count(total), key=key)
    st.caption(_("Click a row to open the customer."))
    if clicked is None:
        return None
    st.session_state[chosen_lead_key(leads[clicked].customer_id)] = leads[clicked].lead_id
    return leads[clicked].number


def _columns() -> list[Column]:
    """What is shown of each lead, in order."""
    return [
        Column("customer", _("Customer")),
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("score", _("Score"), Kind.SCORE),
        Column("expected_value", _("Expected"), Kind.MONEY),
        Column("days", _("Days in phase"), Kind.NUMBER),
        Column("expected_close_date", _("Expected close"), Kind.DATE),
        Column("owner", _("Owner")),
        Column("title", _("Lead")),
    ]


def _values(lead: PipelineLead, moment: datetime) -> dict[str, object]:
    return as_values(lead) | {"days": language().days_since(lead.phase_entered_at_utc, moment)}


def _table(leads: list[PipelineLead]) -> int | None:
    columns, moment = _columns(), now()
    rows = [
        {column.key: in_words(column.kind, values[column.key]) for column in columns}
        for values in (_values(lead, moment) for lead in leads)
    ]
    right = {
        column.key: st.column_config.TextColumn(column.head, alignment="right")
        for column in columns
        if column.kind in (Kind.MONEY, Kind.NUMBER, Kind.SCORE)
    }
    heads = {column.key: column.head for column in columns}
    clicked, _head = open_on_click("pipeline-leads", heads, rows, _("Leads in this phase"), config=right)
    return clicked


def _download(phase: str, chosen: PipelineFilter, phase_id: UUID) -> None:
    """The same columns, and those that there is no room for on the screen."""
    recurring = _("Recurring {period}", period=per_period(workspace().recurring_period))
    more = [Column("number", _("Number")), Column("recurring_value", recurring, Kind.MONEY)]

    def rows() -> Iterator[dict[str, object]]:
        leads, _total = list_pipeline_leads(database(), actor(), chosen, phase_id, ALL_ROWS)
        moment = now()
        return (_values(lead, moment) for lead in leads)

    name = _("Leads in {phase}", phase=phase)
    download(name, [*_columns(), *more], rows, "pipeline-leads")
