"""The leads behind the figures of Time in phase; the ageing ones where nothing was clicked (M3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import streamlit as st

from crmplus.analytics.ageing import Ageing, age_in_days, list_leads_by_age
from crmplus.analytics.behind import LeadBehind
from crmplus.analytics.choice import Choice
from crmplus.analytics.time_in_phase import list_leads_that_left
from crmplus.domain.actor import Permission
from crmplus.domain.phase import Phase
from crmplus.exchange.table_files import Column, Kind
from crmplus.ui.chosen import chosen as code_in_url
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.session import _, actor
from crmplus.ui.text import plain


class Of(StrEnum):
    """Which leads of a phase to list."""

    LEFT = "left"
    AGAIN = "again"
    OPEN = "open"
    AGEING = "ageing"

    def code(self, phase: Phase | None = None) -> str:
        """What the URL calls them; without a phase those of all."""
        return f"{self.value}.{phase.code}" if phase else self.value


@dataclass(frozen=True, slots=True)
class Asked:
    """What was clicked; `phase` None stands for all."""

    of: Of
    phase: Phase | None


def show_leads(choice: Choice, today: date, ageing: Ageing, phases: Sequence[Phase]) -> None:
    """The leads that were asked for by a click, else those that are ageing, oldest first."""
    asked = _asked(phases)
    if asked is None:
        _show_ageing(choice, today, ageing)
    elif asked.phase and asked.of in (Of.LEFT, Of.AGAIN):
        _list_left(choice, asked.phase, asked.of)
    else:
        _list_open(choice, today, asked)


def _asked(phases: Sequence[Phase]) -> Asked | None:
    """What the URL asks for; None where it asks for nothing that there is."""
    word, _dot, phase_code = (code_in_url() or "").partition(".")
    phase = next((phase for phase in phases if phase.code == phase_code), None)
    if word not in list(Of) or bool(phase_code) != bool(phase):
        return None
    if phase is None and word in (Of.LEFT, Of.AGAIN):
        return None
    return Asked(Of(word), phase)


def _show_ageing(choice: Choice, today: date, ageing: Ageing) -> None:
    if not ageing.has_limits:
        st.subheader(_("Ageing leads"), anchor=False)
        st.info(
            plain(
                _(
                    "No phase of this funnel has a limit in days yet, so no lead can be ageing. "
                    "A limit belongs to a lead phase."
                )
            ),
            icon=":material/timer_off:",
        )
        if actor().may(Permission.CONFIGURE):
            st.page_link("pages/lead_phases.py", label=_("To the lead phases"))
    elif not ageing.ageing_count:
        st.subheader(_("Ageing leads"), anchor=False)
        st.info(
            _("No open lead has stood in its phase for longer than the phase's limit."),
            icon=":material/check_circle:",
        )
    else:
        _list_open(choice, today, Asked(Of.AGEING, None), may_hide=False)


def _list_open(choice: Choice, today: date, asked: Asked, *, may_hide: bool = True) -> None:
    name = asked.phase.description if asked.phase else ""
    titles = {
        (Of.OPEN, True): _("Open in {phase}", phase=name),
        (Of.OPEN, False): _("Open leads, the longest in their phase first"),
        (Of.AGEING, True): _("Ageing in {phase}", phase=name),
        (Of.AGEING, False): _("Ageing leads, oldest first"),
    }

    def values(lead: LeadBehind) -> dict[str, object]:
        age = age_in_days(lead.phase_entered_at_utc, today, choice.period.zone)
        limit = None if lead.amount is None else int(lead.amount)
        return {"age": age, "limit": limit, "over": age - limit if limit and age > limit else None}

    show_leads_behind(
        titles[asked.of, bool(asked.phase)],
        list_leads_by_age,
        choice,
        today,
        asked.phase.id if asked.phase else None,
        asked.of is Of.AGEING,
        more=[
            Column("age", _("Days in phase"), Kind.NUMBER),
            Column("limit", _("Limit in days"), Kind.NUMBER),
            Column("over", _("Days over"), Kind.NUMBER),
            Column("phase", _("Phase")),
        ],
        at=("owner", "weighted_value", "score", "expected_close_date", "title"),
        values=values,
        may_hide=may_hide,
    )


def _list_left(choice: Choice, phase: Phase, of: Of) -> None:
    titles = {
        Of.LEFT: _("Left {phase}, longest first", phase=phase.description),
        Of.AGAIN: _("In {phase} more than once", phase=phase.description),
    }
    show_leads_behind(
        titles[of],
        list_leads_that_left,
        choice,
        phase.id,
        of is Of.AGAIN,
        more=[
            Column("amount", _("Days in phase"), Kind.DECIMAL),
            Column("day", _("Left on"), Kind.DATE),
        ],
        at=("phase", "owner", "score", "expected_value", "closed", "closing_reason", "title"),
    )
