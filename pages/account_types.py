"""Settings: account types (A1 to A5)."""

import streamlit as st

from crmplus.domain.account_type import AccountType, AccountTypeDraft
from crmplus.domain.actor import Permission
from crmplus.services import account_types as service
from crmplus.ui.forms import form_id, open_dialog
from crmplus.ui.session import _, actor, database, now, read
from crmplus.ui.setting_form import code_and_description, forget, next_order_number, order_number, save_button
from crmplus.ui.settings_list import Actions, Entry, ask, settings_list
from crmplus.ui.shell import guard, page_title

guard(Permission.CONFIGURE)


def edit(row: AccountType | None) -> None:
    form = f"account-type-{row.id if row else 'new'}"
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
    number = order_number(form, row, next_order_number(types))
    draft = AccountTypeDraft(code, description, number, uses_phases, is_default)
    new = form_id(form)
    save_button(
        form,
        row.version if row else 0,
        draft,
        lambda version: (
            service.change_account_type(database(), actor(), row.id, version, draft, now())
            if row
            else service.add_account_type(database(), actor(), draft, now(), new)
        ),
    )


def open_form(row: AccountType | None) -> None:
    forget(f"account-type-{row.id if row else 'new'}")
    open_dialog(_("Edit account type") if row else _("New account type"), edit, row)


def archive(row: AccountType) -> None:
    ask(
        "account-types",
        _("Archive {description}", description=row.description),
        _("It is gone from every picker and stays in every report. You can bring it back."),
        lambda: service.archive_account_type(database(), actor(), row.id, row.version, now()),
        _("Archived"),
    )


action = page_title(
    _("Account types"), _("The kinds of customer you have, and which of them travel through a funnel.")
)
types = read(service.list_account_types, with_archived=True)
if action.button(_("Add account type"), type="primary", icon=":material/add:", key="add"):
    open_form(None)

settings_list(
    "account-types",
    [_("Description"), _("Code"), _("Order"), _("Lead phases"), _("Default")],
    [3, 2, 1, 1.5, 1.5],
    [
        Entry(
            row,
            (
                row.description,
                row.code,
                str(row.order_number),
                _("phases on") if row.uses_phases else _("phases off"),
                _("default") if row.is_default else "",
            ),
            row.archived_at_utc is not None,
        )
        for row in types
    ],
    Actions(
        edit=open_form,
        archive=archive,
        restore=lambda row: service.restore_account_type(database(), actor(), row.id, row.version, now()),
        delete=lambda row: service.delete_account_type(database(), actor(), row.id, row.version, now()),
        reorder=lambda row, by: service.reorder_account_type(database(), actor(), row.id, by, now()),
    ),
)
