"""Counters of rate limits in the memory of a process: fixed windows, bounded in number.

Rates are written and read as the library `limits` has them ("100/minute"). Its own store in memory starts a thread up
to a hundred times a second and takes 10 us for a count and its headers, on every request; the service runs in one
event loop, where a dictionary does the same in 1 us. Several processes count each for itself.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from limits import parse

from config.limits import RATE_KEYS_MAX


@dataclass(slots=True)
class _Window:
    count: int
    ends_at: float


@dataclass(frozen=True, slots=True)
class Used:
    """How a window stands after a request: the policy it is of, what is left, and seconds until it ends."""

    policy: "Policy"
    allowed: bool
    remaining: int
    reset: float

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After on a refusal."""
        reset = str(max(ceil(self.reset), 1))
        found = {
            "RateLimit-Policy": self.policy.header,
            "RateLimit": f'"{self.policy.name}";r={self.remaining};t={reset}',
        }
        return found if self.allowed else found | {"Retry-After": reset}


class Policy:
    """A rate such as "100/minute" under the name that callers see. Raises ValueError for what is no rate.

    Whoever is counted has a window that begins with the first request and ends after the rate's time. Of more than
    `keys_max` at once the tenth that began first is forgotten.
    """

    def __init__(
        self, name: str, rate: str, clock: Callable[[], float] = time.monotonic, keys_max: int = RATE_KEYS_MAX
    ) -> None:
        item = parse(rate)
        self.name = name
        self.quota = item.amount
        self.seconds = item.get_expiry()
        self.header = f'"{name}";q={self.quota};w={self.seconds}'
        self._clock = clock
        self._keys_max = keys_max
        self._windows: dict[str, _Window] = {}

    def hit(self, who: str) -> Used:
        """Count a request of `who`; it is allowed while the quota is not passed."""
        now = self._clock()
        window = self._windows.get(who)
        if window is None or window.ends_at <= now:
            window = self._begin(who, now)
        window.count += 1
        left = self.quota - window.count
        return Used(self, left >= 0, max(left, 0), window.ends_at - now)

    def test(self, who: str) -> Used:
        """Whether a request of `who` would be allowed; nothing is counted."""
        now = self._clock()
        window = self._windows.get(who)
        if window is None or window.ends_at <= now:
            return Used(self, True, self.quota, self.seconds)
        left = self.quota - window.count
        return Used(self, left > 0, max(left, 0), window.ends_at - now)

    def _begin(self, who: str, now: float) -> _Window:
        self._windows.pop(who, None)
        if len(self._windows) >= self._keys_max:
            over = [key for key, window in self._windows.items() if window.ends_at <= now]
            for key in over or list(self._windows)[: max(self._keys_max // 10, 1)]:
                del self._windows[key]
        window = self._windows[who] = _Window(0, now + self.seconds)
        return window
