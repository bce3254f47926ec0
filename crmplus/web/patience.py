"""Patience: who failed to sign in waits, longer each time, before the next try is looked at.

Kept in the memory of the process: a restart forgets it, and nobody outside can restart it.
"""

import asyncio
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


class Guesses:
    """Wrong guesses at the door, counted by account and place together, by place, and by account alone.

    A place is where guesses come from: an office may be behind one, so it may fail more often. Of an account
    alone so many are free that no single place comes so far: who sits elsewhere can't be made to wait by it.
    """

    def __init__(self) -> None:
        self._both, self._place, self._account = Patience(free=5), Patience(free=20), Patience(free=100)

    def wait(self, at: datetime, place: str, account: str = "") -> timedelta:
        """How long until a guess is looked at."""
        return max(patience.wait(key, at) for patience, key in self._counted(place, account))

    def wrong(self, at: datetime, place: str, account: str = "") -> None:
        for patience, key in self._counted(place, account):
            patience.fail(key, at)

    def right(self, place: str, account: str = "") -> None:
        """The guess that was counted as wrong was none."""
        self._place.take_back(place)
        if account:
            self._both.forgive(f"{account} {place}")
            self._account.take_back(account)

    def _counted(self, place: str, account: str) -> list[tuple[Patience, str]]:
        of_account = [(self._both, f"{account} {place}"), (self._account, account)] if account else []
        return [(self._place, place), *of_account]


class Turns:
    """So many at a time, while so many others wait; more are turned away.

    It belongs to one event loop. `async with` takes a turn, where `is_full` does not say otherwise.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._left = at_once + waiting

    @property
    def is_full(self) -> bool:
        return self._left <= 0

    async def __aenter__(self) -> None:
        self._left -= 1
        try:
            await self._free.acquire()
        except BaseException:
            self._left += 1
            raise

    async def __aexit__(self, *_error: object) -> None:
        self._free.release()
        self._left += 1
