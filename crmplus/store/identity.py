"""Keys: UUIDv7, so that rows made later sort later."""

from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A key that no other row has (RFC 9562, version 7)."""
    return uuid7()


def new_id_text() -> str:
    """Such a key as text, at a third of the cost: for the rows of a file."""
    return str(uuid_utils.uuid7())
