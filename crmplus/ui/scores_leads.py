"""The leads behind the figures of the page Scores, by the code that the URL knows each by."""

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from crmplus.analytics.calibration import BANDS, ScoredPart, list_leads_without_score, list_scored_leads
from crmplus.analytics.choice import Choice
from crmplus.analytics.drift import list_valued_leads
from crmplus.domain.closing_reason import Outcome
from crmplus.domain.phase import Phase
from crmplus.exchange.table_files import Column, Kind
from crmplus.services.phases import list_phases
from crmplus.ui.leads_behind import show_leads_behind
from crmplus.ui.pickers import owners_by_code
from crmplus.ui.scores_choice import phase_name
from crmplus.ui.scores_words import band_name
from crmplus.ui.session import _, read
from crmplus.ui.words import owner_name

SCORED_LEADS = "scored"
WON_LEADS = "won"
WITHOUT_SCORE = "no-score"
_OF_NOBODY = "nobody"
_AT = ("title", "owner", "score", "expected_value", "closed", "closing_reason")


def band_code(place: int, is_won: bool = False) -> str:
    return "band-{}-{}".format(*BANDS[place]) + ("-won" if is_won else "")


def owner_code(owner_id: UUID | None) -> str:
    """None: the leads of nobody."""
    codes = {person.id: code for code, person in owners_by_code().items()}
    return _OF_NOBODY if owner_id is None else f"owner-{codes[owner_id]}"


def drift_code(phase: Phase, outcome: Outcome, of: str) -> str:
    """`of` is "score" or "value"."""
    return f"{outcome}-{of}-{phase.code}"


def show_leads(code: str, chosen: Choice, funnel: Choice, phase: Phase | None) -> None:
    """The leads behind a code; none behind one that is unknown here. `funnel` is what drift is of."""
    phase_id = phase.id if phase else None
    if code == WITHOUT_SCORE:
        show_leads_behind(_("Without a score"), list_leads_without_score, chosen, phase_id, at=_AT)
    elif named := _named_part(code, chosen):
        title, asked, part = named
        show_leads_behind(title, list_scored_leads, asked, part, phase_id, more=_score_in(phase), at=_AT)
    else:
        _show_of_drift(code, funnel)


def _named_part(code: str, chosen: Choice) -> tuple[str, Choice, ScoredPart] | None:
    """What a code of calibration is called and which leads it stands for."""
    if code == SCORED_LEADS:
        return _("With a score"), chosen, ScoredPart()
    if code == WON_LEADS:
        return _("Won"), chosen, ScoredPart(is_won=True)
    if code == _OF_NOBODY:
        return owner_name(None), chosen, ScoredPart(is_of_nobody=True)
    if found := re.fullmatch(r"(band-\d+-\d+)(-won)?", code):
        places = [place for place in range(len(BANDS)) if band_code(place) == found[1]]
        return _named_band(places[0], bool(found[2]), chosen) if places else None
    owner = owners_by_code().get(code.removeprefix("owner-")) if code.startswith("owner-") else None
    if owner is None or chosen.owner_id not in (None, owner.id):
        return None
    return owner.name, replace(chosen, owner_id=owner.id), ScoredPart()


def _named_band(place: int, is_won: bool, chosen: Choice) -> tuple[str, Choice, ScoredPart]:
    band = band_name(place)
    if is_won:
        return _("Scored {band}, won", band=band), chosen, ScoredPart(BANDS[place], is_won=True)
    return _("Scored {band}", band=band), chosen, ScoredPart(BANDS[place])


def _show_of_drift(code: str, funnel: Choice) -> None:
    outcome, _dash, rest = code.partition("-")
    of, _dash, phase_code = rest.partition("-")
    phase = next(
        (
            phase
            for phase in read(list_phases, with_archived=True)
            if phase.code == phase_code and phase.account_type_id == funnel.account_type_id
        ),
        None,
    )
    if phase is None or outcome not in (Outcome.WON, Outcome.LOST):
        return
    is_won = outcome == Outcome.WON
    name = phase_name(phase)
    title = _("{phase}, won later", phase=name) if is_won else _("{phase}, lost later", phase=name)
    if of == "score":
        part = ScoredPart(is_won=is_won)
        show_leads_behind(title, list_scored_leads, funnel, part, phase.id, more=_score_in(phase), at=_AT)
    elif of == "value":
        head = _("Expected in {phase}", phase=name)
        more = [Column("amount", head, Kind.MONEY)]
        show_leads_behind(title, list_valued_leads, funnel, phase.id, Outcome(outcome), more=more, at=_AT)


def _score_in(phase: Phase | None) -> Sequence[Column]:
    """The score counted, where it is another than the one closed with."""
    if phase is None:
        return ()
    return [Column("amount", _("Score in {phase}", phase=phase_name(phase)), Kind.SCORE)]
