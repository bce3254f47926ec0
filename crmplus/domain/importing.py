"""Imports: what is kept of one that was made, and of the decisions about a file."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One import of one file: the counts that its check promised and it kept."""

    id: UUID
    at_utc: datetime
    actor_name: str
    file_name: str
    kind: str
    source: str
    row_count: int
    refused_count: int
    customers_made: int
    customers_changed: int
    leads_made: int
    leads_changed: int
    settings_made: int
    undone_at_utc: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """What the user decided about a file, kept by name for the next one like it."""

    id: UUID
    name: str
    content_json: str
    version: int
