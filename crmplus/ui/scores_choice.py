"""Which scores the page Scores looks at: those at closing, or those recorded in a phase."""

from uuid import UUID

import streamlit as st

from crmplus.domain.phase import Phase, PhaseType
from crmplus.services.phases import list_phases
from crmplus.ui.pickers import funnel_types, set_in_url
from crmplus.ui.session import _, read
from crmplus.ui.text import distinct, plain

SCORED = "scored"
"""What the URL keeps the choice under."""

_AT_CLOSING = "closing"


def funnel_of(account_type_id: UUID | None) -> UUID | None:
    """The account type whose phases are looked at: the chosen one, or the only one that has any."""
    funnels = [t.id for t in funnel_types()]
    return funnels[0] if account_type_id is None and len(funnels) == 1 else account_type_id


def choose_phase(account_type_id: UUID | None) -> Phase | None:
    """The phase whose scores are looked at; None: those that leads were closed with."""
    phases = {p.code: p for p in _phases(account_type_id)}
    if not phases:
        st.caption(
            plain(
                _(
                    "These are the scores that leads were closed with. "
                    "Choose an account type to look at those recorded in one of its phases."
                )
            )
        )
        return None
    names = {code: phase_name(phase) for code, phase in phases.items()}
    labels = distinct({_AT_CLOSING: _("at closing"), **names})
    asked = st.query_params.get(SCORED, _AT_CLOSING)
    widget = f"scored-{hash(tuple(labels.items()))}"  # other words make another switch
    st.session_state[widget] = asked if asked in labels else _AT_CLOSING
    chosen = st.segmented_control(
        _("Score as recorded"),
        list(labels),
        format_func=lambda code: plain(labels[code]),
        required=True,
        key=widget,
        on_change=lambda: set_in_url(SCORED, st.session_state[widget], _AT_CLOSING),
    )
    return phases.get(chosen or _AT_CLOSING)


def phase_name(phase: Phase) -> str:
    return _("{name} (archived)", name=phase.description) if phase.archived_at_utc else phase.description


def _phases(account_type_id: UUID | None) -> list[Phase]:
    """All phases but closing ones, in which a score is that at closing."""
    found = [
        phase
        for phase in read(list_phases, with_archived=True)
        if phase.account_type_id == account_type_id and phase.phase_type is not PhaseType.CLOSING
    ]
    return sorted(found, key=lambda phase: phase.sort_key)
