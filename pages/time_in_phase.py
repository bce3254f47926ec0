"""Time in phase: how long leads stay in each phase, and which open ones stand there too long (M3)."""

import streamlit as st

from crmplus.analytics.ageing import measure_ageing
from crmplus.analytics.time_in_phase import measure_months_in_phase, measure_time_in_phase, slowest
from crmplus.domain.actor import Permission
from crmplus.ui.insight_filters import choose_leads
from crmplus.ui.pickers import funnel_types
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, actor, now, read, workspace
from crmplus.ui.shell import guard, page_title
from crmplus.ui.time_in_phase_cards import show_totals
from crmplus.ui.time_in_phase_leads import show_leads
from crmplus.ui.time_in_phase_view import say_where, show_chart, show_table

guard(Permission.VIEW)

action = page_title(
    _("Time in phase"),
    _("How long leads stay in each phase, and which open ones have stood there too long."),
)
if not funnel_types():
    st.info(_("No account type has a funnel yet."), icon=":material/filter_alt:")
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/account_types.py", label=_("To the account types"))
    st.stop()

saved_views("time_in_phase", action)
choice = choose_leads("left", _("Left"), "twelve-months", one_funnel=True)
today = now().astimezone(workspace().zone).date()
times, ageing = read(measure_time_in_phase, choice), read(measure_ageing, choice, today)
if not ageing.phases:
    st.info(_("This funnel has no phases yet."), icon=":material/linear_scale:")
    st.stop()

before = read(measure_time_in_phase, choice.before) if choice.before else ()
found = slowest(times)
last = min(choice.period.end or today, today)
months = read(measure_months_in_phase, choice, found[0].id, last) if found else ()
show_totals(times, before, months, ageing)
say_where(times, ageing)
if found:
    show_chart(times)
else:
    st.info(
        _("No lead left a phase in this period with these filters, so there are no times to show."),
        icon=":material/inbox:",
    )
show_table(times, ageing)
show_leads(choice, today, ageing, [phase for phase, _figures in times])
