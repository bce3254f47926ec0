"""What was decided so far about a file to import: kept for the session, lost by no step back."""

import re
import shutil
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from crmplus.domain.importing import ImportRun
from crmplus.domain.message import Message
from crmplus.exchange.columns import is_known as is_known
from crmplus.exchange.detect import detect
from crmplus.exchange.fields import FIELDS, Kind
from crmplus.exchange.imports import Check
from crmplus.exchange.lines import Line
from crmplus.exchange.mapping import Choice, CustomerKey, ImportMapping
from crmplus.exchange.proposal import possible_keys, propose_columns, propose_source
from crmplus.exchange.reading import Reading
from crmplus.exchange.source import Source, open_source
from crmplus.exchange.staging import Folder
from crmplus.ui.import_contents import Contents, Survey, is_named
from crmplus.ui.session import language

_KEY = "import"
_CHUNK = 1 << 20
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Step(IntEnum):
    """The screens of an import, in order."""

    FILE = 1
    READING = 2
    COLUMNS = 3
    VALUES = 4
    CHECK = 5
    RESULT = 6


@dataclass(slots=True)
class ImportDraft:
    """One import on its way. `turn` grows where decisions change behind the widgets' back.

    A column, a key or a name that nobody decided about is not in `columns`, None, or not in `values`.
    `values_type` is the account type whose phases they mean; `asked` are names without a clear meaning.
    """

    step: Step = Step.FILE
    turn: int = 0
    contents: Contents | None = None
    reading: Reading = field(default_factory=Reading)
    hints: tuple[Message, ...] = ()
    names: list[str] = field(default_factory=list)
    kind: Kind = Kind.CUSTOMERS
    columns: dict[str, str] = field(default_factory=dict)
    account_type: str = ""
    customer_key: CustomerKey | None = None
    key_source: str | None = None
    has_placeholder: bool = False
    placeholder: str = ""
    starts_leads: bool = False
    values: dict[str, dict[str, Choice | None]] = field(default_factory=dict)
    values_type: str = ""
    asked: dict[str, set[str]] = field(default_factory=dict)
    applied: str = ""
    check: Check | None = None
    run: ImportRun | None = None
    is_importing: bool = False
    last_progress: datetime = _LONG_AGO

    def key(self, name: str, value: object = None) -> str:
        """A widget's key; the widget shows `value` where it was forgotten, on another step or page.

        Another language makes another widget: the browser would go on showing the old words.
        """
        key = f"import-{self.turn}-{language().code}-{name}"
        if value is not None:
            st.session_state.setdefault(key, value)
        return key

    @property
    def file(self) -> Source:
        return self._opened.source

    @property
    def _opened(self) -> Contents:
        assert self.contents is not None, "a step behind the first was drawn without a file"
        return self.contents

    def look(self) -> tuple[list[str], list[Line]]:
        """The names of the columns and the first rows. Raises: Unreadable."""
        return self._opened.look(self.reading)

    def samples(self, place: int, count: int = 3) -> list[str]:
        """Some cells of a column, each once."""
        cells = (line.values[place].strip() for line in self.look()[1] if place < len(line.values))
        return list(dict.fromkeys(cell for cell in cells if cell))[:count]

    def survey(self) -> Survey:
        """Read the whole file through. Raises: Unreadable, naming the line where reading stops."""
        return self._opened.survey(self.reading, self.used_columns)

    def named(self) -> Mapping[str, Counter[str]]:
        """The names of settings and people in the file, by field. Raises: Unreadable, Refused."""
        return self._opened.named(self.reading, self.used_columns)

    def begin_columns(self) -> None:
        """Match the columns by their names, unless that was done for these names already."""
        names, lines = self.look()
        if names == self.names:
            return
        self.names, self.turn, self.applied = names, self.turn + 1, ""
        self.kind, self.columns = propose_columns(names, lines)
        self.customer_key = self.key_source = None

    @property
    def used_columns(self) -> dict[str, str]:
        """Those that say something of what a row is: customers have no fields of a lead."""
        of_leads = self.kind is not Kind.CUSTOMERS
        return {name: key for name, key in self.columns.items() if of_leads or not FIELDS[key].is_of_lead}

    @property
    def fields(self) -> Collection[str]:
        return self.used_columns.values()

    def column_of(self, field_key: str) -> str:
        """The column that is this field; empty where none is."""
        return next((name for name, key in self.used_columns.items() if key == field_key), "")

    @property
    def possible_keys(self) -> list[CustomerKey]:
        """By what customers can be told apart with these columns, the surest first."""
        return possible_keys(self.fields)

    @property
    def default_source(self) -> str:
        """Whose keys they are, until another name is chosen; empty without keys."""
        return propose_source(self.used_columns, self.file.name)

    @property
    def uses_placeholder(self) -> bool:
        """Whether rows without a customer's name go to one; a row that is a customer needs its own."""
        return self.has_placeholder and self.kind is not Kind.CUSTOMERS

    @property
    def has_values(self) -> bool:
        return any(is_named(key) for key in self.fields)

    def mapping(self) -> ImportMapping:
        """The decisions, as the import wants them."""
        keys = self.possible_keys
        return ImportMapping(
            kind=self.kind,
            columns=self.used_columns,
            account_type=self.account_type,
            customer_key=self.customer_key if self.customer_key in keys else keys[0],
            source=(self.key_source or self.default_source) if self.default_source else "",
            placeholder_customer=self.placeholder.strip() if self.uses_placeholder else "",
            starts_leads=self.starts_leads and self.kind is Kind.CUSTOMERS,
            values={
                key: {name: choice for name, choice in self.values[key].items() if choice}
                for key in self.values
                if key in self.fields
            },
            reading=self.reading,
        )


def the_draft() -> ImportDraft:
    """The import of this session."""
    draft: ImportDraft = st.session_state.setdefault(_KEY, ImportDraft())
    return draft


def take_file(name: str, content: BinaryIO) -> None:
    """Keep an uploaded file where every step can read it again. Raises: Unreadable."""
    folder = Folder()
    kind = re.sub(r"\W", "", Path(name).suffix)[:5].lower()  # a workbook with a password is known by it
    path = folder.path / f"file.{kind}"
    with path.open("wb") as file:
        shutil.copyfileobj(content, file, _CHUNK)
    source = open_source(path, name)
    found = detect(source, prefers_comma=language().code == "nl")
    begin_anew()
    draft = the_draft()
    draft.step, draft.contents = Step.READING, Contents(source, folder)
    draft.reading, draft.hints = found.reading, found.notes


def begin_anew() -> None:
    """Forget the file and all that was decided about it."""
    draft = the_draft()
    for kept in (draft.contents, draft.check):
        if kept:
            kept.folder.close()
    st.session_state[_KEY] = ImportDraft(turn=draft.turn + 1)
