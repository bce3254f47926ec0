"""My day: what is overdue, due today and coming, and the leads nobody has planned anything for."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.services.my_day import get_my_day
from crmplus.ui.live import keep_live
from crmplus.ui.my_day_choice import choose_whose, won_this_month
from crmplus.ui.my_day_view import (
    listed_steps,
    show_answer,
    show_beginning,
    show_due,
    show_leads_to_plan,
)
from crmplus.ui.next_step_form import show_asked
from crmplus.ui.next_step_words import today
from crmplus.ui.session import _, language, read, workspace
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

day = today()
place = page_title(_("My day"), f"{language().weekday(day.weekday())} {language().day(day)}")
keep_live()
with place:
    whose = choose_whose()
mine = read(get_my_day, whose.owner_id, day, workspace().zone, listed_steps())
if not mine.ever_had_leads:
    show_beginning()
    st.stop()
show_answer(mine, won_this_month(whose.owner_id, day))
show_due(mine, whose)
show_leads_to_plan(mine, whose)
show_asked()
