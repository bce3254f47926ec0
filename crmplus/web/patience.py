"""Patience: who failed to sign in waits, longer each time, before the next try is looked at.

Kept in the memory of the process: a restart forgets it, and nobody outside can restart it.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(hours=1)
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last: datetime


class Patience:
    """Failures by key, such as the account that was tried; the first `free` ones cost no wait."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, key: str, at: datetime) -> timedelta:
        """How long until a try with this key is looked at."""
        with self._lock:
            known = self._failures.get(key)
        if known is None or known.count < self._free:
            return timedelta(0)
        wait = min(timedelta(seconds=2 ** min(known.count - self._free, 20)), LONGEST)
        return max(timedelta(0), known.last + wait - at)

    def fail(self, key: str, at: datetime) -> None:
        with self._lock:
            known = self._failures.pop(key, None)
            goes_on = known is not None and at - known.last <= _FORGOTTEN_AFTER
            self._failures[key] = _Failures(known.count + 1 if known and goes_on else 1, at)
            while len(self._failures) > _MOST_KEPT:
                self._failures.popitem(last=False)

    def take_back(self, key: str) -> None:
        """One failure that turned out to be none; those before it stay."""
        with self._lock:
            if known := self._failures.get(key):
                self._failures[key] = _Failures(known.count - 1, known.last)

    def forgive(self, key: str) -> None:
        """All of them."""
        with self._lock:
            self._failures.pop(key, None)
