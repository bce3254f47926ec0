"""Forecast: what will come in, by expected close month, against the targets (M7)."""

import streamlit as st

from crmplus.analytics.forecast import measure_forecast
from crmplus.domain.actor import Permission
from crmplus.ui.chosen import chosen
from crmplus.ui.forecast_filters import choose_forecast, choose_value, today
from crmplus.ui.forecast_leads import show_forecast_leads
from crmplus.ui.forecast_tables import show_months, show_owners
from crmplus.ui.forecast_view import (
    say_answer,
    say_targets,
    say_what_is_missing,
    show_beside,
    show_chart,
    show_totals,
)
from crmplus.ui.saved_views import saved_views
from crmplus.ui.session import _, read
from crmplus.ui.shell import guard, page_title

guard(Permission.VIEW)

action = page_title(
    _("Forecast"),
    _("What may come in from the leads that are open now, by the month they are expected to close in."),
)
saved_views("forecast", action)
asked, day = choose_forecast(), today()
is_recurring = choose_value()
forecast = read(measure_forecast, asked, day, is_recurring)
if not forecast.all_open.lead_count and not forecast.total.won.lead_count and forecast.total.target is None:
    say_what_is_missing(has_filter=bool(asked.owner_id or asked.account_type_id))
    st.stop()

say_answer(forecast, day.replace(day=1))
show_totals(forecast, day.replace(day=1), is_recurring)
show_beside(forecast)
show_chart(forecast)
say_targets(forecast, asked.account_type_id is not None, is_recurring)
show_months(forecast, is_recurring)
show_owners(forecast, is_recurring)
if code := chosen():
    show_forecast_leads(code, asked, day, is_recurring)
