"""What our components send: as any input from outside, it is looked at before it is believed."""

from uuid import UUID

NEWEST_POSSIBLE = 2**31 - 1
"""The largest version that the database can hold."""


def key_of(value: object) -> UUID:
    """The key of something. Raises: ValueError where it is none."""
    if not isinstance(value, str):
        raise ValueError(value)
    return UUID(value)


def version_of(value: object) -> int:
    """A version of something. Raises: ValueError where it can't be one."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= NEWEST_POSSIBLE:
        raise ValueError(value)
    return value
