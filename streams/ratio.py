"""The limit that stops the line: a bad release must not dead-letter or deny everything before anybody looks."""

from collections import deque

from config.limits import DEAD_LETTER_RATIO_WINDOW

RECORDS_BEFORE_JUDGING = 100


class LineStoppedError(RuntimeError):
    """Too large a share of the last records was refused; the text says which and what to do."""


class RatioLimit:
    """Share of refused records among the last thousand of a session."""

    def __init__(self, name: str, share_max: float) -> None:
        self._name = name
        self._share_max = share_max
        self._recent: deque[bool] = deque(maxlen=DEAD_LETTER_RATIO_WINDOW)
        self._refused = 0

    def add(self, refused: bool, example: str = "") -> None:
        """Count a record; raises LineStoppedError when the share passes the limit. `example` tells of this one."""
        recent = self._recent
        if len(recent) == recent.maxlen:
            self._refused -= recent[0]
        recent.append(refused)
        self._refused += refused
        if refused and len(recent) >= RECORDS_BEFORE_JUDGING and self._refused > self._share_max * len(recent):
            raise LineStoppedError(
                f"{self._refused} of the last {len(recent)} records were {self._name}, over {self._share_max:.0%}. "
                f"The line stops before their batch is committed, so that none is refused for good. The last one: "
                f"{example or 'not told'}. Mend what sends them, or this release, or raise the limit."
            )
