"""What comes back from the board."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from crmplus.ui.sent import key_of, version_of


class What(StrEnum):
    """What can be asked of the board."""

    OPEN = "open"
    MOVE = "move"
    MORE = "more"
    PLAN = "plan"
    DONE = "done"
    PUT_OFF = "putOff"


@dataclass(frozen=True, slots=True)
class AskedOfLead:
    """Something about a lead: show its customer, or plan its next step."""

    what: What
    lead_id: UUID


@dataclass(frozen=True, slots=True)
class AskedMove:
    """Take a lead, at the version on its card, to a phase."""

    lead_id: UUID
    version: int
    phase_id: UUID


@dataclass(frozen=True, slots=True)
class AskedStep:
    """Something about the next step of a lead, at the version on the card."""

    what: What
    lead_id: UUID
    step_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class AskedMore:
    """More cards of a phase."""

    phase_id: UUID


Asked = AskedOfLead | AskedMove | AskedStep | AskedMore


def parse(value: object) -> Asked | None:
    """What is asked for; None where it can't be made out."""
    if not isinstance(value, dict):
        return None
    try:
        match What(value["what"]):
            case What.MORE:
                return AskedMore(key_of(value["phase"]))
            case What.MOVE:
                return AskedMove(key_of(value["lead"]), version_of(value["version"]), key_of(value["phase"]))
            case (What.DONE | What.PUT_OFF) as what:
                return AskedStep(
                    what, key_of(value["lead"]), key_of(value["step"]), version_of(value["version"])
                )
            case what:
                return AskedOfLead(what, key_of(value["lead"]))
    except (KeyError, ValueError, TypeError):
        return None
