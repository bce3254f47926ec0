"""Conversion: how far the leads opened in a period got, and where they are lost (M2)."""

import streamlit as st

from crmplus.analytics.conversion import measure_conversion
from crmplus.analytics.conversion_beside import measure_open_now, measure_openings
from crmplus.domain.actor import Permission
from crmplus.ui.cards import say_against
from crmplus.ui.conversion_leads import show_leads
from crmplus.ui.conversion_tables import show_open_now, show_reasons, show_steps
from crmplus.ui.conversion_view import say_nothing_was_opened, say_where, show_chart, show_totals
from crmplus.ui.insight_filters import choose_leads
from crmplus.ui.pickers import funnel_types
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, actor, now, read, workspace
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

action = page_title(
    _("Conversion"),
    _("How far the leads that were opened in a period got, and where they are lost."),
)
if not funnel_types():
    st.info(_("No account type has a funnel yet."), icon=":material/filter_alt:")
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/account_types.py", label=_("To the account types"))
    st.stop()

saved_views("conversion", action)
choice = choose_leads("opened", _("Opened"), "twelve-months", one_funnel=True)
today = now().astimezone(workspace().zone).date()
conversion, open_now = read(measure_conversion, choice), read(measure_open_now, choice)
if not conversion.steps:
    st.info(_("This funnel has no phases yet."), icon=":material/linear_scale:")
    st.stop()

last = min(choice.period.end or today, today)
openings = read(measure_openings, choice, last)
if conversion.opened:
    say_where(conversion)
show_totals(conversion, openings)
say_against(choice.period.before if openings.before else None)
if conversion.opened:
    show_chart(conversion)
    show_steps(conversion)
else:
    say_nothing_was_opened(any(key in st.query_params for key in ("type", "owner", "opened")))
if conversion.lost or conversion.neither:
    show_reasons(conversion)
show_open_now(open_now)
show_leads(choice, open_now)
