"""The dialogs of a lead phase: edit it, and archive it with the leads that stand in it (P4)."""

from uuid import UUID

import streamlit as st

from crmplus.domain.errors import NotPermitted
from crmplus.domain.funnel import Funnel
from crmplus.domain.phase import Phase, PhaseDraft, PhaseType
from crmplus.services import phases as service
from crmplus.services.account_types import list_account_types
from crmplus.ui.forms import attempt, field_problem, finish, forget_problem, open_dialog, show_problem
from crmplus.ui.session import _, _n, actor, database, language, now, read
from crmplus.ui.setting_form import code_and_description, order_number
from crmplus.ui.settings_list import Setting
from crmplus.ui.text import plain
from crmplus.ui.words import phase_type_name


def phase_setting(account_type_id: UUID, funnel: Funnel) -> Setting:
    """What the list of one funnel's phases offers."""
    return Setting(
        form="phase",
        name=_("Lead phases"),
        new_title=_("New phase"),
        edit_title=_("Edit phase"),
        archive_effect="",
        fields=lambda form, row: _fields(form, row, account_type_id),
        find=service.list_phases,
        add=service.add_phase,
        change=service.change_phase,
        archive=service.archive_phase,
        restore=service.restore_phase,
        delete=service.delete_phase,
        reorder=service.reorder_phase,
        ask_archive=lambda row: _ask_archive(row, funnel),
    )


def _fields(form: str, row: Phase | None, account_type_id: UUID) -> PhaseDraft:
    types = {t.id: t.description for t in read(list_account_types) if t.uses_phases}
    options = list(types)
    kept = row.account_type_id if row else account_type_id
    type_id = st.selectbox(
        _("Account type"),
        options,
        index=options.index(kept) if kept in types else 0,
        format_func=types.__getitem__,
        key=f"{form}-account_type_id",
    )
    code, description = code_and_description(form, row)
    siblings = [p for p in read(service.list_phases) if p.account_type_id == type_id]
    phase_types = list(PhaseType)
    phase_type = st.selectbox(
        _("Phase type"),
        phase_types,
        index=phase_types.index(row.phase_type if row else _proposed_type(siblings)),
        format_func=phase_type_name,
        key=f"{form}-phase_type",
        help=_("A funnel starts in its one qualification phase and ends in a closing phase."),
    )
    return PhaseDraft(
        type_id,
        code,
        description,
        phase_type,
        order_number(form, row, [p for p in siblings if p.phase_type is phase_type]),
        _limit_days(form, row),
    )


def _limit_days(form: str, row: Phase | None) -> int | None:
    key = f"{form}-limit_days"
    # Only a field that begins empty can be emptied, so what is stored comes in by its key.
    st.session_state.setdefault(key, row.limit_days if row else None)
    days: int | None = st.number_input(
        _("Limit in days"),
        value=None,
        step=1,
        key=key,
        placeholder=_("no limit"),
        help=_(
            "A lead that stands in this phase for more days is shown as ageing, on its customer card "
            "and under Time in phase. Empty: no limit."
        ),
    )
    field_problem(form, "limit_days")
    return days


def _ask_archive(row: Phase, funnel: Funnel) -> None:
    forget_problem("phase-archive")
    open_dialog(_("Archive {description}", description=row.description), _archive, row, funnel)


def _archive(row: Phase, funnel: Funnel) -> None:
    """Archive a phase; the leads that stand in it move first, shown before it happens."""
    show_problem("phase-archive")
    words = language()
    try:
        effect = service.preview_archive(database(), actor(), row.id)
    except NotPermitted as error:
        st.warning(plain(words.message(error.message)), icon=":material/visibility_off:")
        return
    others = {p.id: p.description for p in funnel.phases if p.id != row.id}
    target: UUID | None = None
    if effect.lead_count and not others:
        st.warning(_("Leads stand in it, and the funnel has no other phase to move them to. Add one first."))
        return
    if effect.lead_count:
        st.write(
            plain(
                _n(
                    "{count} open lead stands in it, worth {expected} expected, {weighted} weighted.",
                    "{count} open leads stand in it, worth {expected} expected, {weighted} weighted.",
                    effect.lead_count,
                    expected=words.money(effect.expected_value),
                    weighted=words.money(effect.weighted_value),
                )
            )
        )
        target = st.selectbox(
            _("Move them to"),
            list(others),
            index=max(0, funnel.phases.index(row) - 1) if row in funnel.phases else 0,
            format_func=others.__getitem__,
            key="phase-archive-target",
        )
        st.write(_("Values, scores and history stay. Phases jumped over are recorded as skipped."))
    rest = Funnel(funnel.account_type_id, tuple(p for p in funnel.phases if p.id != row.id))
    for lack in rest.missing:
        st.warning(plain(words.message(lack)), icon=":material/construction:")
    st.write(_("The phase is gone from every picker and stays in every history. You can bring it back."))
    verb = _("Archive {description}", description=row.description)
    if target:
        verb = _n(
            "Archive {description} and move its {count} lead to {target}",
            "Archive {description} and move its {count} leads to {target}",
            effect.lead_count,
            description=row.description,
            target=others[target],
        )
    if st.button(plain(verb), type="primary", key="phase-archive-now"):
        finish(
            attempt(
                "phase-archive",
                lambda: service.archive_phase(database(), actor(), row.id, row.version, now(), target),
                _("Archived"),
            )
        )


def _proposed_type(siblings: list[Phase]) -> PhaseType:
    """What the funnel lacks, else a regular phase."""
    present = {phase.phase_type for phase in siblings}
    if PhaseType.QUALIFICATION not in present:
        return PhaseType.QUALIFICATION
    return PhaseType.REGULAR
