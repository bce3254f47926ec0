"""Settings: closing reasons (C1, C2)."""

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.closing_reason import ClosingReason, ClosingReasonDraft, Outcome
from crmplus.services import closing_reasons as service
from crmplus.ui.session import _, _n, actor, read
from crmplus.ui.setting_form import code_and_description, order_number
from crmplus.ui.settings_list import Entry, Setting, open_form, settings_list
from crmplus.ui.shell import guard, page_title
from crmplus.ui.text import plain
from crmplus.ui.words import outcome_name

guard(Permission.CONFIGURE)


def fields(form: str, row: ClosingReason | None) -> ClosingReasonDraft:
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
    if row and outcome is not row.outcome:
        warn_of_effect(row, outcome)
    if row and not actor().sight.is_whole:
        st.caption(_("Leads closed with it that you don't see follow its outcome too."))
    return ClosingReasonDraft(code, description, order_number(form, row, reasons), outcome)


def warn_of_effect(row: ClosingReason, outcome: Outcome) -> None:
    """Figures read the outcome through the reason, so closed leads follow it."""
    if count := read(service.count_closed_with, row.id):
        effect = _n(
            "{count} lead closed with it will count as {outcome} from now on.",
            "{count} leads closed with it will count as {outcome} from now on.",
            count,
            outcome=outcome_name(outcome),
        )
        st.warning(plain(effect), icon=":material/info:")


setting = Setting(
    form="closing-reason",
    name=_("Closing reasons"),
    new_title=_("New closing reason"),
    edit_title=_("Edit closing reason"),
    archive_effect=_("It is gone from every picker and stays in every report. You can bring it back."),
    fields=fields,
    find=service.list_closing_reasons,
    add=service.add_closing_reason,
    change=service.change_closing_reason,
    archive=service.archive_closing_reason,
    restore=service.restore_closing_reason,
    delete=service.delete_closing_reason,
    reorder=service.reorder_closing_reason,
)

reasons = read(service.list_closing_reasons, with_archived=True)
action = page_title(_("Closing reasons"), _("Why a lead ended. One is chosen in a closing phase."))
if action.button(_("Add closing reason"), type="primary", icon=":material/add:", key="add"):
    open_form(setting)
if all(reason.archived_at_utc for reason in reasons):
    st.info(_("No closing reason yet: without one no lead can be closed. Add one."), icon=":material/flag:")

settings_list(
    setting,
    [_("Description"), _("Code"), _("Order"), _("Outcome")],
    [3, 2, 1, 2],
    [Entry(row, (row.description, row.code, row.order_number, outcome_name(row.outcome))) for row in reasons],
)
