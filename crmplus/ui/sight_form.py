"""How far each role sees: three choices, saved with the workspace."""

from dataclasses import dataclass

import streamlit as st

from crmplus.domain.actor import Role
from crmplus.domain.errors import Conflict
from crmplus.domain.sight import Reach
from crmplus.domain.workspace import Workspace, WorkspaceDraft
from crmplus.services.rows import as_values
from crmplus.services.workspace import change_workspace
from crmplus.ui.conflict import keep_typed, on_top, touched
from crmplus.ui.forms import attempt, forget, problem, show_problem
from crmplus.ui.session import _, actor, database, now, workspace
from crmplus.ui.words import field_name, reach_name

FORM = "sight"
FIELDS = {Role.MANAGER: "manager_sees", Role.REP: "rep_sees", Role.VIEWER: "viewer_sees"}


@dataclass(frozen=True, slots=True)
class Reaches:
    """How far managers, reps and viewers see."""

    manager_sees: Reach
    rep_sees: Reach
    viewer_sees: Reach


def sight_form() -> Reaches:
    """The choices as they stand on the screen, saved or not."""
    stored = workspace()
    if f"{FORM}-loaded" not in st.session_state or f"{FORM}-rep_sees" not in st.session_state:
        st.session_state[f"{FORM}-loaded"] = stored  # fields are forgotten on another page
    show_problem(FORM, on_overwrite=_overwrite)
    with st.container(key="sight-choices"):
        columns = st.columns(3)
    chosen = Reaches(
        *(
            column.segmented_control(
                field_name(field),
                list(Reach),
                default=getattr(stored, field),
                required=True,
                format_func=reach_name,
                key=f"{FORM}-{field}",
            )
            for column, field in zip(columns, FIELDS.values(), strict=True)
        )
    )
    is_changed = bool(touched(chosen, stored))
    if st.button(_("Save"), type="primary", disabled=not is_changed, key=f"{FORM}-save"):
        loaded: Workspace = st.session_state[f"{FORM}-loaded"]
        _save(loaded.version, _draft(loaded, chosen))
        st.rerun()
    return chosen


def _draft(loaded: Workspace, chosen: Reaches) -> WorkspaceDraft:
    stored = {name: getattr(loaded, name) for name in WorkspaceDraft.__slots__}
    return WorkspaceDraft(**stored | as_values(chosen))


def _save(version: int, draft: WorkspaceDraft) -> None:
    loaded = st.session_state[f"{FORM}-loaded"]
    keep_typed(FORM, touched(draft, loaded), loaded)
    st.session_state[f"{FORM}-draft"] = draft
    if attempt(FORM, lambda: change_workspace(database(), actor(), version, draft, now()), _("Saved")):
        forget(FORM)


def _overwrite() -> None:
    found, loaded = problem(FORM), st.session_state[f"{FORM}-loaded"]
    if isinstance(found, Conflict):
        _save(found.version, on_top(st.session_state[f"{FORM}-draft"], loaded, workspace()))
