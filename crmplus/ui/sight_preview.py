"""What everybody sees, or would see once it is saved: one line a person."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crmplus.domain.sight import Reach
from crmplus.services.seeing import Seen, preview_sight
from crmplus.services.teams import TeamCard
from crmplus.ui.conflict import touched
from crmplus.ui.session import _, language, read, workspace
from crmplus.ui.sight_form import Reaches
from crmplus.ui.text import plain
from crmplus.ui.words import reach_name, role_name


def show_sight(chosen: Reaches, teams: Sequence[TeamCard]) -> None:
    """What is on the screen counts, saved or not; who has no team where it matters is told so."""
    seen = read(preview_sight, chosen.manager_sees, chosen.rep_sees, chosen.viewer_sees)
    if not seen:
        return
    is_saved = touched(chosen, workspace()) == {}
    st.caption(_("What everybody sees now:") if is_saved else _("What everybody would see once you save:"))
    lines = [_line(person, teams) for person in seen]
    with st.container(key="sight-preview"):
        st.table(pd.DataFrame(lines), hide_index=True, alt=_("How much each person sees"))


def _line(person: Seen, teams: Sequence[TeamCard]) -> dict[str, str]:
    words = language()
    return {
        _("Name"): plain(f"{person.name} ({role_name(person.role)})"),
        _("Sees"): plain(_sees(person, [team.name for team in teams if person.person_id in team.members])),
        _("Customers"): words.number(person.customer_count),
        _("Open leads"): words.number(person.open_lead_count),
    }


def _sees(person: Seen, teams: Sequence[str]) -> str:
    if person.reach is not Reach.TEAM:
        return reach_name(person.reach)
    if not teams:
        return _("their own, as they are in no team")
    return _("their team's: {teams}", teams=", ".join(teams))
