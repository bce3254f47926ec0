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
    keys = {outcome: f"reason-{form}-{outcome}" for outcome, group in groups.items() if group}
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
    reason = by_id.get(chosen) if chosen else None
    _say_if_gone(f"reason-{form}-was", reason, by_id)
    return reason


def _say_if_gone(was: str, reason: ClosingReason | None, offered: Mapping[UUID, ClosingReason]) -> None:
    """Somebody may archive the reason that is chosen here, before it is used."""
    before: ClosingReason | None = st.session_state.get(was)
    if reason is None and before is not None and before.id not in offered:
        name = before.description
        gone = _("{reason} can no longer be chosen. Choose another closing reason.", reason=name)
        st.warning(plain(gone), icon=":material/warning:")
        return
    st.session_state[was] = reason


def _clear_others(changed: str, keys: list[str]) -> None:
    for key in keys:
        if key != changed:
            st.session_state[key] = None


def _link_to_settings() -> None:
    if actor().may(Permission.CONFIGURE):
        st.page_link("pages/closing_reasons.py", label=_("Add a closing reason"))
