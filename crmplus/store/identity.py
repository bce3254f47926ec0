"""Keys: UUIDv7, so that rows made later sort later."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A key that no other row has (RFC 9562, version 7)."""
    return uuid7()
