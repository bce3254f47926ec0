"""Win and loss: why leads are won and lost, how often, how fast, and for how much (M4, M5, M6, M8)."""

import streamlit as st

from crmplus.analytics.closings import measure_closings
from crmplus.analytics.reasons import measure_last_phases
from crmplus.analytics.velocity import measure_velocity
from crmplus.domain.actor import Permission
from crmplus.ui.chosen import chosen
from crmplus.ui.closings_cards import (
    say_what_is_missing,
    show_answer,
    show_totals,
    show_velocity,
    twelve_months,
)
from crmplus.ui.closings_filters import Part, choose_grouping, choose_part
from crmplus.ui.closings_leads import show_leads
from crmplus.ui.closings_reasons import show_last_phases, show_reasons, show_reasons_by_owner
from crmplus.ui.closings_view import show_cycles_and_values, show_over_time, show_owners
from crmplus.ui.closings_words import reasons_answer
from crmplus.ui.insight_filters import choose_leads
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, now, read, workspace
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

action = page_title(
    _("Win and loss"),
    _("Why leads were won and lost, how many of them, what they were worth and how long they took."),
)
saved_views("win_loss", action)
choice = choose_leads("closed", _("Closed"), "all")
closings = read(measure_closings, choice)
before = read(measure_closings, choice.before) if choice.before else None
trend = twelve_months(choice, now().astimezone(workspace().zone).date())
show_totals(choice, closings, before, trend, read(measure_closings, trend))
if not closings.total.closed_count:
    say_what_is_missing(choice)
    st.stop()

last_phases = read(measure_last_phases, choice)
show_answer(reasons_answer(closings, last_phases))
show_velocity(read(measure_velocity, choice, closings.total), closings.total)

part, tab = choose_part()
with tab:
    match part:
        case Part.REASONS:
            show_reasons(closings)
            show_last_phases(choice, closings, last_phases)
        case Part.TIME:
            show_over_time(closings, choose_grouping())
        case Part.OWNERS:
            show_owners(closings)
            show_reasons_by_owner(closings)
        case Part.CYCLE:
            show_cycles_and_values(closings)

if code := chosen():
    show_leads(code, choice)
