"""What is asked before many leads are changed at once: the action, or None until it is complete."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import Invalid
from crmplus.domain.funnel import Funnel
from crmplus.domain.next_step import LONGEST_STEP
from crmplus.domain.phase import PhaseType
from crmplus.services.account_types import list_account_types
from crmplus.services.bulk import Choice, account_types_of
from crmplus.services.bulk_plans import AddStep, BulkAction, CloseAs, GiveTo, MoveTo
from crmplus.services.phases import get_funnel
from crmplus.ui.next_step_fields import due_fields, fill, read_draft
from crmplus.ui.next_step_words import today
from crmplus.ui.reasons import choose_reason
from crmplus.ui.session import _, actor, database, people, read
from crmplus.ui.text import distinct

_NOBODY = "nobody"
_NEXT = "next"


def ask_owner(form: str, choices: Sequence[Choice]) -> BulkAction | None:
    """Somebody in use, or nobody."""
    in_use = {str(p.id): p.name for p in people().values() if not p.archived_at_utc}
    names = distinct({**in_use, _NOBODY: _("nobody")})
    chosen = st.selectbox(
        _("New owner"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose somebody"),
        key=f"{form}-owner",
    )
    if chosen is None:
        return None
    return GiveTo(None if chosen == _NOBODY else UUID(chosen))


def ask_step(form: str, choices: Sequence[Choice]) -> BulkAction | None:
    """The same next step for each, beside those that it has."""
    if f"{form}-due_date" not in st.session_state:
        fill(form, "", today() + timedelta(days=1), None)
    st.text_input(
        _("Next step (required)"),
        key=f"{form}-description",
        max_chars=LONGEST_STEP,
        placeholder=_("What is to be done, for example: call about the quote"),
        live="250ms",
        autocomplete="off",
    )
    due_fields(form)
    try:
        return AddStep(read_draft(form).checked())
    except Invalid:
        return None


def ask_phase(form: str, choices: Sequence[Choice]) -> BulkAction | None:
    """The next phase of each, or one phase; where the leads are of several funnels, it says of which."""
    funnels = _funnels(choices)
    kinds = _names_of_types()
    phases = [p for funnel in funnels for p in funnel.phases if p.phase_type is not PhaseType.CLOSING]
    names = {
        str(p.id): f"{p.description} ({kinds[p.account_type_id]})" if len(funnels) > 1 else p.description
        for p in phases
    }
    labels = distinct({_NEXT: _("the next phase of each"), **names})
    chosen = st.selectbox(
        _("Move to"),
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        placeholder=_("Choose a phase"),
        key=f"{form}-phase",
    )
    if chosen is None:
        return None
    return MoveTo(None if chosen == _NEXT else UUID(chosen))


def ask_reason(form: str, choices: Sequence[Choice]) -> BulkAction | None:
    """The closing phase of each funnel, asked where it has several, and the reason."""
    closing_phases = [_closing_phase(form, funnel) for funnel in _funnels(choices)]
    reason = choose_reason(form)
    if reason is None:
        return None
    return CloseAs(reason.id, tuple(phase_id for phase_id in closing_phases if phase_id))


def _closing_phase(form: str, funnel: Funnel) -> UUID | None:
    names = {phase.id: phase.description for phase in funnel.of_type(PhaseType.CLOSING)}
    if len(names) < 2:
        return next(iter(names), None)
    labels = distinct(names)
    kind = _names_of_types()[funnel.account_type_id]
    chosen: UUID | None = st.selectbox(
        _("Closing phase, {account_type}", account_type=kind),
        list(labels),
        format_func=labels.__getitem__,
        key=f"{form}-closing-{funnel.account_type_id}",
    )
    return chosen


def _funnels(choices: Sequence[Choice]) -> list[Funnel]:
    own = account_types_of(database(), actor(), choices)
    return [read(get_funnel, kind_id) for kind_id in _names_of_types() if kind_id in own]


def _names_of_types() -> dict[UUID, str]:
    return {kind.id: kind.description for kind in read(list_account_types, with_archived=True)}
