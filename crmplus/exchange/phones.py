"""The phone number of a cell: the first where more stand in it, also in the JSON of other systems."""

import json
import re
from collections.abc import Iterable, Iterator

_LONGEST = 50
"""Characters that a customer's phone number may have."""
_SEPARATORS = re.compile(r"\s*(?:[;|\n\r]|, | / )\s*")
_LEAST_DIGITS = 6


def first_phone(text: str) -> str:
    """`text` as it is where it can be one number, else the first in it that looks like one."""
    text = text.strip()
    if text[:1] in ("[", "{"):
        return next(_numbers(_values(text)), "")
    if len(text) <= _LONGEST:
        return text
    return next(_numbers(_SEPARATORS.split(text)), text)


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if len(text) <= _LONGEST and sum(map(str.isdigit, text)) >= _LEAST_DIGITS:
            yield text


def _values(text: str) -> Iterator[str]:
    """All texts and numbers of JSON, in order; the text itself where it is none."""
    try:
        waiting: list[object] = [json.loads(text)]
    except (ValueError, RecursionError):
        waiting = [text]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += reversed(list(value.values()) if isinstance(value, dict) else value)
        elif isinstance(value, str | int):
            yield str(value)
