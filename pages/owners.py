"""Owners: what each has open, won and was to win, side by side."""

from dataclasses import replace

import streamlit as st

from crmplus.analytics.closings import measure_closings
from crmplus.analytics.owners import measure_owners
from crmplus.analytics.period import Period, months_before
from crmplus.domain.actor import Permission
from crmplus.ui.cards import say_against
from crmplus.ui.insight_filters import choose_leads
from crmplus.ui.owners_leads import show_leads
from crmplus.ui.owners_view import say_who, show_chart, show_table, show_totals
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, now, read, workspace
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

action = page_title(_("Owners"), _("What each owner has open, has won in a period, and was to win in it."))
saved_views("owners", action)
choice = choose_leads("closed", _("Closed"), "quarter")
today = now().astimezone(workspace().zone).date()
owners = read(measure_owners, choice, today)
if not owners.by_owner:
    st.info(
        _(
            "No owner has an open lead, a lead closed in this period or a target in it. "
            "Give leads an owner on their customer card, or choose other filters."
        ),
        icon=":material/group:",
    )
    st.stop()

before = read(measure_owners, choice.before, today) if choice.before else None
year = Period(months_before(today, 11), today, workspace().zone)
by_month = dict(read(measure_closings, replace(choice, period=year)).by_month)
months = [months_before(today, count) for count in range(11, -1, -1)]
show_totals(owners, before, [by_month[month].won.value if month in by_month else 0 for month in months])
say_against(choice.before.period if choice.before else None)
say_who(owners)
show_chart(owners)
show_table(owners)
show_leads(choice, today)
