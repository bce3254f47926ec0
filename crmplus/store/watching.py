"""How long reads and writes take, for those who want to know."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["read", "write"]

watchers: list[Callable[[Kind, float, bool], None]] = []
"""Each is told what was done, how many seconds it took, with the wait for its turn, and whether it went
through."""


@contextmanager
def watched(kind: Kind) -> Iterator[None]:
    """Tell the watchers of what happens inside."""
    began, went_through = perf_counter(), False
    try:
        yield
        went_through = True
    finally:
        for tell in watchers:
            tell(kind, perf_counter() - began, went_through)
