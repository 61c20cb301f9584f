"""Whose turn it is to decide: one session of a process at a time, the latest stage first.

Python runs one thread at a time anyway; sixteen sessions that shared it every few milliseconds would all finish late.
The latest stage goes first, so that a backlog waits where it came in and claims under way are finished: they stay few,
and what one stage encoded is still in memory when the next one wants it.
"""

from collections import Counter
from threading import Condition


class Turn:
    """A lock that is handed to the waiter of the highest rank."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._taken = False
        self._waiting: Counter[int] = Counter()

    def take(self, rank: int) -> None:
        """Wait for the turn; it must be given back."""
        with self._changed:
            self._waiting[rank] += 1
            self._changed.wait_for(lambda: not self._taken and self._highest() <= rank)
            self._waiting[rank] -= 1
            self._taken = True

    def give_back(self) -> None:
        """Let the next one decide."""
        with self._changed:
            self._taken = False
            self._changed.notify_all()

    def _highest(self) -> int:
        return max((rank for rank, count in self._waiting.items() if count), default=0)
