"""How long a session waits for its batch to fill: transactions are the cost, so the wait grows with the load."""

# A session that sees this many records a second waits the longest: its batches then carry many claims a transaction.
FULL_RATE = 60.0
SMOOTHING_SECONDS = 1.0


class Pacing:
    """Moving rate of a session's records, and the linger that follows from it, within a latency budget."""

    def __init__(self, shortest_seconds: float, longest_seconds: float) -> None:
        self._shortest = shortest_seconds
        self._longest = max(shortest_seconds, longest_seconds)
        self._rate = 0.0
        self._at: float | None = None

    def processed(self, records: int, now: float) -> None:
        """Take note of a batch that ended at `now` (seconds of a monotonic clock)."""
        if self._at is not None and now > self._at:
            elapsed = now - self._at
            weight = min(1.0, elapsed / SMOOTHING_SECONDS)
            self._rate += weight * (records / elapsed - self._rate)
        self._at = now

    def linger_seconds(self) -> float:
        """How long to wait from the first record of a batch."""
        share = min(1.0, self._rate / FULL_RATE)
        return self._shortest + share * (self._longest - self._shortest)
