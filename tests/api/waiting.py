"""Waiting for what happens beside an answer, such as the record of a read."""

import asyncio
from collections.abc import Callable


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds; TimeoutError after five seconds."""
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)
