"""Sessions: browsers that somebody is signed in with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Way(StrEnum):
    """How somebody proved who they are."""

    PASSWORD = "password"
    OIDC = "oidc"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class Session:
    """`address` and `device` are those of the browser when it signed in; it is over at `ends_at_utc`, and
    earlier where nothing is heard from it. Of its token only a hash is kept."""

    id: UUID
    token_hash: str
    person_id: UUID
    way: Way
    address: str
    device: str
    made_at_utc: datetime
    seen_at_utc: datetime
    ends_at_utc: datetime
