"""Settings: closing reasons (C1, C2)."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.closing_reason import ClosingReason, ClosingReasonDraft, Outcome
from crmplus.services import closing_reasons as service
from crmplus.ui.forms import form_id, open_dialog
from crmplus.ui.session import _, _n, actor, database, now, read
from crmplus.ui.setting_form import code_and_description, forget, next_order_number, order_number, save_button
from crmplus.ui.settings_list import Actions, Entry, ask, settings_list
from crmplus.ui.shell import guard, page_title
from crmplus.ui.text import plain
from crmplus.ui.words import outcome_name

guard(Permission.CONFIGURE)


def edit(row: ClosingReason | None) -> None:
    form = f"closing-reason-{row.id if row else 'new'}"
    code, description = code_and_description(form, row)
    outcomes = list(Outcome)
    outcome = st.selectbox(
        _("Outcome"),
        outcomes,
        index=outcomes.index(row.outcome) if row else 1,
        format_func=outcome_name,
        key=f"{form}-outcome",
        help=_("What a lead closed with it counts as. “Neither” is for duplicates and the like."),
    )
    count = read(service.count_closed_with, row.id) if row else 0
    if row and outcome is not row.outcome and count:
        st.warning(
            plain(
                _n(
                    "{count} lead closed with it will count as {outcome} from now on.",
                    "{count} leads closed with it will count as {outcome} from now on.",
                    count,
                    outcome=outcome_name(outcome),
                )
            )
        )
    draft = ClosingReasonDraft(
        code, description, order_number(form, row, next_order_number(reasons)), outcome
    )
    new = form_id(form)
    save_button(
        form,
        row.version if row else 0,
        draft,
        lambda version: (
            service.change_closing_reason(database(), actor(), row.id, version, draft, now())
            if row
            else service.add_closing_reason(database(), actor(), draft, now(), new)
        ),
    )


def open_form(row: ClosingReason | None) -> None:
    forget(f"closing-reason-{row.id if row else 'new'}")
    open_dialog(_("Edit closing reason") if row else _("New closing reason"), edit, row)


def archive(row: ClosingReason) -> None:
    ask(
        "closing-reasons",
        _("Archive {description}", description=row.description),
        _("It is gone from every picker and stays in every report. You can bring it back."),
        lambda: service.archive_closing_reason(database(), actor(), row.id, row.version, now()),
        _("Archived"),
    )


action = page_title(_("Closing reasons"), _("Why a lead ended. One is chosen in a closing phase."))
reasons = read(service.list_closing_reasons, with_archived=True)
if action.button(_("Add closing reason"), type="primary", icon=":material/add:", key="add"):
    open_form(None)
if not any(not reason.archived_at_utc for reason in reasons):
    st.info(_("No closing reason yet: without one no lead can be closed. Add one."), icon=":material/flag:")

settings_list(
    "closing-reasons",
    [_("Description"), _("Code"), _("Order"), _("Outcome")],
    [3, 2, 1, 2],
    [
        Entry(
            row,
            (row.description, row.code, str(row.order_number), outcome_name(row.outcome)),
            row.archived_at_utc is not None,
        )
        for row in reasons
    ],
    Actions(
        edit=open_form,
        archive=archive,
        restore=lambda row: service.restore_closing_reason(database(), actor(), row.id, row.version, now()),
        delete=lambda row: service.delete_closing_reason(database(), actor(), row.id, row.version, now()),
        reorder=lambda row, by: service.reorder_closing_reason(database(), actor(), row.id, by, now()),
    ),
)
