"""The leads behind a bar, a cell or a card of the Funnel page: those that it counts (M1, M10)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from crmplus.analytics.behind import LeadBehind
from crmplus.analytics.pipeline import PipelineFilter, Standing, list_pipeline_leads
from crmplus.domain.account_type import AccountType
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.pickers import owners_by_code
from crmplus.ui.session import _, now, workspace
from crmplus.ui.words import owner_name, per_period

_THEN = "then."
Part = tuple[str, PipelineFilter, UUID | None]
"""What the listed leads have in common: its name, the filter, and the phase (None: all)."""


def show_leads(
    code: str, chosen: PipelineFilter, standing: Standing, types: Mapping[UUID, AccountType]
) -> None:
    """The leads of a part of the pipeline; of no part where the code names none.

    Codes are phase.CODE, owner.INITIALS, type.CODE, all and types; with "then." in front those of the
    same day last month.
    """
    asked = replace(chosen, as_of=standing.day_before) if code.startswith(_THEN) else chosen
    part = _part(code.removeprefix(_THEN), asked, standing, types)
    if part is None:
        return
    name, asked, phase_id = part
    title = _("{name}, {day}", name=name, day=asked.as_of) if asked.as_of else name
    show_leads_behind(
        title,
        list_pipeline_leads,
        asked,
        phase_id,
        more=_columns(is_past=asked.as_of is not None, is_one_phase=phase_id is not None),
        at=("title",),
        values=_days_in_phase,
    )


def _columns(*, is_past: bool, is_one_phase: bool) -> list[Column]:
    """What is shown of each lead: its weight first, and of a past day what has become of it since."""
    recurring = _("Recurring {period}", period=per_period(workspace().recurring_period))
    return [
        Column("weighted_value", _("Weighted"), Kind.MONEY),
        Column("score", _("Score"), Kind.SCORE),
        Column("expected_value", _("Expected"), Kind.MONEY),
        Column("recurring_value", recurring, Kind.MONEY),
        *([] if is_one_phase else [Column("phase", _("Phase"))]),
        Column("days_in_phase", _("Days in phase"), Kind.NUMBER),
        Column("expected_close_date", _("Expected close"), Kind.DATE),
        Column("owner", _("Owner")),
        *([Column("closed", _("Closed since"), Kind.DATE)] if is_past else []),
        *([Column("closing_reason", _("Closing reason"))] if is_past else []),
    ]


def _part(
    code: str, chosen: PipelineFilter, standing: Standing, types: Mapping[UUID, AccountType]
) -> Part | None:
    kind, _dot, name = code.partition(".")
    match kind:
        case "all":
            return _("All phases"), chosen, None
        case "types":
            return _("All account types"), replace(chosen, account_type_id=None), None
        case "phase":
            phases = [p for p, _f in [*standing.pipeline.phases, *standing.before.phases]]
            phase = next((p for p in phases if p.code == name), None)
            return (phase.description, chosen, phase.id) if phase else None
        case "type":
            found = next((t for t in types.values() if t.code == name), None)
            return (found.description, replace(chosen, account_type_id=found.id), None) if found else None
        case "owner":
            return _owned(name, chosen)
    return None


def _owned(initials: str, chosen: PipelineFilter) -> Part | None:
    """The leads of an owner, or without any those of nobody."""
    if not initials:
        return owner_name(None), replace(chosen, of_nobody=True), None
    owner = owners_by_code().get(initials)
    if owner is None or chosen.owner_id not in (None, owner.id):
        return None
    return owner.name, replace(chosen, owner_id=owner.id), None


def _days_in_phase(lead: LeadBehind) -> dict[str, object]:
    """Calendar days from entering the phase to the day that is listed."""
    zone = workspace().zone

    def day(moment: datetime) -> int:
        return moment.astimezone(zone).toordinal()

    return {"days_in_phase": day(lead.moment or now()) - day(lead.phase_entered_at_utc)}
