"""Win and loss: how many closed leads were won, what they were worth, how long they took (M4, M5)."""

import streamlit as st

from crmplus.analytics.closings import measure_closings
from crmplus.domain.actor import Permission
from crmplus.ui.closings_filters import choose_filter, choose_grouping
from crmplus.ui.closings_view import (
    say_what_is_missing,
    show_chart,
    show_cycles,
    show_owners,
    show_periods,
    show_totals,
    show_values,
)
from crmplus.ui.session import _, read
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

page_title(
    _("Win and loss"),
    _("How many of the closed leads were won, what they were worth and how long they took."),
)
chosen = choose_filter()
closings = read(measure_closings, chosen)
show_totals(closings)
if not closings.total.closed_count:
    say_what_is_missing(chosen)
    st.stop()

grouping = choose_grouping()
left, right = st.columns([2, 3], gap="medium")
with left:
    show_chart(closings, grouping)
with right:
    show_periods(closings, grouping)
left, right = st.columns(2, gap="medium")
with left:
    show_cycles(closings)
with right:
    show_values(closings)
show_owners(closings)
