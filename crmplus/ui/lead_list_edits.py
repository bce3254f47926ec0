"""Cells of the list that were typed over: read, saved one by one, and what became of each."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import streamlit as st

from crmplus.domain.errors import Conflict, CrmError, Invalid
from crmplus.domain.message import say
from crmplus.services.lead_edits import LeadEdit, edit_lead
from crmplus.ui.conflict import changes_of, who_of
from crmplus.ui.refusals import tell_refusal
from crmplus.ui.sent import key_of, version_of
from crmplus.ui.session import _, actor, database, language, now
from crmplus.ui.words import field_name

FIELDS = ("score", "expected_value", "recurring_value", "expected_close_date", "owner_id")
"""Those of a lead that can be typed over in the list."""

_LONGEST = 40
_MOST = 200
_OUTCOMES = "outcomes of cells"
_NEWER = "versions made by cells"


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What was typed into one cell; `key` is the browser's name for it, `version` the lead's when
    typing began."""

    key: str
    lead_id: UUID
    version: int
    field: str
    text: str


Outcome = dict[str, str | int]
"""What the browser is told: `state` saved, refused or conflict; `says` why; `version` to go on from."""


def save_cells(sent: object) -> None:
    """Save every edit that was sent and is not saved yet; the browser repeats those it has no answer to."""
    known = outcomes()
    edits = [edit for each in (sent if isinstance(sent, list) else [])[:_MOST] if (edit := _read(each))]
    st.session_state[_OUTCOMES] = {edit.key: known.get(edit.key) or _save(edit) for edit in edits}


def outcomes() -> Mapping[str, Outcome]:
    """What became of the edits sent last, by their keys."""
    found: Mapping[str, Outcome] = st.session_state.get(_OUTCOMES, {})
    return found


def _not_saved(field: str, found: Conflict) -> str:
    """What was typed and is not saved, and who saved what in between, in one sentence."""
    name = field_name(field)
    mine, who, when, changes = name[:1].lower() + name[1:], who_of(found), found.at_utc, changes_of(found)
    if not changes:
        return _(
            "Your {field} is not saved: {who} changed this lead on {when}.", field=mine, who=who, when=when
        )
    return _(
        "Your {field} is not saved: {who} changed this lead on {when} ({changes}).",
        field=mine,
        who=who,
        when=when,
        changes=changes,
    )


def _save(edit: CellEdit) -> Outcome:
    version = _newest_own(edit)
    try:
        lead = edit_lead(database(), actor(), edit.lead_id, version, _edit_of(edit), now())
    except Conflict as error:
        tell_refusal(error)
        return {"state": "conflict", "says": _not_saved(edit.field, error), "version": error.version}
    except CrmError as error:
        tell_refusal(error)
        return {"state": "refused", "says": language().message(error.message)}
    _newer()[edit.lead_id, version] = lead.version
    return {"state": "saved", "version": lead.version}


def _newest_own(edit: CellEdit) -> int:
    """The version that this session made of the one the edit began at: one's own saves are no conflict."""
    version = edit.version
    while version < _newer().get((edit.lead_id, version), version):
        version = _newer()[edit.lead_id, version]
    return version


def _newer() -> dict[tuple[UUID, int], int]:
    made: dict[tuple[UUID, int], int] = st.session_state.setdefault(_NEWER, {})
    return made


def _read(sent: Any) -> CellEdit | None:
    """An edit as the browser sends it; None for anything that no cell of ours sends."""
    match sent:
        case {
            "key": str(key),
            "lead": lead,
            "version": version,
            "field": str(field),
            "text": str(text),
        }:
            if field in FIELDS and len(key) <= _LONGEST:
                with suppress(ValueError):
                    return CellEdit(key, key_of(lead), version_of(version), field, text)
    return None


def _edit_of(edit: CellEdit) -> LeadEdit:
    """Raises: Invalid."""
    text = edit.text.strip()
    if len(text) > _LONGEST:
        wrong = say("At most {longest} characters; this has {length}.", longest=_LONGEST, length=len(text))
        raise Invalid({edit.field: wrong})
    if not text:
        return LeadEdit(**{edit.field: None})
    match edit.field:
        case "score":
            return LeadEdit(score=_score(text))
        case "expected_close_date":
            return LeadEdit(expected_close_date=_day(text))
        case "owner_id":
            return LeadEdit(owner_id=_owner(text))
        case amount:
            return LeadEdit(**{amount: language().parse_amount(amount, text)})  # type: ignore[arg-type]


def _score(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise Invalid({"score": say("Use a whole number from 1 to 100.")})
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"expected_close_date": say("Use a date between 1990 and 2100.")}) from None


def _owner(text: str) -> UUID:
    try:
        return key_of(text)
    except ValueError:
        raise Invalid({"owner_id": say("Choose somebody from the list.")}) from None
