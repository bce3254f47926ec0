"""What comes back from the board: as any input from outside, it is looked at before it is believed."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

NEWEST_POSSIBLE = 2**31 - 1
"""The largest version that the database can hold."""


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
                return AskedMore(_key(value["phase"]))
            case What.MOVE:
                return AskedMove(_key(value["lead"]), _version(value["version"]), _key(value["phase"]))
            case (What.DONE | What.PUT_OFF) as what:
                return AskedStep(what, _key(value["lead"]), _key(value["step"]), _version(value["version"]))
            case what:
                return AskedOfLead(what, _key(value["lead"]))
    except (KeyError, ValueError, TypeError):
        return None


def _key(value: object) -> UUID:
    """Raises: ValueError."""
    if not isinstance(value, str):
        raise ValueError(value)
    return UUID(value)


def _version(value: object) -> int:
    """Raises: ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= NEWEST_POSSIBLE:
        raise ValueError(value)
    return value
