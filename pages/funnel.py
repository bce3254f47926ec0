"""Funnel: how many open leads stand in each phase and what they are worth, on any day (M1, M10)."""

import streamlit as st

from crmplus.analytics.pipeline import measure_parts, measure_standing
from crmplus.domain.actor import Permission
from crmplus.services.account_types import list_account_types
from crmplus.ui.chosen import chosen
from crmplus.ui.funnel_filters import choose_filter
from crmplus.ui.pickers import funnel_types
from crmplus.ui.pipeline_leads import show_leads
from crmplus.ui.pipeline_tables import show_account_types, show_owners, show_phases, show_recurring
from crmplus.ui.pipeline_view import (
    say_of_which_day,
    say_without_leads,
    say_without_phases,
    show_leads_chart,
    show_recurring_chart,
    show_totals,
    show_weighted_chart,
)
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, actor, now, read, workspace
from crmplus.ui.shell import guard, page_title
from crmplus.ui.text import plain

guard(Permission.VIEW)

action = page_title(
    _("Funnel"), _("The open leads of one account type. Closed leads are never counted here.")
)
types = {t.id: t for t in read(list_account_types, with_archived=True)}
funnels = {t.id: t for t in funnel_types()}
if not funnels:
    st.info(_("No account type has a funnel yet."), icon=":material/filter_alt:")
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/account_types.py", label=_("To the account types"))
    st.stop()

saved_views("funnel", action)
today = now().astimezone(workspace().zone).date()
asked = choose_filter(funnels, today)
standing, parts = read(measure_standing, asked, today), read(measure_parts, asked)
say_of_which_day(asked.as_of)
show_totals(standing)
if not standing.pipeline.phases:
    say_without_phases()
elif not standing.pipeline.total.lead_count:
    say_without_leads(asked.as_of)

if standing.pipeline.phases:
    left, right = st.columns(2, gap="medium")
    with left:
        show_leads_chart(standing, asked)
    with right:
        show_weighted_chart(standing, asked)
    show_phases(standing, asked)
    show_recurring_chart(standing, asked)
    show_recurring(standing, asked)
show_owners(parts, standing.pipeline.total)
show_account_types(parts, types)

if code := chosen():
    show_leads(code, asked, standing, types)
else:
    st.caption(plain(_("Click a bar or a cell to list the leads behind it.")))
