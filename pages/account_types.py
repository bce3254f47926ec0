"""Settings: account types (A1 to A5)."""

import streamlit as st

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import Permission
from crmplus.domain.funnel import Funnel
from crmplus.services import account_types as service
from crmplus.services.phases import list_phases
from crmplus.ui.session import _, read
from crmplus.ui.setting_form import code_and_description, order_number
from crmplus.ui.settings_list import Entry, Setting, open_form, settings_list
from crmplus.ui.shell import guard, page_title
from crmplus.ui.text import plain

guard(Permission.CONFIGURE)


def fields(form: str, row: AccountType | None) -> AccountTypeDraft:
    code, description = code_and_description(form, row)
    uses_phases = st.checkbox(
        _("Lead phases"),
        row.uses_phases if row else True,
        key=f"{form}-uses_phases",
        help=_("On: customers of this type have leads that travel through a funnel. Off: no funnel."),
    )
    is_default = st.checkbox(
        _("Default"),
        row.is_default if row else False,
        key=f"{form}-is_default",
        help=_("A new customer is offered this type. There is one default at most."),
    )
    return AccountTypeDraft(code, description, order_number(form, row, types), uses_phases, is_default)


def phases_in_words(row: AccountType) -> str:
    if not row.uses_phases:
        return _("phases off")
    return _("phases on") if Funnel.of(row.id, phases).is_ready else _("phases on, not ready")


setting = Setting(
    form="account-type",
    name=_("Account types"),
    new_title=_("New account type"),
    edit_title=_("Edit account type"),
    archive_effect=_("It is gone from every picker and stays in every report. You can bring it back."),
    fields=fields,
    find=service.list_account_types,
    add=service.add_account_type,
    change=service.change_account_type,
    archive=service.archive_account_type,
    restore=service.restore_account_type,
    delete=service.delete_account_type,
    reorder=service.reorder_account_type,
)

types = read(service.list_account_types, with_archived=True)
phases = read(list_phases)
action = page_title(
    _("Account types"), _("The kinds of customer you have, and which of them travel through a funnel.")
)
if action.button(_("Add account type"), type="primary", icon=":material/add:", key="add"):
    open_form(setting)

unready = [
    t for t in types if t.uses_phases and not t.archived_at_utc and not Funnel.of(t.id, phases).is_ready
]
for row in unready:
    st.page_link(
        "pages/lead_phases.py",
        label=plain(_("Set up the lead phases of {account_type}", account_type=row.description)),
        icon=":material/construction:",
        query_params={"type": row.code},
    )

settings_list(
    setting,
    [_("Description"), _("Code"), _("Order"), _("Lead phases"), _("Default")],
    [3, 2, 1, 1.5, 1.5],
    [
        Entry(
            row,
            (
                row.description,
                row.code,
                row.order_number,
                phases_in_words(row),
                _("default") if row.is_default else "",
            ),
        )
        for row in types
    ],
)
