"""Teams: people who see each other's customers and leads where the workspace says so."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Team:
    id: UUID
    name: str
    version: int
