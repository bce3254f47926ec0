"""The choice of a closing reason, as large choices grouped by outcome (C2)."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from crmplus.domain.actor import Permission
from crmplus.domain.closing_reason import ClosingReason, Outcome
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.ui.session import _, actor, read
from crmplus.ui.text import plain
from crmplus.ui.words import outcome_icon, outcome_name


def choose_reason(form: str) -> ClosingReason | None:
    """The chosen reason, or None; one choice over all groups."""
    reasons = read(list_closing_reasons)
    if not reasons:
        st.warning(_("There are no closing reasons yet, so no lead can be closed."), icon=":material/flag:")
        _link_to_settings()
        return None
    by_id = {reason.id: reason for reason in reasons}
    groups = {o: [r for r in reasons if r.outcome is o] for o in Outcome}
    keys = {outcome: _key(form, outcome) for outcome, group in groups.items() if group}
    _say_if_gone(form, by_id)
    for outcome, key in keys.items():
        st.pills(
            _("Closing reason: {outcome}", outcome=outcome_name(outcome)),
            [reason.id for reason in groups[outcome]],
            format_func=lambda key: f"{outcome_icon(by_id[key].outcome)} {plain(by_id[key].description)}",
            key=key,
            on_change=_clear_others,
            args=(key, list(keys.values())),
        )
    chosen: UUID | None = next((st.session_state[k] for k in keys.values() if st.session_state[k]), None)
    return by_id.get(chosen) if chosen else None


def _key(form: str, outcome: Outcome) -> str:
    return f"reason-{form}-{outcome}"


def _say_if_gone(form: str, offered: Mapping[UUID, ClosingReason]) -> None:
    """Somebody may archive the reason that is chosen here, before it is used."""
    chosen = [st.session_state.get(_key(form, outcome)) for outcome in Outcome]
    if any(reason_id and reason_id not in offered for reason_id in chosen):
        gone = _("The closing reason that was chosen can no longer be used. Choose another.")
        st.warning(gone, icon=":material/warning:")


def _clear_others(changed: str, keys: list[str]) -> None:
    for key in keys:
        if key != changed:
            st.session_state[key] = None


def _link_to_settings() -> None:
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/closing_reasons.py", label=_("Add a closing reason"))
