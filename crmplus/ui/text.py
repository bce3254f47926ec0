"""User text in places that read markdown or HTML: shown as it was typed."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&\"'=])")


def plain(text: str) -> str:
    """`text` for a place that reads markdown, so that it shows as typed."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def sentence(text: str) -> str:
    """`text` as a sentence begins: it may begin with somebody who is no name."""
    return text[:1].upper() + text[1:]


def shortened(text: str, longest: int = 60) -> str:
    """The beginning of a long text, with an ellipsis where it was cut."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def distinct(names: Mapping[Key, str]) -> dict[Key, str]:
    """Names for a picker, numbered where equal: Streamlit tells choices apart by what they are called."""
    seen: Counter[str] = Counter()
    labels = {}
    for key, name in names.items():
        seen[name] += 1
        labels[key] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return labels
