"""Funnel: how many open leads stand in each phase, and what they are worth (M1)."""

from decimal import Decimal

import streamlit as st

from crmplus.analytics.pipeline import measure_pipeline
from crmplus.domain.actor import Permission
from crmplus.services.account_types import list_account_types
from crmplus.ui.funnel_filters import choose_filter
from crmplus.ui.pipeline_leads import show_leads
from crmplus.ui.pipeline_view import (
    chosen_phase,
    rests_on_leads,
    rests_on_scores,
    show_chart,
    show_table,
    show_totals,
    without_expected,
    without_recurring,
)
from crmplus.ui.session import _, actor, language, read, workspace
from crmplus.ui.shell import guard, page_title
from crmplus.ui.text import plain
from crmplus.ui.words import per_period

guard(Permission.VIEW)

page_title(_("Funnel"), _("The open leads of one account type. Closed leads are never counted here."))
types = {t.id: t for t in read(list_account_types) if t.uses_phases}
if not types:
    st.info(_("No account type has a funnel yet."), icon=":material/filter_alt:")
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/account_types.py", label=_("To the account types"))
    st.stop()

chosen = choose_filter(types)
pipeline = read(measure_pipeline, chosen)
show_totals(pipeline.total)
if not pipeline.phases:
    st.info(_("This funnel has no phases yet."), icon=":material/linear_scale:")
    st.stop()
if not pipeline.total.lead_count:
    st.info(
        _("No open lead matches. Start one on a customer card, or choose other filters."),
        icon=":material/inbox:",
    )

words, period, total = language(), per_period(workspace().recurring_period), pipeline.total
left, right = st.columns(2, gap="medium")
with left:
    show_chart(
        "count",
        _("Leads per phase"),
        pipeline,
        lambda figures: Decimal(figures.lead_count),
        words.short_number,
        _("The open leads that stand in each phase; each lead counts once."),
        rests_on_leads(total),
    )
with right:
    show_chart(
        "weighted",
        _("Weighted expected value"),
        pipeline,
        lambda figures: figures.weighted_value,
        words.short_money,
        _("Per phase the sum of expected value × score / 100 over its open leads."),
        [*rests_on_scores(total), *without_expected(total)],
    )
left, right = st.columns([2, 3], gap="medium")
with left:
    show_chart(
        "recurring",
        _("Weighted recurring value, {period}", period=period),
        pipeline,
        lambda figures: figures.weighted_recurring_value,
        words.short_money,
        _(
            "Per phase the sum of recurring value × score / 100 over its open leads. "
            "It is never added to one-off value."
        ),
        [*rests_on_scores(total), *without_recurring(total)],
    )
with right:
    name = types[chosen.account_type_id].description
    show_table(pipeline, _("Funnel of {account_type}", account_type=name))

shown = chosen_phase(pipeline)
if shown is None:
    st.caption(plain(_("Click a bar to list the leads behind it.")))
elif number := show_leads(pipeline, chosen, shown):
    st.switch_page("pages/customer.py", query_params={"customer": number})
