"""How the last backup went: kept beside the database, so that the page can say it after a restart too."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from crmplus.domain.message import Message
from crmplus.keeping.disk import write_whole
from crmplus.keeping.place import Place

log = logging.getLogger(__name__)

_kept: dict[Place, "Outcome"] = {}
"""What could not be written down: a full disk is when it matters most."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A backup that was made, or why none was; `size` in bytes.

    `finding_count` is the number of things that `check` found in what was copied.
    """

    at_utc: datetime
    name: str = ""
    size: int = 0
    finding_count: int = 0
    problem: Message | None = None


def keep_outcome(place: Place, outcome: Outcome) -> None:
    """Remember how it went."""
    problem = outcome.problem
    said = {
        "at_utc": outcome.at_utc.isoformat(),
        "name": outcome.name,
        "size": outcome.size,
        "finding_count": outcome.finding_count,
        "problem": problem and {"text": problem.text, "values": dict(problem.values)},
    }
    _kept[place] = outcome
    try:
        write_whole(place.record, json.dumps(said, default=str, indent=2), place.database)
    except OSError as error:
        log.error("how the last backup went can't be written to %s: %s", place.record, error)


def last_outcome(place: Place) -> Outcome | None:
    """How the last backup went, by whichever process made it; None where there was none."""
    try:
        said = json.loads(place.record.read_text(encoding="utf-8"))
        problem = said["problem"] and Message(said["problem"]["text"], said["problem"]["values"])
        made = datetime.fromisoformat(said["at_utc"])
        found = Outcome(made, said["name"], said["size"], said["finding_count"], problem)
    except FileNotFoundError:
        return _kept.get(place)
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.error("how the last backup went can't be read from %s: %s", place.record, error)
        return _kept.get(place)
    own = _kept.get(place)
    return own if own and own.at_utc > found.at_utc else found
