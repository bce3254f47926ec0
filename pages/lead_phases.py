"""Settings: lead phases, shown as the funnel they form (P1 to P5)."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.funnel import Funnel
from crmplus.services import phases as service
from crmplus.services.account_types import list_account_types
from crmplus.ui.phase_form import phase_setting
from crmplus.ui.pickers import filter_by
from crmplus.ui.session import _, language, read
from crmplus.ui.settings_list import Entry, open_form, settings_list
from crmplus.ui.shell import guard, page_title
from crmplus.ui.stepper import draw_funnel
from crmplus.ui.text import plain
from crmplus.ui.words import phase_type_name

guard(Permission.CONFIGURE)

types = {t.code: t for t in read(list_account_types) if t.uses_phases}
action = page_title(_("Lead phases"), _("The steps a lead takes, from qualification to closing."))
if not types:
    st.info(_("No account type has lead phases switched on yet."), icon=":material/linear_scale:")
    st.page_link("pages/account_types.py", label=_("To the account types"))
    st.stop()

with st.container(key="filters"):
    chosen = filter_by("type", _("Account type"), {code: t.description for code, t in types.items()})
type_id = types[chosen].id
phases = [p for p in read(service.list_phases, with_archived=True) if p.account_type_id == type_id]
funnel, counts = Funnel.of(type_id, phases), read(service.count_open_leads)
setting = phase_setting(type_id, funnel)
if action.button(_("Add phase"), type="primary", icon=":material/add:", key="add"):
    open_form(setting)

if funnel.phases:
    draw_funnel(funnel.phases, counts)
for lack in funnel.missing:
    st.warning(plain(language().message(lack)), icon=":material/construction:")
if funnel.is_ready:
    st.success(_("Ready: leads can travel through this funnel."), icon=":material/check_circle:")

settings_list(
    setting,
    [_("Description"), _("Code"), _("Phase type"), _("Order"), _("Limit in days"), _("Open leads")],
    [3, 2, 2, 1, 1, 1],
    [
        Entry(
            row,
            (
                row.description,
                row.code,
                phase_type_name(row.phase_type),
                row.order_number,
                row.limit_days,
                counts.get(row.id, 0),
            ),
        )
        for row in phases
    ],
)
