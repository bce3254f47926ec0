"""Sentences for people, written in English here and translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A translatable sentence.

    `text` is the English sentence and the key of its translation; `plural` is its form for
    counts other than one. `values` fill the braces; they are formatted for the reader's
    language when shown (Decimal as a number, date as a date, Message as its translation).
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None

    def __str__(self) -> str:
        count = self.values.get("count")
        template = self.plural if self.plural and count != 1 else self.text
        return template.format(**self.values)


def say(text: str, /, **values: object) -> Message:
    """A sentence; its literal text is collected for the catalogues."""
    return Message(text, values)


def say_count(singular: str, plural: str, /, count: int, **values: object) -> Message:
    """A sentence that depends on `count`; both literals are collected for the catalogues."""
    return Message(singular, {"count": count, **values}, plural)
