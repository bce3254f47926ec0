"""Changes: what made the open leads of one day those of another (M10)."""

import streamlit as st

from crmplus.analytics.bridge import measure_bridge
from crmplus.domain.actor import Permission
from crmplus.ui.changes_leads import show_leads
from crmplus.ui.changes_parts import show_parts
from crmplus.ui.changes_table import show_steps
from crmplus.ui.changes_view import (
    choose_measure,
    is_empty,
    say_what_is_missing,
    show_totals,
    show_waterfall,
)
from crmplus.ui.insight_filters import choose_leads
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, now, read, workspace
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

action = page_title(
    _("Changes"), _("What came into the open leads in a period, what went out of them, and why.")
)
saved_views("changes", action)
choice = choose_leads("changed", _("Changed"), "month")
today = now().astimezone(workspace().zone).date()
bridge = read(measure_bridge, choice, today)
if is_empty(bridge):
    say_what_is_missing(choice)
    st.stop()

measure = choose_measure()
show_totals(bridge, choice, measure, today)
left, right = st.columns([3, 2], gap="medium")
with left:
    show_waterfall(bridge, measure)
with right:
    show_steps(bridge, choice, measure)
show_parts(choice, measure)
show_leads(choice, measure)
