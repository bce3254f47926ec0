"""The leads behind the figures of Win and loss, by the code that the URL knows each by.

A code says how the leads ended and then what they have in common: `lost`, `won.month-2026-03`,
`closed.reason-<key>.owner-<key>`. Keys outlive renaming.
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from crmplus.analytics.choice import Choice
from crmplus.analytics.period import Period, months_before
from crmplus.analytics.reasons import ClosedLeads, Ended, list_closed_leads
from crmplus.analytics.velocity import list_open_leads
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.services.phases import list_phases
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.session import _, language, people, read

OPEN = "open"
CLOSED = "closed"
WON_WITH_VALUE = "valued"
"""What an average rests on."""

_NONE = "none"
_AT = ("title", "owner", "expected_value", "opened", "closed", "closing_reason")
_MONTH = re.compile(r"(199\d|20\d\d|2100)-(0[1-9]|1[0-2])")


def leads_code(ended: str, *parts: str) -> str:
    """`ended` is of `Ended`, or `CLOSED` for all, or `WON_WITH_VALUE`."""
    return ".".join((ended, *parts))


def of_owner(owner_id: UUID | None) -> str:
    return f"owner-{owner_id or _NONE}"


def of_reason(reason_id: UUID) -> str:
    return f"reason-{reason_id}"


def of_phase(phase_id: UUID | None) -> str:
    """None: closed straight away."""
    return f"phase-{phase_id or _NONE}"


def in_month(first: date) -> str:
    return f"month-{first:%Y-%m}"


def in_quarter(first: date) -> str:
    return f"quarter-{first:%Y-%m}"


def show_leads(code: str, chosen: Choice) -> None:
    """The leads behind a code; nothing for one that is unknown here."""
    if code == OPEN:
        show_leads_behind(_("Open leads"), list_open_leads, chosen)
    elif asked := _asked(code, chosen):
        title, narrowed, which = asked
        show_leads_behind(title, list_closed_leads, narrowed, which, at=_AT)


def _asked(code: str, chosen: Choice) -> tuple[str, Choice, ClosedLeads] | None:
    ended, *parts = code.split(".")
    titles = {
        Ended.WON: _("Won"),
        Ended.LOST: _("Lost"),
        Ended.NEITHER: _("Neither won nor lost"),
        Ended.DECIDED: _("Won and lost"),
        CLOSED: _("Closed"),
        WON_WITH_VALUE: _("Won, with a value"),
    }
    if ended not in titles:
        return None
    has_value = ended == WON_WITH_VALUE
    outcome = Ended.WON if has_value else None if ended == CLOSED else Ended(ended)
    words, which = [titles[ended]], ClosedLeads(outcome, has_value=has_value)
    for part in parts:
        kind, _dash, key = part.partition("-")
        if kind in ("month", "quarter") and (found := _MONTH.fullmatch(key)):
            first = date(int(found[1]), int(found[2]), 1)
            chosen = replace(chosen, period=_within(chosen.period, first, 3 if kind == "quarter" else 1))
            words.append(language().quarter(first) if kind == "quarter" else language().month(first))
        elif named := _named(kind, key, which):
            words.append(named[0])
            which = named[1]
        else:
            return None
    return ", ".join(words), chosen, which


def _named(kind: str, key: str, which: ClosedLeads) -> tuple[str, ClosedLeads] | None:
    """What an owner, a reason or a phase is called, and the leads narrowed to it."""
    if kind == "owner" and key == _NONE:
        return _("of nobody"), replace(which, is_of_nobody=True)
    if kind == "phase" and key == _NONE:
        return _("straight away"), replace(which, is_straight_away=True)
    if kind == "owner":
        owner = next((p for p in people().values() if str(p.id) == key), None)
        return (owner.name, replace(which, of_owner_id=owner.id)) if owner else None
    if kind == "reason":
        reasons = read(list_closing_reasons, with_archived=True)
        reason = next((r for r in reasons if str(r.id) == key), None)
        return (reason.description, replace(which, reason_id=reason.id)) if reason else None
    phases = read(list_phases, with_archived=True) if kind == "phase" else []
    phase = next((p for p in phases if str(p.id) == key), None)
    words = _("last in {phase}", phase=phase.description) if phase else ""
    return (words, replace(which, phase_id=phase.id)) if phase else None


def _within(period: Period, first: date, months: int) -> Period:
    """The days of some months that also belong to the period."""
    last = months_before(first, -months) - timedelta(days=1)
    return replace(period, start=max(period.start or first, first), end=min(period.end or last, last))
