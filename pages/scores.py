"""Scores: do leads scored 70 win 70 times in 100, and where do leads lost part from leads won (M9)?"""

from dataclasses import replace

import streamlit as st

from crmplus.analytics.calibration import measure_calibration
from crmplus.analytics.drift import measure_drift
from crmplus.domain.actor import Permission
from crmplus.ui.cards import say_against
from crmplus.ui.chosen import chosen
from crmplus.ui.insight_filters import choose_leads
from crmplus.ui.saved_views import saved_views
from crmplus.ui.scores_choice import SCORED, choose_phase, funnel_of
from crmplus.ui.scores_drift import ask_for_funnel, show_drift
from crmplus.ui.scores_leads import show_leads
from crmplus.ui.scores_view import (
    say_what_is_missing,
    show_answer,
    show_bands,
    show_diagram,
    show_figures,
    show_owners,
)
from crmplus.ui.session import _, now, read, workspace
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

action = page_title(
    _("Scores"), _("Whether a lead scored 70 wins 70 times in 100, by what came of closed leads.")
)
saved_views("scores", action)
choice = choose_leads("closed", _("Closed"), "twelve-months", also=(SCORED,))
funnel = replace(choice, account_type_id=funnel_of(choice.account_type_id))
phase = choose_phase(funnel.account_type_id)
asked = funnel if phase else choice
today = now().astimezone(workspace().zone).date()
last = min(choice.period.end or today, today)
calibration = read(measure_calibration, asked, last, phase.id if phase else None)

if calibration.total.lead_count:
    show_answer(calibration)
    show_figures(calibration)
    say_against(asked.period.before if calibration.before.lead_count else None)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        show_diagram(calibration)
    with right:
        show_bands(calibration)
    show_owners(calibration)
else:
    say_what_is_missing(calibration)

st.subheader(_("From phase to phase"), anchor=False)
if funnel.account_type_id is None:
    ask_for_funnel()
else:
    show_drift(read(measure_drift, funnel))

if code := chosen():
    show_leads(code, asked, funnel, phase)
