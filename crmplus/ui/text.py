"""User text in places that read markdown or HTML: shown as it was typed."""

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&\"'=])")


def plain(text: str) -> str:
    """`text` for a place that reads markdown, so that it shows as typed."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def shortened(text: str, longest: int = 60) -> str:
    """The beginning of a long text, with an ellipsis where it was cut."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
