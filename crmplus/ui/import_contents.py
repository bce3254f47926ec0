"""What stands in a file to import: looked at on every step, read once for each way of reading it."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from crmplus.domain.errors import CrmError
from crmplus.exchange.fields import FIELDS, Content
from crmplus.exchange.lines import Line, preview, read_lines
from crmplus.exchange.names import collect_names
from crmplus.exchange.proposal import LINES_LOOKED_AT
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source
from crmplus.exchange.staging import Folder

Found = TypeVar("Found")

_PARTS_OF_A_NAME = {"contact", "contact_first_name", "contact_last_name"}


@dataclass(frozen=True, slots=True)
class Survey:
    """The whole file, read through once: how many rows it has, and how many of them name no customer."""

    row_count: int
    nameless_count: int


@dataclass(slots=True)
class Contents:
    """An uploaded file; its `folder` is gone when nothing refers to it any more."""

    source: Source
    folder: Folder
    _remembered: dict[str, tuple[Hashable, object]] = field(default_factory=dict)

    def look(self, reading: Reading) -> tuple[list[str], list[Line]]:
        """The names of the columns and the first rows. Raises: Unreadable."""
        return self._once("look", reading, lambda: preview(self.source, reading, LINES_LOOKED_AT))

    def survey(self, reading: Reading, columns: Mapping[str, str]) -> Survey:
        """Read the whole file through. Raises: Unreadable, naming the line where reading stops."""
        places = _naming_places(self.look(reading)[0], columns)
        return self._once("survey", (reading, places), lambda: self._survey(reading, places))

    def _survey(self, reading: Reading, places: Sequence[int]) -> Survey:
        count = nameless = 0
        for line in read_lines(self.source, reading):
            count += 1
            values = line.values
            nameless += not any(place < len(values) and values[place].strip() for place in places)
        return Survey(count, nameless)

    def named(self, reading: Reading, columns: Mapping[str, str]) -> Mapping[str, Counter[str]]:
        """The names of settings and people, by field, with their counts. Raises: Unreadable, Refused."""
        used = {name: key for name, key in columns.items() if is_named(key)}
        names = self.look(reading)[0]
        return self._once(
            "named",
            (reading, tuple(used.items())),
            lambda: collect_names(self.source, reading, names, used),
        )

    def _once(self, what: str, state: Hashable, find: Callable[[], Found]) -> Found:
        """What `find` finds, or its refusal, remembered while `state` stays."""
        if what not in self._remembered or self._remembered[what][0] != state:
            try:
                self._remembered[what] = (state, find())
            except CrmError as error:
                self._remembered[what] = (state, error)
        found = self._remembered[what][1]
        if isinstance(found, CrmError):
            raise found
        return found  # type: ignore[return-value]


def is_named(field_key: str) -> bool:
    """Whether a field holds names that the values step asks about."""
    return FIELDS[field_key].content is Content.NAMED


def _naming_places(names: Sequence[str], columns: Mapping[str, str]) -> tuple[int, ...]:
    """The columns of which one has to be filled for a row to name its customer."""
    naming = {"customer_name"} if "customer_name" in columns.values() else _PARTS_OF_A_NAME
    return tuple(place for place, name in enumerate(names) if columns.get(name) in naming)
