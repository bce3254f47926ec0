"""What of the page Conversion was clicked: its code in the URL, and the list of its leads (M2)."""

from collections.abc import Mapping
from dataclasses import replace

from crmplus.analytics.choice import Choice
from crmplus.analytics.conversion_beside import OpenNow, list_open_now
from crmplus.analytics.conversion_leads import Part, Which, list_conversion_leads
from crmplus.analytics.period import Period
from crmplus.domain.closing_reason import ClosingReason
from crmplus.domain.phase import Phase, PhaseType
from crmplus.services.closing_reasons import list_closing_reasons
from crmplus.ui.chosen import chosen as code_in_url
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.session import _, read

NOW, NOW_OF_COHORT = "now", "now-opened"
"""Beside the parts of the cohort: open leads now, all and those of the cohort."""

_NEED_A_PHASE = (Part.WENT_ON, Part.SKIPPED)
_CLOSED_NOW = (Part.CLOSED, Part.LOST, Part.NEITHER, Part.WON)


def code_of(part: Part | str, phase: Phase | None = None, reason: ClosingReason | None = None) -> str:
    """What the URL calls the leads of a part, of all phases where none is named."""
    words = [str(part), phase.code if phase else "", reason.code if reason else ""]
    return ".".join(words).rstrip(".")


def show_leads(choice: Choice, open_now: tuple[OpenNow, ...]) -> None:
    """The leads that a click, or a link, asks for; nothing where it asks for what there is not."""
    word, phase_code, reason_code, *_rest = [*(code_in_url() or "").split("."), "", ""]
    phases = {now.phase.code: now.phase for now in open_now}
    reasons = {reason.code: reason for reason in read(list_closing_reasons, with_archived=True)}
    phase, reason = phases.get(phase_code), reasons.get(reason_code)
    if bool(phase) != bool(phase_code) or bool(reason) != bool(reason_code):
        return
    if word in (NOW, NOW_OF_COHORT):
        _show_open_now(choice, word, phase)
    elif word in list(Part) and _is_counted(Part(word), phase):
        _show_part(choice, Part(word), phase, reason)


def _is_counted(part: Part, phase: Phase | None) -> bool:
    """Whether the funnel has such a figure: closing phases are passed by nobody."""
    if phase is None:
        return part not in _NEED_A_PHASE
    return phase.phase_type is not PhaseType.CLOSING


def _show_part(choice: Choice, part: Part, phase: Phase | None, reason: ClosingReason | None) -> None:
    which = Which(part, phase.id if phase else None, reason.id if reason else None)
    phase_now = () if part in _CLOSED_NOW else ("phase",)
    closing = () if part is Part.OPEN else ("closed", "closing_reason")
    at = ("title", *phase_now, "owner", "score", "expected_value", "opened", *closing)
    show_leads_behind(_title(part, phase, reason), list_conversion_leads, choice, which, at=at)


def _show_open_now(choice: Choice, word: str, phase: Phase | None) -> None:
    name = phase.description if phase else ""
    titles = {
        (NOW, True): _("Open in {phase} now, whenever opened", phase=name),
        (NOW, False): _("Open now, whenever opened"),
        (NOW_OF_COHORT, True): _("Open in {phase} now, opened in this period", phase=name),
        (NOW_OF_COHORT, False): _("Open now, opened in this period"),
    }
    asked = choice if word == NOW_OF_COHORT else replace(choice, period=Period(zone=choice.period.zone))
    at = ("phase", "owner", "score", "expected_value", "weighted_value", "opened", "title")
    show_leads_behind(titles[word, bool(phase)], list_open_now, asked, phase.id if phase else None, at=at)


def _title(part: Part, phase: Phase | None, reason: ClosingReason | None) -> str:
    title = _titles_at(phase.description)[part] if phase else _titles()[part]
    return _("{title}, {reason}", title=title, reason=reason.description) if reason else title


def _titles_at(phase: str) -> Mapping[Part, str]:
    return {
        Part.REACHED: _("Reached {phase}", phase=phase),
        Part.WENT_ON: _("Went on from {phase}", phase=phase),
        Part.SKIPPED: _("Skipped {phase}", phase=phase),
        Part.DROPPED: _("Got no further than {phase}", phase=phase),
        Part.CLOSED: _("Lost or neither, no further than {phase}", phase=phase),
        Part.OPEN: _("Still open, no further than {phase}", phase=phase),
        Part.LOST: _("Lost, no further than {phase}", phase=phase),
        Part.NEITHER: _("Neither won nor lost, no further than {phase}", phase=phase),
        Part.WON: _("Won"),
    }


def _titles() -> Mapping[Part, str]:
    return {
        Part.REACHED: _("Opened in this period"),
        Part.DROPPED: _("Opened in this period and not won"),
        Part.CLOSED: _("Lost or neither"),
        Part.OPEN: _("Still open"),
        Part.LOST: _("Lost"),
        Part.NEITHER: _("Neither won nor lost"),
        Part.WON: _("Won"),
    }
