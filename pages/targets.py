"""Settings: targets, what each owner is to win in each month."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.ui.session import _
from crmplus.ui.shell import guard, page_title
from crmplus.ui.targets_form import load
from crmplus.ui.targets_view import (
    choose_year,
    say_nobody,
    show_actions,
    show_grid,
    show_problems,
    show_totals,
)

guard(Permission.CONFIGURE)

page_title(
    _("Targets"),
    _("What each owner is to win in a month, in one-off value. Forecast and Owners compare with it."),
)
year = choose_year()
loaded = load(year)
if not loaded.owners:
    say_nobody()
    st.stop()

show_problems(year)
show_grid(year, loaded)
show_actions(year)
show_totals(year, loaded)
