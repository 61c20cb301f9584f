"""A long answer is made in turns: between them others have the event loop."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar, cast

# How long an answer is made in one go.
TURN_SECONDS = 0.005
T = TypeVar("T")


class Turns:
    """The turns of one request, which all its fields share: they would each take one in the same round."""

    def __init__(self) -> None:
        self._resting = asyncio.Lock()
        self._since = time.monotonic()

    async def rest(self) -> None:
        """Let others go first, where this request has had its turn."""
        if not self._over():
            return
        async with self._resting:
            if self._over():
                await asyncio.sleep(0)
                self._since = time.monotonic()

    def each(self, values: Iterable[T]) -> list[T]:
        """These values one by one, with a rest after each turn.

        They are a list in the schema, and so to whoever reads types: graphql takes an iterator in its place.
        """
        return cast("list[T]", self._each(values))

    async def _each(self, values: Iterable[T]) -> AsyncIterator[T]:
        for value in values:
            await self.rest()
            yield value

    def _over(self) -> bool:
        return time.monotonic() - self._since >= TURN_SECONDS
