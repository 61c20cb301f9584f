"""How fast a worker takes new claims, where its settings hold it: what waits on the topic is taken later."""

# Records of a fetch while a rate is held: a burst that the doors beside the worker do not feel.
RECORDS_A_FETCH_MAX = 100
# A worker that was busy with what is under way comes back to new claims late; its rate is kept all the same.
MADE_UP_SECONDS = 0.25


class IntakeRate:
    """Keeps new claims to a rate on average: after more than are due, none until the time for them has passed.

    `now` is seconds of a monotonic clock; a rate of 0 holds nothing.
    """

    def __init__(self, claims_per_second: float) -> None:
        self._rate = claims_per_second
        self._ahead = 0.0
        self._at = 0.0

    @property
    def held(self) -> bool:
        """Whether there is a rate to keep to."""
        return self._rate > 0

    def is_open(self, now: float) -> bool:
        """Whether more claims may be taken now."""
        return not self.held or self._ahead <= (now - self._at) * self._rate

    def taken(self, claims: int, now: float) -> None:
        """Take note of claims that were taken. A quarter of a second in which none came is made up for, and no more."""
        self._ahead = max(-MADE_UP_SECONDS * self._rate, self._ahead - (now - self._at) * self._rate) + claims
        self._at = now
