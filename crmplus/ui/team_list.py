"""Teams: the list of them, and the dialog in which one is made or changed."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import Conflict
from crmplus.domain.team import TeamDraft
from crmplus.services.teams import TeamCard, add_team, change_team, delete_team, list_teams
from crmplus.ui.conflict import keep_typed, on_top, touched
from crmplus.ui.forms import (
    attempt,
    close_dialog,
    field_problem,
    finish,
    forget,
    form_id,
    open_dialog,
    problem,
    show_problem,
)
from crmplus.ui.removing import ask_to_remove
from crmplus.ui.session import _, actor, database, now, people
from crmplus.ui.setting_form import text_field
from crmplus.ui.text import distinct, plain
from crmplus.ui.words import owner_name

_WIDTHS = (3, 6, 1.4)


def show_teams(teams: Sequence[TeamCard]) -> None:
    """One row a team: its name, its members, what can be done with it."""
    if not teams:
        st.info(
            _("No team yet: people in a team can see each other's customers and leads."),
            icon=":material/diversity_3:",
        )
        return
    with st.container(key="settings-head"):
        for column, head in zip(st.columns(_WIDTHS), (_("Name"), _("Members"), ""), strict=True):
            column.caption(plain(head))
    with st.container(key="settings-rows-team"):
        for team in teams:
            _draw(team)


def open_team(team: TeamCard | None = None) -> None:
    """The form of a team, or of a new one."""
    form = _form_of(team)
    forget(form)
    open_dialog(_("Edit team") if team else _("New team"), _team_form, team)


def _draw(team: TeamCard) -> None:
    offered = {"edit": _("Edit …"), "remove": _("Remove …")}
    with st.container(border=True, key=f"row-team-{team.id}"):
        name, members, menu = st.columns(_WIDTHS, vertical_alignment="center")
        name.markdown(f"**{plain(team.name)}**")
        members.markdown(plain(", ".join(sorted(map(owner_name, team.members))) or "–"))
        chosen = menu.menu_button(
            _("Change"), list(offered), format_func=offered.__getitem__, key=f"menu-team-{team.id}"
        )
    if chosen == "edit":
        open_team(team)
    elif chosen == "remove":
        effect = _("Its members stay, and no longer see each other's customers and leads through it.")
        ask_to_remove(f"remove-team-{team.id}", team, team.name, effect, delete_team)


def _form_of(team: TeamCard | None) -> str:
    return f"team-{team.id if team else 'new'}"


def _team_form(team: TeamCard | None) -> None:
    """Save starts from the version the form was opened with; after a conflict it can go on top (L6)."""
    form, top = _form_of(team), st.container()
    draft = TeamDraft(
        text_field(form, "name", _("Name (required)"), team), _members(form, team.members if team else ())
    )

    def save(version: int, what: TeamDraft) -> bool:
        keep_typed(form, touched(draft, team) if team else {}, team)
        return attempt(
            form,
            lambda: (
                change_team(database(), actor(), team.id, version, what, now())
                if team
                else add_team(database(), actor(), what, now(), form_id(form))
            ),
            _("Saved"),
        )

    def overwrite() -> None:
        found = problem(form)
        current = next(
            (each for each in list_teams(database(), actor()) if team and each.id == team.id), team
        )
        if isinstance(found, Conflict) and save(found.version, on_top(draft, team, current)):
            close_dialog()

    with top:
        show_problem(form, on_overwrite=overwrite, on_drop=close_dialog)
    if not isinstance(problem(form), Conflict) and st.button(_("Save"), type="primary", key=f"{form}-save"):
        finish(save(team.version if team else 0, draft))


def _members(form: str, kept: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """Out of the people in use, and those archived who are in it."""
    labels = distinct(
        {
            person.id: person.name
            for person in people().values()
            if not person.archived_at_utc or person.id in kept
        }
    )
    chosen = st.multiselect(
        _("Members"),
        list(labels),
        default=[each for each in labels if each in kept],
        format_func=labels.__getitem__,
        key=f"{form}-members",
        placeholder=_("Choose people"),
    )
    field_problem(form, "members")
    return tuple(sorted(chosen))
