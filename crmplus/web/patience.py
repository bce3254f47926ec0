"""Patience: who failed to sign in waits, longer each time, before the next try is looked at.

Kept in the memory of the process: a restart forgets it, and nobody outside can restart it.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_FAILURES = 5
LONGEST = timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(hours=1)
_MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last: datetime

    @property
    def next_try(self) -> datetime:
        if self.count < FREE_FAILURES:
            return self.last
        seconds = 2 ** min(self.count - FREE_FAILURES, 20)
        return self.last + min(timedelta(seconds=seconds), LONGEST)


class Patience:
    """Failures by key: one for the account that was tried, one for the address it was tried from."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, keys: Iterable[str], at: datetime) -> timedelta:
        """How long until a try with these keys is looked at."""
        with self._lock:
            waits = [self._failures[key].next_try - at for key in keys if key in self._failures]
        return max([timedelta(0), *waits])

    def fail(self, keys: Iterable[str], at: datetime) -> None:
        with self._lock:
            for key in keys:
                known = self._failures.pop(key, None)
                is_old = known is None or at - known.last > _FORGOTTEN_AFTER
                self._failures[key] = _Failures(1 if is_old or known is None else known.count + 1, at)
            while len(self._failures) > _MOST_KEPT:
                self._failures.popitem(last=False)

    def forgive(self, key: str) -> None:
        with self._lock:
            self._failures.pop(key, None)
