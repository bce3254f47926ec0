"""Lines with totals, which reports and sheets kept by hand put below their rows."""

import re
from collections.abc import Sequence

_TOTAL = re.compile(
    r"(?:grand |sub|sub-|eind|general )?(?:totals?|totaal|totalen|summe|gesamt(?:summe)?|soma)"
    r"(?:\s+(?:geral|generaal))?\s*:?\s*(?:\([^()]*\))?",
    re.IGNORECASE,
)
_MOST_CELLS = 4
"""A row of a customer of that name says more than its sums."""


def is_total(values: Sequence[str], width: int) -> bool:
    """Whether a row of a file of `width` columns is a sum of those above: a word for it, and beside
    it next to nothing."""
    filled = [value.strip() for value in values if value and not value.isspace()]
    if not filled or len(filled) > _MOST_CELLS or len(filled) * 2 > width:
        return False
    return _TOTAL.fullmatch(filled[0]) is not None
