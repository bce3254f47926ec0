"""Settings: what each role sees, and the teams it may depend on."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.teams import list_teams
from crmplus.ui.session import _, read
from crmplus.ui.shell import guard, page_title
from crmplus.ui.sight_form import sight_form
from crmplus.ui.sight_preview import show_sight
from crmplus.ui.team_list import open_team, show_teams

guard(Permission.ADMINISTER)

action = page_title(_("Teams"), _("Who sees whose customers and leads."))
if action.button(_("Add team"), type="primary", icon=":material/add:", key="add"):
    open_team()

teams = read(list_teams)
show_teams(teams)

st.subheader(_("What each role sees"), anchor=False)
st.caption(
    _(
        "Everybody sees what they own, and administrators see everything. With “their team's”, one also sees "
        "what is owned by people one shares a team with. What nobody owns is seen only by those who see all."
    )
)
reaches = sight_form()
show_sight(reaches, teams)
