"""A pace that a long body must keep: what trickles is ended, what is merely large is not."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from aiohttp import hdrs

from api.problems import Problem

R = TypeVar("R")
# In each window this much must arrive, or the end: about 50 kbit/s. With the time for headers and for lingering
# (api/run.py), a connection that trickles ends within 30 seconds.
WINDOW_SECONDS = 10.0
WINDOW_BYTES_MIN = 64 * 1024
TOTAL_SECONDS = 120.0
_CLOSE: dict[str, str] = {hdrs.CONNECTION: "close"}


class Pace:
    """Watches over one body. Only the time in which we wait for its sender counts: the rest is ours."""

    def __init__(
        self,
        window_seconds: float = WINDOW_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        window_bytes: int = WINDOW_BYTES_MIN,
    ) -> None:
        self._window_seconds = window_seconds
        self._window_bytes = window_bytes
        # What is left of the whole, and of the window under way.
        self._left = total_seconds
        self._window_left = window_seconds
        self._in_window = 0

    async def keep(self, reading: Awaitable[R]) -> R:
        """What `reading` brings. Raises a 408 problem when it does not come in time."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(max(min(self._window_left, self._left), 0.0)):
                return await reading
        except TimeoutError:
            detail = (
                f"The body came too slowly: {self._window_bytes} bytes in {self._window_seconds:g} seconds are the "
                "least. Send it again over a better connection, or send less at once."
            )
            raise Problem(408, "body_too_slow", detail, headers=_CLOSE) from None
        finally:
            waited = time.monotonic() - began
            self._left -= waited
            self._window_left -= waited

    def count(self, size: int) -> None:
        """Note bytes that arrived; a window that brought enough begins anew."""
        self._in_window += size
        if self._in_window >= self._window_bytes:
            self._in_window = 0
            self._window_left = self._window_seconds
