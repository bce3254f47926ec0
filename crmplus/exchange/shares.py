"""Whether a file writes scores as parts of 1: then its 1 is a hundred percent and not one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from crmplus.exchange.lines import Line

_LINES_LOOKED_AT = 5_000
_PLAIN = re.compile(r"[0-9]{1,4}(\.[0-9]{1,20})?|\.[0-9]{1,20}")


def has_shares(lines: Iterable[Line], names: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether the first scores of a file lie between 0 and 1, some strictly."""
    place = next((place for place, name in enumerate(names) if columns.get(name) == "score"), None)
    if place is None:
        return False
    cells = (line.values[place] for line in islice(lines, _LINES_LOOKED_AT) if place < len(line.values))
    scores = {share_of(cell) for cell in cells if cell.strip()}
    return all(score is not None and score <= 1 for score in scores) and any(
        score and score < 1 for score in scores
    )


def share_of(cell: str) -> Decimal | None:
    """A plain number; None for anything else, a percentage too."""
    bare = cell.strip().replace(",", ".", 1)
    return Decimal(bare) if _PLAIN.fullmatch(bare) else None
